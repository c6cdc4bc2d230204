"""An activity from the draft to its end: what must be told before anyone signs up, another time, who is asked, what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.dates import moment
from tongzhou.kernel.figures import Figure
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering.actions import joining
from tongzhou.modules.volunteering.actions.telling import tell
from tongzhou.modules.volunteering.models import Activity, Post, Signup, Team
from tongzhou.modules.volunteering.workflow import PLACED, RUN, ActivityState, SignupState

Rows = Sequence[Mapping[str, Any]]
INVITED = _("{by}邀请{n}人报名，是否参加由本人决定")
PER_HOUR = 60


@transaction.atomic
def file(
    activity: Activity, *, by: Person, lines: Rows = (), teams: Iterable[Team] = (), present: Figure | None = None,
    hours: int | None = None,
) -> tuple[Activity, bool]:  # fmt: skip
    """File a draft with its posts (`lines` have work, people, skill); with a source, an activity that took place.

    Of the latter `present` is how many took part, `hours` for how long in all; `activity.served` is how many they served.
    """
    if activity.source:
        activity.state = ActivityState.DONE
        activity, new = steps.report(activity, by=by)
        if new and present:
            _report_present(activity, present, hours, by)
    else:
        _day(activity)
        activity.organiser = activity.organiser or by
        activity, new = steps.file(activity, by=by)
        if new:
            _set_posts(activity, lines)
    if new:
        activity.teams.set(teams)
    return activity, new


@transaction.atomic
def amend(
    activity: Activity, *, by: Person, version: int, changes: Mapping[str, Any], lines: Rows | None = None,
    teams: Iterable[Team] | None = None, **_reported: Any,
) -> Activity:  # fmt: skip
    """Change a draft. What nobody has signed up for may still become anything."""
    if changes.get("source"):
        raise ValidationError({"source": __("补录的活动请另行登记。")})
    starts = changes.get("starts_at", activity.starts_at)
    if starts:
        changes = {**changes, "happened_on": timezone.localdate(starts), "happened_precision": "day"}
    activity = steps.amend(activity, by=by, version=version, **changes)
    if lines is not None and [dict(line) for line in lines] != activity.line_values():
        activity.posts.all().delete()
        _set_posts(activity, lines)
        steps.note(activity, "amend", by=by, said=_("{by}修改了岗位"))
    if teams is not None:
        activity.teams.set(teams)
    return activity


def open(activity: Activity, *, by: Person, note: str = "", now: datetime | None = None) -> Activity:  # noqa: A001 -- the name of the move
    """Ask for volunteers. Risks are told first; whoever may come to harm is insured first."""
    faults = []
    if not activity.risks.strip():
        faults.append(__("请先写风险告知：报名的人有权事先知道（《志愿服务条例》）。没有特别风险的，也请写明。"))
    if activity.hazardous and not activity.insurance.strip():
        faults.append(__("可能发生人身危险的活动，须先购买保险并写明，再招募。"))
    if activity.ends_at is None or activity.ends_at <= (now or timezone.now()):
        faults.append(__("活动时间已过，请先改时间。"))
    if faults:
        raise ValidationError(faults)
    places = sum(post.people for post in activity.posts.all())
    if not places:
        raise ValidationError(__("请先写岗位和名额。"))
    return steps.advance(activity, "open", by=by, note=note, data={"places": places})


@transaction.atomic
def reschedule(
    activity: Activity, *, by: Person, starts_at: datetime, ends_at: datetime, place: str = "", note: str = ""
) -> Activity:
    """Another time or place: whoever signed up is told, and may leave without a reason."""
    if activity.signups.filter(state__in=PLACED).exclude(state=SignupState.SIGNED).exists():
        raise ValidationError(__("已有人签到，不能改期。"))
    if ends_at <= starts_at or starts_at <= timezone.now():
        raise ValidationError({"starts_at": __("新的时间须在今后，结束晚于开始。")})
    old = activity.time_text
    data = {"old": old, "new_time": moment(starts_at)}
    changes = {"starts_at": starts_at, "ends_at": ends_at, "happened_on": timezone.localdate(starts_at), "happened_precision": "day"}  # fmt: skip
    steps.advance(activity, "reschedule", by=by, note=note, data=data, **changes, place=place or activity.place)
    rows = list(activity.signups.filter(state__in=(SignupState.SIGNED, SignupState.WAITING)).select_related("person"))
    Signup.objects.filter(pk__in=[row.pk for row in rows]).update(happened_on=activity.happened_on)
    tell(activity, [row.person for row in rows], _("“{name}”改到 {when}，{place}。不能来的请退出，不需要理由。"))
    return activity


@transaction.atomic
def invite(activity: Activity, people: Sequence[Person], *, by: Person) -> int:
    """Ask people who fit. It is a question: nobody is signed up by it, and no silence is put down. Asks each once."""
    access.require(by, RUN, activity)
    if activity.state != ActivityState.OPEN:
        raise steps.OutOfStep
    sent = tell(
        activity, people, _("请您考虑参加“{name}”：{when}，{place}。是否参加由您自己决定。"), once=f"volunteering/invite/{activity.pk}"
    )  # fmt: skip
    if sent:
        steps.note(activity, "invite", by=by, said=INVITED, data={"n": sent})
    return sent


@transaction.atomic
def end(
    activity: Activity, *, by: Person, served: int | None = None, note: str = "", now: datetime | None = None
) -> Activity:
    """The activity is over: who signed up and did not come is put down, who waited is let go."""
    if activity.starts_at is None or activity.starts_at > (now or timezone.now()):
        raise ValidationError(__("活动还没有开始。不办的，请取消。"))
    joining.hold(activity)
    on = activity.signups.filter(state=SignupState.ON).select_related("person")
    if names := __("、").join(str(row.person) for row in on):
        raise ValidationError(__("还有人没有签退：%(names)s。请先签退。") % {"names": names})
    missing = _part(activity, SignupState.SIGNED)
    for row in missing:
        steps.advance(row, "miss", by=by, note=note or str(_("活动结束时未签到")), data={"person": row.who})
    for row in _part(activity, SignupState.WAITING):
        steps.advance(row, "lapse", by=by)
    came = activity.signups.filter(state__in=PLACED).count()
    data = {"came": came, "absent": len(missing), "served": served or 0}
    return steps.advance(activity, "end", by=by, note=note, data=data, served=served)


@transaction.atomic
def cancel(activity: Activity, *, by: Person, note: str = "") -> Activity:
    """Called off: whoever signed up is told. Service that has begun cannot be undone."""
    joining.hold(activity)
    if activity.signups.filter(state__in=PLACED).exclude(state=SignupState.SIGNED).exists():
        raise ValidationError(__("已有人签到，请用“结束活动”。"))
    rows = [*_part(activity, SignupState.SIGNED), *_part(activity, SignupState.WAITING)]
    for row in rows:
        steps.advance(row, "lapse", by=by)
    Post.objects.filter(activity=activity).update(taken=0)
    steps.advance(activity, "cancel", by=by, note=note)
    tell(activity, [row.person for row in rows], _("“{name}”（{when}）取消，不必前往。"))
    return activity


def _day(activity: Activity) -> None:
    if activity.starts_at is None or activity.ends_at is None:
        raise ValidationError({"starts_at": __("请写开始和结束时间；补录的活动请写来源。")})
    activity.happened_on, activity.happened_precision = timezone.localdate(activity.starts_at), "day"


def _set_posts(activity: Activity, lines: Rows) -> None:
    Post.objects.bulk_create(
        Post(activity=activity, number=n, name=line["work"], people=line["people"], skill=line.get("skill", ""))
        for n, line in enumerate(lines, 1)
    )


def _report_present(activity: Activity, present: Figure, hours: int | None, by: Person) -> None:
    row = Signup(
        pk=uuid5(activity.pk, "present"), response=activity.response, unit=activity.unit, activity=activity, state=SignupState.CONFIRMED,
        happened_on=activity.happened_on, happened_precision=activity.happened_precision, source=activity.source,
        quantity=int(present.value), bound=present.bound.value, minutes=hours * PER_HOUR if hours else None,
    )  # fmt: skip
    steps.report(row, by=by)


def _part(activity: Activity, state: SignupState) -> list[Signup]:
    rows = activity.signups.filter(state=state).select_related("person", "unit", "response", "post")
    found = list(rows.order_by("filed_at", "pk"))
    for row in found:
        row.activity = activity
    return found
