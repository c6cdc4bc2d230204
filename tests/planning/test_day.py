"""The day of a plan: slots, queues, tubes, laboratories, staff and vans; each against something known beforehand."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import simpy

from tests.planning.towns import roomy, town
from tongzhou import planning as pl
from tongzhou.planning.command import headline
from tongzhou.planning.laboratory import Lane, results
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.queues import erlang_c, longest, mean_wait, most_inside, starts
from tongzhou.planning.sending import Labs, sent

EFFORT = pl.Effort(4, 4)


def day_plan(**rules: Any) -> pl.Plan:
    rules = {"person_seconds": 60} | rules
    case = town(60, 20, 2, tables=4, most=300, **rules)
    sites = case.sites.lists() | {"tables": [6] * 20}
    return pl.solve(case.replace(sites=sites), points=6, effort=EFFORT)


@pytest.mark.parametrize(("tables", "shifts"), [(1, False), (3, False), (4, True)])
def test_turns_are_those_of_simpy_on_the_same_draws(tables: int, shifts: bool) -> None:
    chance = np.random.default_rng(tables)
    arrival = np.sort(chance.uniform(0, 300, 400))
    service = chance.gamma(2, tables * 0.32, 400)
    opens = np.arange(tables) * 40.0 if shifts else np.zeros(tables)
    assert starts(arrival, service, opens, np.full(tables, np.inf)) == pytest.approx(
        by_simpy(arrival.tolist(), service.tolist(), opens.tolist()), abs=1e-9
    )


def by_simpy(arrival: list[float], service: list[float], opens: list[float]) -> list[float]:
    world, found = simpy.Environment(), [0.0] * len(arrival)
    tables = simpy.Store(world)

    def open_(k: int) -> Any:
        yield world.timeout(opens[k])
        yield tables.put(k)

    def person(n: int) -> Any:
        yield world.timeout(arrival[n])
        k = yield tables.get()
        found[n] = world.now
        yield world.timeout(service[n])
        yield tables.put(k)

    for k in range(len(opens)):
        world.process(open_(k))
    for n in range(len(arrival)):
        world.process(person(n))
    world.run()
    return found


def test_a_table_takes_nobody_after_its_shift() -> None:
    start = starts(np.array([0.0, 1.0, 2.0, 3.0]), np.full(4, 2.0), np.array([0.0]), np.array([5.0]))
    assert start.tolist() == [0.0, 2.0, 4.0, np.inf]


def test_waits_are_those_of_erlang() -> None:
    """Two tables at 80 %: one million people, seeded; the mean lies within three standard errors of batches."""
    chance = np.random.default_rng(4)
    arrival = np.cumsum(chance.exponential(1 / 1.6, 1_000_000))
    start = starts(arrival, chance.exponential(1.0, 1_000_000), np.zeros(2), np.full(2, np.inf))
    waits = (start - arrival)[40_000:].reshape(48, -1).mean(1)
    error = waits.std(ddof=1) / np.sqrt(48)
    assert abs(waits.mean() - mean_wait(2, 1.6, 1.0)) < 3 * error
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert mean_wait(1, 0.5, 1.0) == pytest.approx(1.0)


def test_the_longest_queue_is_counted_by_hand() -> None:
    assert longest(np.array([0.0, 1.0, 1.0, 1.0]), np.array([0.0, 2.0, 4.0, 6.0])) == 3
    assert most_inside(np.array([0.0, 1.0, 5.0]), np.array([3.0, 4.0, 6.0])) == 2


def test_slots_are_level_to_within_a_household_and_keep_households_whole() -> None:
    plan = day_plan()
    made = pl.slots(plan)
    assert made.persons.sum() == plan.case.demand.persons.sum()
    assert np.bincount(made.row, weights=made.persons).tolist() == plan.case.demand.persons.tolist()
    for filled in made.filled:
        level = np.ceil(filled.sum() / 48)
        assert (filled[: np.flatnonzero(filled)[-1]] <= level + made.persons.max()).all()
        assert (filled[: np.flatnonzero(filled)[-1]] >= level - 2 * made.persons.max()).all()
    assert made.slot.max() < 48


def test_short_slots_queue_less_than_coming_freely() -> None:
    plan = day_plan()
    with_slots, free = pl.simulate(plan, replications=5), pl.simulate(plan, replications=5, free=True)
    assert with_slots.wait_p95_min.middle < free.wait_p95_min.middle / 4
    assert with_slots.longest_queue.middle < free.longest_queue.middle


def test_a_forecast_comes_out_the_same_again_and_its_bands_are_in_order() -> None:
    plan = day_plan(no_show=0.1, early=0.5, observe_minutes=30)
    one, two = pl.simulate(plan, replications=4, seed=3), pl.simulate(plan, replications=4, seed=3)
    assert (one.queue == two.queue).all()
    assert one.inside == two.inside
    assert one.wait_p50_min.low <= one.wait_p50_min.middle <= one.wait_p50_min.high
    # thirty minutes on the chairs
    assert one.inside.middle > pl.simulate(day_plan(), replications=4, seed=3).inside.middle


def test_pools_follow_dorfman_and_cross_over() -> None:
    assert Pooling(10).tests(1e-4) == pytest.approx(0.101, abs=5e-4)
    assert Pooling(20).tests(1e-4) == pytest.approx(0.052, abs=5e-4)
    assert Pooling(10).tests(0.01) == pytest.approx(0.196, abs=5e-4)
    assert Pooling(20).tests(0.01) == pytest.approx(0.232, abs=5e-4)
    at = pl.crossover(10, 20)
    assert Pooling(10).tests(at) == pytest.approx(Pooling(20).tests(at))
    assert 0.001 < at < 0.01
    assert (pl.best_pool(1e-4), pl.best_pool(0.01), pl.best_pool(0.5)) == (20, 10, 1)
    assert Pooling(10).tubes(np.array([0, 1, 10, 11])).tolist() == [0, 1, 1, 2]


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


def test_staff_go_where_their_ways_are_shortest_and_shifts_are_even() -> None:
    plan = day_plan(blocks=3, crew_blocks=2)
    chance = np.random.default_rng(1)
    people = [
        {"key": f"S{k}", "skill": "swab", "x": chance.uniform(0, 2000), "y": chance.uniform(0, 2000)} for k in range(40)
    ]
    placed = pl.staff(plan.replace(case=plan.case.replace(staff=people)))
    assert len({row["person"] for row in placed.rows}) == len(placed.rows)
    wanted = int(plan.tables[plan.open].sum()) * 3
    assert sum(len(row["shifts"]) for row in placed.rows) + placed.short["swab"] >= wanted
    for point in {row["point"] for row in placed.rows}:
        counts = np.bincount(
            [shift for row in placed.rows if row["point"] == point for shift in row["shifts"]], minlength=3
        )
        assert counts.max() - counts.min() <= 1
    posts = 2 * plan.tables[plan.open] + 1
    asked = pl.staff(plan.replace(case=plan.case.replace(staff=people)), posts)
    assert sum(len(row["shifts"]) for row in asked.rows) + asked.short["swab"] >= int(posts.sum()) * 3 > wanted
    few = pl.staff(plan.replace(case=plan.case.replace(staff=people[:2])))
    assert few.short["swab"] == wanted - 4
    assert few.words[0]["en"].startswith(f"{wanted - 4} shifts")


def test_who_sets_out_from_nobody_knows_where_costs_nothing_and_moves_nobody_else() -> None:
    """Not from a place in the sea off Africa: the ways of the others are those that they are without them."""
    case = day_plan().case
    degrees = {
        name: table.lists() | {"x": (123.7 + table.x / 83_600).tolist(), "y": (41.3 + table.y / 111_195).tolist()}
        for name, table in (("demand", case.demand), ("sites", case.sites))
    }
    plan = day_plan()
    plan = plan.replace(case=case.replace(**degrees, walk=pl.Earth()))
    known = [{"key": f"S{k}", "x": 123.7 + k / 5000, "y": 41.3 + k / 6000} for k in range(6)]
    lost = [{"key": f"L{k}"} for k in range(3)] + [{"key": "half", "x": 123.7}]
    alone, mixed = (pl.staff(plan.replace(case=plan.case.replace(staff=rows))) for rows in (known, known + lost))
    ways = {row["person"]: row["way_m"] for row in mixed.rows}
    assert [ways[row["key"]] for row in lost] == [None] * 4
    assert {row["person"]: row["way_m"] for row in alone.rows} == {
        key: way for key, way in ways.items() if way is not None
    }
    assert mixed.metres == alone.metres < 6 * 3000
    assert mixed.words[0]["zh"].startswith("工作人员缺")  # no skill was named, so none is


def test_vans_visit_every_point_once_within_their_load() -> None:
    plan = day_plan()
    case = plan.case.replace(
        labs=[{"key": "lab", "x": 1000, "y": 1000, "lanes": 4}],
        vans=[{"key": "van", "number": 3, "tubes": 60, "minutes": 90}],
    )
    found = pl.rounds(plan.replace(case=case), iterations=100)
    assert found.feasible
    assert sorted(point for tour in found.tours for point in tour["points"]) == sorted(
        str(case.sites.key[j]) for j in plan.open
    )
    assert all(tour["tubes"] <= 60 and tour["minutes"] <= 90 for tour in found.tours)


def test_more_points_never_mean_a_longer_walk() -> None:
    rows = pl.frontier(roomy(30, 12, 3), points=[2, 4, 13], seconds=0.2)
    assert rows[1]["mean_walk_m"] < rows[0]["mean_walk_m"]
    assert (
        rows[2]["faults"][0].words["en"]
        == "13 points are asked for but only 12 sites may be used, 1 short; ask for fewer or add sites."
    )


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


def test_a_day_on_which_nobody_comes_has_a_forecast_too() -> None:
    case = pl.Case(
        demand=[{"key": "A", "persons": 1}],
        sites=[{"key": "P"}],
        labs=[{"key": "lab", "lanes": 1}],
        rules=pl.Rules(no_show=0.9),
    )
    found = pl.simulate(pl.solve(case, points=1, effort=EFFORT), replications=5)
    assert (found.wait_p95_min.middle, found.waiting_person_hours.low) == (0.0, 0.0)
