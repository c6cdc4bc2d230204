"""From lists to an option, from an option to a campaign and a roster; a point closes; a laboratory is the bottleneck."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone, translation

from tests.modules.siting import planned
from tests.modules.siting.planned import fed, lines, ready, study
from tests.modules.testing import sampling
from tests.world import World
from tongzhou.kernel import asks, handoff, ledger, module
from tongzhou.kernel.models import Notice, Person
from tongzhou.modules.siting import actions, facts, queries
from tongzhou.modules.siting.models import Option, Outcome, Study
from tongzhou.modules.siting.workflow import OptionState, StudyState
from tongzhou.modules.testing.models import Count
from tongzhou.modules.testing.rules import Verdict
from tongzhou.planning.keeping import revived

SignIn = Callable[[Person], Client]


def worked_out(option: Option) -> Option:
    actions.planning.work(str(option.pk))
    return Option.objects.select_related("study", "unit", "response", "base").get(pk=option.pk)


def adopted(cast: World) -> tuple[Option, dict[str, Any]]:
    """An option worked out and adopted, and what is shown of it; two of its points have room for those of the third until late."""
    option = worked_out(actions.planning.ask(fed(cast, person_seconds=30), by=cast.people.feng, seconds=0.1))
    done: Option = module.perform(option, "adopt", by=cast.people.feng)
    return done, Outcome.objects.get(option=option).shown


def test_an_option_is_worked_out_and_keeps_what_it_was_made_of(cast: World) -> None:
    made, feng = fed(cast), cast.people.feng
    option = worked_out(actions.planning.ask(made, by=feng, seconds=0.1))
    assert (option.state, option.points, option.why) == (OptionState.READY, 3, [])
    assert 0 < option.least <= (option.value or 0)
    kept = Outcome.objects.get(option=option)
    plan = json.loads(kept.plan)
    assert (plan["case_digest"], plan["seed"], len(kept.shown["units"])) == (option.digest, 1, 12)
    assert revived(plan).points[0]["persons"] == kept.shown["points"][0]["persons"]
    assert sum(row["persons"] for row in kept.shown["points"]) == sum(row["persons"] for row in planned.HOMES)
    assert all(row["persons"] <= row["tables"] * 272 for row in kept.shown["points"])  # 4 h at 45 s, of which 85 %
    assert (len(kept.shown["tours"]) >= 1, kept.shown["labs"]["hours"][0]) == (True, 8.0)
    waiting = asks.awaiting(feng, timezone.localdate())
    assert [one.ask.name for one in waiting if one.room.name == "siting"] == ["to_decide"]


def test_an_adopted_option_becomes_a_campaign_and_a_roster(cast: World) -> None:
    option, shown = adopted(cast)
    assert (option.state, Study.objects.get(pk=option.study_id).state) == (OptionState.ADOPTED, StudyState.ADOPTED)
    there: dict[str, Any] = {one._meta.label: one for one in handoff.went_to(option)}
    assert {name: str(one) for name, one in there.items()}["testing.Campaign"] == "第三轮布点"
    points = there["testing.Campaign"].points.all()
    assert {(p.name, p.tables, p.expected) for p in points} == {
        (r["name"], r["tables"], r["persons"]) for r in shown["points"]
    }
    assert {post.custom for post in there["rosters.Roster"].posts.all()} == {
        f"08:00-12:00 {r['staff']}人" for r in shown["points"]
    }


def test_a_point_closes_in_mid_morning_and_only_its_people_move(cast: World) -> None:
    """After the notice time; and nothing happens before it is adopted."""
    (option, shown), feng = adopted(cast), cast.people.feng
    (campaign,) = [one for one in handoff.went_to(option) if one._meta.label == "testing.Campaign"]
    points: Any = campaign.points.order_by("name")
    for one in (campaign, *points):
        module.perform(one, "open", by=feng)
    busiest = max(shown["points"], key=lambda row: row["persons"])
    moved = worked_out(actions.planning.close_points(option, [busiest["key"]], by=feng, at="10:00"))
    assert (moved.state, moved.stopped, moved.points) == (OptionState.READY, "moved", 2)
    after = Outcome.objects.get(option=moved).shown
    before = {unit["key"]: unit["point"] for unit in shown["units"]}
    assert {before[move["key"]] for move in after["moves"]} == {busiest["key"]}
    assert moved.moved == sum(move["persons"] for move in after["moves"]) > 0
    later = {unit["key"]: unit["from"] for unit in after["units"]}
    assert min(later[move["key"]] for move in after["moves"]) >= "10:30"
    assert points.get(name=busiest["name"]).state == "open"
    module.perform(moved, "adopt", by=feng)
    assert points.get(name=busiest["name"]).state == "closed"
    assert (points.count(), Option.objects.get(pk=option.pk).state) == (3, OptionState.REPLACED)
    # the same campaign and roster go on
    assert {one._meta.label: one for one in handoff.went_to(moved)} == {
        one._meta.label: one for one in handoff.went_to(option)
    }


def test_closing_goes_by_whom_the_campaign_has_really_seen(cast: World, signed_in: SignIn) -> None:
    """By ten only 300 people have been at the busiest point: who was due before and has not been moves too, and the page says so first."""
    (option, shown), feng = adopted(cast), cast.people.feng
    (campaign,) = [one for one in handoff.went_to(option) if one._meta.label == "testing.Campaign"]
    busiest = max(shown["points"], key=lambda row: row["persons"])
    planned_ones = worked_out(actions.planning.close_points(option, [busiest["key"]], by=feng, at="10:00"))
    at: Any = campaign.points.get(name=busiest["name"])
    device = sampling.device(cast, at)
    for verdict, n in ((Verdict.FINE, 310), (Verdict.FULL, 50), (Verdict.CORRECTED, 10)):
        Count.objects.create(campaign=campaign, device=device, quarter=1, verdict=verdict, n=n)
    assert "此刻已采 300 人，方案共 3060 人" in signed_in(feng).get(option.get_absolute_url()).content.decode()
    counted = worked_out(actions.planning.close_points(option, [busiest["key"]], by=feng, at="10:00"))
    assert (planned_ones.seen, counted.seen) == ({}, {busiest["key"]: 300})
    assert busiest["persons"] - 300 <= counted.moved
    assert planned_ones.moved < counted.moved


def test_a_laboratory_is_the_bottleneck_and_20_in_1_cures_it(cast: World) -> None:
    made, feng = fed(cast), cast.people.feng
    ten = worked_out(actions.planning.ask(made, by=feng, seconds=0.1))
    assert "瓶颈在实验室" in Outcome.objects.get(option=ten).shown["bottleneck"]["zh"]
    assert "或改为20合1" in Outcome.objects.get(option=ten).shown["bottleneck"]["zh"]
    one_lane = worked_out(actions.planning.ask(made, by=feng, seconds=0.1, pool=20))
    assert "合1" not in Outcome.objects.get(option=one_lane).shown["bottleneck"]["zh"]  # it is that already
    twenty = worked_out(actions.planning.ask(made, by=feng, seconds=0.1, pool=20, lanes={"疾控中心": 2}))
    assert twenty.changes == {"pool": 20, "lanes": {"疾控中心": 2}}
    assert (ten.results or 0) - (twenty.results or 0) > 2
    assert Outcome.objects.get(option=twenty).shown["bottleneck"]["zh"] in ("实验室跟得上采样。", "排队都短。")


def test_a_laboratory_that_has_failed_gives_no_last_result_and_the_page_says_what_to_do(
    cast: World, signed_in: SignIn
) -> None:
    option = worked_out(actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1, lanes={"疾控中心": 0}))
    assert (option.state, option.results) == (OptionState.READY, None)
    page = signed_in(cast.people.feng).get(option.get_absolute_url()).content.decode()
    assert "没有一条检测线开着" in page
    assert "出最后结果" not in page


def test_what_cannot_be_planned_says_what_is_short(cast: World) -> None:
    option = worked_out(actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1, points=1))
    assert (option.state, option.faults) == (
        OptionState.FAILED,
        ["候选点：需容纳3060人，1个最大的点只能容纳1632人，差6个采样台；请增加点数、台数或时长。"],
    )
    with translation.override("en"):
        assert option.faults == [
            "sites: 3060 people must be taken but the 1 largest points take 1632, 6 tables short; add points, tables or hours."
        ]
    assert (
        Notice.objects.filter(person=cast.people.feng).latest("at").text == "“第三轮布点 · 方案1”没有算成，请看原因。"
    )


def test_a_finished_option_is_not_worked_out_again(cast: World) -> None:
    option = ready(cast, fed(cast))
    assert actions.planning.work(str(option.pk)) == ""
    assert Option.objects.get(pk=option.pk).version == option.version


def test_an_option_whose_worker_died_is_taken_over_at_once_and_only_by_its_next_run(cast: World) -> None:
    option = actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1)
    Option.objects.filter(pk=option.pk).update(beat_at=timezone.now())
    assert actions.planning.work(str(option.pk)) == ""
    assert actions.planning.work(str(option.pk), again=True) == OptionState.READY


def test_asking_twice_under_one_key_asks_once(cast: World) -> None:
    made, key = fed(cast), planned.uuid4()
    first = actions.planning.ask(made, by=cast.people.feng, key=key)
    assert (actions.planning.ask(made, by=cast.people.feng, key=key), made.options.count()) == (first, 1)


def test_an_option_that_does_not_close_a_point_takes_anothers_place(cast: World) -> None:
    """Points that are not in the new plan expect nobody; those added by hand stay as they are."""
    made, feng = fed(cast), cast.people.feng
    five, two = ready(cast, made, 5), ready(cast, made, 2)
    module.perform(five, "adopt", by=feng)
    (campaign,) = [one for one in handoff.went_to(five) if one._meta.app_label == "testing"]
    module.perform(two, "adopt", by=feng)
    gone = {row["name"] for row in five.outcome.shown["points"]} - {row["name"] for row in two.outcome.shown["points"]}
    expected = {p.name: p.expected for p in campaign.points.all()}
    assert gone
    assert {expected[name] for name in gone} == {0}
    assert sum(expected.values()) == 3060


def test_lists_name_the_row_and_the_remedy(cast: World) -> None:
    made, feng = study(cast), cast.people.feng
    rows = [planned.HOMES[0], planned.HOMES[0] | {"lon": 41.31, "lat": 123.79}]
    with pytest.raises(ValidationError) as fault:
        actions.tables.take(made, "demand", lines(rows), by=feng)
    assert fault.value.messages == [
        "第3行：编号“B0”与第2行重复，请改为不同编号。",
        "第3行：经度41.31、纬度123.79不在地图上，请检查是否填反。",
    ]
    blank = [{**row, "persons": None} for row in planned.HOMES[:4]]
    with pytest.raises(ValidationError, match="有4行没有人数"):
        actions.tables.take(made, "demand", lines(blank), by=feng)
    assert queries.faults_of(made) == ["还缺：居民（楼栋或社区）、候选点。请先导入。"]


def test_a_total_is_spread_and_marked(cast: World) -> None:
    made = study(cast, people=1000)
    table = actions.tables.take(
        made, "demand", lines([{**row, "persons": None} for row in planned.HOMES[:3]]), by=cast.people.feng
    )
    assert ([row["persons"] for row in table.rows], table.assumed, table.people) == ([334, 333, 333], 3, 1000)
    assert ledger.sentence(ledger.entries(made).last()) == "冯指挥导入居民（楼栋或社区）：3行"


def test_a_site_without_power_may_not_be_used() -> None:
    assert queries.columns.engine_row("sites", {"key": "P", "tables": 2, "power": False, "lon": 1.0, "lat": 2.0}) == {
        "key": "P", "tables": 2, "x": 1.0, "y": 2.0, "kept": 0, "banned": 1,
    }  # fmt: skip


def test_the_datum_moves_the_map_and_not_the_plan(cast: World) -> None:
    """Both lists shifted alike: on the map the places lie a few hundred metres elsewhere."""
    gcj, wgs = ready(cast, fed(cast)), ready(cast, fed(cast, datum="WGS-84", sites_datum="WGS-84"))
    one, other = gcj.outcome.shown["units"][0], wgs.outcome.shown["units"][0]
    assert (other["lat"], other["lon"]) == (41.31, 123.79)
    assert 0.003 < abs(one["lon"] - other["lon"]) < 0.008
    assert [unit["point"] for unit in gcj.outcome.shown["units"]] == [
        unit["point"] for unit in wgs.outcome.shown["units"]
    ]


def test_only_the_command_post_plans(cast: World) -> None:
    with pytest.raises(PermissionDenied):
        actions.planning.ask(fed(cast), by=cast.people.wang)
    with pytest.raises(ValidationError, match="请选择要关闭的采样点"):
        actions.planning.close_points(ready(cast, fed(cast)), ["P9"], by=cast.people.feng)


def test_a_chief_is_told_and_finds_the_point_in_the_campaign(cast: World) -> None:
    """A site that names its street becomes a point of that street; a name outside the area is left to the area itself."""
    made = study(cast, unit=cast.units.district)
    sites = [planned.SITES[0] | {"street": "东街道"}, planned.SITES[1] | {"street": "第一支社"}]
    for kind, rows in (("demand", planned.HOMES[:4]), ("sites", sites)):
        actions.tables.take(made, kind, lines(rows), by=cast.people.feng)
    option = ready(cast, made, 2)
    assert {spot.name: spot.unit for spot in option.brief().spots} == {"小学0": cast.units.street1, "小学1": None}
    module.perform(option, "adopt", by=cast.people.house)
    (campaign,) = [one for one in handoff.went_to(option) if one._meta.app_label == "testing"]
    assert {p.name: p.unit for p in campaign.points.all()} == {
        "小学0": cast.units.street1,
        "小学1": cast.units.district,
    }
    assert Notice.objects.filter(person=cast.people.feng, text__contains="布点方案已采用").count() == 1


def test_what_is_counted_is_what_was_adopted(cast: World) -> None:
    made = fed(cast)
    ready(cast, made)
    assert facts.studies().count() == 0
    module.perform(made.options.get(), "adopt", by=cast.people.feng)
    assert list(facts.studies()) == [made]
