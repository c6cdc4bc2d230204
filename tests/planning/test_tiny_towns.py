"""Towns so small that everything can be tried: where room is scarce too the plan is the best there is, however the town is told."""

from itertools import combinations, product

import numpy as np
import pytest

from tests.planning.towns import town
from tongzhou import planning as pl

TINY = pl.Effort(2, 2)


def best_of_all(case: pl.Case, points: int) -> float:
    """Every choice of sites, every way to spread the rows over them."""
    cost = np.hypot(case.demand.x[:, None] - case.sites.x, case.demand.y[:, None] - case.sites.y) * case.weight[:, None]
    room, persons, n = case.sites.tables * case.rules.persons_per_table, case.demand.persons, len(case.demand)
    spread = np.array(list(product(range(points), repeat=n)))
    load = np.stack([((spread == k) * persons).sum(1) for k in range(points)], 1)
    best = np.inf
    for open_ in combinations(range(len(case.sites)), points):
        fits = (load <= room[list(open_)]).all(1)
        ways = cost[np.arange(n)[:, None], np.array(open_)[spread[fits].T]].sum(0)
        best = min(best, float(ways.min(initial=np.inf)))
    return best


@pytest.mark.parametrize("block", range(4))
def test_scarce_room_agrees_with_trying_everything(block: int) -> None:
    tried = 0
    for seed in range(1000 + 40 * block, 1040 + 40 * block):
        case = town(5, 5, seed, tables=2, most=60, person_seconds=600)
        best = best_of_all(case, 3)
        if not np.isfinite(best):
            with pytest.raises(pl.Unfit):
                pl.solve(case, points=3, seed=seed, effort=TINY)
            continue
        plan = pl.solve(case, points=3, seed=seed, effort=TINY)
        assert plan.value == pytest.approx(best, rel=1e-9)
        assert plan.bound <= best * (1 + 1e-9)
        tried += 1
    assert tried > 25


@pytest.mark.parametrize("block", range(5))
def test_the_proof_by_whole_numbers_agrees_on_fifty(block: int) -> None:
    for seed in range(100 + 10 * block, 110 + 10 * block):
        case = town(10, 6, seed, tables=3, most=60, person_seconds=300)
        plan = pl.solve(case, points=3, seed=seed, effort=TINY)
        proven = pl.prove(plan, seconds=30)
        assert proven.stopped == "proven"
        assert plan.bound <= proven.value <= plan.value * (1 + 1e-9)
        assert plan.value == pytest.approx(proven.value, rel=0.005)


@pytest.mark.parametrize("seed", range(6))
def test_order_scale_and_place_do_not_matter_where_room_is_scarce(seed: int) -> None:
    """Solved to proof, the value is the same, or three times as much where ways are three times as long; and every bound is below it."""
    case = town(12, 7, seed, tables=2, most=60, person_seconds=500)
    if pl.check(case, 4):
        pytest.skip("this town has too little room")
    plain = pl.prove(pl.solve(case, points=4, effort=TINY), seconds=30)
    rows, sites = (np.random.default_rng(seed).permutation(n) for n in (12, 7))
    moved = {
        name: dict(table.columns) | {"x": table.x + 1e5, "y": table.y - 1e5}
        for name, table in (("demand", case.demand), ("sites", case.sites))
    }
    changes: list[tuple[float, dict[str, object]]] = [
        (1.0, {"demand": {name: values[rows] for name, values in case.demand.columns.items()}}),
        (1.0, {"sites": {name: values[sites] for name, values in case.sites.columns.items()}}),
        (1.0, dict(moved)), (3.0, {"walk": pl.Plane(detour=3.0)}),
    ]  # fmt: skip
    for scale, change in changes:
        searched = pl.solve(case.replace(**change), points=4, effort=TINY)
        proven = pl.prove(searched, seconds=30)
        assert proven.stopped == "proven"
        assert proven.value == pytest.approx(plain.value * scale, rel=1e-6)
        assert searched.bound <= proven.value * (1 + 1e-9)
        assert searched.value == pytest.approx(proven.value, rel=0.01)
