"""What a plan that takes another's place changes outside this room: residents' points and slots, posts of the roster."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.modules.siting.planned import fed, ready
from tests.world import World
from tongzhou.kernel import asks, handoff, ledger, module
from tongzhou.kernel.models import Notice, Person
from tongzhou.modules.rosters import actions as rostering
from tongzhou.modules.rosters.models import Crew, Duty, Roster
from tongzhou.modules.siting import actions
from tongzhou.modules.siting.models import Option, Outcome

TOMORROW = timezone.localdate() + timedelta(days=1)


def worked_out(option: Option) -> Option:
    actions.planning.work(str(option.pk))
    return Option.objects.select_related("study", "unit", "response", "base").get(pk=option.pk)


def taken(option: Option, label: str) -> Any:
    return next(one for one in handoff.went_to(option) if one._meta.label == label)


@pytest.fixture
def adopted(cast: World) -> Option:
    """Points of tomorrow, laid to the nearest and adopted."""
    option = ready(cast, fed(cast, happened_on=TOMORROW), 5)
    done: Option = module.perform(option, "adopt", by=cast.people.feng)
    return done


def closing(cast: World, option: Option, reason: str = "") -> Option:
    """Its smallest point closes at ten."""
    least = min(Outcome.objects.get(option=option).shown["points"], key=lambda row: row["persons"])
    return worked_out(
        actions.planning.close_points(option, [least["key"]], by=cast.people.feng, at="10:00", reason=reason)
    )


def test_each_building_has_its_point_and_slots_in_the_campaign(cast: World, adopted: Option) -> None:
    shown = Outcome.objects.get(option=adopted).shown
    names = {row["key"]: row["name"] for row in shown["points"]}
    homes = taken(adopted, "testing.Campaign").homes.select_related("point").order_by("key")
    assert {one.key: (one.point.name, one.people) for one in homes} == {
        unit["key"]: (names[unit["point"]], unit["persons"]) for unit in shown["units"]
    }
    for one in homes:
        assert sum(people for _minute, people in one.calls) == one.people
        assert all(8 * 60 <= minute < 12 * 60 and minute % 15 == 0 for minute, _people in one.calls)
    load: Counter[tuple[str, int]] = Counter()
    for one in homes:
        for minute, people in one.calls:
            load[one.point.name, minute] += people
    for row in shown["points"]:
        level = -(-row["persons"] // 16)
        # to within a household
        assert max(n for (name, _minute), n in load.items() if name == row["name"]) <= level + 3


def test_who_stays_keeps_point_and_slot_and_who_moves_is_told(cast: World, adopted: Option) -> None:
    campaign = taken(adopted, "testing.Campaign")
    for point in campaign.points.all():
        module.perform(point, "open", by=cast.people.feng)
    module.perform(campaign, "open", by=cast.people.feng)
    before = {one.key: (one.point_id, one.calls) for one in campaign.homes.all()}
    moved = closing(cast, adopted, reason="操场积水")
    names = {move["key"] for move in moved.outcome.shown["moves"]}
    module.perform(moved, "adopt", by=cast.people.feng)
    after = {one.key: one for one in campaign.homes.select_related("point")}
    stay = set(before) - names
    assert names
    assert {key: (after[key].point_id, after[key].calls, after[key].was) for key in stay} == {
        key: (*before[key], "") for key in stay
    }
    for key in names:
        assert (after[key].why, after[key].was == after[key].point.name) == ("操场积水", False)
        assert min(minute for minute, _people in after[key].calls) >= 10 * 60 + 30


def test_slips_of_who_moves_say_from_where_and_why(cast: World, adopted: Option, signed_in: Any) -> None:
    client: Client = signed_in(cast.people.feng)
    moved = closing(cast, adopted, reason="操场积水")
    page = client.get(f"/{cast.response.slug}/siting/options/{moved.pk}/paper/slips/").content.decode()
    assert page.count("slip-moved") == 2 * len(moved.outcome.shown["moves"]) > 0  # Chinese and English
    assert page.count("操场积水") == page.count("slip-moved")
    assert (
        "操场积水" not in client.get(f"/{cast.response.slug}/siting/options/{adopted.pk}/paper/slips/").content.decode()
    )


def test_a_draft_roster_follows_the_later_plan(cast: World, adopted: Option) -> None:
    roster = taken(adopted, "rosters.Roster")
    assert roster.posts.count() == len(Outcome.objects.get(option=adopted).shown["points"]) > 2
    later = closing(cast, adopted)
    module.perform(later, "adopt", by=cast.people.feng)
    assert taken(later, "rosters.Roster") == roster
    names = {row["name"] for row in later.outcome.shown["points"] if not row.get("closed")}
    assert {post.name for post in roster.posts.all()} == names
    more = ready(cast, later.study, 6)
    module.perform(more, "adopt", by=cast.people.feng)
    rows = {row["name"]: row["staff"] for row in more.outcome.shown["points"]}
    assert {post.name: post.custom for post in roster.posts.all()} == {
        name: f"08:00-12:00 {staff}人" for name, staff in rows.items()
    }
    said = [ledger.sentence(entry) for entry in ledger.entries(roster)]
    assert "冯指挥按新布点改岗位：增0个，撤1个，改人数1个" in said


def test_who_was_called_to_a_post_that_closes_is_left_to_the_head(cast: World, adopted: Option) -> None:
    """Laid out and published: shifts that nobody stands fall away, one that somebody stands stays and the head is asked."""
    feng = cast.people.feng
    roster: Roster = taken(adopted, "rosters.Roster")
    roster = module.perform(roster, "lay", by=feng)
    later = closing(cast, adopted)
    gone = next(row["name"] for row in later.outcome.shown["points"] if row.get("closed"))
    shift = roster.shifts.select_related("post", "unit", "response", "roster").get(post__name=gone)
    crew = Crew(response=cast.response, unit=roster.unit, person=cast.people.chen, happened_on=timezone.localdate())
    module.file(crew, by=cast.people.house)
    duty = rostering.duties.put(shift, cast.people.chen, by=feng, reason="只有他")
    module.perform(Roster.objects.get(pk=roster.pk), "publish", by=feng)
    module.perform(later, "adopt", by=feng)
    duty.refresh_from_db()
    shift.refresh_from_db()
    assert (duty.state, shift.state, shift.post.name) == ("planned", "planned", gone)
    waiting = [one for one in asks.awaiting(feng, timezone.localdate()) if one.ask.name == "to_release"]
    assert [[item.record for item in one.items] for one in waiting] == [[duty]]
    rest = roster.shifts.exclude(pk=shift.pk)
    assert {one.state for one in rest} == {"planned"}
    rostering.duties.take_away(duty, by=feng)
    assert [one for one in asks.awaiting(feng, timezone.localdate()) if one.ask.name == "to_release"] == []


def test_a_post_that_nobody_stands_loses_its_shift_and_a_new_one_gets_its_own(cast: World, adopted: Option) -> None:
    feng = cast.people.feng
    roster: Roster = taken(adopted, "rosters.Roster")
    module.perform(roster, "lay", by=feng)
    assert {(one.post.name, one.people) for one in roster.shifts.all()} == {
        (row["name"], row["staff"]) for row in adopted.outcome.shown["points"]
    }
    more = ready(cast, adopted.study, 6)
    module.perform(more, "adopt", by=feng)
    want = {row["name"]: row["staff"] for row in more.outcome.shown["points"]}
    standing = roster.shifts.filter(state="planned").select_related("post")
    assert {one.post.name: (one.people, one.short) for one in standing} == {name: (n, n) for name, n in want.items()}
    later = closing(cast, more)
    gone = {row["name"] for row in later.outcome.shown["points"] if row.get("closed")}
    module.perform(later, "adopt", by=feng)
    assert {one.post.name for one in roster.shifts.filter(state="cancelled").select_related("post")} >= gone


def test_people_beyond_a_smaller_number_are_named_to_the_head_and_let_go(
    cast: World, adopted: Option, signed_in: Any
) -> None:
    """All places of a post are taken; the next plan needs fewer there. Whoever was called last is named; let go, they are told."""
    feng = cast.people.feng
    roster: Roster = taken(adopted, "rosters.Roster")
    module.perform(closing(cast, adopted), "adopt", by=feng)  # the others take its people, one with another table
    module.perform(Roster.objects.get(pk=roster.pk), "lay", by=feng)
    more = ready(cast, adopted.study, 6)
    want = {row["name"]: row["staff"] for row in more.outcome.shown["points"]}
    shift = next(
        one for one in roster.shifts.select_related("post", "unit", "response", "roster")
        if want.get(one.post.name, 99) < one.people
    )  # fmt: skip
    people = [
        Person.objects.create(username=f"stander{n}", name=f"值守员{n}", unit=cast.units.command)
        for n in range(shift.people)
    ]
    for one in people:
        module.file(
            Crew(response=cast.response, unit=roster.unit, person=one, happened_on=timezone.localdate()),
            by=cast.people.house,
        )
    duties = [rostering.duties.put(shift, one, by=feng, reason="补录") for one in people]
    module.perform(Roster.objects.get(pk=roster.pk), "publish", by=feng)
    assert [one for one in asks.awaiting(feng, timezone.localdate()) if one.ask.name == "surplus"] == []
    module.perform(more, "adopt", by=feng)
    over = shift.people - want[shift.post.name]
    (waiting,) = [one for one in asks.awaiting(feng, timezone.localdate()) if one.ask.name == "surplus"]
    assert {item.record for item in waiting.items} == set(duties[-over:])
    page = signed_in(feng).get(waiting.items[0].url).content.decode()
    assert (page.count("多出</span>"), f"多 {over} 人" in page) == (over, True)
    for duty in duties[-over:]:
        module.perform(Duty.objects.get(pk=duty.pk), "take_away", by=feng)
    assert [one for one in asks.awaiting(feng, timezone.localdate()) if one.ask.name == "surplus"] == []
    assert Notice.objects.filter(person=people[-1], text__contains="您的值班已取消").count() == 1
