"""Buildings with their point and slots, as a plan hands them over; who moves is told from where and why."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import models as kernel
from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.testing.models import Campaign, Home, Point

TOLD = ("point", "unit", "name", "people", "minutes", "calls", "was", "why", "moved_at")
MOVED = _("{by}按新方案改签：{homes}处，{people}人")


def window(day: date, homes: Iterable[kernel.Home]) -> dict[str, datetime]:
    """From when until when a plan calls people, as a campaign's fields; empty where it calls nobody."""
    calls = [(minute, minute + home.minutes) for home in homes for minute, people in home.calls if people]
    if not calls:
        return {}
    midnight = datetime.combine(day, time(), timezone.get_current_timezone())
    first, last = min(begin for begin, _end in calls), max(end for _begin, end in calls)
    return {"begins_at": midnight + timedelta(minutes=first), "ends_at": midnight + timedelta(minutes=last)}


def settle(campaign: Campaign, homes: Iterable[kernel.Home], *, by: Person, why: str = "") -> None:
    """Put down where and when each building is called, in the transaction that made the points. A building that is not in the plan goes."""
    points = {point.name: point for point in campaign.points.all()}
    there = {one.key: one for one in campaign.homes.select_related("point", "campaign")}
    given = {home.key[:60]: home for home in homes if home.spot[:80] in points}
    now = timezone.now()
    rows = [_row(campaign, home, points, there.get(key), why, now) for key, home in given.items()]
    moved = [one for one in rows if one.moved_at == now]
    campaign.homes.exclude(key__in=list(given)).delete()
    Home.objects.bulk_create([one for one in rows if one.pk is None], batch_size=500)
    Home.objects.bulk_update([one for one in rows if one.pk is not None], TOLD, batch_size=500)
    if moved:
        told = {"homes": len(moved), "people": sum(one.people for one in moved)}
        steps.note(campaign, "homes", by=by, said=MOVED, data=told)


def _row(
    campaign: Campaign, home: kernel.Home, points: Mapping[str, Point], before: Home | None, why: str, now: datetime
) -> Home:
    row = before or Home(campaign=campaign, key=home.key[:60], area=campaign.unit.code)
    point, calls = points[home.spot[:80]], [list(call) for call in home.calls]
    if before and campaign.is_open and (before.point_id != point.pk or before.calls != calls):
        row.was, row.why, row.moved_at = before.point.name, why[:80], now
    fields: dict[str, Any] = {
        "point": point, "unit": home.unit, "name": home.name[:120], "people": home.people, "minutes": home.minutes, "calls": calls,
    }  # fmt: skip
    for name, value in fields.items():
        setattr(row, name, value)
    return row
