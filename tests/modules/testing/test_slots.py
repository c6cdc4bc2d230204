"""When to come: quarters of an hour that fill evenly, families whole, and an answer that does not change; where a plan sends whom."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.testing import sampling
from tests.world import World
from tongzhou.kernel import ledger, module
from tongzhou.kernel.models import Brief, Home, Spot
from tongzhou.modules.testing import actions, queries, rules
from tongzhou.modules.testing.models import Campaign, Resident

TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


families = st.lists(st.integers(1, 6), min_size=1, max_size=80)


def first_of_each(sizes: list[int]) -> list[int]:
    return [sum(sizes[:n]) for n in range(len(sizes))]


@given(families, st.integers(1, 48), st.integers(0, 40))
def test_no_quarter_is_over_what_tables_take_while_the_whole_has_room(
    sizes: list[int], quarters: int, spare: int
) -> None:
    """Room for those expected and the rest of a family in each quarter: then no quarter is over it, and families are not parted."""
    expected = sum(sizes)
    level = -(-expected // quarters)
    room = level + max(sizes) - 1 + spare
    calls = rules.shares(quarters, room, expected)
    load: Counter[int | None] = Counter()
    for size, turn in zip(sizes, first_of_each(sizes), strict=True):
        load[rules.called(turn, calls)] += size
    assert max(load.values()) <= room
    assert {n for _begin, n in calls} == {level}


@given(st.integers(1, 48), st.integers(1, 400), st.integers(1, 12))
def test_places_that_share_a_point_fill_no_quarter_beyond_its_level(quarters: int, room: int, places: int) -> None:
    """As many from each place as it has a share: all at once are no more than the tables take."""
    load: Counter[int] = Counter()
    for place in range(places):
        for begin, people in rules.shares(quarters, room, None, place, places):
            load[begin] += people
    assert set(load.values()) == {max(1, room // places) * places}
    assert max(load.values()) <= max(room, places)


@given(families, st.lists(st.tuples(st.integers(0, 95), st.integers(0, 50)), min_size=1, max_size=20))
def test_an_answer_does_not_change_when_others_register(sizes: list[int], calls: list[tuple[int, int]]) -> None:
    turns = first_of_each(sizes)
    once = [rules.called(turn, calls) for turn in turns]
    assert [rules.called(turn, calls) for turn in first_of_each([*sizes, 3])[: len(turns)]] == once
    if total := sum(n for _begin, n in calls):
        told = Counter(rules.called(turn, calls) for turn in range(total))
        planned: Counter[int] = Counter()
        for begin, n in calls:
            planned[begin] += n
        assert told == +planned
    else:
        assert set(once) == {None}


def test_a_point_that_is_to_take_more_than_it_can_is_level_all_the_same() -> None:
    assert rules.shares(4, 10, 100) == [(0, 25), (1, 25), (2, 25), (3, 25)]
    assert rules.shares(4, 12, None, 1, 2) == [(2, 6), (3, 6), (0, 6), (1, 6)]
    assert rules.room(4, 60) == 60


def at(cast: World, name: str = "testing.code") -> str:
    return reverse(name, args=[cast.response.slug])


def planned_campaign(cast: World) -> Campaign:
    """Two points of tomorrow's campaign, open: building 1 and 2 to the first school, 3 to the second."""
    campaign = sampling.campaign(cast, happened_on=TOMORROW)
    for name in ("东街小学", "西街小学"):
        module.perform(sampling.point(cast, campaign, name=name, place="操场"), "open", by=cast.people.house)
    module.perform(campaign, "open", by=cast.people.house)
    settle(cast, campaign, HOMES)
    return Campaign.objects.select_related("unit", "response").get(pk=campaign.pk)


HOMES = (
    Home("B1", "1号楼", "东街小学", 5, ((480, 3), (495, 2))),
    Home("B2", "12号楼", "东街小学", 4, ((495, 1), (510, 3))),
    Home("B3", "3号楼", "西街小学", 6, ((480, 6),)),
)


def settle(cast: World, campaign: Campaign, homes: tuple[Home, ...], why: str = "") -> None:
    fresh = Campaign.objects.select_related("unit", "response").get(pk=campaign.pk)
    actions.homes.settle(fresh, homes, by=cast.people.house, why=why)


def register(client: Client, cast: World, number: str, **fields: Any) -> Any:
    sent = {"name": "张三", "document": "id", "number": number, "unit": "", "near": ""} | fields
    return client.post(at(cast), sent)


def told(client: Client, cast: World) -> list[Any]:
    return [place for one in client.get(at(cast)).context["cards"] for place in one["places"]]


def clock(place: Any) -> str:
    return f"{timezone.localtime(place.slot[0]):%H:%M}"


def test_a_family_is_told_the_point_and_quarter_hour_of_its_building(client: Client, cast: World) -> None:
    """By name or tapped on; the second of the family comes with the first; another family has the next places."""
    planned_campaign(cast)
    page = client.get(at(cast)).content.decode()
    assert "居住的楼栋" in page
    assert register(client, cast, "", document="none", near="1号楼").status_code == 302
    register(client, cast, "", document="none", near="1号楼")
    assert [(p.point, p.home, clock(p)) for p in told(client, cast)] == [("东街小学", "1号楼", "08:00")] * 2
    other = Client()
    register(other, cast, "", document="none", near="1号楼")
    register(Client(), cast, "", document="none", near="1号楼")
    late = Client()
    register(late, cast, "", document="none", near="1号楼")
    assert [clock(p) for one in (other, late) for p in told(one, cast)] == ["08:00", "08:15"]
    assert sorted(Resident.objects.values_list("turn", flat=True)) == [0, 1, 2, 3, 4]
    assert [clock(p) for p in told(client, cast)] == ["08:00", "08:00"]


def test_a_building_is_found_by_a_few_letters_and_chosen_among_several(client: Client, cast: World) -> None:
    planned_campaign(cast)
    found = client.get(at(cast, "testing.homes"), {"near": "2号"}).content.decode()
    assert (found.count('type="radio"'), "12号楼" in found) == (1, True)
    asked = register(client, cast, "", document="none", near="号楼")
    assert (asked.status_code, asked.content.decode().count('type="radio"')) == (422, 3)
    assert "请在下面点选您住的楼栋" in asked.content.decode()
    chosen = f"{cast.units.district.code}/B3"
    register(client, cast, "", document="none", near="号楼", home=chosen)
    assert [p.point for p in told(client, cast)] == ["西街小学"]
    assert register(Client(), cast, "", document="none", near="99号楼").status_code == 422
    assert register(Client(), cast, "", document="none").status_code == 302


def test_who_says_only_the_community_gets_its_buildings_point_and_slots(client: Client, cast: World) -> None:
    campaign = planned_campaign(cast)
    settle(cast, campaign, tuple(replace(one, unit=cast.units.street1) for one in HOMES[:2]))
    register(client, cast, "", document="none", unit=str(cast.units.street1.pk))
    assert [(p.point, p.home, clock(p)) for p in told(client, cast)] == [("东街小学", "", "08:00")]


def test_without_a_plan_the_quarter_comes_from_what_the_tables_take(client: Client, cast: World) -> None:
    """Two tables take 30 in a quarter; 8 are expected in two: 4 in each, of the street alone."""
    begin = datetime.combine(TOMORROW, time(8), timezone.get_current_timezone())
    campaign = sampling.campaign(cast, happened_on=TOMORROW, begins_at=begin, ends_at=begin + timedelta(minutes=30))
    sampling.point(cast, campaign, tables=2, expected=8)
    module.perform(campaign, "open", by=cast.people.house)
    clients = [Client() for _family in range(8)]
    for one in clients:
        register(one, cast, "", document="none", unit=str(cast.units.street1.pk))
    assert [clock(p) for one in clients for p in told(one, cast)] == ["08:00"] * 4 + ["08:15"] * 4


def test_who_moves_is_told_from_where_and_why_and_nobody_else_hears_of_it(client: Client, cast: World) -> None:
    campaign, stays = planned_campaign(cast), Client()
    register(client, cast, "", document="none", near="12号楼")
    register(stays, cast, "", document="none", near="3号楼")
    before = told(stays, cast)
    settle(cast, campaign, (HOMES[0], replace(HOMES[1], spot="西街小学", calls=((630, 4),)), HOMES[2]), why="操场积水")
    (moved,) = told(client, cast)
    assert (moved.point, moved.was, moved.why, moved.elsewhere, clock(moved)) == (
        "西街小学",
        "东街小学",
        "操场积水",
        True,
        "10:30",
    )
    page = client.get(at(cast)).content.decode()
    assert ("改到 西街小学，不去 东街小学 了。" in page, "原因：操场积水" in page) == (True, True)
    assert told(stays, cast) == before
    assert "不去" not in stays.get(at(cast)).content.decode()
    assert ledger.sentence(ledger.entries(campaign).last()) == "系统按新方案改签：1处，4人"  # type: ignore[arg-type]  # it was just noted


def test_a_plan_that_changes_before_the_campaign_opens_tells_nobody_that_they_move(client: Client, cast: World) -> None:
    campaign = planned_campaign(cast)
    Campaign.objects.filter(pk=campaign.pk).update(state="draft")
    settle(cast, campaign, (replace(HOMES[0], spot="西街小学"),))
    Campaign.objects.filter(pk=campaign.pk).update(state="open")
    register(client, cast, "", document="none", near="1号楼")
    assert [(p.point, p.was) for p in told(client, cast)] == [("西街小学", "")]
    assert campaign.homes.count() == 1


def test_a_stranger_who_types_a_known_number_learns_no_building(client: Client, cast: World) -> None:
    planned_campaign(cast)
    number = "11010519491231002X"
    register(client, cast, number, near="12号楼")
    stranger = Client()
    register(stranger, cast, number)
    assert told(stranger, cast) == []
    assert "东街小学" not in stranger.get(at(cast)).content.decode()
    assert [p.home for p in told(client, cast)] == ["12号楼"]


def test_buildings_come_with_the_points_of_a_plan(cast: World) -> None:
    brief = Brief(
        "第五轮", due=date(2022, 9, 8), spots=(Spot("东街小学", people=9), Spot("西街小学", people=6)), homes=HOMES
    )
    source: Any = SimpleNamespace(brief=lambda: brief, response=cast.response, unit=cast.units.district)
    campaign = actions.campaigns.accept_points(source, by=cast.people.house)
    assert [(one.name, one.point.name, one.people) for one in campaign.homes.order_by("key")] == [
        ("1号楼", "东街小学", 5), ("12号楼", "东街小学", 4), ("3号楼", "西街小学", 6),
    ]  # fmt: skip
    assert queries.home_at(cast.response, f"{cast.units.district.code}/B1") is not None
