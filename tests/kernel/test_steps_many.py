"""Thousands through the doors at once: the same entries, the same refusals, all or none."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.errands.models import Errand
from tests.errands.workflow import State
from tests.world import World
from tongzhou.kernel import ledger, seal, steps
from tongzhou.kernel.models import Entry
from tongzhou.kernel.steps import OutOfStep

Make = Callable[..., Errand]


def told(row: Any) -> list[tuple[int, str, str, str, dict[str, Any]]]:
    return [(e.seq, e.verb, e.move, e.said, e.data) for e in ledger.entries(row)]


def test_file_many_tells_of_each_as_file_does(cast: World, errand: Make) -> None:
    rows = [errand(what=f"买药{i}", phone="13900000001") for i in range(3)]
    fresh = steps.file_many(rows, by=cast.people.sun, data={rows[1].pk: {"note": "x"}})
    single, _new = steps.file(errand(what="买菜"), by=cast.people.sun)
    assert fresh == rows
    kept = Errand.objects.get(pk=rows[0].pk)
    assert (kept.state, kept.version, kept.filed_by) == (State.ASKED, 1, cast.people.sun)
    assert seal.open(kept, "phone") == "13900000001"
    assert told(rows[0]) == told(single)
    assert told(rows[1]) == [(1, "file", "", "{by}登记了跑腿", {"note": "x"})]
    assert list(ledger.broken()) == []


def test_file_many_again_adds_nothing(cast: World, errand: Make) -> None:
    rows = [errand(), errand()]
    steps.file_many(rows, by=cast.people.sun)
    third = errand()
    assert steps.file_many([*rows, third], by=cast.people.sun) == [third]
    assert (Errand.objects.count(), Entry.objects.count()) == (3, 3)


def test_file_many_refuses_all_for_one_out_of_reach(cast: World, errand: Make) -> None:
    rows = [errand(), errand(unit=cast.units.branch3)]
    with pytest.raises(PermissionDenied):
        steps.file_many(rows, by=cast.people.sun)
    assert (Errand.objects.count(), Entry.objects.count()) == (0, 0)


def test_file_many_names_what_the_database_refuses(cast: World, errand: Make) -> None:
    with pytest.raises(ValidationError) as refused:
        steps.file_many([errand(), errand(quantity=20)], by=cast.people.sun)
    assert refused.value.messages == ["只有总数的记录须写明来源。"]
    assert (Errand.objects.count(), Entry.objects.count()) == (0, 0)


def test_advance_many_tells_of_each_as_advance_does(cast: World, errand: Make) -> None:
    rows = [errand() for _ in range(3)]
    steps.file_many(rows, by=cast.people.sun)
    steps.amend(rows[2], by=cast.people.sun, what="买菜")
    steps.advance_many(rows, "take", by=cast.people.sun, runner=cast.people.zhao)
    single, _new = steps.file(errand(), by=cast.people.sun)
    steps.advance(single, "take", by=cast.people.sun, runner=cast.people.zhao)
    assert [(r.state, r.version, r.runner) for r in rows] == [(State.TAKEN, n, cast.people.zhao) for n in (2, 2, 3)]
    assert [Errand.objects.get(pk=r.pk).version for r in rows] == [2, 2, 3]
    assert told(rows[0]) == told(single)
    assert list(ledger.broken()) == []


def test_advance_many_moves_none_when_one_has_moved_on(cast: World, errand: Make) -> None:
    rows = [errand() for _ in range(2)]
    steps.file_many(rows, by=cast.people.sun)
    steps.advance(Errand.objects.get(pk=rows[1].pk), "take", by=cast.people.sun)
    before = Entry.objects.count()
    with pytest.raises(OutOfStep):
        steps.advance_many(rows, "take", by=cast.people.sun)
    assert Errand.objects.get(pk=rows[0].pk).state == State.ASKED
    assert Entry.objects.count() == before


def test_many_rows_take_as_many_queries_as_few(cast: World, errand: Make) -> None:
    def queries(count: int) -> int:
        rows = [errand() for _ in range(count)]
        with CaptureQueriesContext(connection) as seen:
            steps.file_many(rows, by=cast.people.sun)
            steps.advance_many(rows, "take", by=cast.people.sun)
        return len(seen)

    queries(1)  # the person's grants are read once
    assert queries(2) == queries(200)
