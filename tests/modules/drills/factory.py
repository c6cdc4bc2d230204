"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any

from tests.modules.drills import drilling
from tests.world import World
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.drills import actions
from tongzhou.modules.drills.models import Drill, Finding


def drill(cast: World, unit: Unit | None = None, marker: str = "") -> Drill:
    """Held and evaluated, led by Wang and evaluated by Qian."""
    where = unit or cast.units.branch1
    return drilling.done(
        cast, where, name=f"卡口演练{marker}", place=f"东桥{marker}", plan=f"预案{marker}", setting=f"情景{marker}",
        participants=f"某单位{marker} 5人", people=[],
    )  # fmt: skip


def finding(cast: World, unit: Unit | None = None, marker: str = "") -> Finding:
    """Put right by Wang for Zhou, and waiting for someone else to look."""
    made = drilling.found(drill(cast, unit, marker), cast, owner=cast.people.zhou, what=f"没有单独通道{marker}")
    return actions.rectify(made, by=cast.people.wang, done=f"已设通道{marker}")


MAKE: dict[type[Record], Callable[..., Record]] = {Drill: drill, Finding: finding}


def _held(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": drill(cast, unit).pk}


def _draft(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": drilling.draft(cast, unit, people=[]).pk}


def _running(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": drilling.running(cast, unit, people=[]).pk}


def _numbered(cast: World, unit: Unit) -> dict[str, Any]:
    return _running(cast, unit) | {"number": 1}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "drills.script": _draft,
    "drills.run": _running,
    "drills.inject": _numbered,
    "drills.target": _numbered,
    "drills.again": _held,
    "drills.compare": _held,
    "drills.paper": lambda cast, unit: _held(cast, unit) | {"paper": "report", "form": "docx"},
}
