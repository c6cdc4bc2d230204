"""Points with limits of room, each unit whole at one of them: who goes where, how full each is, and how to take a step back."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tongzhou.planning.compiled import Bools, Floats, Ints, Shorts, kernel, leaf
from tongzhou.planning.siting.bounding import Sides
from tongzhou.planning.siting.net import Net


class Groups(NamedTuple):
    """The state of the search. A unit's site is `at` (-1: none), its way costs `way`. Units of a site are a chain from `head`.

    total   cost of all ways, tables and overload; `over` is what one person too many costs, price what a table costs
    zone    a search keeps to the sites of one zone, so that two can go on at once
    """

    at: Shorts
    way: Floats
    load: Floats
    open: Bools
    fixed: Bools
    points: Shorts
    place: Shorts
    head: Shorts
    after: Shorts
    before: Shorts
    zone: NDArray[np.int8]
    size: Floats
    room: Floats
    table: float
    price: Floats  # (1,)
    over: Floats  # (1,)


class Log(NamedTuple):
    """What one search has done since it last settled, its chance and its scratch paper."""

    total: Floats
    unit: Shorts
    old: Shorts
    way: Floats
    ends: Ints  # moves, exchanges and pooled units noted
    done: Shorts  # (exchange, 2): opened, closed
    pool: Shorts
    key: Floats
    sum: Floats
    seen: Shorts  # units of a point that list this site
    touched: Shorts
    chance: NDArray[np.uint64]


def empty(net: Net, sides: Sides, chosen: Ints, over: float, price: float = 0.0) -> Groups:
    """Nobody anywhere yet; the `chosen` sites are open."""
    n, m = len(net.beyond), len(sides.kept)
    open_ = np.zeros(m, np.bool_)
    open_[chosen] = True
    place = np.full(m, -1, np.int32)
    place[chosen] = np.arange(len(chosen))
    fixed = sides.banned | (sides.kept & open_)
    return Groups(
        np.full(n, -1, np.int32), net.far.copy(), np.zeros(m), open_, fixed, chosen.astype(np.int32), place,
        np.full(m, -1, np.int32), np.full(n, -1, np.int32), np.full(n, -1, np.int32), np.zeros(m, np.int8),
        sides.size, np.asarray(sides.table * sides.tables, np.float64), sides.table, np.array([price]), np.array([over]),
    )  # fmt: skip


def log(net: Net, sites: int, chance: NDArray[np.uint64]) -> Log:
    n = len(net.beyond)
    room = 6 * n + 64
    return Log(
        np.zeros(1), np.zeros(room, np.int32), np.zeros(room, np.int32), np.zeros(room), np.zeros(3, np.int64),
        np.zeros((256, 2), np.int32), np.zeros(n, np.int32), np.zeros(n), np.zeros(sites), np.zeros(sites, np.int32),
        np.zeros(sites, np.int32), chance,
    )  # fmt: skip


@leaf
def term(g: Groups, j: int, load: float) -> float:
    """What a site costs beside the ways: its tables, and people beyond its room."""
    cost = 0.0
    if load > g.room[j] + 1e-9:
        cost += (load - g.room[j]) * g.over[0]
    if g.price[0] > 0.0:
        cost += g.price[0] * np.ceil(load / g.table - 1e-9)
    return cost


@kernel
def whole(g: Groups) -> float:
    """All ways, tables and overload."""
    cost = np.sum(g.way)
    for j in g.points:
        cost += term(g, j, g.load[j])
    return float(cost)


@leaf
def _leave(g: Groups, t: Log, i: int) -> None:
    prev, next_, load, j = g.before, g.after, g.load, g.at[i]
    before, after = prev[i], next_[i]
    if before >= 0:
        next_[before] = after
    else:
        g.head[j] = after
    if after >= 0:
        prev[after] = before
    less = load[j] - g.size[i]
    t.total[0] += term(g, j, less) - term(g, j, load[j])
    load[j] = less


@leaf
def put(net: Net, g: Groups, t: Log, i: int, j: int, way: float) -> None:
    """Unit i goes to site j (-1: nowhere for now), without a note."""
    at, ways = g.at, g.way
    if at[i] >= 0:
        _leave(g, t, i)
    t.total[0] += way - ways[i]
    at[i], ways[i] = j, way
    if j >= 0:
        prev, next_, head, load = g.before, g.after, g.head, g.load
        first = head[j]
        next_[i], prev[i], head[j] = first, -1, i
        if first >= 0:
            prev[first] = i
        more = load[j] + g.size[i]
        t.total[0] += term(g, j, more) - term(g, j, load[j])
        load[j] = more


@leaf
def move(net: Net, g: Groups, t: Log, i: int, j: int, way: float) -> None:
    """Unit i goes to site j, noted."""
    k = t.ends[0]
    t.unit[k], t.old[k], t.way[k] = i, g.at[i], g.way[i]
    t.ends[0] = k + 1
    put(net, g, t, i, j, way)


@leaf
def change(g: Groups, t: Log, j: int, r: int) -> None:
    """Open j, close r (whose units must go), noted."""
    k = t.ends[1]
    t.done[k, 0], t.done[k, 1] = j, r
    t.ends[1] = k + 1
    g.open[j], g.open[r] = True, False
    g.points[g.place[r]] = j
    g.place[j], g.place[r] = g.place[r], -1


@kernel
def settle(t: Log) -> None:
    t.ends[:] = 0


@leaf
def back(net: Net, g: Groups, t: Log) -> None:
    """Undo everything since the last settling."""
    for k in range(t.ends[1] - 1, -1, -1):
        j, r = t.done[k, 0], t.done[k, 1]
        g.open[j], g.open[r] = False, True
        g.points[g.place[j]] = r
        g.place[r], g.place[j] = g.place[j], -1
    for k in range(t.ends[0] - 1, -1, -1):
        put(net, g, t, t.unit[k], t.old[k], t.way[k])


@leaf
def pool(net: Net, g: Groups, t: Log, i: int) -> None:
    """Take unit i out; `refill` finds a place for it."""
    move(net, g, t, i, -1, net.far[i])
    t.pool[t.ends[2]] = i
    t.ends[2] += 1
