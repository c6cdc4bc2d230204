"""A page costs the same number of queries for one record and for three."""

from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.contract.rooms import each_desk, each_room, factory
from tests.world import World
from tongzhou.kernel import facts
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.models import Person
from tongzhou.kernel.module import Module
from tongzhou.kernel.scope import Scope

pytestmark = pytest.mark.any_engine
SignIn = Callable[[Person], Client]
PAGES = ["list", "print", "export"]


def queries(client: Client, address: str, **headers: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, headers=headers).status_code == 200
    return [query["sql"] for query in seen]


@each_desk
def test_a_list_of_one_and_of_three_cost_the_same(desk: Desk, cast: World, signed_in: SignIn) -> None:
    pages: list[tuple[str, dict[str, str]]] = [(desk.url(page, cast.response), {}) for page in PAGES]
    pages.append((desk.url("list", cast.response), {"HX-Request": "true"}))
    _the_same_for_three(pages, [desk], cast, signed_in(cast.people.wang))


@each_room
def test_the_fronts_of_one_and_of_three_cost_the_same(room: Module, cast: World, signed_in: SignIn) -> None:
    """They show all desks of a room at once, so all of them grow at once."""
    _the_same_for_three(
        [("/", {}), ("/test-2022/", {}), ("/test-2022/board/", {})], room.desks, cast, signed_in(cast.people.wang)
    )


@each_desk
def test_a_record_costs_the_same_with_others_about(desk: Desk, cast: World, signed_in: SignIn) -> None:
    row, client = factory(desk)(cast, marker="甲"), signed_in(cast.people.wang)
    addresses = [desk.url(page, cast.response, row.pk) for page in ("detail", "slip")]
    before = {}
    for address in addresses:
        client.get(address)  # what the process keeps, and messages shown once
        before[address] = queries(client, address)
    for n in range(2):
        factory(desk)(cast, marker=f"乙{n}")
    for address in addresses:
        after = queries(client, address)
        assert len(before[address]) == len(after), f"{address}\n{_more(before[address], after)}"


@each_room
def test_a_fact_is_one_query(room: Module, cast: World) -> None:
    scope, by = Scope(cast.response), cast.people.wang
    facts.gather(scope, by, [room])  # the grants are read once for each person
    with CaptureQueriesContext(connection) as seen:
        facts.gather(scope, by, [room])
    assert len(seen) == len(room.facts)


def _the_same_for_three(
    pages: list[tuple[str, dict[str, str]]], desks: Sequence[Desk], cast: World, client: Client
) -> None:
    """One record of each desk, the pages, two more of each, the pages again."""
    for desk in desks:
        factory(desk)(cast, marker="号1")
    before = []
    for address, headers in pages:
        client.get(address, headers=headers)  # what the process keeps, and messages shown once
        before.append(queries(client, address, **headers))
    for desk in desks:
        for n in (2, 3):
            factory(desk)(cast, marker=f"号{n}")
    for (address, headers), was in zip(pages, before, strict=True):
        now = queries(client, address, **headers)
        assert len(was) == len(now), f"{address}\n{_more(was, now)}"


def _more(before: list[str], after: list[str]) -> str:
    """The statements that came on top."""
    left = list(before)
    extra = [sql for sql in after if not (sql in left and left.remove(sql) is None)]
    return "\n".join(sql[:300] for sql in extra)
