"""What one more point is worth: a plan for each number of points, side by side."""

from collections.abc import Callable, Iterable
from typing import Any

from tongzhou.planning.case import Case
from tongzhou.planning.columns import Unfit
from tongzhou.planning.solving import solve


def frontier(
    case: Case,
    *,
    points: Iterable[int],
    seconds: float = 2.0,
    seed: int = 1,
    watch: Callable[[int], bool] = lambda number: True,
) -> list[dict[str, Any]]:
    """A row for each number of points: walk, tables, gap; or in words why there is no plan. `watch` is told each number; False ends it."""
    rows: list[dict[str, Any]] = []
    for number in points:
        if not watch(number):
            break
        try:
            plan = solve(case, points=number, seconds=seconds, seed=seed)
        except Unfit as unfit:
            rows.append({"points": number, "faults": unfit.faults})
            continue
        rows.append({
            "points": number, "value": plan.value, "bound": plan.bound, "gap": plan.gap, "mean_walk_m": plan.mean_walk,
            "longest_walk_m": float(plan.metres[case.demand.persons > 0].max(initial=0.0)), "tables": int(plan.tables.sum()), "plan": plan,
        })  # fmt: skip
    return rows
