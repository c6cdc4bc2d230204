"""Sent twice is done once; a move on a row that has moved on is out of step."""

from copy import copy

import pytest

from tests.contract.rooms import each_desk, factory
from tests.world import World
from tongzhou.kernel import ledger, steps
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.models import Entry, Record
from tongzhou.kernel.steps import OutOfStep


def kept(model: type[Record]) -> tuple[list[object], int]:
    return list(model._default_manager.order_by("pk").values()), Entry.objects.count()


@each_desk
def test_filed_twice_is_one_record(desk: Desk, cast: World) -> None:
    row = factory(desk)(cast)
    before = kept(desk.model)
    again = desk.model(pk=row.pk, response=row.response, unit=row.unit)
    found, is_new = steps.file(again, by=cast.people.house)
    assert (found.pk, is_new, kept(desk.model)) == (row.pk, False, before)


@each_desk
def test_a_move_from_a_state_it_does_not_leave_is_out_of_step(desk: Desk, cast: World) -> None:
    row = factory(desk)(cast)
    before = kept(desk.model)
    for move in desk.model.workflow.moves:
        for state in set(desk.model.workflow.states.values) - set(map(str, move.sources)):
            row.state = state
            with pytest.raises(OutOfStep):
                steps.advance(row, move.name, by=cast.people.house, note="重复")
        assert kept(desk.model) == before, move.name


@each_desk
def test_a_move_on_an_old_copy_is_out_of_step(desk: Desk, cast: World) -> None:
    """As two people who opened the page at the same time: the second one's click changes nothing."""
    row = factory(desk)(cast)
    old = desk.model._default_manager.get(pk=row.pk)
    steps.note(row, "note", by=cast.people.house, said="看过")
    before = kept(desk.model)
    for move in desk.model.workflow.moves:
        stale = copy(old)
        stale.state = move.sources[0]
        with pytest.raises(OutOfStep):
            steps.advance(stale, move.name, by=cast.people.house, note="重复")
        assert kept(desk.model) == before, move.name


@each_desk
def test_every_record_made_has_a_ledger_that_holds(desk: Desk, cast: World) -> None:
    row = factory(desk)(cast)
    assert list(ledger.broken()) == []
    assert [entry.seq for entry in ledger.entries(row)] == list(range(1, row.version + 1))
    for entry in ledger.entries(row):
        assert "{" not in ledger.sentence(entry), entry.said
