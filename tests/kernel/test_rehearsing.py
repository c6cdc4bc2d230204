"""A synthetic response: whole, the same again, nobody in it real, and something to do for everyone who looks around."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from tests.world import World
from tongzhou.kernel import access, asks, ledger, module, rehearsing, seal
from tongzhou.kernel.models import Entry, Person, Record, Response, Unit

SMALL = {"units": 8, "members": 60, "records": 120, "seed": 1}
TINY = {"members": 30, "records": 40}


def rehearse(slug: str = "rehearsal", guests: tuple[str, ...] = (), **changes: int) -> list[str]:
    return list(rehearsing.rehearse(slug, guests=guests, **SMALL | changes))


def models() -> list[type[Record]]:
    return [desk.model for room in module.rooms() for desk in room.desks if room.rehearse]


def rows() -> set[tuple[str, str, str]]:
    """(table, key, state) of every record of the rehearsal."""
    found = set()
    for model in models():
        kept = model._default_manager.filter(response__slug="rehearsal").values_list("pk", "state")
        found |= {(model._meta.label_lower, str(key), state) for key, state in kept}
    return found


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


def test_rehearsal_holds_every_state_and_nobody_real(db: None) -> None:
    lines = rehearse()
    assert [line for line in lines if line.split()[0] in {"units", "people"}] == ["units 8", "people 60"]
    response = Response.objects.get(slug="rehearsal")
    assert (response.synthetic, response.lead.code) == (True, "rehearsal-org")
    assert Unit.objects.filter(code__startswith="rehearsal-").count() == 8
    people = Person.objects.filter(access.within(response.roots.values_list("path", flat=True)))
    assert (people.count(), people.exclude(synthetic=True).count(), people.exclude(password="").count()) == (60, 0, 0)
    assert {seal.open(person, "phone")[:2] for person in people} == {"10"}
    for model in models():
        kept = model._default_manager.filter(response=response)
        assert set(kept.values_list("state", flat=True)) == set(model.workflow.states.values), model
    summaries = [record for model in models() for record in model._default_manager.all() if record.is_summary]
    assert {record.source for record in summaries} == {"推演脚本生成的模拟数据"}
    assert len(summaries) == 6  # three gifts known as totals, and their allocations
    assert list(ledger.broken()) == []


def test_rehearsal_again_adds_nothing_and_more_goes_on(db: None) -> None:
    rehearse(**TINY)
    before, entries = rows(), Entry.objects.count()
    rehearse(**TINY)
    assert (rows(), Entry.objects.count()) == (before, entries)
    rehearse(**TINY | {"records": 60})
    assert before < rows()


def test_same_seed_makes_the_same_and_another_does_not(db: None) -> None:
    made = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            rehearse(seed=seed, **TINY)
            made.append((rows(), set(Person.objects.values_list("name", flat=True))))
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert made[0] != made[2]


@pytest.mark.parametrize("number", [900, 2600])
def test_rehearsal_that_was_stopped_goes_on_as_if_it_had_not_been(db: None, number: int) -> None:
    with transaction.atomic():
        rehearse(**TINY)
        whole = rows()
        transaction.set_rollback(True)
    with stopped_at(number):
        rehearse(**TINY)
    assert {row[:2] for row in rows()} <= {row[:2] for row in whole}
    assert rows() != whole
    assert list(ledger.broken()) == []
    rehearse(**TINY)
    assert rows() == whole


def test_everyone_who_looks_around_finds_something_to_do(cast: World) -> None:
    names = ("li", "qian", "sun", "wang", "zhao", "zhou")
    rehearse(guests=names)
    today = timezone.localdate()
    found = {name: {one.ask.name for one in asks.awaiting(_fresh(name), today)} for name in names}
    everyone = {"to_answer"}
    assert found["zhao"] == found["li"] == everyone
    assert found["qian"] >= everyone | {"to_review", "to_issue", "review"}
    assert found["zhou"] >= everyone | {"to_recount", "to_deliver", "to_sign"}
    assert found["wang"] >= everyone | {"to_disclose", "brief"}
    assert found["sun"] >= everyone | {"missing", "to_recount"}


def test_the_command_tells_how_far_it_is(db: None) -> None:
    out = StringIO()
    call_command("rehearse", **SMALL, stdout=out)
    lines = [line.strip() for line in out.getvalue().splitlines()]
    assert [line.split()[0] for line in lines[:-1]] == [
        "units",
        "people",
        *(r.name for r in module.rooms() if r.rehearse),
    ]
    assert lines[-1].startswith("推演数据已就绪：/rehearsal/")


@pytest.mark.parametrize("wrong", [{"units": 7}, {"members": 20}, {"slug": "a b"}])
def test_the_command_refuses_sizes_that_make_no_response(db: None, wrong: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        call_command("rehearse", **SMALL | wrong, stdout=StringIO())
    assert Response.objects.count() == 0


def _fresh(name: str) -> Person:
    return Person.objects.get(username=name)
