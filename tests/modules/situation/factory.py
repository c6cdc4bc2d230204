"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.situation.models import Assessment, DayCount, Event, Zone

FIRST = date(2022, 3, 1)


def day_count(cast: World, unit: Unit | None = None, marker: str = "") -> DayCount:
    """Of the first day on which this unit has none yet."""
    at = unit or cast.units.branch1
    day = FIRST + timedelta(days=DayCount.objects.filter(unit=at).count())
    made = DayCount(
        pk=uuid4(), response=cast.response, unit=at, happened_on=day, confirmed=2, asymptomatic=3, quarantine=4, community=1,
        origin=f"疾控日报{marker}",
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


def zone(cast: World, unit: Unit | None = None, marker: str = "") -> Zone:
    made = Zone(
        pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, happened_on=date(2022, 7, 1), level="high", place=f"居仁路23#楼{marker}",
        reason=f"筛查阳性{marker}", order_number=f"第1号{marker}", lat=41.3, lon=123.8,
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


def event(cast: World, unit: Unit | None = None, marker: str = "") -> Event:
    found_at = datetime(2022, 3, 5, 1, 30, tzinfo=UTC)
    made = Event(
        pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, name=f"聚集性发热{marker}", found_at=found_at,
        happened_on=date(2022, 3, 5), place=f"学校{marker}", text=f"多人发热{marker}",
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


def assessment(cast: World, unit: Unit | None = None, marker: str = "") -> Assessment:
    made = Assessment(
        pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, name=f"研判报告{marker}", view=f"总体可控{marker}",
        first_on=FIRST, last_on=date(2022, 3, 7), happened_on=date(2022, 3, 8),
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


MAKE: dict[type[Record], Callable[..., Record]] = {
    DayCount: day_count,
    Zone: zone,
    Event: event,
    Assessment: assessment,
}


def _report(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": assessment(cast, unit).pk, "form": "docx"}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {"situation.report": _report}
