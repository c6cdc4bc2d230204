"""The one place where stock changes: a guarded update of the line and a movement that tells of it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as __

from tongzhou.kernel import ledger
from tongzhou.kernel.models import Kept, Person
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.models import Line, Movement, Share

PLACES = {field.name: field.verbose_name for field in Line._meta.fields}


class Shift(NamedTuple):
    line: Line
    kind: str
    quantity: int
    share: Share | None = None


def shift(told: Kept, shifts: Iterable[Shift], *, by: Person, day: date, reason: str = "") -> None:
    """Change stock, and tie each change to the newest entry of `told`. Raises ValidationError where there is not enough; call in a transaction.

    Lines are taken in the order of their keys, so that two people who need the same lines wait for one another, not forever.
    """
    entry = ledger.entries(told).last()
    assert entry is not None
    for line, kind, quantity, share in sorted(shifts, key=lambda one: one.line.pk):
        if not quantity:
            continue
        changes = {column: sign * quantity for column, sign in rules.EFFECTS[kind].items()}
        guards = {f"{column}__gte": -change for column, change in changes.items() if change < 0}
        if not Line.objects.filter(pk=line.pk, **guards).update(
            **{column: F(column) + change for column, change in changes.items()}
        ):
            raise ValidationError(_not_enough(line, changes))
        Movement.objects.create(
            line=line, kind=kind, quantity=quantity, share=share, reason=reason, happened_on=day, by=by, entry=entry
        )


def revalue(line: Line, counted: int) -> None:
    """State the line's value for another quantity, at the same price of a piece."""
    before = line.received or line.quantity
    value = rules.revalued(line.value_fen, before, counted)
    if value != line.value_fen:
        Line.objects.filter(pk=line.pk).update(value_fen=value)


def _not_enough(line: Line, changes: dict[str, int]) -> str:
    now = Line.objects.select_related("item").get(pk=line.pk)
    column, change = min(changes.items(), key=lambda one: one[1])
    return __("“%(item)s”的“%(place)s”现在只有%(left)s，不够%(wanted)s。可能刚被他人用掉，请刷新后重填。") % {
        "item": now.item, "place": PLACES[column],
        "left": now.amount(getattr(now, column)), "wanted": now.amount(-change),
    }  # fmt: skip
