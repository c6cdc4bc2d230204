"""A plan: where points open and who goes where, how long the ways are, and how much shorter they could be at most. It never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np

from tongzhou.planning.case import Case
from tongzhou.planning.compiled import Floats, Ints, Shorts
from tongzhou.planning.siting.problem import Effort, gap

if TYPE_CHECKING:
    from tongzhou.planning.replanning import Difference

BUILT_ON = ("numpy", "scipy", "numba", "highspy", "ortools", "pyvrp")


@dataclass(frozen=True, eq=False)
class Plan:
    """value and bound are weighted person-metres: no plan of this case with so many points has less than `bound`.

    at       the site of each row of demand, as a row of sites
    open     rows of the sites that are open
    stopped  "proven" (nothing shorter exists), "goal" (as good as was asked), "effort" (as much as was asked), "time", "stopped", or
             "moved" (by hand, no bound of its own)
    effort   what was done; `solve(case, points=…, seed=…, effort=plan.effort)` gives this plan again, on any number of cores
    closed   sites closed since, and at what hour: their people move, the others stay
    """

    case: Case
    at: Shorts
    open: Ints
    value: float
    bound: float
    stopped: str
    seed: int
    effort: Effort
    versions: Mapping[str, str]
    closed: tuple[tuple[str, float], ...] = ()
    # the hour from which on a row that moved during the day may be given a slot; 0: it did not move
    since: Floats | None = None

    def __post_init__(self) -> None:
        for values in (self.at, self.open, self.since):
            if values is not None:
                values.setflags(write=False)

    @property
    def gap(self) -> float:
        """Which part of the ways might still be saved at most: 0 is proven the best."""
        return gap(self.value, self.bound)

    @cached_property
    def load(self) -> Ints:
        """Persons at each site."""
        found = np.bincount(self.at, weights=self.case.demand.persons, minlength=len(self.case.sites))
        return found.astype(np.int64)

    @cached_property
    def earliest(self) -> Ints:
        """The first slot that each row may be given; -1: it was there from the start and has its slot already."""
        if self.since is None:
            return np.full(len(self.at), -1)
        return np.where(self.since > 0, self.case.rules.slot_from(self.since), -1)

    @cached_property
    def takes(self) -> Floats:
        """What each row takes of a table, in persons of a whole day: who is left the last fifth of it takes as much as five others."""
        number = self.case.rules.slots
        left = number - np.clip(self.earliest, 0, number - 1)
        found: Floats = self.case.demand.persons * (number / left)
        return found

    @cached_property
    def tables(self) -> Ints:
        """Tables at each site: as few as its people need in the slots left to them, at least one where a point is open."""
        wanted = np.bincount(self.at, weights=self.takes, minlength=len(self.case.sites))
        need = np.ceil(wanted / self.case.rules.persons_per_table - 1e-9).astype(np.int64)
        need[self.open] = np.maximum(need[self.open], 1)
        return need

    @cached_property
    def metres(self) -> Floats:
        """The walk of each row of demand."""
        return metres(self.case, self.at)

    @property
    def mean_walk(self) -> float:
        """Metres, of a person."""
        persons = self.case.demand.persons
        return float((self.metres * persons).sum() / max(persons.sum(), 1))

    @cached_property
    def points(self) -> list[dict[str, Any]]:
        """A row for each point: people, tables, rows of demand, use, mean and longest walk."""
        rows, sites, persons = [], self.case.sites, self.case.demand.persons
        for j in self.open.tolist():
            units = self.at == j
            walk = self.metres[units & (persons > 0)]
            mean = float((self.metres[units] * persons[units]).sum() / max(int(self.load[j]), 1))
            rows.append({
                "point": str(sites.key[j]), "name": str(sites.name[j]), "x": float(sites.x[j]), "y": float(sites.y[j]),
                "persons": int(self.load[j]), "tables": int(self.tables[j]), "rows": int(units.sum()),
                "use": float(self.load[j] / max(self.tables[j] * self.case.rules.persons_per_table, 1)),
                "mean_walk_m": mean, "longest_walk_m": float(walk.max(initial=0.0)),
            })  # fmt: skip
        return rows

    @property
    def assignments(self) -> list[dict[str, Any]]:
        """A row for each row of demand: its point and walk."""
        demand, sites = self.case.demand, self.case.sites
        return [
            {
                "key": str(key),
                "name": str(name),
                "persons": int(persons),
                "point": str(sites.key[j]),
                "walk_m": float(walk),
            }
            for key, name, persons, j, walk in zip(
                demand.key, demand.name, demand.persons, self.at, self.metres, strict=True
            )
        ]

    @cached_property
    def digest(self) -> str:
        """A short name of the outcome: of who goes where."""
        return sha256(self.at.astype(np.int64).tobytes() + self.open.astype(np.int64).tobytes()).hexdigest()[:16]

    def close(self, *points: str, at: str | None = None, seen: dict[str, int] | None = None) -> "Plan":
        """The plan when these points close (from the hour `at` on, else from the start): their people move, as few others as can be.

        `seen` is how many each of them has really seen by then, where that was counted: who is behind the plan moves too.
        """
        from tongzhou.planning.replanning import closed  # it builds plans itself

        return closed(self, points, at, seen or {})

    def reopen(self, *points: str, at: str | None = None) -> "Plan":
        """The plan when closed points open again: whoever would walk less goes back to them."""
        from tongzhou.planning.replanning import opened

        return opened(self, points, at)

    def reduce(self, point: str, tables: int, at: str | None = None, seen: dict[str, int] | None = None) -> "Plan":
        """The plan when a point has only so many tables left (from the hour `at` on): as many of its people move as those cannot take."""
        from tongzhou.planning.thinning import thinned

        return thinned(self, point, tables, at, seen or {})

    def fail(self, lanes: Mapping[str, int], at: str | None = None) -> "Plan":
        """The plan when these laboratories have so many lanes left (from the hour `at` on): the rest of the day's tubes go where lanes are.

        Nobody moves. Raises KeyError for a laboratory that is not there.
        """
        from tongzhou.planning.replanning import failed

        return failed(self, lanes, at)

    def add(self, *points: str, at: str | None = None) -> "Plan":
        """The plan with these sites opened beside the others: whoever would walk less goes there."""
        return self.reopen(*points, at=at)

    def diff(self, other: "Plan") -> "Difference":
        """Who moves, from `other` to this plan."""
        from tongzhou.planning.replanning import difference

        return difference(other, self)

    def replace(self, **changes: Any) -> "Plan":
        return replace(self, **changes)

    def save(self, path: Any) -> None:
        """As JSON, with its case: `load` gives it back, number for number."""
        from tongzhou.planning.keeping import save

        save(self, path)


def metres(case: Case, at: Shorts) -> Floats:
    """Metres from each row of demand to its site."""
    found: Floats = case.ways.between(np.arange(len(at)), at.astype(np.int64))
    return np.where(np.isinf(found) & (case.demand.persons == 0), 0.0, found)  # an empty row may have no way at all


def everyone(case: Case, at: Shorts, open_: Ints) -> Shorts:
    """The site of each row of demand, from those of the rows where people live: an empty row is given the nearest open site, whatever the limit."""
    found = np.empty(len(case.demand), np.int32)
    found[case.people] = at
    empty = np.setdiff1d(np.arange(len(found)), case.people)
    if len(empty):
        found[empty] = case.ways.closest(empty, open_)
    return found


def versions() -> dict[str, str]:
    found = {}
    for name in ("tongzhou", *BUILT_ON):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # the house itself need not be installed as a package
            found[name] = ""
    return found
