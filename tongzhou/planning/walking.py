"""How far people walk: in a plane, on the earth by WGS-84 or GCJ-02, or by a table of metres from a router.

GCJ-02 is the shifted system that maps in China must use: up to 700 m beside WGS-84. Mixing them unnamed moves buildings across a river,
so the datum of both tables is always named.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from tongzhou.planning.columns import Fault, Table
from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.siting.rows import Rows
from tongzhou.planning.words import say

DATUMS = ("WGS-84", "GCJ-02")
RADIUS = 6_371_008.8  # metres, mean
AXIS, ECCENTRICITY = 6_378_245.0, 0.00669342162296594323  # of the ellipsoid that GCJ-02 is shifted on
SHOWN = 20  # pairs named
FAR_KM = 300  # a row so far from the middle of the others is a slip


class Walk(Protocol):
    def plane(self, demand: Table, sites: Table) -> "tuple[Floats, Floats] | None": ...
    def faults(self, demand: Table, sites: Table) -> list[Fault]: ...
    def ways(self, demand: Table, sites: Table) -> Any: ...


@dataclass(frozen=True)
class Plane:
    """x and y are metres. `detour`: how much longer the walk is than the straight line (cities: 1.2 to 1.4)."""

    detour: float = 1.0

    def plane(self, demand: Table, sites: Table) -> tuple[Floats, Floats]:
        return np.stack([demand.x, demand.y], 1), np.stack([sites.x, sites.y], 1)

    def faults(self, demand: Table, sites: Table) -> list[Fault]:
        return []

    def ways(self, demand: Table, sites: Table) -> "Straight":
        return Straight(*self.plane(demand, sites), self.detour)


@dataclass(frozen=True)
class Earth:
    """x is longitude, y latitude, in degrees; `demand` and `sites` name the datum of each table: "WGS-84" or "GCJ-02"."""

    demand: str = "WGS-84"
    sites: str = "WGS-84"
    detour: float = 1.3

    def __post_init__(self) -> None:
        for datum in (self.demand, self.sites):
            if datum not in DATUMS:
                message = f"unknown datum {datum!r}: say WGS-84 or GCJ-02"
                raise ValueError(message)

    def plane(self, demand: Table, sites: Table) -> tuple[Floats, Floats]:
        """Metres east and north of the middle of the demand; within a city true to a thousandth."""
        ends = []
        for rows, datum in ((demand, self.demand), (sites, self.sites)):
            degrees = np.stack([rows.x, rows.y], 1)
            ends.append(to_wgs84(degrees) if datum == "GCJ-02" else degrees)
        middle = ends[0].mean(0)
        scale = np.radians(1) * RADIUS * np.array([np.cos(np.radians(middle[1])), 1.0])
        return (ends[0] - middle) * scale, (ends[1] - middle) * scale

    def faults(self, demand: Table, sites: Table) -> list[Fault]:
        found = []
        for rows in (demand, sites):
            wrong = (np.abs(rows.x) > 180) | (np.abs(rows.y) > 85)
            found += [
                Fault(rows.title, int(i) + 1, say("off_earth", x=rows.x[i], y=rows.y[i])) for i in np.flatnonzero(wrong)
            ]
        if not found:
            ends = self.plane(demand, sites)
            middle = np.median(ends[0], axis=0)
            for rows, points in zip((demand, sites), ends, strict=True):
                lost = np.hypot(*(points - middle).T) > FAR_KM * 1000
                found += [Fault(rows.title, int(i) + 1, say("far_away", km=FAR_KM)) for i in np.flatnonzero(lost)]
        return found

    def ways(self, demand: Table, sites: Table) -> "Straight":
        return Straight(*self.plane(demand, sites), self.detour)


@dataclass(frozen=True, eq=False)
class Matrix:
    """Walking metres as a table, dense or SciPy sparse: a row for each unit, a column for each site. What a sparse one does not hold may not be walked.
    `ground`: where x and y lie all the same, for vans and staff who do not walk these ways.
    """

    metres: Any
    ground: Earth | None = None

    def plane(self, demand: Table, sites: Table) -> None:
        return None

    def faults(self, demand: Table, sites: Table) -> list[Fault]:
        rows, columns = self.metres.shape
        if (rows, columns) != (len(demand), len(sites)):
            return [Fault("walk", 0, say("matrix_shape", rows=rows, columns=columns, n=len(demand), m=len(sites)))]
        less = self.metres < 0  # of what is not a number neither
        return [
            Fault("walk", i + 1, say("matrix_below", home=demand.key[i], site=sites.key[j]))
            for i, j in np.transpose(less.nonzero())[:SHOWN].tolist()
        ]

    def ways(self, demand: Table, sites: Table) -> "Given":
        return Given(self.metres)


def ground(walk: Walk) -> Walk:
    """By which x and y of a case are to be read."""
    found: Walk = getattr(walk, "ground", None) or walk
    return found


class Straight:
    """Metres along the straight line times the detour, by a k-d tree."""

    def __init__(self, units: Floats, sites: Floats, detour: float = 1.0) -> None:
        self.ends, self.detour = (units, sites), detour
        self.units, self.sites = len(units), len(sites)

    @cached_property
    def tree(self) -> Any:
        from scipy.spatial import cKDTree  # loaded only by whoever plans

        return cKDTree(self.ends[1])

    def nearest(self, units: Ints, count: int) -> Rows:
        count = min(count, self.sites)
        metres, site = self.tree.query(self.ends[0][units], k=np.arange(1, min(count + 1, self.sites) + 1))
        metres *= self.detour
        beyond = np.full(len(units), np.inf) if count >= self.sites else metres[:, -1].copy()
        start = np.arange(len(units) + 1) * count
        return Rows(start, site[:, :count].ravel().astype(np.int32), metres[:, :count].ravel().copy(), beyond)

    def between(self, units: Ints, sites: Ints) -> Floats:
        """Metres from each of these units to the site beside it in the other list."""
        straight: Floats = np.hypot(*(self.ends[0][units] - self.ends[1][sites]).T) * self.detour
        return straight

    def closest(self, units: Ints, sites: Ints) -> Ints:
        """For each of these units the nearest of these sites."""
        from scipy.spatial import cKDTree  # loaded only by whoever plans

        found: Ints = sites[cKDTree(self.ends[1][sites]).query(self.ends[0][units])[1]]
        return found


class Given:
    """Metres out of a table: what it does not hold is infinite."""

    def __init__(self, metres: Any) -> None:
        from scipy.sparse import csr_array, issparse  # loaded only by whoever plans

        self.units, self.sites = metres.shape
        self.sparse, self.dense = None, np.zeros((0, 0))
        if issparse(metres):
            self.sparse = csr_array(metres, dtype=np.float64, copy=True)
            self.sparse.sum_duplicates()
        else:
            dense = np.asarray(metres, np.float64)
            self.dense = np.where(np.isnan(dense), np.inf, dense)

    def nearest(self, units: Ints, count: int) -> Rows:
        if self.sparse is None:
            return _first(self.dense[units], count)
        parts = [self._row(int(i)) for i in units]
        start = np.concatenate([[0], np.cumsum([min(len(site), count) for site, _ in parts])]).astype(np.int64)
        beyond = np.array([metres[count] if len(metres) > count else np.inf for _, metres in parts])
        nobody: tuple[Ints, Floats] = (np.zeros(0, np.int64), np.zeros(0))
        site = np.concatenate([site[:count] for site, _ in (*parts, nobody)]).astype(np.int32)
        metres = np.concatenate([metres[:count] for _, metres in (*parts, nobody)])
        return Rows(start, site, metres, beyond)

    def between(self, units: Ints, sites: Ints) -> Floats:
        """Metres from each of these units to the site beside it in the other list."""
        if self.sparse is None:
            straight: Floats = self.dense[units, sites]
            return straight
        wanted = np.asarray(units, np.int64) * self.sites + sites
        at = np.minimum(np.searchsorted(self._keys, wanted), max(len(self._keys) - 1, 0))
        if not len(self._keys):
            return np.full(len(wanted), np.inf)
        return np.where(self._keys[at] == wanted, self.sparse.data[at], np.inf)

    def closest(self, units: Ints, sites: Ints) -> Ints:
        """For each of these units the nearest of these sites; the first of them where none can be walked to."""
        block = np.stack([self.between(units, np.full(len(units), j)) for j in sites.tolist()], 1)
        found: Ints = sites[block.argmin(1)]
        return found

    @cached_property
    def _keys(self) -> Ints:
        """The place of each pair that a sparse table holds, counted row by row: rising, so that it can be searched."""
        assert self.sparse is not None
        rows = np.repeat(np.arange(self.units), np.diff(self.sparse.indptr))
        keys: Ints = rows * self.sites + self.sparse.indices
        return keys

    def _row(self, i: int) -> tuple[Ints, Floats]:
        assert self.sparse is not None
        a, b = self.sparse.indptr[i], self.sparse.indptr[i + 1]
        site, metres = self.sparse.indices[a:b].astype(np.int64), self.sparse.data[a:b]
        order = np.lexsort((site, metres))
        return site[order], metres[order]


def _first(metres: Floats, count: int) -> Rows:
    """The `count` nearest sites of each row; of sites as near, the first named comes first, but for the last of a short row."""
    n, sites = metres.shape
    count = min(count, sites)
    if 2 * count < sites:  # no need to sort them all
        near = np.sort(np.argpartition(metres, count, axis=1)[:, : count + 1], axis=1)
        order = np.take_along_axis(near, np.argsort(np.take_along_axis(metres, near, 1), axis=1, kind="stable"), 1)
    else:
        order = np.argsort(metres, axis=1, kind="stable")[:, : count + 1]
    metres = np.take_along_axis(metres, order, 1)
    beyond = np.full(n, np.inf) if count >= sites else metres[:, -1].copy()
    there = np.isfinite(metres[:, :count])
    start = np.concatenate([[0], np.cumsum(there.sum(1))])
    return Rows(start, order[:, :count][there].astype(np.int32), metres[:, :count][there], beyond)


class Part:
    """The ways of some units only, counted anew."""

    def __init__(self, ways: Any, some: Ints) -> None:
        self.whole, self.some = ways, some
        self.units, self.sites = len(some), ways.sites

    def nearest(self, units: Ints, count: int) -> Rows:
        found: Rows = self.whole.nearest(self.some[units], count)
        return found


def to_gcj02(degrees: Floats) -> Floats:
    """WGS-84 as a map in China shows it (longitude, latitude)."""
    return degrees + _shift(degrees)


def to_wgs84(degrees: Floats) -> Floats:
    """The way back, by iteration, to within a millimetre."""
    found = degrees.copy()
    for _ in range(6):
        found = degrees - _shift(found)
    return found


def _shift(degrees: Floats) -> Floats:
    x, y = degrees[:, 0] - 105.0, degrees[:, 1] - 35.0
    root, pi = np.sqrt(np.abs(x)), np.pi
    common = (20 * np.sin(6 * x * pi) + 20 * np.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20 * np.sin(y * pi) + 40 * np.sin(y / 3 * pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * pi) + 320 * np.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20 * np.sin(x * pi) + 40 * np.sin(x / 3 * pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * pi) + 300 * np.sin(x / 30 * pi)) * 2 / 3
    latitude = np.radians(degrees[:, 1])
    magic = 1 - ECCENTRICITY * np.sin(latitude) ** 2
    north = np.degrees(north / (AXIS * (1 - ECCENTRICITY) / (magic * np.sqrt(magic))))
    east = np.degrees(east / (AXIS / np.sqrt(magic) * np.cos(latitude)))
    return np.stack([east, north], 1)
