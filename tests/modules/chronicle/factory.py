"""One valid paper, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.chronicle.models import Chronicle


def chronicle(cast: World, unit: Unit | None = None, marker: str = "") -> Chronicle:
    """A draft of a unit about itself."""
    at = unit or cast.units.branch1
    made = Chronicle(
        pk=uuid4(), response=cast.response, unit=at, about=at, happened_on=date(2022, 3, 31),
        heading=f"抗疫纪实{marker}", heading_en=f"Chronicle{marker}", subtitle=f"副题{marker}", issuer=f"署名{marker}",
    )  # fmt: skip
    return module.file(made, by=cast.people.wang)[0]


MAKE: dict[type[Record], Callable[..., Record]] = {Chronicle: chronicle}


def _draft(**more: str) -> Callable[[World, Unit], dict[str, Any]]:
    return lambda cast, unit: {"key": chronicle(cast, unit).pk, **more}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "chronicle.public": _draft(),
    "chronicle.write": _draft(line="service"),
    "chronicle.citations": _draft(),
    "chronicle.correct": _draft(),
    "chronicle.paper": _draft(form="md"),
}
