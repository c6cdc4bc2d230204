"""Compiling ahead: small cases go through every loop once, so that what numba keeps on disk is there before somebody waits for it."""

import os
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tongzhou.planning.case import Case

BUILDINGS, SITES, POINTS = 240, 60, 12


def warm() -> float:
    """Seconds it took: most of a minute on a machine that has not planned before, two or three on one that has.

    Behind everything else: it lowers the priority of the process that calls it, for good.
    """
    if hasattr(os, "nice"):
        os.nice(10)
    begun = monotonic()
    from tongzhou.planning.forecasting import simulate
    from tongzhou.planning.solving import solve

    for scarce in (False, True):
        plan = solve(invented(scarce=scarce), points=POINTS, seconds=1.0)
        simulate(plan, replications=2)
        plan.close(plan.points[0]["point"], at="10:00")
    return monotonic() - begun


def is_compiled() -> bool:
    """Whether a process has been through every loop on this machine before; of an older version of the engine perhaps."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(__file__).parent)
    return all(any(folder.rglob(f"{name}.*.nbi")) for name in ("swapping", "queues", "regrouping"))


def load() -> None:
    """What a first plan and its forecast need, into this process."""
    from tongzhou.planning.forecasting import simulate
    from tongzhou.planning.solving import solve

    for scarce in (False, True):
        plan = solve(invented(scarce=scarce), points=POINTS, seconds=0.1)
        simulate(plan, replications=1)
        plan.close(plan.points[0]["point"], at="10:00")


def invented(*, scarce: bool) -> "Case":
    """A small town; where tables are scarce, points must share people out and the searches for that are run too."""
    import numpy as np

    from tongzhou.planning.case import Case, Rules
    from tongzhou.planning.walking import Plane

    chance = np.random.default_rng(1)
    people = chance.integers(60, 300, BUILDINGS)
    tables = int(people.sum() / POINTS / 700) + 1 if scarce else 40
    homes, places = (chance.random((n, 2)) * 3000 for n in (BUILDINGS, SITES))
    return Case(
        demand=[{"key": f"B{i}", "persons": int(people[i]), "x": x, "y": y} for i, (x, y) in enumerate(homes)],
        sites=[{"key": f"P{j}", "tables": tables, "x": x, "y": y} for j, (x, y) in enumerate(places)],
        labs=[{"key": "L", "lanes": 4, "x": 0.0, "y": 0.0}],
        walk=Plane(),
        rules=Rules(opens="08:00", closes="18:00", person_seconds=45),
    )
