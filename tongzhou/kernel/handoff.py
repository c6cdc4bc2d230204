"""A room passes a matter to another without importing it: the giver names the kind, the taker's manifest says `accepts`.

Handing the same matter over again gives the record it already became. What the taker needs to begin with, the source says in
`brief()`; whatever else it holds stays with it and is one link away.

Kinds that rooms take: pledge (donations), call (calls), duty (rosters), round (inspections), drill (drills), meeting (meetings),
volunteer (volunteering), article (publications), cover (coverage), testing and points (testing).

A room may also ask what another knows, in plain values of the kernel: `answer("residents", …)`, which the knowing room's manifest
`answers`, within what the asking person may read there.
"""

from typing import Any

from django.apps import apps
from django.db import transaction

from tongzhou.kernel import module
from tongzhou.kernel.models import Link, Person, Record, Response


class NobodyAccepts(LookupError):
    """No room here takes this kind of matter."""


def accepted(kind: str) -> "module.Module | None":
    return next((room for room in module.rooms() if kind in room.accepts), None)


def hand_over(source: Record, kind: str, *, by: Person) -> Record:
    """Let the room that accepts this kind make a record of its own from `source`. The taker checks its own capabilities."""
    room = accepted(kind)
    if room is None:
        raise NobodyAccepts(kind)
    if link := Link.objects.filter(kind=kind, source_key=source.pk).first():
        return _row(link.target_table, link.target_key)
    with transaction.atomic():
        target: Record = room.accepts[kind](source, by=by)
        Link.objects.create(
            kind=kind, by=by, source_table=source._meta.label_lower, source_key=source.pk,
            target_table=target._meta.label_lower, target_key=target.pk,
        )  # fmt: skip
    return target


def answer(question: str, response: Response, *, by: Person) -> Any:
    """What the room that knows says; None where no room does. The answering room checks its own capabilities (PermissionDenied)."""
    room = next((room for room in module.rooms() if question in room.answers), None)
    return room.answers[question](response, by=by) if room else None


def is_taken(source: Record, kind: str) -> bool:
    return Link.objects.filter(kind=kind, source_key=source.pk).exists()


def came_from(record: Record) -> list[Record]:
    return [_row(link.source_table, link.source_key) for link in Link.objects.filter(target_key=record.pk)]


def went_to(record: Record) -> list[Record]:
    return [_row(link.target_table, link.target_key) for link in Link.objects.filter(source_key=record.pk)]


def _row(table: str, key: object) -> Record:
    row: Record = apps.get_model(table)._default_manager.get(pk=key)
    return row
