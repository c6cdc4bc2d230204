"""The doors, for thousands of rows of one kind: a few statements, all or none."""

from collections.abc import Mapping, Sequence
from itertools import batched, groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as __

from tongzhou.kernel import access, ledger
from tongzhou.kernel.models import Kept, Person, Record
from tongzhou.kernel.steps.one import FILED, begin
from tongzhou.kernel.workflow import OutOfStep


def file_many[K: Kept](
    rows: Sequence[K], *, by: Person, needs: str = "", data: Mapping[UUID, Any] | None = None
) -> list[K]:
    """File rows of one kind, all or none; `data` by the row's key goes into its entry. Returns the new ones.

    Rows that are no records name what they need, as in `file`. Rules that span fields or rows are left to the database;
    when it refuses, the row at fault is named.
    """
    for row in rows:
        access.require(by, row.workflow.files if isinstance(row, Record) else needs, row)
    known: set[UUID] = set()
    for part in batched(rows, ledger.MANY):
        known |= set(type(part[0])._default_manager.filter(pk__in=[r.pk for r in part]).values_list("pk", flat=True))
    fresh = [row for row in rows if row.pk not in known]
    if not fresh:
        return []
    for row in fresh:
        begin(row, by)
    try:
        with transaction.atomic():
            type(fresh[0])._default_manager.bulk_create(fresh, batch_size=ledger.MANY)
            said = fresh[0].workflow.filed if isinstance(fresh[0], Record) else ""
            ledger.append_many(fresh, "file", by=by, said=said or FILED, data=data)
    except IntegrityError:
        for row in fresh:
            row.full_clean(exclude=["key"])
        raise
    return fresh


def advance_many[R: Record](
    rows: Sequence[R], move: str, *, by: Person, data: Mapping[UUID, Any] | None = None, **changes: Any
) -> None:
    """Make the same move with records of one kind, all or none. Refused, the rows in hand must be read again."""
    if not rows:
        return
    step = rows[0].workflow.move(move)
    if step is None or any(row.state not in step.sources for row in rows):
        raise OutOfStep
    if step.reason:
        raise ValidationError({"note": __("请写明原因。")})
    for row in rows:
        access.require(by, step.needs, row)
    told = {row.pk: {**(data or {}).get(row.pk, {}), "from": row.state} for row in rows}
    with transaction.atomic():
        for (state, version), group in groupby(sorted(rows, key=_place), key=_place):
            for part in batched(group, ledger.MANY):
                _write_many(part, {"state": step.target, **changes}, state=state, version=version)
        ledger.append_many(rows, "advance", by=by, said=step.said, move=move, data=told)


def _place(row: Record) -> tuple[str, int]:
    return row.state, row.version


def _write_many(rows: Sequence[Record], changes: Mapping[str, Any], **guard: Any) -> None:
    """One guarded update for rows of the same state and version: all must still be there, or nothing is written."""
    same = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows], **guard)
    if same.update(version=models.F("version") + 1, **changes) != len(rows):
        raise OutOfStep
    for row in rows:
        row.version += 1
        for name, value in changes.items():
            setattr(row, name, value)
