"""The one place where doses change: a guarded update of the batch and a movement that tells of it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as __

from tongzhou.kernel import ledger
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination import rules
from tongzhou.modules.vaccination.models import Batch, Movement, Tally


def shift(
    batch: Batch,
    kind: str,
    doses: int,
    *,
    by: Person,
    day: date,
    reason: str = "",
    tally: Tally | None = None,
    **guards: object,
) -> None:
    """Change the stock of a batch; tie it to the count, or to the batch's newest entry. Call in a transaction.

    `guards` are conditions the batch must still meet. Raises ValidationError where it does not, or has not enough.
    """
    if not doses:
        return
    changes = {column: sign * doses for column, sign in rules.EFFECTS[kind].items()}
    enough = {f"{column}__gte": -change for column, change in changes.items() if change < 0}
    moved = Batch.objects.filter(pk=batch.pk, **enough, **guards)
    if not moved.update(**{column: F(column) + change for column, change in changes.items()}):
        raise ValidationError(not_enough(batch, doses))
    entry = None if tally else ledger.entries(batch).last()
    Movement.objects.create(
        batch=batch, kind=kind, doses=doses, reason=reason, happened_on=day, by=by, entry=entry, tally=tally
    )
    batch.refresh_from_db(fields=["received", *rules.HELD])


def not_enough(batch: Batch, doses: int) -> str:
    now = Batch.objects.get(pk=batch.pk)
    return __("批次 %(batch)s 现在库 %(stock)d 剂，不够 %(doses)d 剂。可能刚被他人用掉，请刷新后重填。") % {
        "batch": now, "stock": now.stock, "doses": abs(doses),
    }  # fmt: skip
