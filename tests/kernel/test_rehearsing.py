"""A synthetic response: whole, the same again, nobody in it real, and something to do for everyone who looks around."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import world
from tongzhou.kernel import access, asks, ledger, module, seal
from tongzhou.kernel.models import Person, Record, Response, Unit

SMALL = {"units": 8, "members": 60, "records": 120, "seed": 1}
GUESTS = ["li", "qian", "sun", "wang", "zhao", "zhou"]


def models() -> list[type[Record]]:
    return [desk.model for room in module.rooms() for desk in room.desks if room.rehearse]


@pytest.fixture(scope="module")
def _rehearsed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with world.kept(django_db_blocker):
        world.build()
        out = StringIO()
        call_command("rehearse", **SMALL, guests=GUESTS, stdout=out)
        yield out.getvalue()


@pytest.fixture
def rehearsed(_rehearsed: str, db: None) -> str:
    """What the command said. Made once for the tests of this file that look at it, among the cast."""
    return _rehearsed


def test_rehearsal_holds_every_state_and_nobody_real(rehearsed: str) -> None:
    response = Response.objects.get(slug="rehearsal")
    assert (response.synthetic, response.lead.code) == (True, "rehearsal-org")
    assert Unit.objects.filter(code__startswith="rehearsal-").count() == 8
    people = Person.objects.filter(access.within(response.roots.values_list("path", flat=True)))
    made = people.exclude(username__in=GUESTS)
    assert (made.count(), made.exclude(synthetic=True).count(), made.exclude(password="").count()) == (60, 0, 0)
    assert {seal.open(person, "phone")[:2] for person in made} == {"10"}
    for model in models():
        kept = model._default_manager.filter(response=response)
        assert set(kept.values_list("state", flat=True)) == set(model.workflow.states.values), model
    summaries = [record for model in models() for record in model._default_manager.all() if record.is_summary]
    assert {record.source for record in summaries} == {"推演脚本生成的模拟数据"}
    assert len(summaries) == 6  # three gifts known as totals, and their allocations
    assert list(ledger.broken()) == []


def test_everyone_who_looks_around_finds_something_to_do(rehearsed: str) -> None:
    today = timezone.localdate()
    found = {name: {one.ask.name for one in asks.awaiting(Person.objects.get(username=name), today)} for name in GUESTS}
    everyone = {"to_answer"}
    assert found["zhao"] == found["li"] == everyone
    assert found["qian"] >= everyone | {"to_review", "to_issue", "review"}
    assert found["zhou"] >= everyone | {"to_recount", "to_deliver", "to_sign"}
    assert found["wang"] >= everyone | {"to_disclose", "brief"}
    assert found["sun"] >= everyone | {"missing", "to_recount"}


def test_the_command_tells_how_far_it_is(rehearsed: str) -> None:
    lines = [line.strip() for line in rehearsed.splitlines()]
    rooms = [room.name for room in module.rooms() if room.rehearse]
    assert [line.split()[0] for line in lines[:-1]] == ["units", "people", *rooms]
    assert lines[-1].startswith("推演数据已就绪：/rehearsal/")
