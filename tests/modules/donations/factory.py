"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from tests.modules.donations import giving
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.donations.models import Allocation, Disclosure, Gift


def gift(cast: World, unit: Unit | None = None, marker: str = "") -> Gift:
    """In stock, of an outside donor who does not want to be named."""
    line: dict[str, Any] = {
        "item": f"口罩{marker}",
        "measure": "箱",
        "quantity": 10,
        "value_fen": 100_000,
        "basis": "invoice",
    }
    return giving.stocked(
        cast, line, unit=unit or cast.units.branch1, donor_name=f"某公司{marker}", donor_contact=f"13800138000{marker}",
        place=f"库房{marker}", purpose=f"用途{marker}", naming=Gift.Naming.UNNAMED,
    )  # fmt: skip


def allocation(cast: World, unit: Unit | None = None, marker: str = "") -> Allocation:
    return giving.allocated(cast, gift(cast, unit, marker), 3, to=f"某医院{marker}", basis=f"依据{marker}")


def disclosure(cast: World, unit: Unit | None = None, marker: str = "") -> Disclosure:
    made = Disclosure(
        pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, source=f"说明{marker}",
        first_on=date(2022, 3, 1), last_on=date(2022, 3, 5), happened_on=date(2022, 3, 5),
    )  # fmt: skip
    return module.file(made, by=cast.people.wang)[0]


MAKE: dict[type[Record], Callable[..., Record]] = {Gift: gift, Allocation: allocation, Disclosure: disclosure}


def _gift(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": gift(cast, unit).pk}


def _disclosure(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": disclosure(cast, unit).pk}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "donations.slip.pdf": _gift,
    "donations.disclosure.excel": _disclosure,
    "donations.disclosure.pdf": _disclosure,
}
