"""One valid record, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.rumours.models import Rumour


def rumour(cast: World, unit: Unit | None = None, marker: str = "", **fields: Any) -> Rumour:
    """As the office puts it down for a unit."""
    usual = {
        "pk": uuid4(),
        "response": cast.response,
        "unit": unit or cast.units.branch1,
        "happened_on": date(2022, 3, 5),
    }
    made = Rumour(**usual | {"said": f"超市明天停业{marker}", "link": f"某群{marker}"} | fields)
    return module.file(made, by=cast.people.wang)[0]


MAKE: dict[type[Record], Callable[..., Record]] = {Rumour: rumour}
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {}
