"""Stations, batches and sessions for the tests, made through the doors a page uses."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.vaccination import actions
from tongzhou.modules.vaccination.actions.counting import Tap
from tongzhou.modules.vaccination.models import Batch, DeskChange, Fridge, Session, Station

FAR = date(2099, 6, 30)


def station(cast: World, unit: Unit | None = None, *, opened: bool = True, **fields: Any) -> Station:
    """At the first street, with one refrigerator, two desks and as many people to vaccinate."""
    given = {"name": "东街接种点", "place": "东街小学", "desks": 2, "vaccinators": 2, "seats": 20} | fields
    made = Station(pk=uuid4(), response=cast.response, unit=unit or cast.units.street1, **given)
    module.file(made, by=cast.people.house, fridges="1号冰箱")
    return module.perform(made, "open", by=cast.people.house) if opened else made


def fridge(at: Station) -> Fridge:
    return at.fridges.select_related("station", "unit", "response").get()


def expected(cast: World, at: Station, doses: int = 100, **fields: Any) -> Batch:
    given = {
        "vaccine": "新冠灭活疫苗",
        "maker": "某生物",
        "number": "A2022",
        "expires_on": FAR,
        "announced": doses,
    } | fields
    made = Batch(pk=uuid4(), response=cast.response, unit=at.unit, station=at, **given)
    return module.file(made, by=cast.people.house)[0]


def accept(batch: Batch, by: Person, **data: Any) -> Batch:
    given = {
        "counted": batch.announced,
        "celsius": Decimal("4.5"),
        "fridge": fridge(batch.station),
        "papers": True,
    } | data
    return module.perform(batch, "accept", by=by, **given)


def stocked(cast: World, at: Station, doses: int = 100, **fields: Any) -> Batch:
    return accept(expected(cast, at, doses, **fields), cast.people.house)


def session(cast: World, at: Station, day: date | None = None, *, opened: bool = True, desks: int = 2) -> Session:
    made = Session(
        pk=uuid4(),
        response=cast.response,
        unit=at.unit,
        station=at,
        happened_on=day or timezone.localdate(),
        desks=desks,
    )
    module.file(made, by=cast.people.house)
    return module.perform(made, "open", by=cast.people.house, desks=desks, staff=8) if opened else made


def count(cast: World, at: Session, reason: str = "", **numbers: int) -> None:
    """`count(cast, session, arrived=5, deferred__fever=1)`"""
    named = [(*name.partition("__")[::2], number) for name, number in numbers.items()]
    taps = [Tap(kind, number, detail) for kind, detail, number in named]
    actions.counting.count(at, taps, by=cast.people.house, reason=reason)


def give(cast: World, at: Session, batch: Batch, doses: int, slot: int | None = None) -> None:
    actions.counting.count(at, [Tap("dose", doses, batch=batch, slot=slot)], by=cast.people.house)


def whole(cast: World, at: Session, batch: Batch, doses: int = 10) -> Session:
    """Counted so that it fits, and closed."""
    count(cast, at, arrived=doses + 1, passed=doses, deferred__fever=1, consented=doses)
    give(cast, at, batch, doses)
    count(cast, at, observed=doses)
    return module.perform(at, "close", by=cast.people.house, shares={("18-59", 1): doses})


def flow(cast: World, at: Session, batch: Batch, arrivals: list[int], doses: list[int], first: int = 540) -> None:
    """By the half hour from nine o'clock."""
    taps = []
    for n, (came, given) in enumerate(zip(arrivals, doses, strict=True)):
        slot = first + 30 * n
        taps += [Tap("arrived", came, slot=slot), Tap("dose", given, batch=batch, slot=slot)]
    actions.counting.count(at, [tap for tap in taps if tap.number], by=cast.people.house)


def change(cast: World, at: Station, after: int, why: str = "排队太长") -> DeskChange:
    made = DeskChange(pk=uuid4(), response=cast.response, unit=at.unit, station=at, after=after, why=why)
    return module.file(made, by=cast.people.house)[0]


def read(
    cast: World, at: Fridge, *temperatures: float, since: datetime | None = None, by: Person | None = None
) -> datetime:
    """One an hour, the last of them an hour ago (or from `since` on). Returns the time of the first."""
    first = since or timezone.now() - timedelta(hours=len(temperatures))
    rows = [(first + timedelta(hours=n), Decimal(str(one)), uuid4()) for n, one in enumerate(temperatures)]
    actions.cold.read(at, rows, by=by or cast.people.house)
    return first
