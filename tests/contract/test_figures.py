"""A figure is what the list behind it adds up to, counted a second way, row by row."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from tests.contract.conftest import Standing
from tests.contract.rooms import DESKS, ROOMS, factory
from tests.world import World, kept
from tongzhou.kernel import facts
from tongzhou.kernel.desk.lists import drill
from tongzhou.kernel.facts import Fact, Finding
from tongzhou.kernel.figures import Bound, Figure
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope

SignIn = Callable[[Person], Client]
FACTS = [fact for room in ROOMS for fact in room.facts]
each_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.room}.{fact.name}")


@pytest.fixture(scope="module")
def records(standing: Standing, django_db_blocker: Any) -> Iterator[None]:
    """Two records of each kind in the first branch and one in the third; one of them known only as a total."""
    cast = standing[0]
    with kept(django_db_blocker):
        for desk in DESKS:
            for unit in (cast.units.branch1, cast.units.branch1, cast.units.branch3):
                row = factory(desk)(cast, unit=unit, marker="甲")
            desk.model._default_manager.filter(pk=row.pk).update(quantity=20, bound=Bound.AT_LEAST, source="简报")
        yield


@pytest.fixture
def filled(records: None, cast: World) -> World:
    return cast


@each_fact
def test_a_figure_is_what_the_rows_behind_it_add_up_to(fact: Fact, filled: World, signed_in: SignIn) -> None:
    p, units = filled.people, filled.units
    for by in (p.wang, p.sun, p.zhao):
        client, status, headers = signed_in(by), 200 if _desk(fact).open_to(by) else 404, {}
        for unit in (None, units.branch1, units.branch3):
            for found in facts.measure(fact, Scope(filled.response, unit), by):
                assert added_up(found, by) == found.figure
                behind = drill(_desk(fact), filled.response, QueryDict(found.url().partition("?")[2]), by)
                assert (behind.figure, behind.part) == (found.figure, found.part)
                assert client.get(found.url(), headers=headers).status_code == status
                headers = {"HX-Request": "true"}  # after one whole page, the table alone


@each_fact
def test_the_page_behind_a_figure_shows_the_same_words_and_as_many_records(
    fact: Fact, filled: World, signed_in: SignIn
) -> None:
    by, desk = filled.people.wang, _desk(fact)
    for found in facts.measure(fact, Scope(filled.response), by):
        for language in ("zh-hans", "en"):
            answer = signed_in(by).get(found.url(), headers={"Accept-Language": language})
            page = answer.content.decode()
            with translation.override(language):
                assert f'<p class="drill-figure">{escape(found.text())}</p>' in page
            listed = set(re.findall(rf"{desk.url('list', filled.response)}([0-9a-f-]{{36}})/", page))
            assert listed == {str(row.pk) for row in found.records(by)}


def added_up(found: Finding, by: Person) -> Figure:
    """The sum in Python over the rows of the list, with the weakest bound of their records."""
    total: Any = 0
    bounds = set()
    rows = found.fact.rows().filter(**{f"{found.fact.via or 'pk'}__in": [row.pk for row in found.records(by)]})
    if found.fact.where:
        rows = rows.filter(found.fact.where(found.scope))
    for row in rows.filter(**dict(zip(found.fact.each, found.part, strict=True))):
        record: Any = row
        for step in filter(None, found.fact.via.split("__")):
            record = getattr(record, step)
        value: Any = row
        for step in filter(None, found.fact.value.split("__")):
            value = getattr(value, step)
        total += (value or 0) if found.fact.value else 1
        bounds.add(Bound(record.bound))
    value = total if found.fact.scale == 1 else Decimal(total) / found.fact.scale
    return sum((Figure(0, bound) for bound in bounds), Figure(value))


def _desk(fact: Fact) -> Any:
    return next(desk for desk in DESKS if desk.model is facts.record_model(fact))
