"""What must be told before it is too late: a shift short of people that begins soon, someone who has not signed in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.alarms import Alarm
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.rosters.models import Duty, Shift
from tongzhou.modules.rosters.workflow import PLAN, DutyState, RosterState, ShiftState


def alarms(now: datetime) -> Iterator[Alarm]:
    edition = rulebook.in_force("rosters", "alarms", timezone.localdate(now))
    heads = Heads()
    for shift in _short(now, now + timedelta(hours=edition["gap_hours"])):
        said = {"n": shift.short, "shift": str(shift)}
        # told again when the gap has grown
        yield Alarm(
            shift,
            f"gap/{shift.short}",
            format_lazy(_("缺 {n} 人：{shift}。"), **said),
            heads.of(shift.unit),
            units=[shift.unit],
        )
    for duty in _absent(now, timedelta(minutes=edition["grace_minutes"])):
        said = {"person": str(duty.person), "shift": str(duty.shift)}
        yield Alarm(duty, "absent", format_lazy(_("{person}还没有签到：{shift}。"), **said), heads.of(duty.unit))
        if duty.person:
            mine = reverse("rosters.mine", args=[duty.response.slug])
            text = format_lazy(_("您的班已经开始，请签到：{shift}。"), shift=said["shift"])
            yield Alarm(duty, "absent/self", text, [duty.person], url=mine)


class Heads:
    """Who plans at a unit, looked up once for each."""

    def __init__(self) -> None:
        self.known: dict[Any, list[Person]] = {}

    def of(self, unit: Unit) -> list[Person]:
        if unit.pk not in self.known:
            self.known[unit.pk] = list(access.holders(PLAN, unit))
        return self.known[unit.pk]


def _short(now: datetime, until: datetime) -> QuerySet[Shift]:
    rows = Shift.objects.filter(state=ShiftState.PLANNED, short__gt=0, roster__state=RosterState.PUBLISHED)
    return rows.filter(ends_at__gt=now, starts_at__lte=until).select_related("post", "unit", "response")


def _absent(now: datetime, grace: timedelta) -> QuerySet[Duty]:
    rows = Duty.objects.filter(state=DutyState.PLANNED, roster__state=RosterState.PUBLISHED)
    rows = rows.filter(shift__starts_at__lte=now - grace, shift__ends_at__gt=now)
    return rows.select_related("shift__post", "unit", "response", "person")
