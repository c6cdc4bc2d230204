"""Records that prose relies on, and what numbers they hold."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.http import QueryDict

from tongzhou.kernel import access, module
from tongzhou.kernel.desk.lists import listing
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.seal import SealedField
from tongzhou.modules.chronicle.models import Chronicle

MOST_FOUND = 5  # of each list


def cited(chronicle: Chronicle, by: Person) -> list[Record]:
    """The cited records that this person reaches, in the order of citing. One query for each table."""
    keys: dict[str, list[Any]] = {}
    citations = list(chronicle.citations.all())
    for citation in citations:
        keys.setdefault(citation.table, []).append(citation.record)
    found = {record.pk: record for table, those in keys.items() for record in _rows(table, by).filter(pk__in=those)}
    return [found[citation.record] for citation in citations if citation.record in found]


def search(chronicle: Chronicle, by: Person, words: str) -> list[Record]:
    """Records of all rooms in the chronicle's scope in which all the words are found."""
    params = QueryDict(mutable=True)
    params["q"] = words
    found: list[Record] = []
    for room in module.rooms():
        for desk in room.desks:
            if room.name != "chronicle" and desk.open_to(by):
                rows = listing(desk, chronicle.response, by, params).rows
                found += chronicle.scope.of(rows).order_by(desk.sort, "pk")[:MOST_FOUND]
    return found


def find(table: str, key: Any, chronicle: Chronicle, by: Person) -> Record | None:
    """A record of this response that the person reaches, whatever was sent for its table."""
    model = next(
        (desk.model for room in module.rooms() for desk in room.desks if desk.model._meta.label_lower == table), None
    )
    return _rows(table, by).filter(pk=key, response=chronicle.response).first() if model else None


def texts(record: Record) -> Iterator[str]:
    """What the record says in words; numbers in them are names or were said by it. Sealed fields are no source."""
    yield str(record)
    for field in record._meta.fields:
        if (
            isinstance(field, models.CharField | models.TextField)
            and not isinstance(field, SealedField)
            and not field.choices
        ):
            yield str(getattr(record, field.name) or "")
    if record.is_summary:
        yield record.stands_for.text()
    for line in record.line_values():
        yield from (value for value in line.values() if isinstance(value, str))


def values(record: Record) -> Iterator[int | Decimal]:
    """The record's bare numbers, money in yuan. A plain row's own count of one is none."""
    for field in record._meta.fields:
        value = getattr(record, field.attname)
        counted = field.name not in {"version", "quantity"} or (field.name == "quantity" and record.is_summary)
        if counted and not field.is_relation:
            yield from _number(field.name, value)
    for line in record.line_values():
        for name, value in line.items():
            yield from _number(name, value)


def names_of_people(text: str, chronicle: Chronicle) -> list[str]:
    """Names on the roster that occur in the text: what a public paper must not hold without the person's consent."""
    q = access.within(chronicle.response.roots.values_list("path", flat=True))
    known = Person.objects.filter(q).values_list("name", "name_en")
    return sorted({name for names in known for name in names if len(name) > 1 and name in text})


def _rows(table: str, by: Person) -> models.QuerySet[Any]:
    model = apps.get_model(table)
    return access.visible(
        model._default_manager.select_related("response", "unit"), by, f"{model._meta.app_label}.read"
    )


def _number(name: str, value: Any) -> Iterator[int | Decimal]:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield Decimal(value) / 100 if name.endswith("_fen") else value
