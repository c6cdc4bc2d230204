"""The question of siting in bare arrays, and the answer: which sites open, who goes where, and how good that provably is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tongzhou.planning.compiled import Bools, Floats, Ints, Shorts
from tongzhou.planning.siting.bounding import Sides
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.rows import Rows, Ways, listed, net, widened


@dataclass(frozen=True)
class Question:
    """n units of so many persons (`size`) whose metres weigh `weight`; m sites of which `points` open.

    table, tables  persons that one table takes, and for how many a site has room; an infinite `table`: no limit
    budget         of tables altogether; infinite: none
    limit          the farthest a unit may have to go, in metres; infinite: as far as it takes
    """

    ways: Ways
    weight: Floats
    size: Floats
    table: float
    tables: Ints
    kept: Bools
    banned: Bools
    points: int
    budget: float
    limit: Floats

    @property
    def limited(self) -> bool:
        return bool(np.isfinite(self.table))

    def sides(self) -> Sides:
        return Sides(self.size, self.table, self.tables, self.kept, self.banned, self.points, self.budget)

    def rows(self) -> Rows:
        return self.fitting(listed(self.ways, self.points))

    def fitting(self, rows: Rows) -> Rows:
        rows = rows.cut(self.limit) if np.isfinite(self.limit).any() else rows
        return rows.without(self.banned) if self.banned.any() else rows

    def wider(self, rows: Rows, units: Ints) -> Rows:
        return self.fitting(widened(self.ways, rows, units))

    def net(self, rows: Rows) -> Net:
        return net(rows, self.weight, self.ways.sites)


@dataclass(frozen=True)
class Effort:
    """How much was done, in steps that do not depend on the clock. Given again, it gives the same plan and the same bound.

    planned, done  blocks of search        rounds  of the bound's tightening, which the search knows nothing of
    """

    planned: int
    done: int
    rounds: int = 0


@dataclass(frozen=True)
class Progress:
    seconds: float
    value: float  # weighted metres of the best plan so far
    bound: float  # no plan has less
    blocks: int

    @property
    def gap(self) -> float:
        return gap(self.value, self.bound)


Watch = Callable[[Progress], bool]


@dataclass(frozen=True)
class Answer:
    at: Shorts  # the site of each unit
    points: Ints
    value: float
    bound: float
    stopped: str  # "proven", "goal", "effort", "time" or "stopped"
    effort: Effort


class Search(Protocol):
    """A search for points; `value` and `best` are of the best plan so far that keeps every rule (infinite: none yet)."""

    value: float

    def start(self, sites: Ints) -> None: ...
    def block(self, number: int, part: float, planned: int) -> None: ...
    def best(self) -> tuple[Ints, Shorts]: ...
    def missing(self) -> Ints: ...


def gap(value: float, bound: float) -> float:
    """Which part of the value might still be saved at most: 0 is proven the best."""
    if not np.isfinite(value):
        return 1.0
    return float(min(1.0, max(0.0, (value - bound) / value))) if value > 0 else 0.0
