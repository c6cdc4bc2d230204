"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.modules.vaccination import shots
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.vaccination.models import Batch, Demand, DeskChange, Excursion, Fridge, Session, Station


def station(cast: World, unit: Unit | None = None, marker: str = "") -> Station:
    return shots.station(cast, unit or cast.units.branch1, name=f"接种点{marker}", place=f"小学{marker}")


def fridge(cast: World, unit: Unit | None = None, marker: str = "") -> Fridge:
    at = station(cast, unit, marker)
    made = Fridge(pk=uuid4(), response=cast.response, unit=at.unit, station=at, name=f"冰箱{marker}{uuid4().hex[:4]}")
    module.file(made, by=cast.people.house)
    shots.read(cast, made, 4.0, 5.0)
    return made


def excursion(cast: World, unit: Unit | None = None, marker: str = "") -> Excursion:
    at = fridge(cast, unit, marker)
    shots.read(cast, at, 9.4)
    return at.excursions.select_related("response", "unit", "fridge__station").get()


def batch(cast: World, unit: Unit | None = None, marker: str = "") -> Batch:
    made = shots.stocked(
        cast, station(cast, unit, marker), vaccine=f"疫苗{marker}", maker=f"厂家{marker}", number=f"批号{marker}"
    )
    return module.perform(made, "waste", by=cast.people.house, doses=1, note=f"破损{marker}")


def session(cast: World, unit: Unit | None = None, marker: str = "") -> Session:
    held = batch(cast, unit, marker)
    return shots.whole(cast, shots.session(cast, held.station), held)


def demand(cast: World, unit: Unit | None = None, marker: str = "") -> Demand:
    """A number has no words of its own: the marker goes with its source."""
    at = unit or cast.units.branch1
    made = Demand(
        pk=uuid4(),
        response=cast.response,
        unit=at,
        age_group="60-79",
        dose=1,
        people=30,
        source=marker and f"表{marker}",
    )
    return module.file(made, by=cast.people.house)[0]


def change(cast: World, unit: Unit | None = None, marker: str = "") -> DeskChange:
    made = shots.change(cast, station(cast, unit, marker), 3, f"理由{marker}")
    return module.perform(made, "decide", by=cast.people.house)


MAKE: dict[type[Record], Callable[..., Record]] = {
    Station: station, Session: session, Batch: batch, Fridge: fridge, Excursion: excursion, Demand: demand, DeskChange: change,
}  # fmt: skip


def _opened(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": shots.session(cast, station(cast, unit)).pk}


def _fridge(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": fridge(cast, unit).pk}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "vaccination.count": _opened, "vaccination.tap": _opened, "vaccination.readings": _fridge, "vaccination.correct": _fridge,
    "vaccination.month": _fridge, "vaccination.logger": _fridge, "vaccination.logger.template": _fridge,
    "vaccination.logger.check": lambda cast, unit: _fridge(cast, unit) | {"upload": uuid4()},
}  # fmt: skip
