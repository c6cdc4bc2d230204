"""A roster from the draft to its end: laid out into shifts, published, closed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import notices, rulebook, steps
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.rosters import rules
from tongzhou.modules.rosters.actions import duties as standing
from tongzhou.modules.rosters.models import Crew, Duty, Post, Proposal, Roster, Shift
from tongzhou.modules.rosters.workflow import DutyState, PostState, ShiftState

A_WEEK = timedelta(days=6)


@transaction.atomic
def file(roster: Roster, *, by: Person, posts: Iterable[Post] = ()) -> tuple[Roster, bool]:
    """File a draft with its posts, and ask its people for their wishes if a day is named for them."""
    chosen = list(posts)
    _inside(roster, chosen)
    roster, new = steps.file(roster, by=by)
    if new:
        roster.posts.set(chosen)
        _ask_for_wishes(roster)
    return roster, new


@transaction.atomic
def amend(
    roster: Roster, *, by: Person, version: int, changes: Mapping[str, Any], posts: Iterable[Post] | None = None
) -> Roster:
    asked = roster.wishes_by
    roster = steps.amend(roster, by=by, version=version, **changes)
    if posts is not None:
        chosen = list(posts)
        _inside(roster, chosen)
        if {post.pk for post in chosen} != set(roster.posts.values_list("pk", flat=True)):
            roster.posts.set(chosen)
            names = "、".join(post.name for post in chosen)
            steps.note(roster, "amend", by=by, said=_("{by}修改了岗位：{posts}"), data={"posts": names})
    if roster.wishes_by != asked:
        _ask_for_wishes(roster)
    return roster


@transaction.atomic
def accept_duty(source: Record, *, by: Person) -> Roster:
    """A matter of another room becomes a draft: from today to the day it is due, or for a week. One with spots to be manned has
    a post for each, on its day only; a later plan in an earlier one's place brings those posts up to date.
    """
    from tongzhou.modules.rosters.actions import spots  # it lays shifts, as this file does

    brief, today = source.brief(), timezone.localdate()
    if brief.spots:
        return spots.manned(source, brief, by=by)
    last = min(max(brief.due, today), today + timedelta(days=30)) if brief.due else today + A_WEEK
    made = Roster(
        response=source.response, unit=source.unit, name=brief.title[:100], first_on=today, last_on=last, happened_on=today,
    )  # fmt: skip
    return file(made, by=by)[0]


@transaction.atomic
def lay(roster: Roster, *, by: Person, note: str = "") -> Roster:
    """One shift for each turn of each post on each day of the period. Posts and period are fixed from here on."""
    rows = [
        shift
        for post in roster.posts.filter(state=PostState.OPEN).select_related("unit")
        for shift in shifts_of(roster, post)
    ]
    if not rows:
        raise ValidationError(__("没有可编排的班次：请先选岗位，并核对设岗日期与排班日期。"))
    not_twice(rows)
    edition = rulebook.in_force("rosters", "rest", roster.first_on)
    steps.advance(roster, "lay", by=by, note=note, data={"shifts": len(rows)}, edition=edition.version)
    steps.file_many(rows, by=by)
    return roster


@transaction.atomic
def publish(roster: Roster, *, by: Person, note: str = "") -> Roster:
    """From here on everyone sees their own duties; each is told."""
    rows = Duty.objects.filter(roster=roster, state=DutyState.PLANNED).select_related("person", "response")
    people = {row.person_id: row.person for row in rows if row.person}
    if not people:
        raise ValidationError(__("还没有安排任何人，不能公布。"))
    short = sum(roster.shifts.filter(state=ShiftState.PLANNED).values_list("short", flat=True))
    data = {"people": len(people), "duties": len(rows), "short": short}
    steps.advance(roster, "publish", by=by, note=note, data=data)
    _drop_proposals(roster)
    text = format_lazy(_("“{roster}”已公布，请查看您的值班。"), roster=roster.name)
    url = reverse("rosters.mine", args=[roster.response.slug])
    notices.tell(people.values(), text, response=roster.response, record=roster, url=url, units=[roster.unit])
    return roster


@transaction.atomic
def clear(roster: Roster, *, by: Person, note: str = "") -> Roster:
    """Take everyone away again, to begin anew."""
    rows = list(Duty.objects.filter(roster=roster, state=DutyState.PLANNED).select_related("person", "unit"))
    steps.advance(roster, "clear", by=by, note=note, data={"duties": len(rows)})
    told = {row.pk: {"person": row.person.name} for row in rows if row.person}
    steps.advance_many(rows, "take_away", by=by, data=told)
    standing.recount(roster.shifts.filter(state=ShiftState.PLANNED))
    return roster


def close(roster: Roster, *, by: Person, note: str = "") -> Roster:
    """Once its last day is over and it is known of everyone whether they came."""
    if roster.last_on >= timezone.localdate():
        raise ValidationError(__("%(day)s 之后才能结束。") % {"day": roster.last_on})
    states = list(Duty.objects.filter(roster=roster).values_list("state", flat=True))
    if unknown := sum(state in {DutyState.PLANNED, DutyState.ON} for state in states):
        raise ValidationError(__("还有 %(n)d 人次没有登记是否值班，请先核实。") % {"n": unknown})
    data = {"held": states.count(DutyState.OFF), "missed": states.count(DutyState.MISSED)}
    return steps.advance(roster, "close", by=by, note=note, data=data)


@transaction.atomic
def discard(roster: Roster, *, by: Person, note: str = "") -> Roster:
    """With its shifts and duties, so that another roster may take their place."""
    steps.advance(roster, "discard", by=by, note=note)
    _drop_proposals(roster)
    duties = list(Duty.objects.filter(roster=roster, state=DutyState.PLANNED).select_related("person", "unit"))
    told = {row.pk: {"person": row.person.name} for row in duties if row.person}
    steps.advance_many(duties, "take_away", by=by, data=told)
    for shift in roster.shifts.filter(state=ShiftState.PLANNED).select_related("unit"):
        steps.advance(shift, "cancel", by=by, note=note)
    return roster


def shifts_of(roster: Roster, post: Post) -> list[Shift]:
    days = [day for day in rules.days(roster.first_on, roster.last_on) if post.is_open_on(day)]
    found = []
    for day in days:
        for turn in post.turns():
            span, people = turn.on(day), sum(number for _skill, number in turn.places)
            found.append(Shift(
                pk=_key(roster, post, span.start), response=roster.response, unit=post.unit, happened_on=day, roster=roster, post=post,
                starts_at=_aware(span.start), ends_at=_aware(span.end), needs=[list(place) for place in turn.places],
                people=people, short=people,
            ))  # fmt: skip
    return found


def not_twice(rows: list[Shift]) -> None:
    """A post that another roster has laid out already is not laid out again."""
    posts = {row.post_id for row in rows}
    span = {"starts_at__lt": max(row.ends_at for row in rows), "ends_at__gt": min(row.starts_at for row in rows)}
    there = (
        Shift.objects.filter(post__in=posts, **span)
        .exclude(state=ShiftState.CANCELLED)
        .select_related("post", "roster")
    )
    for other in there:
        if any(row.post_id == other.post_id and row.span.meets(other.span) for row in rows):
            said = {"post": other.post, "roster": other.roster}
            raise ValidationError(__("“%(post)s”在这段时间已经排在“%(roster)s”里。") % said)


def _inside(roster: Roster, posts: Iterable[Post]) -> None:
    """Whoever plans for a unit plans for the posts of that unit and below."""
    outside = [post for post in posts if post.response_id != roster.response_id or not roster.unit.contains(post.unit)]
    if outside:
        said = {"names": __("、").join(map(str, outside)), "unit": roster.unit}
        raise ValidationError({"posts": __("%(names)s不属于%(unit)s。") % said})


def _ask_for_wishes(roster: Roster) -> None:
    if not roster.wishes_by:
        return
    from tongzhou.modules.rosters.queries import crew_of  # queries import models, as this file does

    crew = [one for one in crew_of(roster).select_related("response") if not _spoken(one, roster.last_on)]
    text = format_lazy(_("请于{day}前填报“{roster}”的值班意愿。"), day=str(roster.wishes_by), roster=roster.name)
    url = reverse("rosters.mine", args=[roster.response.slug])
    once = f"wishes/{roster.pk}/{roster.wishes_by}"
    notices.tell([one.person for one in crew], text, response=roster.response, record=roster, url=url, once=once)


def _spoken(crew: Crew, last: date) -> bool:
    return crew.wished_through is not None and crew.wished_through >= last


def _drop_proposals(roster: Roster) -> None:
    waiting = [Proposal.State.WAITING, Proposal.State.RUNNING, Proposal.State.DONE]
    roster.proposals.filter(state__in=waiting).update(state=Proposal.State.DROPPED, stop=True)


def _key(roster: Roster, post: Post, start: datetime) -> UUID:
    return uuid5(roster.pk, f"{post.pk}/{start.isoformat()}")


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.get_current_timezone())
