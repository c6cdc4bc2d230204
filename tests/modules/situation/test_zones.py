"""Zones: the rule of the day, the countdown, what resets it, who may lift it; the map and the timeline."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.modules.situation.outbreak import drawn, post
from tests.world import World
from tongzhou.kernel import asks, ledger, module
from tongzhou.kernel.models import Outline, Person, Response
from tongzhou.modules.situation.models import Zone
from tongzhou.modules.situation.views.timeline import timeline

SignIn = Callable[[Person], Client]
JULY = date(2022, 7, 1)


@pytest.fixture
def at_post(cast: World) -> SimpleNamespace:
    return post(cast)


def day(number: int) -> date:
    return JULY + timedelta(days=number - 1)


def test_the_same_place_closed_a_day_apart_follows_different_rules(cast: World) -> None:
    """27 and 28 June 2022: the last day of the old zones, the first of the ninth edition."""
    before = drawn(cast, date(2022, 6, 27), "lockdown")
    after = drawn(cast, date(2022, 6, 28), "high")
    assert [(zone.edition, zone.due_on) for zone in (before, after)] == [
        ("3-zones", date(2022, 7, 11)),
        ("9th", date(2022, 7, 5)),
    ]
    assert (before.rung.next, after.rung.next) == ("", "medium")
    for wrong, level in ((date(2022, 6, 27), "high"), (date(2022, 6, 28), "lockdown"), (date(2022, 11, 11), "medium")):
        with pytest.raises(ValidationError, match="没有这一级"):
            drawn(cast, wrong, level)


def test_since_2023_no_zone_is_drawn_and_the_rule_is_named(cast: World) -> None:
    Response.objects.update(synthetic=False)
    with pytest.raises(ValidationError, match=r"2023-01-08起执行“乙类乙管”，不再划定风险区。依据：.*乙类乙管"):
        drawn(cast, date(2023, 1, 8))
    assert Zone.objects.count() == 0


def test_only_a_drill_may_name_another_edition_and_says_so(cast: World, signed_in: SignIn) -> None:
    today = timezone.localdate()
    zone = drawn(cast, today, edition="9th")
    assert (zone.is_drill, zone.due_on) == (True, today + timedelta(days=7))
    page = signed_in(cast.people.feng).get(zone.get_absolute_url()).content.decode()
    assert "演练：所用版本不是划定日期适用的版本。" in page
    assert drawn(cast, JULY, edition="9th").is_drill is False
    cast.response.synthetic = False
    with pytest.raises(ValidationError, match="只有演练（模拟数据）可以另选版本"):
        drawn(cast, today, edition="9th")


def test_days_are_not_ahead(cast: World) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="不能晚于今天"):
        drawn(cast, tomorrow, edition="9th")
    with pytest.raises(ValidationError, match="不能晚于今天"):
        module.perform(drawn(cast, JULY), "infect", by=cast.people.feng, day=tomorrow)


def test_countdown_runs_from_the_last_infection(cast: World) -> None:
    assert drawn(cast, JULY, last_infection_on=JULY - timedelta(days=2)).due_on == day(6)
    zone = drawn(cast, JULY)
    assert [zone.countdown(day(n)) for n in (1, 7, 8, 30)] == [
        "还有7天，2022-07-08可降为中风险区", "还有1天，2022-07-08可降为中风险区", "已到期，可降为中风险区", "已到期，可降为中风险区",
    ]  # fmt: skip


def test_a_new_infection_resets_the_countdown(cast: World) -> None:
    zone = drawn(cast, JULY)
    module.perform(zone, "infect", by=cast.people.feng, day=day(4), cases=2)
    kept = Zone.objects.get()
    assert (kept.last_infection_on, kept.due_on) == (day(4), day(11))
    assert ledger.sentence(ledger.entries(zone).last()) == "冯指挥登记2022-07-04新增感染2例，2022-07-11可解除或降级"
    module.perform(zone, "infect", by=cast.people.feng, day=day(2))  # heard of late: does not shorten anything
    assert Zone.objects.get().due_on == day(11)
    with pytest.raises(ValidationError, match="不能早于划定日期"):
        module.perform(zone, "infect", by=cast.people.feng, day=JULY - timedelta(days=1))


def test_step_by_step_to_the_end(cast: World, at_post: SimpleNamespace) -> None:
    zone = drawn(cast, JULY)
    with pytest.raises(ValidationError, match="要到2022-07-08（最近一例感染2022-07-01）"):
        module.perform(zone, "step_down", by=at_post.feng, day=day(7))
    with pytest.raises(ValidationError, match="到期后先降为中风险区，不能直接解除"):
        module.perform(zone, "lift", by=at_post.gao, day=day(8))
    module.perform(zone, "step_down", by=at_post.feng, day=day(8))
    assert (zone.level, zone.due_on) == ("medium", day(11))
    with pytest.raises(ValidationError, match="中风险区要到2022-07-11"):
        module.perform(zone, "lift", by=at_post.gao, day=day(10))
    with pytest.raises(ValidationError, match="没有下一级，到期即解除"):
        module.perform(zone, "step_down", by=at_post.gao, day=day(11))
    module.perform(zone, "lift", by=at_post.gao, day=day(11))
    kept = Zone.objects.get()
    assert (kept.state, kept.lifted_on, kept.lifted_by) == ("lifted", day(11), at_post.gao)
    assert list(kept.turns.values_list("kind", "day", "level")) == [
        ("opened", day(1), "high"), ("stepped", day(8), "medium"), ("lifted", day(11), "medium"),
    ]  # fmt: skip
    assert list(ledger.broken()) == []


def test_an_infection_after_stepping_down_raises_the_level_again(cast: World, at_post: SimpleNamespace) -> None:
    zone = drawn(cast, JULY)
    module.perform(zone, "step_down", by=at_post.feng, day=day(8))
    module.perform(zone, "infect", by=at_post.feng, day=day(9))
    assert (zone.level, zone.stepped_on, zone.due_on) == ("high", None, day(16))
    old = drawn(cast, date(2022, 6, 1), "control")
    module.perform(old, "infect", by=at_post.feng, day=date(2022, 6, 5))
    assert (old.level, old.due_on) == ("lockdown", date(2022, 6, 19))


def test_who_opened_it_does_not_lift_it(cast: World, at_post: SimpleNamespace) -> None:
    zone = drawn(cast, date(2022, 6, 1), "lockdown")
    for move, extra in (("lift", {"day": date(2022, 6, 15)}), ("void", {"note": "划错"})):
        with pytest.raises(ValidationError, match="另一人"):
            module.perform(zone, move, by=at_post.feng, **extra)
    with pytest.raises(IntegrityError), transaction.atomic():
        Zone.objects.update(lifted_by=zone.filed_by)
    module.perform(zone, "lift", by=at_post.lei, day=date(2022, 6, 15))
    assert zone.state == "lifted"


def test_only_a_leader_lifts_early_and_says_why(cast: World, at_post: SimpleNamespace) -> None:
    zone = drawn(cast, JULY)
    with pytest.raises(PermissionDenied):
        module.perform(zone, "lift_early", by=at_post.gao, day=day(3), note="误判")
    with pytest.raises(ValidationError, match="请写明原因"):
        module.perform(zone, "lift_early", by=at_post.lei, day=day(3))
    module.perform(zone, "lift_early", by=at_post.lei, day=day(3), note="复核均为阴性")
    entry = ledger.entries(zone).last()
    assert entry is not None
    assert (ledger.sentence(entry), entry.note) == (
        "雷签发在条件未满足时提前解除高风险区，按规则应到2022-07-08",
        "复核均为阴性",
    )


def test_what_the_countdown_rests_on_is_not_rewritten(cast: World, signed_in: SignIn) -> None:
    zone = drawn(cast, JULY)
    for changes in ({"level": "low"}, {"happened_on": day(2)}, {"edition": "3-zones"}, {"last_infection_on": day(1)}):
        with pytest.raises(ValidationError, match="不能修改"):
            module.amend(zone, by=cast.people.feng, version=zone.version, changes=changes)
    sent = {
        "unit": zone.unit_id,
        "level": "low",
        "when": "2022-07-02",
        "place": "居仁路23#楼",
        "version": zone.version,
        "border": "41.29, 123.77\n41.30, 123.77\n41.30, 123.78",
    }
    assert signed_in(cast.people.feng).post(f"{zone.get_absolute_url()}edit/", sent).status_code == 302
    kept = Zone.objects.get()
    assert (kept.level, kept.happened_on, kept.place) == ("high", JULY, "居仁路23#楼")
    assert kept.border == [[41.29, 123.77], [41.3, 123.77], [41.3, 123.78]]


@pytest.mark.parametrize("border", ["41.29, 123.77", "x, y\n1, 2\n3, 4", "95, 10\n1, 2\n3, 4"])
def test_a_border_that_is_none_is_refused(border: str, cast: World, signed_in: SignIn) -> None:
    sent = {"unit": cast.units.street1.pk, "level": "high", "when": "2022-07-01", "place": "甲楼", "border": border}
    page = signed_in(cast.people.feng).post("/test-2022/situation/zones/new/", sent)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["border"])


def test_a_refusal_stands_beside_its_field(cast: World, signed_in: SignIn) -> None:
    sent = {"unit": cast.units.street1.pk, "level": "lockdown", "when": "2022-07-01", "place": "甲楼"}
    page = signed_in(cast.people.feng).post("/test-2022/situation/zones/new/", sent)
    assert page.context["form"].errors == {
        "level": ["“第九版防控方案”没有这一级；可选：高风险区、中风险区、低风险区。"]
    }


def test_a_zone_whose_day_has_come_awaits_another_person(cast: World, at_post: SimpleNamespace) -> None:
    today = timezone.localdate()
    drawn(cast, today - timedelta(days=9), edition="9th")
    drawn(cast, today - timedelta(days=2), edition="9th", place="乙楼")

    def asked(who: Person) -> list[str]:
        found = [one for one in asks.awaiting(Person.objects.get(pk=who.pk), today) if one.ask.name == "to_lift"]
        return [item.record.title for one in found for item in one.items]

    assert asked(at_post.gao) == asked(at_post.lei) == ["高风险区：居仁路23#、21#号楼"]
    assert asked(at_post.feng) == []


# -- map and timeline


def test_timeline_has_a_bar_for_each_level_and_a_mark_for_each_infection(cast: World, at_post: SimpleNamespace) -> None:
    zone = drawn(cast, JULY)
    module.perform(zone, "infect", by=at_post.feng, day=day(3))
    module.perform(zone, "step_down", by=at_post.feng, day=day(10))
    module.perform(zone, "lift", by=at_post.gao, day=day(13))
    other = drawn(cast, day(5), place="乙楼")
    told = timeline([Zone.objects.get(pk=zone.pk), Zone.objects.get(pk=other.pk)], day(9))
    assert (told["first"], told["last"], told["span"], told["now"]) == (day(1), day(13), 13, 8)
    first, second = told["rows"]
    assert [(bar.x, bar.width, bar.level) for bar in first.bars] == [(0, 9, "high"), (9, 3, "medium")]
    assert (first.infections, first.due, first.countdown) == ([2], None, "")
    assert [(bar.x, bar.width, bar.level) for bar in second.bars] == [(4, 4, "high")]
    assert (second.due, second.countdown) == (11, "还有3天，2022-07-12可降为中风险区")


def test_map_page_shows_zones_in_reach_and_draws_what_has_a_place(cast: World, signed_in: SignIn) -> None:
    drawn(cast, JULY, lat=41.3, lon=123.8)
    drawn(cast, JULY, place="乙楼", border=[[41.29, 123.77], [41.3, 123.77], [41.3, 123.78]])
    drawn(cast, JULY, place="丙楼")
    square = {"type": "Polygon", "coordinates": [[[123.7, 41.2], [123.9, 41.2], [123.9, 41.4], [123.7, 41.2]]]}
    Outline.objects.create(unit=cast.units.district, geometry=square)
    page = signed_in(cast.people.feng).get("/test-2022/situation/map/")
    drawing: dict[str, Any] = page.context["map"].as_data()
    assert [(one["label"], one["tone"]) for one in drawing["places"]] == [("高风险区：居仁路23#、21#号楼", "bad")]
    assert [(one["label"], one["tone"], one["geometry"]["coordinates"][0][0]) for one in drawing["shapes"]] == [
        ("测试区", "off", [123.7, 41.2]),
        ("高风险区：乙楼", "bad", [123.77, 41.29]),
    ]
    assert {row.zone.place for row in page.context["rows"]} == {"居仁路23#、21#号楼", "乙楼", "丙楼"}
    assert signed_in(cast.people.zhao).get("/test-2022/situation/map/").status_code == 404
    assert signed_in(cast.people.sun).get("/test-2022/situation/map/").context["rows"] == []
