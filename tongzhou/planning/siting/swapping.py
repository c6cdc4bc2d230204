"""Points without limits of room: one point is exchanged for another as long as people walk less, then shaken, again and again.

For every unit the nearest open site and the next one are known, so what an exchange saves is summed from the column of the
new site alone (the gain formula of FasterPAM, Schubert and Rousseeuw 2021, on sparse rows).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tongzhou.planning.compiled import Bools, Floats, Ints, Shorts, kernel, leaf
from tongzhou.planning.siting.net import Net

SMALL = 1e-9  # of the whole: a gain below this is rounding
# what `Swaps.ends` counts: where the queue begins and how long it is, units and exchanges noted, the number of this kick, pairs looked at
HEAD, LENGTH, UNITS, DONE, KICK, PAIRS = range(6)


class Swaps(NamedTuple):
    """The state of the search. `first`, `second`: the two nearest open sites of a unit (-1: not in its row), at cost d1 and d2."""

    open: Bools
    fixed: Bools  # sites that stay as they are: kept open, or never to be opened
    points: Shorts
    place: Shorts  # of an open site in `points`
    first: Shorts
    second: Shorts
    d1: Floats
    d2: Floats
    loss: Floats  # by how much the whole grows when this point closes
    change: Floats  # all zero between two looks
    queue: Shorts
    queued: Bools
    ends: Ints  # HEAD, LENGTH, UNITS, DONE, KICK, PAIRS
    noted: Ints  # by unit, the kick that changed it
    units: Shorts
    old: Shorts  # (unit, 2)
    dold: Floats  # (unit, 2)
    done: Shorts  # (exchange, 2): opened, closed
    total: Floats
    wide: Floats  # no unit has its second site farther than this many metres
    chance: NDArray[np.uint64]


def begun(net: Net, chosen: Ints, fixed: Bools, chance: NDArray[np.uint64]) -> Swaps:
    """The state in which the `chosen` sites are open."""
    n, m = len(net.beyond), len(fixed)
    open_ = np.zeros(m, np.bool_)
    open_[chosen] = True
    place = np.full(m, -1, np.int32)
    place[chosen] = np.arange(len(chosen))
    state = Swaps(
        open_, fixed, chosen.astype(np.int32), place, np.full(n, -1, np.int32), np.full(n, -1, np.int32),
        np.zeros(n), np.zeros(n), np.zeros(m), np.zeros(m), np.zeros(m, np.int32), np.zeros(m, np.bool_),
        np.zeros(6, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int32), np.zeros((n, 2), np.int32),
        np.zeros((n, 2)), np.zeros((max(4 * m, 64), 2), np.int32), np.zeros(1), np.zeros(1), chance,
    )  # fmt: skip
    count(net, state)
    return state


@leaf
def _two(net: Net, open_: Bools, i: int) -> tuple[int, int, float, float]:
    a, da = -1, net.far[i]
    site, cost = net.site, net.cost
    for e in range(net.start[i], net.start[i + 1]):
        if open_[site[e]]:
            if a >= 0:
                return a, site[e], da, cost[e]
            a, da = site[e], cost[e]
    return a, -1, da, max(da, net.far[i])


@kernel
def count(net: Net, s: Swaps) -> None:
    """Everything that follows from which sites are open, worked out anew."""
    s.loss[:] = 0.0
    s.total[0], s.wide[0] = 0.0, 0.0
    for i in range(len(s.d1)):
        s.first[i], s.second[i], s.d1[i], s.d2[i] = _two(net, s.open, i)
        s.wide[0] = max(s.wide[0], s.d2[i] / net.weight[i])
        s.total[0] += s.d1[i]
        if s.first[i] >= 0:
            s.loss[s.first[i]] += s.d2[i] - s.d1[i]


@leaf
def push(s: Swaps, j: int) -> None:
    """Look at site j again."""
    if not s.queued[j] and not s.open[j] and not s.fixed[j]:
        s.queued[j] = True
        s.queue[(s.ends[HEAD] + s.ends[LENGTH]) % len(s.queue)] = j
        s.ends[LENGTH] += 1


@leaf
def _set(net: Net, s: Swaps, i: int, a: int, b: int, da: float, db: float) -> None:
    if s.noted[i] != s.ends[KICK]:
        s.noted[i] = s.ends[KICK]
        k = s.ends[UNITS]
        s.units[k], s.old[k, 0], s.old[k, 1] = i, s.first[i], s.second[i]
        s.dold[k, 0], s.dold[k, 1] = s.d1[i], s.d2[i]
        s.ends[UNITS] += 1
    if s.first[i] >= 0:
        s.loss[s.first[i]] -= s.d2[i] - s.d1[i]
    s.total[0] += da - s.d1[i]
    s.first[i], s.second[i], s.d1[i], s.d2[i] = a, b, da, db
    s.wide[0] = max(s.wide[0], db / net.weight[i])
    if a >= 0:
        s.loss[a] += db - da


@leaf
def look(net: Net, s: Swaps, i: int) -> None:
    """Look again at every site that unit i would rather go to than to its second."""
    site, cost, limit = net.site, net.cost, s.d2[i]
    open_, fixed, queued, queue, ends = s.open, s.fixed, s.queued, s.queue, s.ends
    for e in range(net.start[i], net.start[i + 1]):
        if cost[e] >= limit:
            break
        j = site[e]
        if not queued[j] and not open_[j] and not fixed[j]:
            queued[j] = True
            queue[(ends[HEAD] + ends[LENGTH]) % len(queue)] = j
            ends[LENGTH] += 1


@leaf
def exchange(net: Net, s: Swaps, j: int, r: int) -> None:
    """Open j, close r."""
    s.open[j], s.open[r] = True, False
    s.points[s.place[r]] = j
    s.place[j], s.place[r] = s.place[r], -1
    s.done[s.ends[DONE], 0], s.done[s.ends[DONE], 1] = j, r
    s.ends[DONE] += 1
    for e in range(net.istart[j], net.istart[j + 1]):
        i, c = net.unit[e], net.icost[e]
        if c < s.d1[i]:
            _set(net, s, i, j, s.first[i], c, s.d1[i])
        elif c < s.d2[i]:
            _set(net, s, i, s.first[i], j, s.d1[i], c)
    for e in range(net.istart[r], net.istart[r + 1]):
        i = net.unit[e]
        if s.first[i] == r or s.second[i] == r:
            a, b, da, db = _two(net, s.open, i)
            _set(net, s, i, a, b, da, db)


@leaf
def best(net: Net, s: Swaps, j: int, cheapest: int) -> tuple[float, int]:
    """What opening j and closing the best point for it adds to the whole (negative: it saves), and that point."""
    unit, cost, first, d1, d2, change, loss, fixed = net.unit, net.icost, s.first, s.d1, s.d2, s.change, s.loss, s.fixed
    saved, start, end, weight, wide = 0.0, net.istart[j], net.istart[j + 1], net.weight, s.wide[0]
    for e in range(start, end):
        i, c = unit[e], cost[e]
        if c > wide * weight[i]:
            end = e
            break
        if c < d2[i]:
            if c < d1[i]:
                saved += d1[i] - c
                c = d1[i]
            if first[i] >= 0:
                change[first[i]] -= d2[i] - c
    s.ends[PAIRS] += end - start
    least, r = loss[cheapest] + change[cheapest], cheapest
    for e in range(start, end):
        a = first[unit[e]]
        if a >= 0 and change[a] != 0.0:
            if not fixed[a] and loss[a] + change[a] < least:
                least, r = loss[a] + change[a], a
            change[a] = 0.0
    return least - saved, r


@leaf
def cheapest(s: Swaps) -> int:
    """The point whose closing costs least by itself."""
    r = -1
    for k in range(len(s.points)):
        j = s.points[k]
        if not s.fixed[j] and (r < 0 or s.loss[j] < s.loss[r]):
            r = j
    return r
