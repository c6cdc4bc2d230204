"""A rehearsal is the same from the same seed, however often it was stopped; and refuses sizes that make none."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from itertools import takewhile
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from tongzhou.kernel import ledger, module, rehearsing
from tongzhou.kernel.models import Entry, Person, Response

# chance and keys are Python's; what a stop leaves behind, the tests of the doors hold on both
pytestmark = pytest.mark.any_engine
TINY = {"units": 8, "members": 30, "records": 40, "seed": 1}


def rehearse(**size: int) -> list[str]:
    return list(rehearsing.rehearse("rehearsal", guests=(), **size))


def rows() -> Counter[tuple[str, str]]:
    """How many records of the rehearsal each table has in each state."""
    found: Counter[tuple[str, str]] = Counter()
    for model in [desk.model for room in module.rooms() for desk in room.desks if room.rehearse]:
        states = model._default_manager.filter(response__slug="rehearsal").values_list("state", flat=True)
        found.update((model._meta.label_lower, state) for state in states)
    return found


def people() -> list[str]:
    return sorted(Person.objects.values_list("name", flat=True))


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def stopped_at(number: int) -> Iterator[None]:
    """Ctrl+C at one of the statements sent to the database."""
    sent = 0

    def run(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == number:
            raise KeyboardInterrupt
        return execute(*arguments)

    with connection.execute_wrapper(run), pytest.raises(KeyboardInterrupt):
        yield


def test_what_was_stopped_goes_on_as_if_it_had_not_been_and_again_adds_nothing(db: None) -> None:
    with undone():
        rehearse(**TINY)
        whole, everyone = rows(), people()
    for number in (900, 4000):  # in an early room, and in a later one
        with stopped_at(number):
            rehearse(**TINY)
        assert 0 < rows().total() < whole.total()
        assert list(ledger.broken()) == []
    rehearse(**TINY)
    assert (rows(), people()) == (whole, everyone)
    entries = Entry.objects.count()
    rehearse(**TINY)
    assert (rows(), Entry.objects.count()) == (whole, entries)


def test_another_seed_makes_other_people(db: None) -> None:
    made = []
    for seed in (1, 1, 2):
        with undone():
            lines = rehearsing.rehearse("rehearsal", guests=(), **TINY | {"seed": seed})
            assert len(list(takewhile(lambda line: not line.startswith("people"), lines))) == 1
            made.append(people())
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("wrong", [{"units": 7}, {"members": 20}, {"slug": "a b"}])
def test_the_command_refuses_sizes_that_make_no_response(db: None, wrong: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        call_command("rehearse", **TINY | wrong, stdout=StringIO())
    assert Response.objects.count() == 0
