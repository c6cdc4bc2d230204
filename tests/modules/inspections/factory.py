"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any

from tests.modules.inspections import inspecting
from tests.world import World
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.inspections import actions
from tongzhou.modules.inspections.actions.visits import Said
from tongzhou.modules.inspections.models import Finding, Place, Round, Visit


def place(cast: World, unit: Unit | None = None, marker: str = "") -> Place:
    return inspecting.place(
        cast,
        unit,
        address=f"中山路{marker}",
        contact=f"张某{marker}",
        name=f"药店{marker}{cast.response.pk.hex[:2]}{_more()}",
    )


def round(cast: World, unit: Unit | None = None, marker: str = "") -> Round:
    """Unannounced, and going on: the most secret there is."""
    place(cast, unit, marker)
    return inspecting.begun(cast, unit, name=f"暗访{marker}", acts=f"查药店{marker}")


def visit(cast: World, unit: Unit | None = None, marker: str = "") -> Visit:
    at = place(cast, unit, marker)
    return inspecting.visit(
        cast,
        inspecting.begun(cast, unit, name=f"暗访{marker}"),
        at,
        words=f"店长在场{marker}",
        met_post=f"店长{marker}",
    )


def finding(cast: World, unit: Unit | None = None, marker: str = "") -> Finding:
    """Under notice, in a round that is over, so that it is counted."""
    at = place(cast, unit, marker)
    walked = inspecting.begun(cast, unit, name=f"暗访{marker}")
    made = inspecting.visit(cast, walked, at)
    actions.visits._find(made, Said("FREE", f"通道堵塞{marker}", f"清理{marker}", "minor"), cast.people.wang)
    actions.rounds.finish(walked, by=cast.people.house, note=f"其余下轮{marker}")
    return actions.findings.issue(inspecting.again(made.findings.get()), by=cast.people.wang)


_made = iter(range(10**9))


def _more() -> int:
    """Names of places are not used twice in one street."""
    return next(_made)


MAKE: dict[type[Record], Callable[..., Record]] = {Round: round, Place: place, Visit: visit, Finding: finding}


def _round(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": round(cast, unit).pk}


def _finding(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": finding(cast, unit).pk}


def _stop(cast: World, unit: Unit) -> dict[str, Any]:
    made = round(cast, unit)
    return {"key": made.pk, "place": made.stops.earliest("pk").place_id}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "inspections.route": _round,
    "inspections.visit": _stop,
    "inspections.stops": _round,
    "inspections.coverage": _round,
    "inspections.coverage.excel": _round,
    "inspections.lists": _round,
    "inspections.lists.pdf": _round,
    "inspections.lists.docx": _round,
    "inspections.lists.excel": _round,
    "inspections.notice.pdf": _finding,
    "inspections.notice.docx": _finding,
}
