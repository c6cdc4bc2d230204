"""How few points leave nobody farther than so many metres; and how many people so many points reach."""

from dataclasses import dataclass

import numpy as np

from tongzhou.planning.case import Case
from tongzhou.planning.checking import out_of_reach
from tongzhou.planning.columns import Unfit
from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.siting.mip import Model, Solved, minimise
from tongzhou.planning.siting.rows import Rows


@dataclass(frozen=True)
class Cover:
    """value  points needed (`fewest`) or persons reached (`reach`); bound: no choice needs fewer, or reaches more."""

    points: tuple[str, ...]
    value: float
    bound: float
    status: str

    @property
    def gap(self) -> float:
        return abs(self.value - self.bound) / max(abs(self.value), 1e-9)


def fewest(case: Case, *, walk_m: float | Floats, seconds: float = 30.0) -> Cover:
    """The fewest points such that everybody has one within `walk_m` metres (one for all, or of each row); room is not looked at.

    Raises Unfit if even all sites together leave somebody farther away.
    """
    limit = _limits(case, walk_m)
    if faults := out_of_reach(case, limit):
        raise Unfit(faults)
    rows = _within(case, limit)
    row, column = _pairs(rows)
    m = len(case.sites)
    low = np.where(case.demand.persons > 0, 1.0, 0.0)
    found = minimise(
        Model(
            np.ones(m), case.sites.kept.astype(float), 1.0 - case.sites.banned, np.ones(m, np.bool_), row, column, np.ones(len(row)), low,
            np.full(len(case.demand), np.inf),
        ),
        seconds,
    )  # fmt: skip
    return _cover(case, found, 1.0, np.ceil(found.bound - 1e-6))


def reach(case: Case, *, points: int, walk_m: float, seconds: float = 30.0) -> Cover:
    """The points that leave the most people within `walk_m` metres of one."""
    rows = _within(case, _limits(case, walk_m))
    n, m = len(case.demand), len(case.sites)
    row, column = _pairs(rows)
    persons = case.demand.persons.astype(float)
    cost = np.concatenate([np.zeros(m), -persons])
    least = np.concatenate([case.sites.kept.astype(float), np.zeros(n)])
    most = np.concatenate([1.0 - case.sites.banned, np.ones(n)])
    rows_, columns = (
        np.concatenate([row, np.arange(n), np.full(m, n)]),
        np.concatenate([column, m + np.arange(n), np.arange(m)]),
    )
    value = np.concatenate([np.ones(len(row)), -np.ones(n), np.ones(m)])
    low, high = np.concatenate([np.zeros(n), [0.0]]), np.concatenate([np.full(n, np.inf), [float(points)]])
    whole = np.concatenate([np.ones(m, np.bool_), np.zeros(n, np.bool_)])
    found = minimise(Model(cost, least, most, whole, rows_, columns, value, low, high), seconds)
    return _cover(case, found, -1.0, -found.bound)


def _limits(case: Case, walk_m: float | Floats) -> Floats:
    return np.broadcast_to(np.asarray(walk_m, float), (len(case.demand),))


def _within(case: Case, limit: Floats) -> Rows:
    rows: Rows = case.ways.nearest(np.arange(len(case.demand)), len(case.sites)).cut(limit)
    return rows.without(case.sites.banned == 1)


def _pairs(rows: Rows) -> tuple[Ints, Ints]:
    return np.repeat(np.arange(len(rows.beyond)), np.diff(rows.start)), rows.site.astype(np.int64)


def _cover(case: Case, found: Solved, sign: float, bound: float) -> Cover:
    if found.x is None:
        return Cover((), np.inf if sign > 0 else 0.0, bound, found.status)
    chosen = np.flatnonzero(found.x[: len(case.sites)] > 0.5)
    return Cover(tuple(case.sites.key[chosen].tolist()), sign * found.value, bound, found.status)
