"""The ledger page: as far as its reader may audit, and no further."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.errands.models import Errand
from tests.world import World
from tongzhou.kernel import steps
from tongzhou.kernel.models import Grant, Person
from tongzhou.kernel.module import Module
from tongzhou.web.audit import PAGE

SignIn = Callable[[Person], Client]
pytestmark = pytest.mark.urls("tests.errands.urls")


def told(client: Client, **query: str) -> list[str]:
    return [said for _, _, said, _ in client.get("/ledger/", query).context["shown"]]


@pytest.fixture
def entries(cast: World, errands_room: Module) -> None:
    """One entry on each kind of row, in the first and the third branch."""
    house, p = cast.people.house, cast.people
    for unit, person in [(cast.units.branch1, p.zhao), (cast.units.branch3, p.wu)]:
        errand = Errand(pk=uuid4(), response=cast.response, unit=unit, what="买药")
        steps.file(errand, by=p.wang)
        steps.amend(person, by=house, needs="people.manage", posts="会计")
        steps.amend(unit, by=house, needs="people.manage", name_en="Branch")
        steps.file(Grant(person=person, unit=unit, role="keeper"), by=house, needs="grants.manage")


@pytest.fixture
def inspector(cast: World) -> Person:
    """Audits the third branch only."""
    Grant.objects.create(person=cast.people.wu, unit=cast.units.branch3, role="auditor")
    return cast.people.wu


def test_the_ledger_tells_all_that_is_in_reach(
    cast: World, entries: None, inspector: Person, signed_in: SignIn
) -> None:
    branch = ["系统登记", "系统修改了英文名称", "系统修改了职务", "王保管登记了跑腿"]
    assert told(signed_in(inspector)) == branch
    assert told(signed_in(cast.people.li)) == branch * 2


def test_the_ledger_is_not_there_for_who_may_not_audit(cast: World, signed_in: SignIn) -> None:
    p = cast.people
    assert [signed_in(who).get("/ledger/").status_code for who in [p.zhao, p.sun, p.zhou]] == [404, 404, 404]


def test_the_ledger_leads_to_the_record(cast: World, entries: None, inspector: Person, signed_in: SignIn) -> None:
    client = signed_in(inspector)
    addresses = [address for *_, address in client.get("/ledger/").context["shown"]]
    assert [client.get(address).status_code for address in addresses if address] == [200, 200]


def test_the_ledger_of_one_person(cast: World, entries: None, signed_in: SignIn) -> None:
    client = signed_in(cast.people.li)
    assert told(client, by=str(cast.people.wang.pk)) == ["王保管登记了跑腿"] * 2
    assert client.get("/ledger/", {"by": cast.people.outsider.pk}).status_code == 404


def test_the_ledger_turns_its_pages_without_a_gap(cast: World, signed_in: SignIn) -> None:
    for n in range(PAGE + 3):
        steps.note(cast.people.zhao, "note", by=cast.people.house, said=f"第{n}条")
    client = signed_in(cast.people.li)
    first = client.get("/ledger/").context
    second = told(client, before=str(first["more"]))
    everything = [said for _, _, said, _ in first["shown"]] + second
    assert everything == [f"第{n}条" for n in reversed(range(PAGE + 3))]


@pytest.mark.parametrize("before", ["", "x", "-1", "٣", "9" * 40, "\0"])
def test_the_ledger_takes_no_nonsense_for_a_page(cast: World, signed_in: SignIn, before: str) -> None:
    assert signed_in(cast.people.li).get("/ledger/", {"before": before, "by": before}).status_code == 200
