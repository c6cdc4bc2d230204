"""The search where points have limited room: groups, taken apart and put together, cooled; in two zones at once if there are many points."""

from concurrent.futures import Executor

import numpy as np

from tongzhou.planning.compiled import Floats, Ints, Shorts, seeded
from tongzhou.planning.siting.bounding import Sides
from tongzhou.planning.siting.grouping import Groups, Log, empty, log, settle, whole
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.refilling import BY_REGRET, recentred, refill
from tongzhou.planning.siting.regrouping import Kept, lawful, regroup

HEAT = 0.1  # at first, in the mean cost of a unit
KICKS = 1000  # of a block …
STEPS = 50  # … with so many small steps before each
TRADES = 50
POLISH = 2  # and so many for each unit around after it
ZONED = 400  # from so many points on there are two zones
DEARER = 4  # so many times more one person too many costs, when a block ends with one
HOT = 8  # kicks for each unit from which on it pays to be hot at first


class Filling:
    """`across` are numbers along which the sites can be halved (each a row: x, y …)."""

    def __init__(self, net: Net, sides: Sides, seed: int, across: Floats, pool: Executor | None = None) -> None:
        self.net, self.sides, self.seed, self.across, self.pool = net, sides, seed, across, pool
        self.value, self.starts = np.inf, 0
        size = sides.size[sides.size > 0]
        self.over = 4 * float(np.max(net.cost, initial=1.0)) / max(float(size.mean()) if len(size) else 1.0, 1e-9)
        self.budgeted = bool(np.isfinite(sides.budget))
        self.price = 0.0
        self.groups: Groups | None = None
        self.kept: tuple[Ints, Shorts] = (np.zeros(0, np.int64), np.zeros(0, np.int32))
        self.penalty = np.inf

    def start(self, sites: Ints) -> None:
        """Fill these sites, the most urgent first; taken if that is better than all before: a search still warm is not thrown away for less."""
        self.starts += 1
        groups = empty(self.net, self.sides, sites, self.over, self.price)
        notes = self._log(groups, self.starts, 0)
        everybody = np.arange(len(groups.at), dtype=np.int32)
        notes.pool[:], notes.ends[2] = everybody, len(everybody)
        refill(self.net, groups, notes, BY_REGRET, 0, 0.0)
        settle(notes)
        recentred(self.net, groups, notes)
        if notes.total[0] < min(self.penalty, self.value):
            self.groups, self.penalty = groups, float(notes.total[0])
            self._keep()

    def block(self, number: int, part: float, planned: int = 0) -> None:
        """One block of kicks; with zones, half of it in each."""
        groups = self.groups
        assert groups is not None
        many = len(groups.points) >= ZONED and len(self.across) > 0
        self._zone(groups, number if many else -1)
        units = max(len(groups.at), 1)
        warm = planned * KICKS >= HOT * units
        heat = HEAT * float(groups.way.sum()) / units * (1 - part) ** 2 if warm else 0.0
        notes = [self._log(groups, number, 1 + zone) for zone in range(2 if many else 1)]
        keep = self._kept(groups, alone=not many)
        todo = [
            (self.net, groups, one, _of(groups, zone), KICKS, STEPS, TRADES, POLISH, heat, zone, keep)
            for zone, one in enumerate(notes)
        ]
        if self.pool is not None and many:
            for job in [self.pool.submit(regroup, *args) for args in todo]:
                job.result()
        else:
            for args in todo:
                regroup(*args)
        if keep.value[0] < self.value:
            self.value, self.kept = float(keep.value[0]), (keep.points.astype(np.int64), keep.at.copy())
        self._keep()
        if self.overload().max() > 1e-6:
            groups.over[0] = self.over = self.over * DEARER
        if self.budgeted:
            self._reprice(groups)
        self.penalty = float(self._log(groups, 0, 0).total[0])

    def best(self) -> tuple[Ints, Shorts]:
        return self.kept

    def overload(self) -> Floats:
        """Persons too many at each site."""
        assert self.groups is not None
        return np.maximum(self.groups.load - self.groups.room, 0.0)

    def missing(self) -> Ints:
        assert self.groups is not None
        return np.flatnonzero((self.groups.at < 0) & np.isfinite(self.net.beyond))

    def used(self, groups: Groups) -> float:
        return float(np.ceil(groups.load / groups.table - 1e-9).sum())

    def _keep(self) -> None:
        groups = self.groups
        assert groups is not None
        value = float(lawful(groups, float(self.sides.budget)))
        if value < self.value:
            self.value, self.kept = value, (groups.points.astype(np.int64), groups.at.copy())
        elif not len(self.kept[0]):
            self.kept = (groups.points.astype(np.int64), groups.at.copy())

    def _kept(self, groups: Groups, *, alone: bool) -> Kept:
        at, points = groups.at.copy(), groups.points.copy()
        return Kept(np.array([self.value]), np.array([np.inf]), at, points, float(self.sides.budget), alone)

    def _log(self, groups: Groups, number: int, zone: int) -> Log:
        notes = log(self.net, len(groups.load), seeded(self.seed, number, zone))
        notes.total[0] = whole(groups)
        return notes

    def _zone(self, groups: Groups, number: int) -> None:
        groups.zone[:] = 0
        if number >= 0:
            line = self.across[number % len(self.across)]
            cut = np.quantile(line, (0.5, 0.35, 0.65)[number // len(self.across) % 3])
            groups.zone[line > cut] = 1

    def _reprice(self, groups: Groups) -> None:
        """A table costs more while too many are used, and less again when they are enough."""
        if self.used(groups) > self.sides.budget:
            first = 0.02 * float(groups.way.sum()) / self.sides.budget
            self.price = max(self.price * 1.3, first)
        elif self.price > 0:
            self.price *= 0.9
        groups.price[0] = self.price


def _of(groups: Groups, zone: int) -> Shorts:
    """The units of a zone: those at its sites; who has no place yet belongs to the first. Known before the search, it does not hang on who is faster."""
    return np.flatnonzero(np.where(groups.at >= 0, groups.zone[groups.at], 0) == zone).astype(np.int32)
