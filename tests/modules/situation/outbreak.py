"""Counts, zones and incidents for the tests, made through the doors a page uses. The commander works at the command post of the cast."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from tests.world import World, person
from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.situation.models import Assessment, DayCount, Event, Zone

FIRST = date(2022, 3, 1)


def post(cast: World) -> SimpleNamespace:
    """A second commander and a leader at the command post."""
    command = cast.units.command
    return SimpleNamespace(
        feng=cast.people.feng,
        gao=person("gao", "高指挥", command, ("commander", command)),
        lei=person("lei", "雷签发", command, ("leader", command)),
    )


def counted(
    cast: World, day: date, confirmed: int = 0, asymptomatic: int = 0, unit: Unit | None = None, **found: int
) -> DayCount:
    """Everything found by screening, unless said otherwise."""
    parts = found or {"screening": confirmed + asymptomatic}
    made = DayCount(
        pk=uuid4(), response=cast.response, unit=unit or cast.units.street1, happened_on=day, confirmed=confirmed, asymptomatic=asymptomatic, **parts,
    )  # fmt: skip
    return module.file(made, by=cast.people.feng)[0]


def wave(cast: World, numbers: list[int], unit: Unit | None = None) -> None:
    """Asymptomatic cases, day after day from FIRST."""
    for n, number in enumerate(numbers):
        counted(cast, FIRST + timedelta(days=n), 0, number, unit)


def drawn(cast: World, day: date, level: str = "high", by: Person | None = None, **fields: Any) -> Zone:
    made = Zone(
        pk=uuid4(), response=cast.response, **{"unit": cast.units.street1, "place": "居仁路23#、21#号楼"} | fields, level=level, happened_on=day,
    )  # fmt: skip
    return module.file(made, by=by or cast.people.feng)[0]


def found(cast: World, at: datetime, by: Person | None = None, **fields: Any) -> Event:
    made = Event(
        pk=uuid4(), response=cast.response, **{"unit": cast.units.street1, "name": "学校聚集性发热"} | fields, found_at=at, happened_on=at.date(),
    )  # fmt: skip
    return module.file(made, by=by or cast.people.feng)[0]


def drafted(cast: World, first: date, last: date, **fields: Any) -> Assessment:
    extras = {"participants": fields.pop("participants", [])}
    made = Assessment(
        pk=uuid4(), response=cast.response, **{"unit": cast.units.command, "name": "周研判", "happened_on": last} | fields, first_on=first, last_on=last,
    )  # fmt: skip
    return module.file(made, by=cast.people.feng, **extras)[0]
