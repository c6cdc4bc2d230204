"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any

from tests.modules.calls import calling
from tests.world import World
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.calls import actions
from tongzhou.modules.calls.models import Call, Reply


def call(cast: World, unit: Unit | None = None, marker: str = "") -> Call:
    line = {"name": "obey", "title": f"听从指挥{marker}", "asks": f"申报{marker}"}
    return calling.issued(
        cast, unit or cast.units.branch1, lines=[line], name=f"倡议{marker}", preface=f"各位同志{marker}",
        mandate_issuer=f"市委{marker}", mandate_title=f"通知{marker}",
    )  # fmt: skip


def reply(cast: World, unit: Unit | None = None, marker: str = "") -> Reply:
    """Of a member of the unit, one of the cast, who told it by telephone."""
    found = (
        call(cast, unit, marker).replies.filter(person__in=vars(cast.people).values()).order_by("person__pinyin").last()
    )
    assert found is not None
    said = [{"requirement": "obey", "stance": "cannot", "reason": f"出差{marker}", "text": f"说明{marker}"}]
    return actions.register(found, by=cast.people.wang, answers=said, known=f"电话{marker}")


MAKE: dict[type[Record], Callable[..., Record]] = {Call: call, Reply: reply}


def _call(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": call(cast, unit).pk}


def _reply(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": reply(cast, unit).pk}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "calls.progress": _call,
    "calls.chase": _call,
    "calls.mine": _call,
    "calls.answer": _reply,
    "calls.follow_up": lambda cast, unit: {**_reply(cast, unit), "kind": "pledge"},
}
