"""The bound of whole points: where the climb of payments ends, a linear programme with cuts goes on.

The programme holds the pairs that may matter and, round by round, the cuts that its solution violates (cutting.py). What it gives are only
payments: for the units, and for each cut. The bound is what the whole net makes of them, as in bounding.py, with a pair dearer by the payments
of the cuts that count it and a site cheaper; pairs that should have been in the programme show there, and go in. A bound from too few
pairs is lower, never wrong. Rounds are counted, so that they can be done again.
"""

from math import inf
from time import monotonic
from typing import Any

import numpy as np

from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.siting.bounding import SAFE, Sides, opened
from tongzhou.planning.siting.cutting import Cut, broken, cut, violated
from tongzhou.planning.siting.mip import Model, loaded
from tongzhou.planning.siting.net import Net

LARGEST = 60_000  # pairs in the programme, beyond which it is too slow to be of use
DEARER = 0.3  # than what is paid: pairs up to this are in it from the start
NARROW, WIDE = 5, 24  # ways to begin a set: more are tried when few find anything
FEW = 40  # cuts


class Tightening:
    """`value`: the best bound so far; `rounds` done; `over`: there is nothing more to gain."""

    def __init__(self, net: Net, sides: Sides, l: Floats) -> None:  # noqa: E741 -- as in bounding
        self.net, self.sides = net, sides
        self.unit = np.repeat(np.arange(len(l)), np.diff(net.start))
        self.cost = np.asarray(net.cost, np.float64)
        self.inside = (self.cost <= (1 + DEARER) * l[self.unit]) | (
            np.arange(len(self.unit)) < net.start[self.unit] + 2
        )
        self.value, self.rounds, self.wide, self.took = -inf, 0, NARROW, 0.0
        self.over = int(self.inside.sum()) > LARGEST
        self.pairs = np.flatnonzero(self.inside)
        self.cuts: list[Cut] = []
        self.solver: Any = None

    def round(self, seconds: float = inf) -> bool:
        """Once more, with what the last solution asks for. False, and not counted, if the seconds do not suffice or there is nothing to do."""
        if self.over or seconds < self.took:  # it would not be done
            return False
        begun = monotonic()
        if self.solver is None:
            self.solver = self._programme()
        elif not self._more():
            self.over = True
            return False
        if not self._solved(seconds - (monotonic() - begun)):  # no time, or nobody can keep the limits of walking
            self.over = True
            return False
        self.value = max(self.value, self._bound())
        self.rounds, self.took = self.rounds + 1, monotonic() - begun
        return True

    @property
    def proven(self) -> float:
        return self.value * SAFE if self.value > 0 else self.value

    def _solved(self, seconds: float) -> bool:
        import highspy

        if seconds <= 0:
            return False
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + min(seconds, 1e6))
        self.solver.run()
        self.solver.setOptionValue("solver", "simplex")  # from where it stands; only the first time from nothing
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _programme(self) -> Any:
        """First y of every site, then x of the pairs: each unit is served, so many sites open, no pair where its site is not."""
        n, m, k = len(self.net.beyond), len(self.sides.kept), len(self.pairs)
        unit, site, x, pair = self.unit[self.pairs], self.net.site[self.pairs], m + np.arange(k), n + 1 + np.arange(k)
        model = Model(
            cost=np.concatenate([np.zeros(m), self.cost[self.pairs]]),
            least=np.concatenate([self.sides.kept.astype(float), np.zeros(k)]),
            most=np.concatenate([1.0 - self.sides.banned, np.full(k, inf)]),
            whole=np.zeros(m + k, bool),
            row=np.concatenate([np.full(m, n), unit, pair, pair]),
            column=np.concatenate([np.arange(m), x, x, site]),
            value=np.concatenate([np.ones(m + k + k), -np.ones(k)]),
            low=np.concatenate([np.ones(n), [self.sides.points], np.full(k, -inf)]),
            high=np.concatenate([np.full(n, inf), [self.sides.points], np.zeros(k)]),
        )
        self.rows_of_cuts = list[int]()
        self.columns = x  # of the pairs
        return loaded(model, solver="ipm")

    def _solution(self) -> tuple[Floats, Floats, Floats, Floats]:
        """x of the pairs, y, what is paid to the units, and for the cuts."""
        m, n = len(self.sides.kept), len(self.net.beyond)
        solution = self.solver.getSolution()
        value, dual = np.array(solution.col_value), np.array(solution.row_dual)
        paid = np.clip(dual[:n], 0.0, self.net.beyond)
        return value[self.columns], value[:m], paid, np.maximum(dual[self.rows_of_cuts], 0.0)

    def _bound(self) -> float:
        """Of the whole net, for the payments of the programme's solution. Notes the pairs that are missing in it."""
        _x, _y, paid, each = self._solution()
        m = len(self.sides.kept)
        dearer, worth, value = np.zeros(len(self.cost)), np.zeros(m), paid.sum()
        for one, price in zip(self.cuts, each, strict=True):
            if price > 0:
                dearer[one.pairs] += price
                worth[one.sites] -= price * one.counts
                value -= price * one.less
        gain = np.minimum(self.cost + dearer - paid[self.unit], 0.0)
        self.missing = np.flatnonzero((gain < -1e-9 * self.cost) & ~self.inside)
        worth += np.bincount(self.net.site, weights=gain, minlength=m)
        worth[self.sides.banned] = 0.0
        return float(value + worth[opened(self.sides, worth)].sum())

    def _more(self) -> bool:
        """Pairs that are missing, else cuts; whether there was anything."""
        if len(self.missing):
            self._let_in(self.missing)
            return True
        x, y, _paid, _each = self._solution()
        unit, site = self.unit[self.pairs], self.net.site[self.pairs].astype(np.int64)
        order = np.lexsort((self.pairs, unit))
        given = (unit[order], site[order], self.pairs[order])
        now = broken(unit, site, x, y, len(self.net.beyond))
        while True:
            sets = violated(now, self.wide)
            for r, units in sets:
                self._cut(cut(r, units, given, x[order], y), order)
            if len(sets) < FEW:
                self.wide *= 2
            if sets or self.wide > WIDE:
                return bool(sets)

    def _cut(self, one: Cut, order: Ints) -> None:
        own = order[one.pairs]
        index = np.concatenate([one.sites, self.columns[own]]).astype(np.int32)
        self.rows_of_cuts.append(self.solver.getNumRow())
        self.solver.addRow(-float(one.less), inf, len(index), index, np.concatenate([one.counts, -np.ones(len(own))]))
        self.cuts.append(one._replace(pairs=self.pairs[own]))

    def _let_in(self, pairs: Ints) -> None:
        rows = self.solver.getNumRow()
        columns = self.solver.getNumCol() + np.arange(len(pairs))
        for k, pair in enumerate(pairs):
            self.solver.addRow(-inf, 0.0, 1, np.array([self.net.site[pair]], np.int32), np.array([-1.0]))
            index = np.array([self.unit[pair], rows + k], np.int32)
            self.solver.addCol(float(self.cost[pair]), 0.0, inf, 2, index, np.ones(2))
        self.pairs, self.columns = np.concatenate([self.pairs, pairs]), np.concatenate([self.columns, columns])
        self.inside[pairs] = True
