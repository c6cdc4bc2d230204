"""Who comes when: households whole, building by building, so that every slot of a point is filled to within one household."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tongzhou.planning.case import clock, told
from tongzhou.planning.compiled import Floats, Ints, kernel
from tongzhou.planning.plan import Plan


@dataclass(frozen=True, eq=False)
class Slots:
    """A row for each household: its row of demand, persons, point (a row of sites) and slot; slot s begins `minutes` times s after opening."""

    plan: Plan
    row: Ints
    persons: Ints
    point: Ints
    slot: Ints

    @property
    def minutes(self) -> int:
        return self.plan.case.rules.slot_minutes

    def hour(self, slot: int) -> float:
        return clock(self.plan.case.rules.opens) + slot * self.minutes / 60

    @cached_property
    def first(self) -> Ints:
        """The first slot of each row of demand (-1: nobody lives there)."""
        found = np.full(len(self.plan.at), np.iinfo(np.int64).max)
        np.minimum.at(found, self.row, self.slot)
        return np.where(found == np.iinfo(np.int64).max, -1, found)

    @cached_property
    def last(self) -> Ints:
        found = np.full(len(self.plan.at), -1)
        np.maximum.at(found, self.row, self.slot)
        return found

    @cached_property
    def filled(self) -> Ints:
        """Persons by point (a row of the plan's open sites) and slot."""
        wide = int(self.slot.max(initial=0)) + 1
        place = np.searchsorted(self.plan.open, self.point)
        inside = (place < len(self.plan.open)) & (
            self.plan.open[np.minimum(place, len(self.plan.open) - 1)] == self.point
        )
        found = np.zeros((len(self.plan.open), wide), np.int64)
        np.add.at(found, (place[inside], self.slot[inside]), self.persons[inside])
        return found

    def calls(self) -> list[list[tuple[int, int]]]:
        """For each row of demand: (minute of the day at which a slot begins, persons of the row who are called then)."""
        opens = round(clock(self.plan.case.rules.opens) * 60)
        found: list[dict[int, int]] = [{} for _row in self.plan.at]
        for row, slot, persons in zip(self.row.tolist(), self.slot.tolist(), self.persons.tolist(), strict=True):
            found[row][slot] = found[row].get(slot, 0) + persons
        return [[(opens + slot * self.minutes, n) for slot, n in sorted(one.items())] for one in found]

    def words(self) -> list[dict[str, Any]]:
        """A row for each row of demand: its point and the hours within which its households are called."""
        demand, sites = self.plan.case.demand, self.plan.case.sites
        return [
            {"key": str(demand.key[i]), "point": str(sites.key[self.plan.at[i]]), "from": told(self.hour(first)), "to": told(self.hour(last + 1))}
            for i, (first, last) in enumerate(zip(self.first.tolist(), self.last.tolist(), strict=True))
            if first >= 0
        ]  # fmt: skip


def slots(plan: Plan) -> Slots:
    """The slots of a plan. Rows that moved during the day come after those that stayed, in slots late enough for the notice."""
    rules = plan.case.rules
    row, persons = households(plan)
    since = np.zeros(len(plan.at)) if plan.since is None else plan.since
    notice = np.ceil(np.maximum(since - clock(rules.opens), 0.0) * 60 / rules.slot_minutes - 1e-9)
    earliest = np.where(since > 0, notice, -1).astype(np.int64)  # -1: there from the start
    number = max(1, round(rules.hours * 60 / rules.slot_minutes))
    order = np.lexsort((np.arange(len(row)), row, since[row] > 0, plan.at[row]))
    slot = np.zeros(len(row), np.int64)
    level, most = _levels(plan, row, persons, earliest, number)
    _fill(plan.at[row][order].astype(np.int64), persons[order], earliest[row][order], level, most, number, slot, order)
    return Slots(plan, row, persons, plan.at[row].astype(np.int64), slot)


def _levels(plan: Plan, row: Ints, persons: Ints, earliest: Ints, number: int) -> tuple[Floats, Floats]:
    """Persons in a slot of each site: of those who were there from the start, who keep their slots whoever joins them; and in all, those
    who came later being spread over what is left of the day after the latest notice among them.
    """
    wide, late = len(plan.case.sites), earliest[row] >= 0
    level = np.ceil(np.bincount(plan.at[row[~late]], weights=persons[~late], minlength=wide) / number)
    joined = np.bincount(plan.at[row[late]], weights=persons[late], minlength=wide)
    first = np.zeros(wide, np.int64)
    np.maximum.at(first, plan.at[row[late]], earliest[row[late]])
    return level, level + np.ceil(joined / np.maximum(number - first, 1))


def households(plan: Plan) -> tuple[Ints, Ints]:
    """The households of every row of demand, as even as whole persons allow: their row, their persons."""
    demand, rules = plan.case.demand, plan.case.rules
    number = np.where(demand.households > 0, demand.households, np.ceil(demand.persons / rules.household)).astype(
        np.int64
    )
    number = np.minimum(np.maximum(number, demand.persons > 0), demand.persons)
    row = np.repeat(np.arange(len(number)), number)
    place = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    even, rest = demand.persons // np.maximum(number, 1), demand.persons % np.maximum(number, 1)
    return row, (even[row] + (place < rest[row])).astype(np.int64)


@kernel
def _fill(
    point: Ints, persons: Ints, earliest: Ints, level: Floats, most: Floats, number: int, slot: Ints, order: Ints
) -> None:
    """Household after household into the first slot that is not full; one that would overfill a slot by more than half goes to the next."""
    wide = 4 * number
    used = np.zeros(wide, np.int64)
    here, s, sum_, owed = -1, 0, 0, 0.0
    for k in range(len(point)):
        if point[k] != here:
            here, s, sum_, owed = point[k], 0, 0, level[point[k]]
            used[:] = 0
        if earliest[k] >= 0:
            q = earliest[k]
            while q < wide - 1 and used[q] + persons[k] / 2 > most[here]:
                q += 1
            used[q] += persons[k]
            slot[order[k]] = q
            continue
        while s < number - 1 and sum_ + persons[k] / 2 > owed:
            s, owed = s + 1, owed + level[here]
        sum_ += persons[k]
        used[s] += persons[k]
        slot[order[k]] = s
