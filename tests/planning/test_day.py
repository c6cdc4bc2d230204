"""The day of a plan: slots, queues, tubes, laboratories, staff and vans; each against something known beforehand."""

from typing import Any

import numpy as np
import pytest
import simpy

from tests.planning.towns import roomy, town
from tongzhou import planning as pl
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.queues import erlang_c, longest, mean_wait, most_inside, starts

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


def test_a_day_on_which_nobody_comes_has_a_forecast_too() -> None:
    case = pl.Case(
        demand=[{"key": "A", "persons": 1}],
        sites=[{"key": "P"}],
        labs=[{"key": "lab", "lanes": 1}],
        rules=pl.Rules(no_show=0.9),
    )
    found = pl.simulate(pl.solve(case, points=1, effort=EFFORT), replications=5)
    assert (found.wait_p95_min.middle, found.waiting_person_hours.low) == (0.0, 0.0)
