"""Sealed fields of rows: open, mask, erase, and the list of all of them."""

from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from tongzhou.kernel.seal import cipher
from tongzhou.kernel.seal.cipher import HIDDEN, Broken, Sealed
from tongzhou.kernel.seal.fields import SealedField, indexes
from tongzhou.kernel.workflow import OutOfStep


def open(row: models.Model, name: str) -> str:
    """The plain text: the only door. `steps.reveal` goes through it with a purpose. Raises Broken."""
    field, value = _field(row, name), getattr(row, name)
    return cipher.decrypt(value, field.place(row)) if isinstance(value, Sealed) else value or ""


def mask(row: models.Model, name: str) -> str:
    """For display: 138****5678. A text that does not open is shown as such, so that a list stays readable."""
    try:
        plain = open(row, name)
    except Broken:
        return _("无法读取")
    return _masked(plain, _field(row, name).mask) if plain else ""


def erase(row: models.Model, *names: str) -> None:
    """Empty the named sealed fields and their indexes in the database and on `row`. The caller writes the entry.

    Raises OutOfStep, and erases nothing, when one of them is no longer as `row` has it.
    """
    fields = [_field(row, name) for name in names]
    empty: dict[str, Any] = {field.name: "" for field in fields}
    empty |= {index.name: None for field in fields for index in indexes(field)}
    seen = {field.name: getattr(row, field.attname) for field in fields}
    if not type(row)._base_manager.filter(pk=row.pk, **seen).update(**empty):
        raise OutOfStep
    for name, value in empty.items():
        setattr(row, name, value)


def declared() -> list[SealedField]:
    """Every sealed field of every installed model, each with its `purpose`: the register of personal data."""
    return [f for model in apps.get_models() for f in model._meta.local_concrete_fields if isinstance(f, SealedField)]


def _field(row: models.Model, name: str) -> SealedField:
    field = row._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{field} is not sealed.")
    return field


def _masked(plain: str, kind: str) -> str:
    match kind:
        case "phone" if len(plain) >= 11:
            return f"{plain[:3]}****{plain[-4:]}"
        case "phone" if len(plain) >= 7:
            return f"****{plain[-2:]}"
        case "id" if len(plain) >= 15:
            return f"{plain[:6]}{'*' * (len(plain) - 10)}{plain[-4:]}"
        case "name":
            return f"{plain[0]}**"
        case "email" if "@" in plain[1:]:
            return f"{plain[0]}***{plain[plain.rindex('@') :]}"
    return HIDDEN
