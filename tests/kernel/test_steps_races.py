"""Two at once: the database decides, so one wins, the other is told, and nothing is doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests import world
from tests.errands.models import Errand
from tongzhou.kernel import ledger, steps
from tongzhou.kernel.models import Entry
from tongzhou.kernel.module import Module
from tongzhou.kernel.steps import OutOfStep

AT_ONCE = 6


def race(run: Callable[[], Any]) -> list[Any]:
    """What each of the racers got: a value or the refusal."""
    start = Barrier(AT_ONCE)

    def one(_n: int) -> Any:
        try:
            start.wait()
            return run()
        except OutOfStep as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.usefixtures("committed")
def test_filed_moved_and_edited_at_once_each_happens_once(errands_room: Module) -> None:
    cast, key = world.build(), uuid4()
    sun = cast.people.sun

    def file() -> bool:
        return steps.file(Errand(pk=key, response=cast.response, unit=cast.units.branch1, what="买药"), by=sun)[1]

    assert sorted(race(file)) == [False] * (AT_ONCE - 1) + [True]
    assert Errand.objects.get().version == Entry.objects.count() == 1

    moved = race(lambda: steps.advance(Errand.objects.get(pk=key), "take", by=sun).version)
    assert sorted(map(str, moved)) == ["2", *[str(OutOfStep)] * (AT_ONCE - 1)]

    edited = race(lambda: steps.amend(Errand.objects.get(pk=key), by=sun, version=2, what=f"买{uuid4().hex}").version)
    assert sorted(map(str, edited)) == ["3", *[str(OutOfStep)] * (AT_ONCE - 1)]

    race(lambda: steps.note(Errand.objects.get(pk=key), "note", by=sun, said="看过"))
    assert list(Entry.objects.values_list("seq", flat=True)) == list(range(1, 4 + AT_ONCE))
    assert list(ledger.broken()) == []
