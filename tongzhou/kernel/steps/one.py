"""The doors, for one row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, ledger, seal
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Kept, Person, Record
from tongzhou.kernel.seal import SealedField
from tongzhou.kernel.workflow import OutOfStep

FILED = _("{by}登记")
REPORTED = _("{by}按来源补录，直接记为“{state}”")
AMENDED = _("{by}修改了{fields}")
REVEALED = _("{by}查看了未脱敏的“{field}”，用途：{purpose}")
REVEALED_PARTS = _("{by}查看了{n}条未脱敏的“{field}”，用途：{purpose}")


def file[K: Kept](
    row: K, *, by: Person, needs: str = "", said: Any = "", data: Mapping[str, Any] | None = None
) -> tuple[K, bool]:
    """Add a row. Returns it and whether it is new; filed again under the same key, the row that is there comes back unchanged.

    A record needs its workflow's `files` capability at its unit; rows of other kinds name what they need.
    """
    if isinstance(row, Record):
        row.state = row.state or row.workflow.start
        row.filed_by = by
        needs, said = needs or row.workflow.files, said or row.workflow.filed
    access.require(by, needs, row)
    existing = type(row)._default_manager.filter(pk=row.pk).first()
    if existing is not None:
        return existing, False
    if isinstance(row, Record) and row.state != row.workflow.start and said != REPORTED:
        start = row.workflow.states(row.workflow.start).label
        raise ValidationError({"state": __("新登记的记录从“%(state)s”开始。") % {"state": start}})
    return _insert(row, by=by, said=said or FILED, data=data)


def report[R: Record](row: R, *, by: Person, data: Mapping[str, Any] | None = None) -> tuple[R, bool]:
    """Add a record in the state that a source says it reached, without inventing the steps between. `row.source` is compulsory."""
    if not row.source:
        raise ValidationError({"source": __("补录须写明来源。")})
    return file(row, by=by, said=REPORTED, data={**(data or {}), "state": source_text(row.state_label())})


def amend[K: Kept](
    row: K, *, by: Person, needs: str = "", version: int | None = None, note: str = "", **changes: Any
) -> K:
    """Change fields. `version` is the one the person saw (default: the row's own). Raises OutOfStep, ValidationError, PermissionDenied."""
    if isinstance(row, Record):
        capability, states = row.workflow.amends
        needs = needs or capability
        if row.state not in states:
            raise OutOfStep
    access.require(by, needs, row)
    seen = row.version if version is None else version
    before = {name: getattr(row, name) for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if not changed:
        return row
    with _whole(row, changed):
        _set(row, changed)
        if "unit" in changed:
            access.require(by, needs, row)  # one may hand a record to another unit only where one may edit it too
        _write(row, changed, seen)
        data = {"old": _plain(row, before, changed), "new": _plain(row, changed, changed)}
        ledger.append(row, "amend", by=by, said=AMENDED, note=note, data=data)
    return row


def advance[R: Record](
    row: R, move: str, *, by: Person, note: str = "", data: Mapping[str, Any] | None = None, **changes: Any
) -> R:
    """Make a move. `changes` are fields written with it; `data` goes into the entry. Raises OutOfStep, ValidationError, PermissionDenied."""
    step = row.workflow.move(move)
    if step is None or row.state not in step.sources:
        raise OutOfStep
    access.require(by, step.needs, row)
    if step.reason and not note.strip():
        raise ValidationError({"note": __("请写明原因。")})
    was = row.state
    with _whole(row, ["state", *changes]):
        row.state = step.target  # first: a rule that speaks of the state is held to the new one
        _set(row, changes)
        _write(row, {"state": step.target, **changes}, row.version, state=was)
        ledger.append(
            row, "advance", by=by, move=move, said=step.said, note=note.strip(), data=dict(data or {}) | {"from": was}
        )
    return row


def note[K: Kept](
    row: K, verb: str, *, by: Person, said: Any, text: str = "", data: Mapping[str, Any] | None = None
) -> K:
    """Add an entry that changes no field: a look at personal data, a line someone must be able to find."""
    with transaction.atomic():
        _write(row, {}, None)
        ledger.append(row, verb, by=by, said=said, note=text, data=dict(data or {}))
    return row


def reveal(row: Kept, field: str, *, by: Person, purpose: str) -> str:
    """Personal data unmasked. The entry is written first; without it nothing is shown. The caller has checked the capability."""
    label = source_text(row._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # own fields
    note(row, "reveal", by=by, said=REVEALED, text=purpose, data={"field": label, "purpose": purpose})
    return seal.open(row, field)


def reveal_parts(row: Kept, parts: Sequence[models.Model], field: str, *, by: Person, purpose: str) -> list[str]:
    """The same field of several parts of a row that have no ledger of their own: one entry on the row says how many."""
    label = source_text(parts[0]._meta.get_field(field).verbose_name) if parts else field  # type: ignore[union-attr]  # own fields
    data = {"field": label, "purpose": purpose, "n": len(parts)}
    note(row, "reveal", by=by, said=REVEALED_PARTS, text=purpose, data=data)
    return [seal.open(part, field) for part in parts]


def begin(row: Kept, by: Person) -> None:
    """The row as it is filed, its own fields checked; each field that leads elsewhere would be looked up."""
    if isinstance(row, Record):
        row.state, row.filed_by = row.workflow.start, by
    row.version = 1
    row.clean_fields(exclude=[f.name for f in row._meta.fields if f.is_relation])
    row.clean()


def _insert[K: Kept](row: K, *, by: Person, said: Any, data: Mapping[str, Any] | None) -> tuple[K, bool]:
    row.version = 1
    row.full_clean(exclude=["key"])
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            ledger.append(row, "file", by=by, said=said, data=dict(data or {}))
    except IntegrityError:  # two sent the same key at once: one row, both content
        existing = type(row)._default_manager.filter(pk=row.pk).first()
        if existing is None:
            raise
        return existing, False
    return row, True


@contextmanager
def _whole(row: Kept, names: Iterable[str]) -> Iterator[None]:
    """All or nothing, in the database and on the row in hand: a refused row reads as it did before."""
    before = {name: getattr(row, name) for name in ["version", *names]}
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for name, value in before.items():
            setattr(row, name, value)
        raise


def _set(row: Kept, changes: Mapping[str, Any]) -> None:
    """Put the values on the row and check them, with every rule that spans fields. Raises ValidationError."""
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.clean_fields(exclude=[f.name for f in row._meta.fields if f.name not in changes])
        row.clean()
        row.validate_unique(exclude=[f.name for f in row._meta.fields if f.name not in changes])
        _hold(row, set(changes))


def _hold(row: Kept, changed: set[str]) -> None:
    """Check the constraints that speak of a changed field, as `validate_constraints` does: each is a query, and the others held before."""
    faults: dict[str, Any] = {}
    for model, constraints in row.get_constraints():
        for constraint in constraints:
            if changed.isdisjoint(_named(constraint)) and not getattr(constraint, "expressions", ()):
                continue
            try:
                constraint.validate(model, row)
            except ValidationError as fault:
                faults = fault.update_error_dict(faults)
    if faults:
        raise ValidationError(faults)


def _named(constraint: models.BaseConstraint) -> set[str]:
    """The fields a constraint speaks of."""
    condition = getattr(constraint, "condition", None)
    return {*getattr(constraint, "fields", ()), *(condition.referenced_base_fields if condition else ())}


def _write(row: Kept, changes: Mapping[str, Any], seen: int | None, **guard: Any) -> None:
    """One guarded update: the row must still be at the version (and state) that was seen, or nothing is written."""
    # not type(): `request.user` only stands for its person
    rows = row.__class__._default_manager.filter(pk=row.pk, **guard)
    if seen is not None:
        rows = rows.filter(version=seen)
    # blind indexes, pinyin: before the sealing
    derived = [f.name for f in row._meta.fields if getattr(f, "source", None) in changes]
    values = {name: _stored(row, name) for name in [*derived, *changes]}
    if not rows.update(version=models.F("version") + 1, **values):
        raise OutOfStep
    row.version = (
        seen + 1
        if seen is not None
        else row.__class__._default_manager.values_list("version", flat=True).get(pk=row.pk)
    )


def _stored(row: Kept, name: str) -> Any:
    """The value as the field writes it: sealed fields are sealed for this row on the way."""
    field = row._meta.get_field(name)
    return (
        field.pre_save(row, False) if isinstance(field, models.Field) and not field.is_relation else getattr(row, name)
    )


def _plain(row: Kept, values: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, str]:
    """Values for the entry. Sealed fields are told as changed, never as their content."""
    return {
        n: "•••" if isinstance(row._meta.get_field(n), SealedField) else str(values[n] if values[n] is not None else "")
        for n in names
    }
