"""A page costs the same number of queries for one record and for three."""

from collections.abc import Callable

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

SignIn = Callable[[Person], Client]
PAGES = ["list", "print", "export"]


def queries(client: Client, address: str, **headers: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address, headers=headers).status_code == 200
    return [query["sql"] for query in seen]


@pytest.mark.parametrize("page", [*PAGES, "htmx", "home", "response", "board"])
@each_desk
def test_a_list_of_one_and_of_three_cost_the_same(desk: Desk, page: str, cast: World, signed_in: SignIn) -> None:
    address = {"home": "/", "response": "/test-2022/", "board": "/test-2022/board/"}.get(page) or desk.url(
        page.replace("htmx", "list"), cast.response
    )
    headers = {"HX-Request": "true"} if page == "htmx" else {}
    counts = []
    for more in (1, 2):
        for _n in range(more):
            factory(desk)(cast, marker=f"号{more}{_n}")
        client = signed_in(cast.people.wang)
        client.get(address)  # what the process keeps, and messages shown once
        counts.append(queries(client, address, **headers))
    assert len(counts[0]) == len(counts[1]), _more(*counts)


@pytest.mark.parametrize("page", ["detail", "slip"])
@each_desk
def test_a_record_costs_the_same_with_others_about(desk: Desk, page: str, cast: World, signed_in: SignIn) -> None:
    row = factory(desk)(cast, marker="甲")
    client, address = signed_in(cast.people.wang), desk.url(page, cast.response, row.pk)
    client.get(address)
    before = queries(client, address)
    for n in range(2):
        factory(desk)(cast, marker=f"乙{n}")
    after = queries(client, address)
    assert len(before) == len(after), _more(before, after)


@each_room
def test_a_fact_is_one_query(room: Module, cast: World) -> None:
    scope, by = Scope(cast.response), cast.people.wang
    facts.gather(scope, by, [room])  # the grants are read once for each person
    with CaptureQueriesContext(connection) as seen:
        facts.gather(scope, by, [room])
    assert len(seen) == len(room.facts)


def _more(before: list[str], after: list[str]) -> str:
    """The statements that came on top."""
    left = list(before)
    extra = [sql for sql in after if not (sql in left and left.remove(sql) is None)]
    return "\n".join(sql[:300] for sql in extra)
