"""Tubes on their way to a result: batches, laboratories that are the bottleneck, that share the points, that fail; and what would help."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.planning.test_day import day_plan
from tongzhou import planning as pl
from tongzhou.planning import sending
from tongzhou.planning.case import NEVER
from tongzhou.planning.command import headline
from tongzhou.planning.laboratory import Lane, results
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.sending import Labs, Picked, sent, ways


def test_a_laboratory_works_in_batches_by_hand() -> None:
    """188 tubes at 8, 50 at 9: two full batches at once on one lane, the rest after them; the lane takes two hours."""
    rules = pl.Rules(lane_tubes=94, lane_hours=2.0, lane_waits=1.0)
    found = results(np.array([8.0, 9.0]), np.array([188, 50]), [Lane(0, 48)], rules)
    assert found.hour.tolist() == [10.0, 12.0, 14.0]
    assert found.backlog == 144
    assert results(np.array([8.0, 9.0]), np.array([188, 50]), [Lane(0, 48)] * 3, rules).last == 11.0


def test_a_closed_laboratory_goes_on_the_next_morning() -> None:
    rules = pl.Rules(lane_tubes=94, lane_hours=2.0)
    found = results(np.array([17.0]), np.array([94]), [Lane(8, 16)], rules)
    assert found.hour.tolist() == [34.0]


def test_a_laboratory_that_is_the_bottleneck_is_named_and_cured_by_larger_pools() -> None:
    plan = day_plan()
    case = plan.case.replace(labs=[{"key": "lab", "x": 1000, "y": 1000, "lanes": 1}])
    slow = pl.simulate(plan.replace(case=case), replications=2)
    assert slow.bottleneck["zh"].startswith("瓶颈在实验室")
    assert slow.bottleneck["en"].startswith("the laboratories are the bottleneck")
    assert slow.last_result is not None
    larger = case.replace(rules=replace(case.rules, pool=20))
    faster = pl.simulate(plan.replace(case=larger), replications=2)
    assert faster.last_result is not None
    assert faster.last_result.middle < slow.last_result.middle
    assert slow.backlog is not None
    assert slow.waiting.max() <= slow.backlog.high  # by the quarter hour never more than at the worst moment
    assert (slow.on_way[:, -1].tolist(), slow.waiting[:, -1].tolist()) == ([0, 0, 0], [0, 0, 0])
    assert slow.lab_hours[-1] >= slow.last_result.middle
    assert pl.simulate(plan, replications=1).lab_hours.tolist() == []


def in_laboratories(*labs: dict[str, Any], **rules: Any) -> pl.Plan:
    plan = day_plan(**rules)
    return plan.replace(case=plan.case.replace(labs=[{"key": f"lab{k}"} | lab for k, lab in enumerate(labs)]))


def hour_after(words: str, what: str) -> float:
    """The hour that a cure promises: "…{what}…→21:40"."""
    found = re.search(rf"{what}[^（]*（最后结果[\d:]+→(\d+):(\d+)）", words)
    assert found, words
    return int(found[1]) + int(found[2]) / 60


def test_a_cure_is_told_with_the_hour_that_it_brings_when_it_is_tried() -> None:
    plan = in_laboratories({"lanes": 2})
    said = pl.simulate(plan, replications=1).bottleneck["zh"]
    pooled = pl.simulate(plan.replace(case=plan.case.replace(rules=replace(plan.case.rules, pool=20))), replications=1)
    assert pooled.last_result is not None
    assert hour_after(said, "改为20合1") == pytest.approx(pooled.last_result.middle, abs=1 / 60)
    more = re.search(r"增加(\d+)条检测线", said)
    assert more
    ends = []
    for lanes in (1 + int(more[1]), 2 + int(more[1])):
        found = pl.simulate(in_laboratories({"lanes": lanes}), replications=1)
        assert found.last_result is not None
        ends.append(found.last_result.middle)
    assert ends[1] == pytest.approx(hour_after(said, "检测线"), abs=1 / 60)
    assert ends[1] < ends[0]  # one lane fewer would be later


def test_what_does_not_help_is_not_said() -> None:
    """Lanes that close at 18, while the last tubes come at 19: neither a hundred more nor larger pools bring the results before the morning."""
    closed = in_laboratories({"lanes": 60, "opens": 8, "closes": 18})
    said = pl.simulate(closed, replications=1).bottleneck["zh"]
    assert "条检测线" not in said
    assert "20合1" not in said
    always = pl.simulate(in_laboratories({"lanes": 60}), replications=1)
    assert always.last_result is not None
    assert hour_after(said, "昼夜不停检测") == pytest.approx(always.last_result.middle, abs=1 / 60)
    common = in_laboratories({"lanes": 2}, prevalence=0.01)  # 20 in 1 would take more tests, not fewer
    said = pl.simulate(common, replications=1).bottleneck["zh"]
    assert "20合1" not in said
    assert "条检测线" in said


def test_tests_are_tubes_and_those_who_are_tested_again() -> None:
    few, common = (pl.simulate(in_laboratories({"lanes": 9}, prevalence=v), replications=1) for v in (0.0, 0.01))
    people = int(day_plan().case.demand.persons.sum())
    assert few.tests >= few.tubes == common.tubes  # a van takes tubes that are not full
    assert common.tests == pytest.approx(few.tests + people * (1 - 0.99**10), abs=1)
    assert Pooling(1).again(7, 0.5) == 0


def test_results_are_measured_by_the_target_of_the_rules() -> None:
    plan = in_laboratories({"lanes": 1})
    late, early = (
        pl.simulate(
            plan.replace(case=plan.case.replace(rules=replace(plan.case.rules, results_hours=hours))), replications=1
        )
        for hours in (12.0, 500.0)
    )
    assert "超过12小时的目标" in late.bottleneck["zh"]
    assert "未超过500小时的目标" in early.bottleneck["zh"]
    assert "beyond the target of 12 h" in late.bottleneck["en"]


def test_each_laboratory_has_its_own_queue_and_its_share_of_the_nearest_points() -> None:
    """West has three lanes, east one: three quarters of the tubes, the western points; what waits in one is not helped by the other."""
    plan = in_laboratories(
        {"lanes": 3, "x": 0, "y": 1000}, {"lanes": 1, "x": 2000, "y": 1000}, {"lanes": 0, "x": 1000, "y": 1000}
    )
    labs = Labs.of(plan.case)
    at = sent(labs, plan.load)[plan.open]
    assert set(at.tolist()) == {0, 1}
    east = plan.load[plan.open][at == 1].sum()
    assert abs(east - plan.load.sum() / 4) <= plan.load.max() / 2
    x = plan.case.sites.x[plan.open]
    assert x[at == 0].min() < x[at == 1].max()
    found = pl.simulate(plan, replications=3)
    rows = {row["lab"]: row for row in found.labs}
    assert sum(row["tubes"].middle for row in rows.values()) == pytest.approx(found.tubes, rel=0.2)
    assert rows["lab2"]["last_result"] is None
    ends = [rows[key]["last_result"].middle for key in ("lab0", "lab1")]
    assert found.last_result is not None
    assert found.last_result.middle == pytest.approx(max(ends))
    named = found.bottleneck["zh"]
    assert named.startswith(f"瓶颈在实验室“lab{int(np.argmax(ends))}”")


def test_labs_that_work_one_after_the_other_are_not_one_queue() -> None:
    """What is sent to the night laboratory waits for its night although the day laboratory is idle."""
    night = in_laboratories({"lanes": 30, "opens": 0, "closes": 48}, {"lanes": 30, "opens": 20, "closes": 32})
    rows = {row["lab"]: row for row in pl.simulate(night, replications=1).labs}
    assert rows["lab0"]["backlog"].middle < rows["lab0"]["tubes"].middle / 2
    assert rows["lab1"]["backlog"].middle > rows["lab1"]["tubes"].middle / 2
    assert rows["lab1"]["last_result"].middle >= 20 + 2.25
    with pytest.raises(pl.Unfit) as caught:
        in_laboratories({"lanes": 1}, {"lanes": 1, "opens": 20, "closes": 8})
    assert (
        caught.value.faults[0].text("zh") == "labs 第2行：“lab1”从20点到8点不是一段时间；过夜的请把停止时刻加24，写32。"
    )


def test_each_laboratory_sends_its_own_vans() -> None:
    plan = in_laboratories({"lanes": 3, "x": 0, "y": 1000}, {"lanes": 1, "x": 2000, "y": 1000})
    vans = [{"key": "van", "number": 4, "tubes": 900, "minutes": 120}]
    found = pl.rounds(plan.replace(case=plan.case.replace(vans=vans)), iterations=50)
    assert found.feasible
    assert found.words == []
    at = dict(
        zip(
            plan.case.sites.key[plan.open].tolist(),
            sent(Labs.of(plan.case), plan.load)[plan.open].tolist(),
            strict=True,
        )
    )
    assert {(point, tour["lab"]) for tour in found.tours for point in tour["points"]} == {
        (point, f"lab{k}") for point, k in at.items()
    }
    one = pl.rounds(plan.replace(case=plan.case.replace(vans=[vans[0] | {"number": 1}])), iterations=50)
    assert not one.feasible
    assert "转运车不够" in one.words[0]["zh"]


@pytest.mark.parametrize("labs", [[0], [0, 0]])
def test_a_laboratory_without_a_lane_has_no_last_result_and_says_so(labs: list[int]) -> None:
    """The way to say that the laboratory has failed: tubes wait, nothing is promised."""
    plan = day_plan()
    rows = [{"key": f"lab{k}", "lanes": lanes} for k, lanes in enumerate(labs)]
    found = pl.simulate(plan.replace(case=plan.case.replace(labs=rows)), replications=2)
    assert found.last_result is None
    assert found.bottleneck["zh"].startswith("瓶颈在实验室：没有一条检测线开着，")
    assert "no lane is open" in found.bottleneck["en"]
    assert found.backlog is not None
    assert found.backlog.middle == found.waiting[1, -1] > 0
    assert "last result" not in headline(plan, found, "en")


def test_a_laboratory_that_fails_in_the_afternoon_is_not_one_that_failed_in_the_morning() -> None:
    """Nobody knows before. Until three it tests its share, then what waits is fetched and all later tubes go to the other one."""
    plan = in_laboratories({"lanes": 1, "x": 0, "y": 1000}, {"lanes": 1, "x": 2000, "y": 1000})
    early, late = plan.fail({"lab0": 0}), plan.fail({"lab0": 0}, at="15:00")
    assert (late.case.lanes.tolist(), late.at.tolist()) == ([0, 1], plan.at.tolist())
    whole, afternoon, morning = (pl.simulate(one, replications=2) for one in (plan, late, early))
    ends = [one.last_result.middle for one in (whole, afternoon, morning) if one.last_result is not None]
    assert ends[0] < ends[1] < ends[2]
    failed, other = afternoon.labs
    assert (failed["lanes"], failed["last_result"].high <= 15 + plan.case.rules.lane_hours) == (0, True)
    assert 0 < failed["tubes"].middle < whole.labs[0]["tubes"].middle
    assert failed["tubes"].middle + other["tubes"].middle == pytest.approx(
        sum(row["tubes"].middle for row in whole.labs), rel=0.01
    )
    none = pl.simulate(late.fail({"lab1": 0}, at="15:00"), replications=1)
    assert none.last_result is None
    assert 0 < int(re.findall(r"(\d+)管样本都出不了结果", none.bottleneck["zh"])[0]) < whole.tubes
    nine = {"lab0": 9, "lab1": 9}
    helped, always = (
        pl.simulate(one, replications=2).last_result for one in (plan.fail(nine, at="18:00"), plan.fail(nine))
    )
    assert helped is not None
    assert always is not None
    assert always.middle <= helped.middle < ends[0]


def test_every_tube_is_tested_once_whichever_laboratories_fail_and_when() -> None:
    chance = np.random.default_rng(5)
    for _ in range(300):
        labs, sites, n = int(chance.integers(1, 5)), int(chance.integers(1, 12)), int(chance.integers(1, 40))
        until = np.where(chance.random(labs) < 0.6, chance.integers(6, 24, labs), NEVER).astype(float)
        made = Labs(
            chance.integers(0, 5, labs), chance.choice([0.0, 8.0], labs), chance.choice([20.0, 48.0], labs), until,
            np.where(until < NEVER, chance.integers(0, 3, labs), 0), chance.random((sites, labs)),
        )  # fmt: skip
        swabs = Picked(
            np.sort(chance.integers(7, 22, n)).astype(float), chance.integers(0, sites, n), chance.integers(1, 400, n)
        )
        load = np.bincount(swabs.site, weights=swabs.persons, minlength=sites).astype(np.int64)
        found = sending.tested(made, ways(made, load), swabs, pl.Rules())
        tubes = int(Pooling(10).tubes(swabs.persons).sum())
        assert sum(int(one.tubes.sum()) for one in found) == sum(int(one.brought.sum()) for one in found) == tubes
        for k, one in enumerate(found):
            assert (np.diff(one.arrival) >= 0).all()
            assert np.cumsum(one.brought).min(initial=0) >= 0
            assert made.left[k] > 0 or (one.begun[np.isfinite(one.begun)] < until[k]).all() or until[k] == NEVER
        all_day = np.where(until < NEVER, np.minimum(made.left, made.lanes), made.lanes).any()
        assert not all_day or not any(one.waits for one in found)
