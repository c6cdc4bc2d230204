"""What a room says of itself is complete and fits together: moves, capabilities, facts, columns."""

import inspect
import pkgutil
import re
from collections.abc import Iterable
from importlib import import_module
from string import Formatter
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils import translation

from tests.contract.rooms import DESKS, ROOMS, each_desk, each_room
from tongzhou.kernel import access, facts
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.module import Module
from tongzhou.kernel.templatetags.tongzhou import icon
from tongzhou.kernel.workflow import Move, Workflow

TONES = {"default", "primary", "danger"}
STATE_TONES = {"todo", "doing", "done", "off", "bad"}
NAME = re.compile(r"[a-z][a-z_]*")
FLOWS = [(desk.room, desk.model.workflow) for desk in DESKS]
MOVES = [(desk, move) for desk in DESKS for move in desk.model.workflow.moves]

each_flow = pytest.mark.parametrize(("room", "flow"), FLOWS, ids=[f"{d.model._meta.label_lower}" for d in DESKS])
each_move = pytest.mark.parametrize(
    ("desk", "move"), MOVES, ids=[f"{desk.model._meta.label_lower}.{move.name}" for desk, move in MOVES]
)


def placeholders(text: Any) -> set[str]:
    """Names between braces, in either language."""
    found = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {name for _text, name, _spec, _conversion in Formatter().parse(str(text)) if name is not None}
    return found


def repeated(names: Iterable[str]) -> list[str]:
    seen = list(names)
    return sorted({name for name in seen if seen.count(name) > 1})


def test_there_are_rooms_to_hold() -> None:
    assert [room.name for room in ROOMS if not room.desks] == []
    assert len(DESKS) >= 1


def test_every_folder_is_a_room_that_registered_itself() -> None:
    """A folder whose module.py is missing, or does not call `register`, would be passed over in silence."""
    silent = set(settings.ROOMS) - {room.name for room in ROOMS}
    assert silent == set(), "its module.py is missing or does not call register(Module(…))"


@each_room
def test_the_icon_of_a_room_is_one_of_the_sets(room: Module) -> None:
    assert icon(room.icon), f"{room.icon}: no such file in node_modules/bootstrap-icons/icons"


# -- workflows


@each_flow
def test_every_state_can_be_reached(room: Module, flow: Workflow) -> None:
    assert flow.reachable() == set(flow.states.values)
    assert set(flow.tones) == set(flow.states), "each state has a tone"
    assert set(flow.tones.values()) <= STATE_TONES


@each_flow
def test_the_table_of_moves_speaks_of_its_own_states(room: Module, flow: Workflow) -> None:
    states = set(flow.states.values)
    assert {str(state) for state in flow.amends[1]} <= states
    assert repeated(move.name for move in flow.moves) == []
    for move in flow.moves:
        assert ({*map(str, move.sources), str(move.target)} <= states, bool(move.sources)) == (True, True), move.name


@each_flow
def test_every_capability_a_workflow_needs_is_the_rooms_own(room: Module, flow: Workflow) -> None:
    assert flow.capabilities() <= {capability.name for capability in room.capabilities}


@each_move
def test_a_move_has_a_name_a_label_and_a_tone(desk: Desk, move: Move) -> None:
    assert NAME.fullmatch(move.name)
    assert move.tone in TONES
    assert str(move.label).strip() != ""
    assert "{by}" in str(move.said)


@each_move
def test_the_sentence_of_a_move_can_be_told(desk: Desk, move: Move) -> None:
    """Each name in it is given: by the form of a plain move, by the code of a move with an action."""
    wanted = placeholders(move.said) - {"by", "from", "fields"}
    if move.name in desk.room.actions.get(desk.model, {}):
        given = {name for name in wanted if re.search(rf"\b{name}\b", _source_of_actions(desk.room))}
    else:
        form = desk.move_forms.get(move.name)
        given = set(form.base_fields) if form else set()
    assert wanted - given == set()


@each_move
def test_what_the_form_of_a_plain_move_asks_is_kept(desk: Desk, move: Move) -> None:
    """Without an action it goes onto the record or into the entry's sentence; else it would be asked for nothing."""
    form = desk.move_forms.get(move.name)
    if form and move.name not in desk.room.actions.get(desk.model, {}):
        written = {field.name for field in desk.model._meta.fields} | placeholders(move.said) | {"note"}
        lost = set(form.base_fields) - written
        assert lost == set(), f"{move.name} needs a function in actions.py, named in module.py, that takes them"


def _source_of_actions(room: Module) -> str:
    found = import_module(f"tongzhou.modules.{room.name}.actions")
    parts = [f"{found.__name__}.{part.name}" for part in pkgutil.iter_modules(getattr(found, "__path__", []))]
    return "\n".join(inspect.getsource(import_module(name)) for name in [found.__name__, *parts])


# -- capabilities


@each_room
def test_capabilities_are_the_rooms_own_and_held_by_known_roles(room: Module) -> None:
    names = [capability.name for capability in room.capabilities]
    assert repeated(names) == []
    assert [name for name in names if not re.fullmatch(rf"{room.name}\.[a-z_]+", name)] == []
    for capability in room.capabilities:
        assert set(capability.roles) <= set(access.ROLES), capability.name
        assert capability.roles, capability.name
        assert str(capability.label).strip(), capability.name


@each_room
def test_everything_can_be_read_by_the_auditor(room: Module) -> None:
    reads = {c.name: c.roles for c in room.capabilities}
    assert "auditor" in reads[f"{room.name}.read"], f"{room.name}.read: give it to the auditor too"


@each_room
def test_the_auditor_changes_nothing(room: Module) -> None:
    assert [c.name for c in room.capabilities if "auditor" in c.roles and c.name != f"{room.name}.read"] == []


# -- facts and asks


@each_room
def test_names_within_a_room_are_not_used_twice(room: Module) -> None:
    assert repeated(fact.name for fact in room.facts) == []
    assert repeated(ask.name for ask in room.asks) == []
    assert repeated(desk.name for desk in room.desks) == []
    assert [desk.name for desk in room.desks].index("") == 0


@each_room
def test_a_fact_is_worded_in_both_languages_with_its_figure_and_parts(room: Module) -> None:
    for fact in room.facts:
        assert facts.record_model(fact) in {desk.model for desk in room.desks}, fact.name
        assert "value" in placeholders(fact.sentence), fact.name
        assert placeholders(fact.sentence) <= {"value", *fact.each}, fact.name
        if fact.measure.startswith("{"):
            assert fact.measure[1:-1] in fact.each, fact.name


# -- records


@each_desk
def test_a_record_keeps_what_all_records_have_and_says_what_it_is(desk: Desk) -> None:
    """`Meta(Record.Meta)`, its constraints kept, the unit on the form, and a `__str__` of its own."""
    model, fields = desk.model, set(desk.form.base_fields) if desk.form else {"unit"}
    assert [index.name for index in model._meta.indexes if index.name.endswith(("_day", "_state"))] != [], (
        "class Meta(Record.Meta)"
    )
    shared = f"{model._meta.label_lower.replace('.', '_')}_total_has_source"
    assert shared in {c.name for c in model._meta.constraints}, "constraints begin with *Record.Meta.constraints"
    assert model.__str__ is not Model.__str__, f"{model.__name__} needs a __str__: lists and notices name it by that"
    assert "unit" in fields, "Meta.fields of the form lacks the unit: without it nobody may file"


# -- desks


@each_desk
def test_columns_filters_and_search_name_what_exists(desk: Desk) -> None:
    assert repeated(column.name for column in desk.columns) == []
    for name in [*desk.filters, *(column.sort for column in desk.columns if column.sort), desk.sort.lstrip("-")]:
        assert _field(desk.model, name).null is False or name in desk.filters, f"{name}: sorted by, so never null"
    for name in desk.search:
        assert _field(desk.model, name)
    assert [c.name for c in desk.columns if c.kind == "link"] != [], "one column leads to the record"


@each_desk
def test_a_desk_acts_only_on_moves_of_its_workflow(desk: Desk) -> None:
    moves = {move.name for move in desk.model.workflow.moves}
    assert set(desk.move_forms) <= moves
    assert set(desk.room.actions.get(desk.model, {})) - {"file", "amend"} <= moves
    assert set(desk.room.actions) <= {other.model for other in desk.room.desks}


def _field(model: Any, path: str) -> Any:
    found: Any = None
    for step in path.split("__"):
        try:
            found = model._meta.get_field(step)
        except FieldDoesNotExist:
            raise AssertionError(f"{model.__name__} has no {step}") from None
        model = getattr(found, "related_model", None)
    return found
