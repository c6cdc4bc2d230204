"""A tube that is not negative: who is told, who may learn whom to find, and swabs of nobody knows whom."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World, person, unit
from tongzhou.kernel import ledger, module
from tongzhou.kernel.models import Notice, Unit
from tongzhou.modules.testing import actions, queries
from tongzhou.modules.testing.actions.residents import Given
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Campaign, Home, Pool
from tongzhou.modules.testing.queries import Session

NAMES = ("张三丰", "李四光", "王五常")
NUMBERS = ("210599199001011234", "210599199001015673", "210599199001019877")


@pytest.fixture
def community(cast: World) -> Unit:
    """Of the other street than the one where the point stands."""
    return unit("c1", "槐荫社区", "community", cast.units.street2)


@pytest.fixture
def pool(cast: World, community: Unit) -> Pool:
    """Zhang lives in a building of the community, Li in the community, Wang showed a card; and there is a swab whose code nobody can read."""
    at = sampling.session(cast)
    campaign = Campaign.objects.get(pk=at.campaign)
    Home.objects.create(
        campaign=campaign,
        point_id=at.point,
        unit=community,
        area=campaign.unit.code,
        key="3",
        name="槐荫里3号楼",
        people=60,
    )
    for n, home in ((0, f"{campaign.unit.code}/3"), (1, "")):
        made = actions.residents.register(Given(NAMES[n], "id", NUMBERS[n], community, home))
        send(at, item(n + 1, text(tube="T1", code=made.code)))
    wang = {"name": NAMES[2], "kind": "id", "number": NUMBERS[2]}
    send(at, item(3, text(tube="T1", person=wang)), item(4, text(tube="T1", code="smudged")))
    return reported(cast, at, "T1")


def reported(cast: World, at: Session, tube: str) -> Pool:
    campaign = Campaign.objects.get(pk=at.campaign)
    actions.results.take(campaign, Line(tube, "positive", timezone.now(), "市疾控"), by=cast.people.feng)
    return Pool.objects.select_related("unit", "response", "campaign", "point").get(tube=tube)


def test_whoever_organises_the_retest_learns_whom_to_find_for_a_purpose(
    cast: World, pool: Pool, signed_in: Any
) -> None:
    client, address = signed_in(cast.people.feng), pool.people_url()
    page = client.get(pool.get_absolute_url()).content.decode()
    assert [one in page for one in (NAMES[0], NUMBERS[0], "槐荫里3号楼", address)] == [False, False, False, True]
    before = ledger.entries(pool).count()
    refused = client.post(address, {"purpose": " "})
    assert (refused.status_code, "请写明查看用途" in refused.content.decode()) == (422, True)
    assert ledger.entries(pool).count() == before
    shown = client.post(address, {"purpose": "通知单管复采"})
    words = shown.content.decode()
    assert [one in words for one in (*NAMES, *NUMBERS, "槐荫社区 槐荫里3号楼")] == [True] * 7
    lives = {one.name: one.lives for one in shown.context["shown"]}
    assert lives == {NAMES[0]: "槐荫社区 槐荫里3号楼", NAMES[1]: "槐荫社区", NAMES[2]: ""}
    assert "no-store" in shown["Cache-Control"]
    last = ledger.entries(pool).last()
    assert last is not None
    assert ledger.sentence(last) == "冯指挥查看了3条未脱敏的“姓名、证件号码、住处”，用途：通知单管复采"


def test_a_community_learns_of_its_own_people_and_of_no_others(
    cast: World, pool: Pool, community: Unit, signed_in: Any
) -> None:
    """Also where the point stands in another street, out of its reach."""
    chief = person("chief", "社区负责人", community, ("chief", community))
    assert signed_in(chief).get(pool.get_absolute_url()).status_code == 404
    page = signed_in(chief).get(pool.people_url())
    assert sorted(one[0][0][0] for one in page.context["persons"]) == ["张", "李"]
    assert "名单上 2 人" in page.content.decode()
    answer = signed_in(chief).post(pool.people_url(), {"purpose": "上门通知"})
    assert {one.name for one in answer.context["shown"]} == {NAMES[0], NAMES[1]}
    assert (NAMES[2] in answer.content.decode(), "还差 2 人" in answer.content.decode()) == (False, True)
    clerk = person("clerk", "社区干事", community, ("office", community))
    page = signed_in(clerk).get(pool.people_url())
    assert (page.status_code, page.context["persons"], "名单上 2 人" in page.content.decode()) == (200, [], True)
    assert signed_in(clerk).post(pool.people_url(), {"purpose": "看看"}).status_code == 403
    elsewhere = person(
        "beside", "别处负责人", cast.units.org, ("chief", unit("c2", "杏林社区", "community", cast.units.street2))
    )
    assert signed_in(elsewhere).get(pool.people_url()).status_code == 404
    assert signed_in(elsewhere).post(pool.people_url(), {"purpose": "看看"}).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("li", 404), ("wang", 404), ("han", 302), ("house", 403)])
def test_nobody_else_learns_anything(cast: World, pool: Pool, signed_in: Any, who: str, status: int) -> None:
    """The registrar is sent to a second factor; who keeps the house is kept from personal data."""
    answer = signed_in(getattr(cast.people, who)).post(pool.people_url(), {"purpose": "看看"})
    assert (answer.status_code, NAMES[0] in answer.content.decode()) == (status, False)


def test_those_who_read_testing_may_not_reveal(cast: World, pool: Pool, signed_in: Any) -> None:
    reader = person("reader", "街道干事", cast.units.street1, ("office", cast.units.street1))
    assert signed_in(reader).get(pool.get_absolute_url()).status_code == 200
    assert signed_in(reader).post(pool.people_url(), {"purpose": "看看"}).status_code == 403


def test_the_communities_of_its_people_are_told(cast: World, community: Unit) -> None:
    own = person("own", "社区干事", community, ("office", community))
    chief = person("chief", "街道负责人", cast.units.street2, ("chief", cast.units.street2))
    person("beside", "别处负责人", cast.units.org, ("chief", unit("c2", "杏林社区", "community", cast.units.street2)))
    at = sampling.session(cast)
    made = actions.residents.register(Given(NAMES[0], "id", NUMBERS[0], community))
    send(at, item(1, text(tube="T1", code=made.code)))
    pool = reported(cast, at, "T1")
    told = set(Notice.objects.filter(record=pool.pk).values_list("person__username", flat=True))
    assert told == {"feng", own.username, chief.username}
    assert set(Notice.objects.filter(record=pool.pk).values_list("url", flat=True)) == {pool.people_url()}


def test_swabs_of_nobody_knows_whom_are_counted_and_explained(cast: World, pool: Pool, signed_in: Any) -> None:
    assert (pool.people, pool.persons.count()) == (4, 3)
    page = signed_in(cast.people.feng).get(pool.get_absolute_url()).content.decode()
    assert "名单上 3 人，已复采 0 人，还差 3 人" in page
    assert "另有 1 份身份不明" in page
    at = queries.session(7001)
    assert at is not None
    persons = [
        {"person": {"name": name, "kind": "id", "number": number}} for name, number in zip(NAMES, NUMBERS, strict=True)
    ]
    send(at, *[item(10 + n, text(tube=f"S{n}", retest=True, **who)) for n, who in enumerate(persons)])
    assert "已复采 3 人，还差 0 人" in signed_in(cast.people.feng).get(pool.get_absolute_url()).content.decode()
    with pytest.raises(ValidationError, match="还有 1 人没有复采记录"):
        module.perform(pool, "resample", by=cast.people.feng)
    module.perform(pool, "resample", by=cast.people.feng, note="身份不明者已查到，另行复采")
    assert sorted(pool.persons.values_list("retest", flat=True)) == ["S0", "S1", "S2"]


def test_a_swab_taken_back_is_nobodys(cast: World, pool: Pool) -> None:
    at = queries.session(7001)
    assert at is not None
    send(at, item(5, text(kind="correct", tube="T1", of=4)))
    assert queries.unnamed(pool.campaign, "T1") == 0
