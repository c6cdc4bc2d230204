"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World
from tongzhou.kernel.models import Record, Unit, Upload
from tongzhou.modules.testing import actions, queries
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Box, Campaign, Conflict, Device, Point, Pool

_numbers = iter(range(500_000, 10**9))


def campaign(cast: World, unit: Unit | None = None, marker: str = "") -> Campaign:
    return sampling.campaign(
        cast, unit or cast.units.branch1, name=f"第{next(_numbers)}轮{marker}", called=f"全体居民{marker}"
    )


def point(cast: World, unit: Unit | None = None, marker: str = "") -> Point:
    of = campaign(cast, unit, marker)
    return sampling.point(cast, of, of.unit, name=f"采样点{next(_numbers)}{marker}", place=f"操场{marker}")


def device(cast: World, unit: Unit | None = None, marker: str = "") -> Device:
    return sampling.device(cast, point(cast, unit, marker), next(_numbers))


def sampled(cast: World, unit: Unit | None = None, marker: str = "") -> tuple[Device, str]:
    """A device with a tube of two swabs."""
    made, tube = device(cast, unit, marker), f"T{next(_numbers)}"
    at = queries.session(made.number)
    assert at is not None
    send(at, item(1, text(1, tube=tube)), item(2, text(2, tube=tube)), item(3, text(kind="close", tube=tube)))
    return made, tube


def box(cast: World, unit: Unit | None = None, marker: str = "") -> Box:
    made, tube = sampled(cast, unit, marker)
    assert made.point is not None
    one = Box(response=made.response, unit=made.unit, point=made.point, code=f"X{next(_numbers)}{marker}")
    return actions.boxes.file(one, by=cast.people.house, codes=[tube])[0]


def pool(cast: World, unit: Unit | None = None, marker: str = "") -> Pool:
    made, tube = sampled(cast, unit, marker)
    line = Line(tube, "positive", timezone.now(), "市疾控实验室")
    actions.results.take(made.campaign, line, by=cast.people.house)
    return Pool.objects.select_related("unit", "response", "campaign", "point").get(tube=tube)


MAKE: dict[type[Record], Callable[..., Record]] = {
    Campaign: campaign,
    Point: point,
    Device: device,
    Box: box,
    Pool: pool,
}


def _campaign(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": campaign(cast, unit).pk}


def _conflict(cast: World, unit: Unit) -> dict[str, Any]:
    made = device(cast, unit)
    at = queries.session(made.number)
    assert at is not None
    send(at, item(1, text(code="not one of ours")))
    return {"key": made.campaign_id, "one": Conflict.objects.get(device=made.number).pk}


def _sheet(cast: World, unit: Unit) -> dict[str, Any]:
    made = campaign(cast, unit)
    place = f"{made.response.slug}/testing.result/{made.pk}"
    kept = Upload.objects.create(
        place=place, digest=uuid4().hex, name="results.xlsx", content=b"", by=cast.people.house
    )
    return {"key": made.pk, "upload": kept.pk}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "testing.live": _campaign,
    "testing.account": _campaign,
    "testing.tubes": _campaign,
    "testing.tubes.excel": _campaign,
    "testing.conflicts": _campaign,
    "testing.conflict": _conflict,
    "testing.results": _campaign,
    "testing.results.template": _campaign,
    "testing.results.check": _sheet,
    "testing.laboratory": _campaign,
    "testing.enrol": lambda cast, unit: {"key": point(cast, unit).pk},
    "testing.code.correct": lambda cast, unit: {"place": 1},  # no telephone that asks here has a code
    "testing.paper": lambda cast, unit: {"key": point(cast, unit).pk},
    "testing.paper.print": lambda cast, unit: {"key": point(cast, unit).pk},
}
