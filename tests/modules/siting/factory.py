"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any

from tests.modules.siting import planned
from tests.world import World
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.siting.models import Option, Study


def study(cast: World, unit: Unit | None = None, marker: str = "") -> Study:
    return planned.fed(cast, unit or cast.units.branch1, marker, name=f"布点{marker}")


def option(cast: World, unit: Unit | None = None, marker: str = "") -> Option:
    return planned.ready(cast, study(cast, unit, marker))


MAKE: dict[type[Record], Callable[..., Record]] = {Study: study, Option: option}


def _of(make: Callable[..., Record], **more: Any) -> Callable[[World, Unit], dict[str, Any]]:
    return lambda cast, unit: {"key": make(cast, unit).pk} | more


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "siting.tables": _of(study),
    "siting.template": _of(study, kind="demand"),
    "siting.places": _of(study, kind="sites"),
    "siting.ask": _of(study),
    "siting.cover": _of(study),
    "siting.registered": _of(study),
    "siting.state": _of(option),
    "siting.stop": _of(option),
    "siting.close": _of(option),
    "siting.step": _of(option, kind="labs"),
    "siting.compare": _of(option),
    "siting.point": _of(option, point="P0"),
    "siting.paper": _of(option, what="slips"),
    "siting.excel": _of(option, what="points"),
}
