"""Room for people who must move: what is left at each open point, and who may be moved on so that others find a place."""

from collections.abc import Mapping

import numpy as np

from tongzhou.planning.compiled import Bools, Floats, Ints
from tongzhou.planning.plan import Plan
from tongzhou.planning.slotting import still_to_come

NEAR = 64  # sites looked at for each row; four times as many if none of them will do
TRIES = 400  # rows looked at, at most, to make room for one
DEEP = 3  # rows moved on one for another, at most
EPS = 1e-6


class Room:
    """What the open points can still take, in persons of a whole day (`Plan.takes`), and where everybody goes: `target`, -1 for nowhere.

    moving  rows that must leave their site; who joins a site comes in the slots after the notice, and takes `joins` of it
    spare   tables beyond those in use; over: whether the day is over before anybody who moves could come
    """

    def __init__(self, plan: Plan, open_: Ints, moving: Ints, hour: float | None, seen: Mapping[str, int]) -> None:
        self.plan, self.case, self.hour, self.moving = plan, plan.case, hour, moving
        rules, sites = plan.case.rules, plan.case.sites
        first = 0 if hour is None else int(rules.slot_from(hour + rules.notice_minutes / 60))
        self.over = first >= rules.slots
        self.joins = plan.case.demand.persons * (rules.slots / max(rules.slots - first, 1))
        self.is_open = np.zeros(len(sites), np.bool_)
        self.is_open[open_] = True
        self.target, self.near = plan.at.copy(), dict[int, tuple[Ints, Floats]]()
        self.target[moving] = -1
        stays = self.target >= 0
        self.busy = np.bincount(plan.at[stays], weights=plan.takes[stays], minlength=len(sites))
        self.table, self.most = rules.persons_per_table, sites.tables * rules.persons_per_table
        if hour is not None:
            self._counted(seen, hour)
        self.tables = np.where(self.is_open, np.maximum(np.ceil(self.busy / self.table - EPS), 1), 0)
        self.spare = float(rules.tables) - float(self.tables.sum())
        self.log: list[tuple[int, int]] = []
        self.tries = 0
        self.movable: dict[int, Bools] = {}

    def _counted(self, seen: Mapping[str, int], hour: float) -> None:
        """A point that has seen fewer than it should have by now has the others still to come, in what is left of the day."""
        rules = self.case.rules
        left = rules.slots - int(rules.slot_from(hour))
        for key, number in seen.items():
            j = self.case.sites.place(key)
            if self.is_open[j] and left > 0:
                self.busy[j] = max(self.busy[j], (self.plan.load[j] - number) * rules.slots / left)

    def place(self) -> int:
        """Give each row that moves an open site with room, the most urgent first. Returns how many persons find none."""
        persons, self.tries = self.case.demand.persons, 0
        if self.over or not self.is_open.any():
            return int(persons[self.moving].sum())
        self._look(self.moving)
        enough = self.joins[self.moving].sum() <= np.maximum(self.most - self.busy, 0)[self.is_open].sum() + EPS
        stuck = 0
        for i in sorted(self.moving.tolist(), key=lambda one: (-self._regret(one), one)):
            j = self.found(i)
            if j >= 0:
                self.move(i, j)
                continue
            self.tries = TRIES
            if not (enough and self._squeezed(i, (), DEEP)):
                stuck += int(persons[i])
        return stuck

    def found(self, i: int, barred: tuple[int, ...] = ()) -> int:
        """The nearest site where the row finds room, however far it may walk; -1: none."""
        self._look(np.array([i]))
        j = self._fitting(i, barred)
        if j < 0 and len(self.near[i][0]) < self.is_open.sum():
            self.near[i] = self._far(i, len(self.is_open))
            j = self._fitting(i, barred)
        return j

    def takes(self, i: int, j: int) -> float:
        return float(self.plan.takes[i] if j == self.plan.at[i] else self.joins[i])

    def fits(self, sites: Ints, i: int) -> Bools:
        """At which of these sites the row finds room, and a table where it needs one more."""
        busy = self.busy[sites] + np.where(sites == self.plan.at[i], self.plan.takes[i], self.joins[i])
        more = np.ceil(busy / self.table - EPS) - self.tables[sites]
        found: Bools = (busy <= self.most[sites] + EPS) & (more <= max(self.spare, 0.0))
        return found

    def move(self, i: int, j: int) -> None:
        """The row goes to this site; -1: nowhere for now."""
        old = int(self.target[i])
        self.log.append((i, old))
        self.target[i] = j
        for site, sign in ((old, -1), (j, 1)):
            if site >= 0:
                self.busy[site] += sign * self.takes(i, site)
                need = max(np.ceil(self.busy[site] / self.table - EPS), 1.0)
                self.spare += float(self.tables[site] - need)
                self.tables[site] = need

    def _back(self, mark: int) -> None:
        """As it was when the log was so long."""
        while len(self.log) > mark:
            i, old = self.log[-1]
            self.move(i, old)
            del self.log[-2:]

    def _squeezed(self, i: int, barred: tuple[int, ...], deep: int) -> bool:
        """Give the row a site, moving others on where there is no room without. If it cannot be, all stays as it was."""
        j = self._fitting(i, barred)
        if j >= 0:
            self.move(i, j)
            return True
        if deep == 0:
            return False
        for site in self.near[i][0].tolist():
            if (
                site not in barred
                and self.most[site] >= self.joins[i]
                and self._cleared(site, i, (*barred, site), deep - 1)
            ):
                self.move(i, site)
                return True
        return False

    def _cleared(self, j: int, i: int, barred: tuple[int, ...], deep: int) -> bool:
        """Move rows on from a site until this one fits: first such as are enough alone, and those that lose least by it."""
        mark, wanted = len(self.log), self.busy[j] + self.joins[i] - self.most[j]
        for u in self._in_turn(j, wanted):
            if self.tries == 0:
                break
            self.tries -= 1
            before = len(self.log)
            self.move(u, -1)
            if not self._squeezed(u, barred, deep):
                self._back(before)
            elif self.fits(np.array([j]), i)[0]:
                return True
        self._back(mark)
        return False

    def _in_turn(self, j: int, wanted: float) -> list[int]:
        rows = np.flatnonzero((self.target == j) & (self.case.demand.persons > 0) & self._may_move(j))
        self._look(rows)

        def loss(u: int) -> tuple[bool, float, int]:
            sites, walk = self.near[u]
            more = float(walk[sites != j].min(initial=np.inf) - self.case.ways.between(np.array([u]), np.array([j]))[0])
            return self.takes(u, j) < wanted, float(self.case.weight[u]) * more, u

        return sorted((u for u in rows.tolist() if (self.near[u][0] != j).any()), key=loss)

    def _may_move(self, j: int) -> Bools:
        """Who has been swabbed stays; whoever moves already may be sent elsewhere."""
        if self.hour is None:
            return np.ones(len(self.target), np.bool_)
        if j not in self.movable:
            self.movable[j] = still_to_come(self.plan, self.hour, np.array([j]))
        found: Bools = self.movable[j] | (self.target != self.plan.at)
        return found

    def _look(self, units: Ints) -> None:
        """The nearest open sites of these rows."""
        new = np.array([i for i in units.tolist() if i not in self.near], np.int64)
        if not len(new):
            return
        rows = self.case.ways.nearest(new, NEAR)
        for k, i in enumerate(new.tolist()):
            a, b = rows.start[k], rows.start[k + 1]
            may = self.is_open[rows.site[a:b]] & (rows.metres[a:b] <= self.case.limit[i])
            found = rows.site[a:b][may].astype(np.int64), rows.metres[a:b][may]
            self.near[i] = found if len(found[0]) >= 2 else self._far(i, 4 * NEAR)

    def _far(self, i: int, count: int) -> tuple[Ints, Floats]:
        while True:
            row = self.case.ways.nearest(np.array([i]), count)
            may = self.is_open[row.site] & (row.metres <= self.case.limit[i])
            if may.sum() >= 2 or count >= len(self.is_open):
                return row.site[may].astype(np.int64), row.metres[may]
            count *= 4

    def _regret(self, i: int) -> float:
        walk = self.near[i][1]
        return float(self.case.weight[i] * (walk[1] - walk[0])) if len(walk) > 1 else np.inf

    def _fitting(self, i: int, barred: tuple[int, ...]) -> int:
        """The nearest of those looked at where the row finds room; -1: none."""
        for j in self.near[i][0][self.fits(self.near[i][0], i)].tolist():
            if j not in barred:
                return int(j)
        return -1
