"""Who comes when: households whole, building by building, so that every slot of a point is filled to within one household."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tongzhou.planning.case import clock, told
from tongzhou.planning.compiled import Bools, Floats, Ints, kernel
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


def slots(plan: Plan, sites: Ints | None = None) -> Slots:
    """The slots of a plan, or only of those who go to these sites. Rows that moved during the day come after those that stayed, each in slots
    late enough for its notice and before the points close.
    """
    number, earliest = plan.case.rules.slots, plan.earliest
    some = np.arange(len(plan.at)) if sites is None else np.flatnonzero(np.isin(plan.at, sites))
    row, persons = households(plan, some)
    order = np.lexsort((np.arange(len(row)), row, earliest[row], plan.at[row]))
    slot = np.zeros(len(row), np.int64)
    level, most = _levels(plan, row, persons, earliest[row], number)
    point = plan.at[row].astype(np.int64)
    _fill(point[order], persons[order], earliest[row][order], level, most[order], number, slot, order)
    return Slots(plan, row, persons, point, slot)


def still_to_come(plan: Plan, hour: float, sites: Ints) -> Bools:
    """Which rows of these sites have people whose slot is not over by then."""
    made = slots(plan, sites)
    opens = clock(plan.case.rules.opens)
    found: Bools = opens + (made.last + 1) * made.minutes / 60 > hour
    return found & (made.last >= 0)


def _levels(plan: Plan, row: Ints, persons: Ints, earliest: Ints, number: int) -> tuple[Floats, Floats]:
    """Persons in a slot of each site, of those who were there from the start, who keep their slots whoever joins them; and for each household
    how full its slot may become: those who moved at one time are spread over what was left of the day then, on top of all before them.
    """
    wide, late, at = len(plan.case.sites), earliest >= 0, plan.at[row].astype(np.int64)
    level = np.ceil(np.bincount(at[~late], weights=persons[~late], minlength=wide) / number)
    first = np.minimum(earliest[late], number - 1)
    waves, which = np.unique(at[late] * number + first, return_inverse=True)
    share = np.ceil(np.bincount(which, weights=persons[late], minlength=len(waves)) / (number - waves % number))
    before = np.cumsum(share) - share
    begun = np.searchsorted(waves, waves // number * number)  # the first wave of the same site
    most = level[at]
    most[late] += (before + share - before[begun])[which] if len(waves) else 0.0
    return level, most


def households(plan: Plan, some: Ints) -> tuple[Ints, Ints]:
    """The households of these rows of demand, as even as whole persons allow: their row, their persons."""
    rules, persons, given = plan.case.rules, plan.case.demand.persons[some], plan.case.demand.households[some]
    number = np.where(given > 0, given, np.ceil(persons / rules.household)).astype(np.int64)
    number = np.minimum(np.maximum(number, persons > 0), persons)
    row = np.repeat(np.arange(len(some)), number)
    place = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    even, rest = persons // np.maximum(number, 1), persons % np.maximum(number, 1)
    return some[row], (even[row] + (place < rest[row])).astype(np.int64)


@kernel
def _fill(
    point: Ints, persons: Ints, earliest: Ints, level: Floats, most: Floats, number: int, slot: Ints, order: Ints
) -> None:
    """Household after household into the first slot that is not full; one that would overfill a slot by more than half goes to the next.
    Where all are full, whoever moved takes the emptiest of those left.
    """
    used = np.zeros(number, np.int64)
    here, s, sum_, owed = -1, 0, 0, 0.0
    for k in range(len(point)):
        if point[k] != here:
            here, s, sum_, owed = point[k], 0, 0, level[point[k]]
            used[:] = 0
        if earliest[k] >= 0:
            first = min(earliest[k], number - 1)
            q = first
            while q < number and used[q] + persons[k] / 2 > most[k]:
                q += 1
            if q == number:
                q = first + np.argmin(used[first:])
            used[q] += persons[k]
            slot[order[k]] = q
            continue
        while s < number - 1 and sum_ + persons[k] / 2 > owed:
            s, owed = s + 1, owed + level[here]
        sum_ += persons[k]
        used[s] += persons[k]
        slot[order[k]] = s
