"""Daily counts as sums over areas, and what would count the same cases twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Max, Min, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation import rules
from tongzhou.modules.situation.models import DayCount
from tongzhou.modules.situation.workflow import READ, CountState

LONGEST = 400  # days of a series
RECENT = 7  # days for which an area that counted is expected to count again


@dataclass(frozen=True)
class Series:
    """Sums by day without gaps, from the first day on which anybody counted. A day without any count is `missing` and sums to 0."""

    days: list[date]
    confirmed: list[int]
    asymptomatic: list[int]
    missing: list[date]


def kept(scope: Scope, by: Person) -> QuerySet[DayCount]:
    return access.visible(scope.of(DayCount.objects.filter(state=CountState.KEPT)), by, READ)


def latest_day(scope: Scope, by: Person) -> date | None:
    found: date | None = kept(scope, by).aggregate(day=Max("happened_on"))["day"]
    return found


def series(scope: Scope, by: Person) -> Series:
    """Up to the scope's last day, from the beginning: who infects today's cases was counted before the period that is shown."""
    rows = kept(scope.narrowed(first=None), by)
    span = rows.aggregate(first=Min("happened_on"), last=Max("happened_on"))
    if span["first"] is None:
        return Series([], [], [], [])
    last = scope.last or span["last"]
    first = max(span["first"], last - timedelta(days=LONGEST - 1))
    days = rules.counts.days(first, last)
    sums = (
        rows.order_by("happened_on")
        .values("happened_on")
        .annotate(confirmed=Sum("confirmed"), asymptomatic=Sum("asymptomatic"))
    )
    told = {row["happened_on"]: row for row in sums}
    nothing = {"confirmed": 0, "asymptomatic": 0}
    return Series(
        days, [told.get(day, nothing)["confirmed"] for day in days], [told.get(day, nothing)["asymptomatic"] for day in days],
        [day for day in days if day not in told],
    )  # fmt: skip


def overlapping(count: DayCount) -> str:
    """Why this count would count cases twice; "" if it would not."""
    same = DayCount.objects.filter(
        response=count.response, happened_on=count.happened_on, state=CountState.KEPT
    ).exclude(pk=count.pk)
    above = [count.unit.path[: i + 1] for i, letter in enumerate(count.unit.path) if letter == "/" and i]
    said = {"unit": count.unit, "day": count.happened_on}
    if same.filter(unit=count.unit_id).exists():
        return __("“%(unit)s”%(day)s已有日报数；数字有变请更正原来那条。") % said
    if same.filter(unit__path__startswith=count.unit.path).exists():
        return __("“%(unit)s”%(day)s已有下级区域的日报数，再登记合计会重复计数。") % said
    if same.filter(unit__path__in=above).exists():
        return __("“%(unit)s”%(day)s已有上级区域的合计，再登记分项会重复计数。") % said
    return ""


def areas_without(day: date, rows: Iterable[str]) -> QuerySet[DayCount]:
    """The last count of each area within these paths that counted in the days before but not on this day."""
    counts = DayCount.objects.filter(state=CountState.KEPT, response__ended_on=None)
    later = counts.filter(response=OuterRef("response"), unit=OuterRef("unit"), happened_on__gt=OuterRef("happened_on"))
    recent = counts.filter(happened_on__lt=day, happened_on__gte=day - timedelta(days=RECENT))
    return recent.filter(access.within(rows), ~Exists(later)).order_by("unit__path", "pk")
