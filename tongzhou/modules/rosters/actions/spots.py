"""Posts from the spots of a plan, and what a later plan changes about them. Nobody who has been called is moved: that is the head's to do."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, handoff, notices, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Brief, Person, Record, Spot
from tongzhou.modules.rosters import rules
from tongzhou.modules.rosters.actions import duties as standing
from tongzhou.modules.rosters.actions import rosters
from tongzhou.modules.rosters.models import Post, Roster, Shift
from tongzhou.modules.rosters.workflow import PLAN, STANDING, PostState, RosterState, ShiftState

WORKING = (RosterState.DRAFT, RosterState.PROPOSED, RosterState.PUBLISHED)
FOLLOWED = _("{by}按新布点改岗位：增{added}个，撤{closed}个，改人数{changed}个")
GONE = _("新的布点方案不再设这个点。")


@transaction.atomic
def manned(source: Record, brief: Brief, *, by: Person) -> Roster:
    """A roster with a post for each spot; of a plan in another's place, that one's roster goes on with what has changed."""
    day = brief.due or timezone.localdate()
    earlier = handoff.went_to(brief.replaces) if brief.replaces else []
    roster = next((one for one in earlier if isinstance(one, Roster) and one.state in WORKING), None)
    if roster is not None:
        _follow(roster, source, brief, by)
        return roster
    posts = _filed(source, [spot for spot in brief.spots if not spot.closed], by, brief)
    made = Roster(
        response=source.response, unit=source.unit, name=brief.title[:100], first_on=day, last_on=day, happened_on=day
    )
    return rosters.file(made, by=by, posts=posts)[0]


def _filed(source: Record, spots: Iterable[Spot], by: Person, brief: Brief) -> list[Post]:
    day = brief.due or timezone.localdate()
    posts = [
        Post(
            response=source.response, unit=spot.unit or source.unit, name=spot.name[:60], place=spot.place[:100], kind=Post.Kind.SAMPLING,
            pattern=Post.Pattern.CUSTOM, custom=spot.turns, people=_people(spot), happened_on=day, until=day,
        )
        for spot in spots
    ]  # fmt: skip
    steps.file_many(posts, by=by)
    return posts


def _people(spot: Spot) -> int:
    return max(1, min(spot.staff, rules.MOST_PEOPLE))


def _follow(roster: Roster, source: Record, brief: Brief, by: Person) -> None:
    """Posts of the earlier plan close, change their numbers, or come anew; posts added by hand stay. Shifts that have been laid follow."""
    standing.hold(roster)
    rows = roster.posts.filter(state=PostState.OPEN).select_related("unit", "response")
    posts = {post.name: post for post in rows}
    wanted = {spot.name[:60]: spot for spot in brief.spots if not spot.closed}
    of_plan = {spot.name[:60] for spot in brief.replaces.brief().spots} if brief.replaces else set()
    added = _filed(source, [spot for name, spot in wanted.items() if name not in posts], by, brief)
    changed = [post for name, post in posts.items() if name in wanted and _renewed(post, wanted[name], by)]
    closed = [post for name, post in posts.items() if name in of_plan and name not in wanted]
    roster.posts.add(*added)
    why = brief.why or source_text(GONE)
    for post in closed:
        steps.advance(post, "close", by=by, note=why)
    if roster.state == RosterState.DRAFT:
        roster.posts.remove(*closed)
    else:
        _lay_again(roster, added, changed, by)
        _drop_empty(roster, closed, why, by)
    if added or changed or closed:
        told = {"added": len(added), "closed": len(closed), "changed": len(changed)}
        steps.note(roster, "spots", by=by, said=FOLLOWED, data=told)
        _tell(roster, by)


def _renewed(post: Post, spot: Spot, by: Person) -> bool:
    if post.custom == spot.turns:
        return False
    steps.amend(post, by=by, custom=spot.turns, people=_people(spot))
    return True


def _lay_again(roster: Roster, added: list[Post], changed: list[Post], by: Person) -> None:
    """Of what is still to come, new posts get their shifts, and shifts of posts with other numbers other places."""
    rows = [shift for post in added for shift in rosters.shifts_of(roster, post) if shift.ends_at > timezone.now()]
    steps.file_many(rows, by=by)
    needs = {post.pk: {turn.on(roster.first_on).start.time(): turn.places for turn in post.turns()} for post in changed}
    there = roster.shifts.filter(state=ShiftState.PLANNED, ends_at__gt=timezone.now()).select_related(
        "unit", "response"
    )
    for shift in there.filter(post__in=changed):
        places = needs[shift.post_id].get(timezone.localtime(shift.starts_at).time())
        if places is not None:
            shift.needs, shift.people = [list(place) for place in places], sum(number for _skill, number in places)
            Shift.objects.filter(pk=shift.pk).update(needs=shift.needs, people=shift.people)
    standing.recount(roster.shifts.filter(state=ShiftState.PLANNED))


def _drop_empty(roster: Roster, closed: list[Post], why: str, by: Person) -> None:
    """A shift of a closed post falls away if nobody stands it; whoever does stays, and the head is asked (`asks.to_release`)."""
    there = roster.shifts.filter(post__in=closed, state=ShiftState.PLANNED, ends_at__gt=timezone.now())
    for shift in there.exclude(duties__state__in=STANDING).select_related("unit", "response"):
        steps.advance(shift, "cancel", by=by, note=why)


def _tell(roster: Roster, by: Person) -> None:
    """Whoever plans the roster: what is left to them is on their to-do page."""
    text = format_lazy(_("“{roster}”的岗位已按新布点改，请看缺人的和要另作安排的。"), roster=roster.name)
    heads = {*access.holders(PLAN, roster.unit), roster.filed_by} - {by}
    notices.tell(heads, text, response=roster.response, record=roster, url=roster.get_absolute_url())
