"""Planning in plain numbers: siting, slots, staffing, rosters. Arrays in, a plan with its bound out; no Django, no database.
Time enters only as a limit on the work, and by whichever clock the caller gives.

    from tongzhou import planning as pl
    case = pl.Case(demand=…, sites=…, walk=pl.Earth("GCJ-02", "WGS-84"), rules=pl.Rules(max_walk_m=800))
    for fault in pl.check(case, points=100): print(fault)
    plan = pl.solve(case, points=100, seconds=10, seed=1)
    plan.value, plan.bound, plan.gap, plan.stopped

Each name is loaded when it is first used: NumPy, SciPy, numba, HiGHS, OR-Tools and PyVRP wait until somebody plans.
"""

from importlib import import_module
from typing import Any

NAMES = {
    "Case": "case", "Rules": "case", "Unfit": "columns", "Fault": "columns", "check": "checking", "solve": "solving", "Plan": "plan",
    "Effort": "siting.problem", "Progress": "siting.problem", "Plane": "walking", "Earth": "walking", "Matrix": "walking",
    "load": "keeping", "slots": "slotting", "Difference": "replanning",
    "fewest": "covering", "reach": "covering", "prove": "proving", "frontier": "comparing", "crossover": "pooling",
    "simulate": "forecasting", "Forecast": "forecasting", "Pooling": "pooling", "best_pool": "pooling", "staff": "staffing", "rounds": "touring",
}  # fmt: skip

__all__ = list(NAMES)


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        message = f"tongzhou.planning has no {name}"
        raise AttributeError(message)
    return getattr(import_module(f"tongzhou.planning.{NAMES[name]}"), name)
