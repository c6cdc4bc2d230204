"""Whatever is done through the three doors, in any order, with replays, old copies and forged keys: the ledger holds."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests.errands.models import Errand
from tests.errands.workflow import workflow
from tests.world import World
from tongzhou.kernel import access, ledger, steps
from tongzhou.kernel.models import Entry
from tongzhou.kernel.module import Module
from tongzhou.kernel.steps import OutOfStep

PEOPLE = st.sampled_from(["wang", "qian", "sun", "wu", "zhao", "li", "outsider", "house"])
UNITS = st.sampled_from(["org", "branch1", "branch3", "elsewhere"])
MOVES = st.sampled_from([*(move.name for move in workflow.moves), "fly"])
TEXTS = st.sampled_from(["买药", "买菜", "", "长" * 101, "'; DROP TABLE kernel_entry; --"])
REFUSED = (PermissionDenied, ValidationError, OutOfStep)


class Doors(RuleBasedStateMachine):
    """`known` is what should be there: {key: [state, what, unit, number of entries]}."""

    cast: World
    keys: Bundle[UUID] = Bundle("keys")
    copies: Bundle[Errand] = Bundle("copies")

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.known: dict[UUID, list[Any]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(target=keys, who=PEOPLE, where=UNITS, what=TEXTS)
    def file(self, who: str, where: str, what: str) -> Any:
        return self.send(uuid4(), who, where, what)

    @rule(key=keys, who=PEOPLE, where=UNITS, what=TEXTS)
    def file_again_under_the_same_key(self, key: UUID, who: str, where: str, what: str) -> None:
        self.send(key, who, where, what)

    def send(self, key: UUID, who: str, where: str, what: str) -> Any:
        by, unit = getattr(self.cast.people, who), getattr(self.cast.units, where)
        row = Errand(pk=key, response=self.cast.response, unit=unit, what=what)
        try:
            kept, is_new = steps.file(row, by=by)
        except REFUSED:
            allowed, good = access.may(by, "errands.ask", unit), 0 < len(what) <= 100
            assert not (allowed and (good or key in self.known)), "refused although allowed"
            return multiple()
        assert is_new == (key not in self.known)
        assert is_new or [kept.state, kept.what, kept.unit, kept.version] == self.known[key]
        self.known.setdefault(key, ["asked", what, unit, 1])
        return key

    @rule(target=copies, key=keys)
    def open(self, key: UUID) -> Errand:
        """A copy that someone holds while others go on."""
        return Errand.objects.get(pk=key)

    @rule(copy=copies, who=PEOPLE, what=TEXTS, where=UNITS)
    def amend(self, copy: Errand, who: str, what: str, where: str) -> None:
        unit = getattr(self.cast.units, where)
        seen = (copy.state, copy.what, copy.unit, copy.version)
        changes = {"what": what, "unit": unit}
        try:
            steps.amend(copy, by=getattr(self.cast.people, who), **changes)
        except REFUSED:
            assert (copy.state, copy.what, copy.unit, copy.version) == seen
            return
        if seen[1:3] != (what, unit):
            assert self.known[copy.pk] == list(seen), "an old copy was written over a newer row"
            self.known[copy.pk] = [copy.state, what, unit, seen[3] + 1]

    @rule(copy=copies, who=PEOPLE, move=MOVES, note=st.sampled_from(["", " ", "不办了"]))
    def advance(self, copy: Errand, who: str, move: str, note: str) -> None:
        seen = (copy.state, copy.what, copy.unit, copy.version)
        try:
            steps.advance(copy, move, by=getattr(self.cast.people, who), note=note)
        except REFUSED:
            assert (copy.state, copy.what, copy.unit, copy.version) == seen
            return
        assert self.known[copy.pk] == list(seen), "an old copy was moved"
        step = workflow.move(move)
        assert step is not None
        assert seen[0] in step.sources
        assert note.strip() or not step.reason
        self.known[copy.pk] = [step.target, *seen[1:3], seen[3] + 1]

    @rule(copy=consumes(copies), who=PEOPLE)
    def look(self, copy: Errand, who: str) -> None:
        """A look is told whatever the copy's age, and changes nothing else."""
        steps.note(copy, "note", by=getattr(self.cast.people, who), said="{by}看过")
        self.known[copy.pk][3] += 1

    @invariant()
    def the_rows_are_what_the_doors_said(self) -> None:
        rows = {row.pk: [row.state, row.what, row.unit, row.version] for row in Errand.objects.select_related("unit")}
        assert rows == getattr(self, "known", {})
        assert {row[0] for row in rows.values()} <= workflow.reachable()

    @invariant()
    def the_ledger_holds(self) -> None:
        assert [(str(entry), reason) for entry, reason in ledger.broken()] == []
        expected = sorted((key, seq) for key, row in getattr(self, "known", {}).items() for seq in range(1, row[3] + 1))
        assert sorted(Entry.objects.filter(table="errands.errand").values_list("record", "seq")) == expected


@pytest.mark.django_db
def test_the_doors_hold_whatever_is_tried(cast: World, errands_room: Module) -> None:
    Doors.cast = cast
    checked = settings(
        max_examples=40
        if connection.vendor == "sqlite"
        else 12,  # the orders are tried on one engine, each statement on both
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Doors, settings=checked)
