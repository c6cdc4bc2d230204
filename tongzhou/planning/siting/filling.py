"""The search where points have limited room: groups, taken apart and put together, cooled; on two islands, or in two zones if there are many points."""

from concurrent.futures import Executor
from copy import deepcopy
from typing import Any

import numpy as np

from tongzhou.planning.compiled import Floats, Ints, Shorts, seeded
from tongzhou.planning.siting.bounding import Sides
from tongzhou.planning.siting.grouping import Groups, Log, empty, log, settle, whole
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.refilling import BY_REGRET, recentred, refill
from tongzhou.planning.siting.regrouping import Kept, lawful, regroup

HEAT = 0.2  # at first, in the mean cost of a unit
KICKS = 1000  # of a block; fewer where points have more units than …
MANY = 30  # … so many, for a kick works on them all: in proportion to their square …
STEPS = 50  # … with so many small steps before each, and more, in proportion, where kicks are few; so with …
TRADES = 50
POLISH = 2  # and so many small steps for each unit around after it
ZONED = 400  # from so many points on there are two zones; below there are …
ISLANDS = 2  # … two islands, each with a plan of its own, …
MEET = 6  # … that meet so often, about
DEARER = 4  # so many times more one person too many costs, when a block ends with one
HOT = 8  # kicks for each unit from which on it pays to be hot at first


class Filling:
    """On each island a plan of its own; now and then all go on from the best. `across`: numbers along which the sites can be halved (rows: x, y …)."""

    def __init__(self, net: Net, sides: Sides, seed: int, across: Floats, pool: Executor | None = None) -> None:
        self.net, self.sides, self.seed, self.across, self.pool = net, sides, seed, across, pool
        self.value, self.starts = np.inf, 0
        size = sides.size[sides.size > 0]
        self.over = 4 * float(np.max(net.cost, initial=1.0)) / max(float(size.mean()) if len(size) else 1.0, 1e-9)
        self.price = 0.0
        self.zoned = sides.points >= ZONED and len(across) > 0
        self.islands: list[Groups] = []
        self.kept: tuple[Ints, Shorts] = (np.zeros(0, np.int64), np.zeros(0, np.int32))

    def start(self, sites: Ints) -> None:
        """Fill these sites, the most urgent first; later taken if that is better than all before: a search still warm is not thrown away for less."""
        self.starts += 1
        groups = empty(self.net, self.sides, sites, self.over, self.price)
        notes = self._log(groups, self.starts, 0)
        everybody = np.arange(len(groups.at), dtype=np.int32)
        notes.pool[:], notes.ends[2] = everybody, len(everybody)
        refill(self.net, groups, notes, BY_REGRET, 0, 0.0)
        settle(notes)
        recentred(self.net, groups, notes)
        totals = [whole(island) for island in self.islands]
        if len(totals) < self._wanted():
            self.islands.append(groups)
        elif self._comes_to(groups) < min(self.value, *totals):
            self.islands[int(np.argmax(totals))] = groups
        else:
            return
        self._keep(groups)

    def block(self, number: int, part: float, planned: int = 0) -> None:
        """One block of kicks on each island; with zones, half of it in each zone."""
        while len(self.islands) < self._wanted():
            self.islands.append(deepcopy(self.islands[0]))
        kept = [self._kept(groups) for groups in self.islands]
        todo = [
            job
            for k, groups in enumerate(self.islands)
            for job in self._jobs(k, groups, kept[k], number, part, planned)
        ]
        if self.pool is not None:
            for waiting in [self.pool.submit(regroup, *job) for job in todo]:
                waiting.result()
        else:
            for job in todo:
                regroup(*job)
        for groups, keep in zip(self.islands, kept, strict=True):
            if keep.value[0] < self.value:
                self.value, self.kept = float(keep.value[0]), (keep.points.astype(np.int64), keep.at.copy())
            self._keep(groups)
            self._dearer(groups)
        if planned and number % max(planned // MEET, 1) == 0:
            self._meet()

    def _comes_to(self, groups: Groups) -> float:
        """What a new start costs in all; on an island, after a cold block."""
        if not self.zoned:
            notes, everybody, work = self._log(groups, self.starts, 0), _of(groups, 0), self._work(len(groups.at))
            regroup(self.net, groups, notes, everybody, *work, 0.0, 0, self._kept(groups))
        return float(whole(groups))

    def _wanted(self) -> int:
        return 1 if self.zoned else ISLANDS

    def _jobs(
        self, k: int, groups: Groups, keep: Kept, number: int, part: float, planned: int
    ) -> list[tuple[Any, ...]]:
        units = max(len(groups.at), 1)
        work = self._work(units)
        warm = planned * KICKS >= HOT * units
        heat = HEAT * float(groups.way.sum()) / units * (1 - part) ** 2 if warm else 0.0
        self._zone(groups, number)
        return [
            (self.net, groups, self._log(groups, number, 1 + k + zone), _of(groups, zone), *work, heat, zone, keep)
            for zone in range(2 if self.zoned else 1)
        ]  # fmt: skip

    def _work(self, units: int) -> tuple[int, int, int, int]:
        """Kicks of a block, small steps and trades before each, small steps for each unit after it."""
        full = max(1.0, units / (MANY * self.sides.points))
        return max(1, int(KICKS / full**2)), int(STEPS * full), int(TRADES * full), POLISH

    def _dearer(self, groups: Groups) -> None:
        """Whoever is too many costs more after a block that ends with somebody too many."""
        if np.any(groups.load > groups.room + 1e-6):
            groups.over[0] = self.over = float(groups.over[0]) * DEARER
        if np.isfinite(self.sides.budget):
            self._reprice(groups)

    def _meet(self) -> None:
        """All go on from where the best of them is."""
        totals = [whole(groups) for groups in self.islands]
        best = int(np.argmin(totals))
        self.islands = [groups if k == best else deepcopy(self.islands[best]) for k, groups in enumerate(self.islands)]

    def best(self) -> tuple[Ints, Shorts]:
        return self.kept

    def missing(self) -> Ints:
        """Units that list no open site, where the best island is: longer rows for the others would make the first plan wait."""
        best = min(self.islands, key=whole)
        return np.flatnonzero((best.at < 0) & np.isfinite(self.net.beyond))

    def used(self, groups: Groups) -> float:
        return float(np.ceil(groups.load / groups.table - 1e-9).sum())

    def _keep(self, groups: Groups) -> None:
        value = float(lawful(groups, float(self.sides.budget)))
        if value < self.value or not len(self.kept[0]):
            self.value, self.kept = min(value, self.value), (groups.points.astype(np.int64), groups.at.copy())

    def _kept(self, groups: Groups) -> Kept:
        at, points = groups.at.copy(), groups.points.copy()
        alone = not self.zoned
        return Kept(np.array([self.value]), np.array([np.inf]), at, points, float(self.sides.budget), alone)

    def _log(self, groups: Groups, number: int, zone: int) -> Log:
        notes = log(self.net, len(groups.load), seeded(self.seed, number, zone))
        notes.total[0] = whole(groups)
        return notes

    def _zone(self, groups: Groups, number: int) -> None:
        groups.zone[:] = 0
        if self.zoned:
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
