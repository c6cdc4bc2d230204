"""Points: the plan agrees with trying everything, its bound is never above, no point is overfull, and the same comes out again."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from tests.planning.towns import roomy, town
from tongzhou import planning as pl
from tongzhou.planning.siting.bounding import Bound
from tongzhou.planning.siting.problem import Question

SHORT = pl.Effort(6, 6)


def best_of_all(case: pl.Case, points: int) -> float:
    """Every choice of sites and every way to spread the rows over them."""
    rows = case.ways.nearest(np.arange(len(case.demand)), len(case.sites))
    cost = np.zeros((len(case.demand), len(case.sites)))
    for i in range(len(cost)):
        cost[i, rows.site[rows.start[i] : rows.start[i + 1]]] = (
            rows.metres[rows.start[i] : rows.start[i + 1]] * case.weight[i]
        )
    room, persons = case.sites.tables * case.rules.persons_per_table, case.demand.persons
    best = np.inf
    for open_ in combinations(range(len(case.sites)), points):
        if cost[:, open_].min(1).sum() >= best:
            continue
        for at in product(open_, repeat=len(cost)):
            value = cost[np.arange(len(cost)), at].sum()
            if value < best and (np.bincount(at, weights=persons, minlength=len(room)) <= room).all():
                best = value
    return float(best)


def cheapest_open(case: pl.Case, points: int) -> float:
    rows = case.ways.nearest(np.arange(len(case.demand)), len(case.sites))
    cost = np.zeros((len(case.demand), len(case.sites)))
    for i in range(len(cost)):
        cost[i, rows.site[rows.start[i] : rows.start[i + 1]]] = (
            rows.metres[rows.start[i] : rows.start[i + 1]] * case.weight[i]
        )
    return float(min(cost[:, open_].min(1).sum() for open_ in combinations(range(len(case.sites)), points)))


@pytest.mark.parametrize("block", range(10))
def test_points_with_room_for_all_agree_with_trying_everything(block: int) -> None:
    for seed in range(block * 20, block * 20 + 20):
        case = roomy(12, 8, seed)
        best = cheapest_open(case, 1 + seed % 5)
        plan = pl.solve(case, points=1 + seed % 5, seed=seed, effort=pl.Effort(3, 3))
        assert plan.value == pytest.approx(best, rel=1e-9)
        assert plan.bound <= best


@pytest.mark.parametrize("block", range(4))
def test_points_with_limits_of_room_agree_with_trying_everything(block: int) -> None:
    for seed in range(block * 10, block * 10 + 10):
        case = town(5, 5, seed, tables=2, most=60, person_seconds=600)
        if pl.check(case, 3) or not np.isfinite(best := best_of_all(case, 3)):
            continue
        plan = pl.solve(case, points=3, seed=seed, effort=pl.Effort(10, 10))
        assert plan.value == pytest.approx(best, rel=1e-9)
        assert plan.bound <= best * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_the_proof_by_whole_numbers_agrees(seed: int) -> None:
    case = town(14, 8, seed, tables=3, most=60, person_seconds=300)
    plan = pl.solve(case, points=4, seed=seed, effort=SHORT)
    proven = pl.prove(plan, seconds=30)
    assert proven.stopped == "proven"
    assert plan.bound <= proven.value <= plan.value * (1 + 1e-9)
    assert plan.value == pytest.approx(proven.value, rel=0.01)
    assert (proven.load <= case.sites.tables * case.rules.persons_per_table).all()


@pytest.mark.parametrize("count", [2, 3, 5, 9])
def test_a_bound_from_short_lists_holds_for_the_full_problem(count: int) -> None:
    """The payments are held below the cost of the nearest site left out."""
    for seed in range(8):
        case = roomy(30, 10, seed)
        question = case.question(3)
        net = question.net(case.ways.nearest(np.arange(30), count))
        bound = Bound(net, question.sides(), np.full(30, 1e9))
        bound.climb(200, 2 * cheapest_open(case, 3))
        assert 0 < bound.proven <= cheapest_open(case, 3)


def test_no_point_is_overfull_and_the_budget_of_tables_is_kept() -> None:
    case = town(120, 40, 3, tables=4, most=60, person_seconds=200)
    table = case.rules.persons_per_table
    need = int(np.ceil(case.demand.persons.sum() / table))
    tight = case.replace(rules=replace(case.rules, tables=need + 6))
    plan = pl.solve(tight, points=15, effort=pl.Effort(12, 12))
    assert (plan.load <= case.sites.tables * table).all()
    assert plan.tables.sum() <= need + 6 + (plan.load[plan.open] == 0).sum()
    assert sorted(set(plan.at.tolist()) - set(plan.open.tolist())) == []
    assert len(plan.open) == 15


def test_kept_sites_open_and_banned_ones_do_not() -> None:
    case = roomy(40, 12, 5)
    free = pl.solve(case, points=4, effort=SHORT)
    banned = int(free.open[0])
    kept = next(j for j in range(12) if j not in free.open)
    sites = case.sites.lists() | {
        "banned": [int(j == banned) for j in range(12)],
        "kept": [int(j == kept) for j in range(12)],
    }
    plan = pl.solve(case.replace(sites=sites), points=4, effort=SHORT)
    assert kept in plan.open
    assert banned not in plan.open
    assert plan.value >= free.value


def test_nobody_walks_farther_than_the_limit() -> None:
    case = roomy(60, 25, 2, max_walk_m=700.0)
    plan = pl.solve(case, points=pl.fewest(case, walk_m=700.0).value and 14, effort=SHORT)
    assert plan.metres.max() <= 700.0


@pytest.mark.parametrize("make", [roomy, lambda: town(60, 20, 1, tables=6, person_seconds=200)])
def test_the_same_seed_gives_the_same_plan_on_one_core_and_two(make) -> None:
    case = make()
    one, two = (pl.solve(case, points=6, seed=7, effort=SHORT, threads=threads) for threads in (1, 2))
    assert (one.at == two.at).all()
    assert (one.value, one.bound) == (two.value, two.bound)


def test_a_plan_by_the_clock_comes_out_again_from_its_effort() -> None:
    case = town(40, 15, 1, tables=6, person_seconds=200)
    plan = pl.solve(case, points=6, seconds=1.5)
    again = pl.solve(case, points=6, effort=plan.effort)
    assert (again.digest, again.value, again.bound) == (plan.digest, plan.value, plan.bound)


def test_order_scale_and_place_do_not_matter() -> None:
    case = roomy(50, 20, 4)
    plain = pl.prove(pl.solve(case, points=5, effort=SHORT))
    order = np.random.default_rng(1).permutation(50)
    for change in (
        {"demand": {name: values[order] for name, values in case.demand.columns.items()}},
        {"walk": pl.Plane(detour=3.0)},
        {
            name: dict(table.columns) | {"x": table.x + 1e5, "y": table.y - 1e5}
            for name, table in (("demand", case.demand), ("sites", case.sites))
        },
    ):
        other = pl.prove(pl.solve(case.replace(**change), points=5, effort=SHORT))
        scale = 3.0 if "walk" in change else 1.0
        assert other.value == pytest.approx(plain.value * scale, rel=1e-6)


def test_a_longer_search_is_no_worse() -> None:
    case = town(150, 60, 8, tables=4, person_seconds=250)
    values = [pl.solve(case, points=25, effort=pl.Effort(done, done)).value for done in (0, 12)]
    assert values[1] <= values[0]


def test_a_search_can_be_watched_and_stopped() -> None:
    seen: list[pl.Progress] = []
    plan = pl.solve(
        roomy(80, 40, 1), points=8, seconds=60, watch=lambda progress: bool(seen.append(progress)) or len(seen) < 3
    )
    assert plan.stopped in {"stopped", "proven"}
    assert [progress.blocks for progress in seen] == list(range(len(seen)))
    assert all(progress.value >= progress.bound for progress in seen)


def test_a_table_of_metres_serves_as_well_as_coordinates() -> None:
    case = roomy(30, 12, 6)
    metres = np.hypot(case.demand.x[:, None] - case.sites.x, case.demand.y[:, None] - case.sites.y)
    same = case.replace(walk=pl.Matrix(metres))
    assert pl.solve(same, points=4, effort=SHORT).value == pytest.approx(pl.solve(case, points=4, effort=SHORT).value)


def test_rows_grow_where_no_open_site_was_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the people live far from the sites that the lists of a crowded middle hold."""
    monkeypatch.setattr("tongzhou.planning.siting.rows.WHOLE", 10)
    monkeypatch.setattr("tongzhou.planning.siting.rows.LEAST", 2)
    monkeypatch.setattr("tongzhou.planning.siting.rows.OPEN", 1)
    case = roomy(60, 30, 9)
    plan = pl.solve(case, points=3, effort=pl.Effort(8, 8))
    assert plan.bound <= cheapest_open(case, 3) <= plan.value
    assert plan.value == pytest.approx(cheapest_open(case, 3), rel=0.02)
    assert isinstance(case.question(3), Question)
