"""The manifest of a room, and the list of all rooms. A room registers itself in its module.py; nothing else lists rooms."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, seal, steps
from tongzhou.kernel.lang import source_text

if TYPE_CHECKING:
    from tongzhou.kernel.alarms import Alarms
    from tongzhou.kernel.asks import Ask
    from tongzhou.kernel.board import Board
    from tongzhou.kernel.desk import Desk
    from tongzhou.kernel.facts import Fact, Finding
    from tongzhou.kernel.loading import Loading
    from tongzhou.kernel.models import Person, Record
    from tongzhou.kernel.rehearsing import Given
    from tongzhou.kernel.scope import Scope

Action = Callable[..., Any]  # (record, *, by, note="", **cleaned form data) -> record


class Line(TextChoices):
    """The lines of a response, in the order a chronicle tells them."""

    CALL = "call", _("号令聚合力")
    FRONTLINE = "frontline", _("奋战逆风行")
    VOICES = "voices", _("诚心献良言")
    SERVICE = "service", _("服务尽所能")
    RECORD = "record", _("纪实")


@dataclass(frozen=True)
class Module:
    """What a room is.

    desks         its lists with their forms; the first is the room's front
    capabilities  what people may do in it, and which roles may
    facts, asks   what may be counted, what awaits whom
    actions       {model: {move: function}} for moves that do more than change the state; "file" and "amend" are such names too
    accepts       {kind: function(source, by) -> record}: matters other rooms may hand over
    answers       {question: function(response, by) -> plain values of the kernel}: what other rooms may ask
    load          brings in what the room's file in an example folder says; returns how many records
    rehearse      makes the room's part of a synthetic response that has about `n` records in all, with lines of progress
    tell          the room's part of a chronicle: sentences from findings; by default one sentence for each fact
    board         its tiles on the board of the command post
    alarms        what must be told before it is too late, at a moment
    gates         {beginning of an address: ASGI callable}: what is answered before Django, in the same process
    lanes         {address: (authorization, body, answered) -> None}: what is posted there so often that a task for each is too much (web/lane.py);
                  `answered` takes status and JSON
    pressed       whether this process saves its strength for a gate just now: files made on demand are then refused (web/asgi.py)
    beside        commands of this program that `serve` runs once beside it, such as compiling ahead
    live          what subjects "<room>/<kind>/<key>" look like now, in a few letters: kernel/live.py tells open pages when that changes
    """

    name: str
    title: Any
    line: Line
    icon: str
    desks: Sequence["Desk"]
    capabilities: Sequence[access.Capability]
    facts: Sequence["Fact"] = ()
    asks: Sequence["Ask"] = ()
    actions: Mapping[type[Model], Mapping[str, Action]] = field(default_factory=dict)
    accepts: Mapping[str, Action] = field(default_factory=dict)
    answers: Mapping[str, Action] = field(default_factory=dict)
    tell: "Callable[[Scope, Person, dict[str, list[Finding]]], list[Any]] | None" = None
    load: "Callable[[dict[str, Any], Loading], int] | None" = None
    rehearse: "Callable[[Given, int], Iterator[str]] | None" = None
    board: "Board | None" = None
    alarms: "Alarms | None" = None
    gates: Mapping[str, Action] = field(default_factory=dict)
    lanes: Mapping[str, Action] = field(default_factory=dict)
    beside: Sequence[Sequence[str]] = ()
    live: Callable[[Sequence[str]], dict[str, str]] | None = None
    pressed: Callable[[], bool] | None = None
    order: int = 50

    def action(self, record: "Record", move: str) -> Action | None:
        return self.actions.get(type(record), {}).get(move)


def file[R: "Record"](record: R, *, by: "Person", **extras: Any) -> tuple[R, bool]:
    """File a record the way its room does: through its "file" action if it has one (records with lines), else plainly."""
    action = of(type(record)).action(record, "file")
    return action(record, by=by, **extras) if action else steps.file(record, by=by)


def amend[R: "Record"](record: R, *, by: "Person", version: int, changes: Mapping[str, Any], **extras: Any) -> R:
    action = of(type(record)).action(record, "amend")
    if action:
        return action(record, by=by, version=version, changes=changes, **extras)  # type: ignore[no-any-return]  # a room's action gives back the record it was given
    return steps.amend(record, by=by, version=version, **changes)


def perform[R: "Record"](record: R, move: str, *, by: "Person", note: str = "", **data: Any) -> R:
    """Make a move the way the record's room does: by its action if it has one, else by writing what its form asked for.

    Without an action, what is named like a field of the record goes onto the record; all of it can be told by the entry.
    """
    action = of(type(record)).action(record, move)
    if action:
        return action(record, by=by, note=note, **data)  # type: ignore[no-any-return]  # as above
    fields = {field.name: field for field in record._meta.fields}
    changes = {name: value for name, value in data.items() if name in fields}
    told = {name: _told(fields.get(name), value) for name, value in data.items()}
    return steps.advance(record, move, by=by, note=note, data=told, **changes)


def _told(field: Any, value: Any) -> str:
    """A value as the ledger keeps it: in the source language; of a sealed field only that there is one."""
    if isinstance(field, seal.SealedField):
        return "•••"
    if field is not None and field.choices and value:
        value = dict(field.flatchoices).get(value, value)
    return source_text("" if value is None else value)


_rooms: dict[str, Module] = {}


def register(room: Module) -> None:
    """Open a room. One that does not fit together says so now, not on the first page that needs it."""
    for fault in _faults(room):
        raise ImproperlyConfigured(f"Room {room.name}: {fault}")
    access.declare(room.capabilities)
    _rooms[room.name] = replace(room, facts=[replace(fact, room=room.name) for fact in room.facts])
    for desk in room.desks:
        desk.room = _rooms[room.name]


def rooms() -> list[Module]:
    """In the order of the lines of the response, then as the rooms say."""
    lines = list(Line)
    return sorted(_rooms.values(), key=lambda room: (lines.index(room.line), room.order, room.name))


def room(name: str) -> Module:
    return _rooms[name]


def of(model: type[Model]) -> Module:
    """The room a model lives in."""
    return _rooms[model._meta.app_label]


def _faults(room: Module) -> Iterator[str]:
    known = {capability.name for capability in room.capabilities}
    for model in [desk.model for desk in room.desks]:
        if model._meta.app_label != room.name:
            yield f'its name must be the label in apps.py, "{model._meta.app_label}".'
        if not hasattr(model, "workflow"):
            yield f"{model.__name__} has no workflow: write `workflow = …` in the model."
        elif missing := sorted(model.workflow.capabilities() - known):
            yield f"{model.__name__} needs {', '.join(missing)}: add to capabilities, with the roles that hold it."
    if f"{room.name}.read" not in known:
        yield f'capabilities lack "{room.name}.read": who may see it at all?'
