"""What must be told before it is too late: tomorrow's service, places nobody took, who has not come, who has not checked out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.alarms import Alarm
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering import queries
from tongzhou.modules.volunteering.models import Activity, Signup
from tongzhou.modules.volunteering.workflow import COMING, RUN, ActivityState, SignupState


def alarms(now: datetime) -> Iterator[Alarm]:
    limits = rulebook.in_force("volunteering", "service", timezone.localdate(now))
    soon = now + timedelta(hours=limits["remind_hours"])
    rows = Activity.objects.filter(state=ActivityState.OPEN, starts_at__lte=soon, ends_at__gt=now - timedelta(days=2))
    for activity in (
        rows.select_related("response", "unit", "organiser").prefetch_related("posts").order_by("starts_at")
    ):
        assert activity.starts_at is not None
        assert activity.ends_at is not None
        placed = activity.signups.filter(state__in=COMING, person__isnull=False)
        there = list(placed.select_related("person", "response").order_by("filed_at"))
        if now < activity.starts_at:
            yield from _before(activity, [row.person for row in there if row.person])
        if activity.starts_at + timedelta(minutes=limits["absent_minutes"]) <= now < activity.ends_at:
            yield from _absent(activity, [row for row in there if row.state == SignupState.SIGNED])
        if activity.ends_at + timedelta(minutes=limits["overdue_minutes"]) <= now:
            yield from _still_on([row for row in there if row.state == SignupState.ON], activity)


def _before(activity: Activity, people: list[Person]) -> Iterator[Alarm]:
    """Under the time of the start: put off, they are reminded again. What the weather asks is said with it."""
    at = f"{activity.starts_at:%m%d%H%M}"
    said = {
        "name": str(activity),
        "when": activity.time_text,
        "place": activity.place,
        "more": "".join(queries.warnings(activity)),
    }
    text = format_lazy(_("提醒：您报名的“{name}”，{when}，{place}。{more}"), **said)
    yield Alarm(activity, f"remind/{at}", text, people, url=activity.get_absolute_url())
    if activity.short:
        short = format_lazy(_("“{name}”（{when}）还缺 {n} 名志愿者。"), **said, n=activity.short)
        yield Alarm(activity, f"short/{at}", short, leaders(activity))


def _absent(activity: Activity, rows: list[Signup]) -> Iterator[Alarm]:
    if rows:
        text = format_lazy(_("“{name}”已开始，还有 {n} 人没有签到。"), name=str(activity), n=len(rows))
        yield Alarm(activity, "absent", text, leaders(activity), url=activity.url("roll"))


def _still_on(rows: list[Signup], activity: Activity) -> Iterator[Alarm]:
    for row in rows:
        text = format_lazy(_("“{name}”已结束，您还没有签退；已经离开的，请告诉现场负责人。"), name=str(activity))
        yield Alarm(row, "on", text, [row.person] if row.person else [])
    if rows:
        text = format_lazy(_("“{name}”已结束，还有 {n} 人没有签退。"), name=str(activity), n=len(rows))
        yield Alarm(activity, "on", text, leaders(activity), url=activity.url("roll"))


def leaders(activity: Activity) -> list[Person]:
    """Who leads it at the place; without one, whoever may."""
    return [activity.organiser] if activity.organiser else list(access.holders(RUN, activity.unit))
