"""From metres to a net: each unit lists its nearest sites, as many as are worth listing, and more where that was too few."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tongzhou.planning.compiled import Bools, Floats, Ints, Shorts
from tongzhou.planning.siting.net import Net, woven

WHOLE = 600_000  # pairs up to which every unit lists every site; longer rows make the first plan of a district wait for nothing
OPEN = 12  # so many open sites a row should hold …
LEAST, MOST = 40, 30_000_000  # … but no fewer sites than this, and all rows together no more than that


class Ways(Protocol):
    """Where metres come from: the `count` nearest sites of each of these units, by rising metres."""

    units: int
    sites: int

    def nearest(self, units: Ints, count: int) -> "Rows": ...


@dataclass(frozen=True)
class Rows:
    """Sites by rising metres for each unit, and the metres of the nearest left out (infinite: none)."""

    start: Ints
    site: Shorts
    metres: Floats
    beyond: Floats

    def cut(self, limit: Floats) -> "Rows":
        """Without what is farther than the limit of its unit: such a way may not be gone, so it is not left out either."""
        unit = np.repeat(np.arange(len(limit)), np.diff(self.start))
        near = self.metres <= limit[unit]
        start = np.concatenate([[0], np.cumsum(np.bincount(unit[near], minlength=len(limit)))])
        return Rows(start, self.site[near], self.metres[near], np.where(self.beyond > limit, np.inf, self.beyond))

    def without(self, sites: Bools) -> "Rows":
        """Without these sites, which are never open."""
        unit = np.repeat(np.arange(len(self.beyond)), np.diff(self.start))
        stays = ~sites[self.site]
        start = np.concatenate([[0], np.cumsum(np.bincount(unit[stays], minlength=len(self.beyond)))])
        return Rows(start, self.site[stays], self.metres[stays], self.beyond)

    def replaced(self, units: Ints, rows: "Rows") -> "Rows":
        """With other rows for these units."""
        length = np.diff(self.start)
        length[units] = np.diff(rows.start)
        start = np.concatenate([[0], np.cumsum(length)])
        site, metres = np.empty(start[-1], np.int32), np.empty(start[-1])
        same = np.ones(len(length), np.bool_)
        same[units] = False
        for source, which, index in (
            (self, np.flatnonzero(same), np.flatnonzero(same)),
            (rows, units, np.arange(len(units))),
        ):
            to, out = _spread(start[which], source.start[index], np.diff(source.start)[index])
            site[to], metres[to] = source.site[out], source.metres[out]
        beyond = self.beyond.copy()
        beyond[units] = rows.beyond
        return Rows(start, site, metres, beyond)


def _spread(to: Ints, out: Ints, length: Ints) -> tuple[Ints, Ints]:
    whole = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(to, length) + whole, np.repeat(out, length) + whole


def listed(ways: Ways, points: int) -> Rows:
    """Rows long enough for a search with so many points."""
    n, m = ways.units, ways.sites
    count = m if n * m <= WHOLE else min(m, max(LEAST, OPEN * m // max(points, 1)), max(LEAST, MOST // n))
    return ways.nearest(np.arange(n), count)


def net(rows: Rows, weight: Floats, sites: int) -> Net:
    """The net in which each metre of a unit costs its weight."""
    weight = np.maximum(weight, 1e-9)
    cost = rows.metres * np.repeat(weight, np.diff(rows.start))
    return woven(rows.start, rows.site, cost, rows.beyond * weight, weight, sites)


def widened(ways: Ways, rows: Rows, units: Ints) -> Rows:
    """With rows four times as long for these units."""
    length = int(np.diff(rows.start)[units].max(initial=8))
    return rows.replaced(units, ways.nearest(units, min(ways.sites, 4 * max(length, 8))))
