"""Gifts and allocations for the tests, made through the doors a page uses."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person
from tongzhou.modules.donations.models import Allocation, Gift, Line

MASKS: dict[str, Any] = {
    "item": "口罩",
    "item_en": "masks",
    "measure": "箱",
    "quantity": 10,
    "value_fen": 100_000,
    "basis": "invoice",
}
MONEY: dict[str, Any] = {"item": "捐款", "item_en": "money", "measure": "元", "quantity": 250_050}


def pledged(cast: World, *lines: Mapping[str, Any], by: Person | None = None, **fields: Any) -> Gift:
    if not fields.keys() & {"donor_unit", "donor_person", "donor_name", "anonymous"}:
        fields["donor_name"] = "好心公司"
    fields = {"unit": cast.units.branch1, "happened_on": date(2022, 3, 5)} | fields
    gift = Gift(pk=uuid4(), response=cast.response, **fields)
    return module.file(gift, by=by or cast.people.wang, lines=list(lines or [MASKS]))[0]


def counted(gift: Gift) -> dict[int, int]:
    return {line.pk: line.quantity for line in gift.lines.all()}


def stocked(cast: World, *lines: Mapping[str, Any], **fields: Any) -> Gift:
    gift = pledged(cast, *lines, **fields)
    module.perform(gift, "receive", by=cast.people.wang, counts=counted(gift), day=gift.when)
    module.perform(gift, "stock", by=cast.people.zhou, counts=counted(gift))
    return gift


def allocated(cast: World, gift: Gift, quantity: int, to: str = "东街道", **fields: Any) -> Allocation:
    extras = {name: fields.pop(name) for name in ("how",) if name in fields}
    made = Allocation(
        pk=uuid4(), response=cast.response, **{"unit": gift.unit, "happened_on": date(2022, 3, 6)} | fields
    )
    lines = [{"line": gift.lines.get(), "quantity": quantity}]
    return module.file(made, by=cast.people.zhou, lines=lines, recipients=to, **extras)[0]


def held(line: Line) -> dict[str, int]:
    """The line's columns as the database has them."""
    names = ("received", "in_stock", "allocated", "delivered", "lost", "returned")
    return Line.objects.values(*names).get(pk=line.pk)
