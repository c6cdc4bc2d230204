"""The search with limits of room: take people out around some place, perhaps open a point there and close one, put them back.

Ruin and recreate with cooling acceptance (the idea of SISR, Christiaens and Vanden Berghe 2020, carried over from tours to points).
"""

from typing import NamedTuple

import numpy as np

from tongzhou.planning.compiled import Floats, Shorts, drawn, inner, kernel
from tongzhou.planning.siting.grouping import Groups, Log, back, change, pool, settle
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.refilling import BLINK, recentre, refill


class Kept(NamedTuple):
    """The best lawful plan met: its ways (`value`), and its total when it was met."""

    value: Floats
    total: Floats
    at: Shorts
    points: Shorts
    budget: float
    alone: bool


WINDOW = 8  # points around a place, at most
TAKEN = 24  # units taken out, about
RECENTRED = 0.5  # of the kicks move the points of the window to where their people walk least
OPENS = 0.5  # of the kicks open one site and close another …
TWICE = 0.2  # … and of these, another one …
ELSEWHERE = 0.2  # … of these close one far away


@inner
def around(net: Net, g: Groups, i: int, width: int, zone: int, window: Shorts) -> int:
    """The nearest open points of unit i, at most `width`."""
    number, site, open_, zones = 0, net.site, g.open, g.zone
    for e in range(net.start[i], net.start[i + 1]):
        j = site[e]
        if open_[j] and zones[j] == zone:
            window[number] = j
            number += 1
            if number == width:
                break
    return number


@inner
def _thin(net: Net, g: Groups, t: Log, window: Shorts, number: int) -> None:
    units, head, next_ = 0, g.head, g.after
    for k in range(number):
        i = head[window[k]]
        while i >= 0:
            units, i = units + 1, next_[i]
    share = TAKEN * (0.3 + drawn(t.chance)) / max(units, 1)
    for k in range(number):
        i = head[window[k]]
        while i >= 0:
            after = next_[i]
            if drawn(t.chance) < share:
                pool(net, g, t, i)
            i = after


@inner
def _clear(net: Net, g: Groups, t: Log, r: int) -> None:
    while g.head[r] >= 0:
        pool(net, g, t, g.head[r])


@inner
def _spare(g: Groups, t: Log, zone: int) -> int:
    """Of a few points of the zone one with few people."""
    r = -1
    for _ in range(6):
        j = g.points[int(drawn(t.chance) * len(g.points))]
        if g.zone[j] == zone and not g.fixed[j] and (r < 0 or g.load[j] < g.load[r]):
            r = j
    return r


@inner
def _opened(net: Net, g: Groups, t: Log, i: int, zone: int) -> int:
    """A closed site about as near to unit i as its own point, or -1."""
    width, limit = 0, 1.5 * g.way[i]
    for e in range(net.start[i], net.start[i + 1]):
        width += 1
        if net.cost[e] > limit and width >= 8:
            break
    for _ in range(4):
        j = net.site[net.start[i] + int(drawn(t.chance) * width)] if width else -1
        if j >= 0 and not g.open[j] and not g.fixed[j] and g.zone[j] == zone:
            return j
    return -1


@inner
def _exchange(net: Net, g: Groups, t: Log, i: int, zone: int, window: Shorts, number: int) -> None:
    """Open a site near unit i; for it close a point there or, now and then, one far away."""
    r = window[int(drawn(t.chance) * number)]
    if drawn(t.chance) < ELSEWHERE:
        r = _spare(g, t, zone)
    j = _opened(net, g, t, i, zone)
    if j < 0 or r < 0 or g.fixed[r]:
        return
    _clear(net, g, t, r)
    change(g, t, j, r)
    for k in range(number):
        if window[k] == r:
            window[k] = j


@inner
def _kick(net: Net, g: Groups, t: Log, i: int, zone: int, window: Shorts) -> int:
    number = around(net, g, i, 2 + int(drawn(t.chance) * (WINDOW - 1)), zone, window)
    if number == 0:
        return 0
    if drawn(t.chance) < OPENS:
        _exchange(net, g, t, i, zone, window, number)
        if drawn(t.chance) < TWICE:
            _exchange(net, g, t, i, zone, window, number)
    _thin(net, g, t, window, number)
    return number


@kernel
def lawful(g: Groups, budget: float) -> float:
    """The cost of all ways, or infinity if somebody has no place, a point is overfull or there are too many tables."""
    tables, ways = 0.0, 0.0
    for j in g.points:
        if g.load[j] > g.room[j] + 1e-6:
            return np.inf
        tables += np.ceil(g.load[j] / g.table - 1e-9)
    if tables > budget:
        return np.inf
    for i in range(len(g.at)):
        if g.at[i] < 0:
            return np.inf
        ways += g.way[i]
    return ways


@kernel
def regroup(net: Net, g: Groups, t: Log, kicks: int, heat: float, zone: int, keep: Kept) -> None:
    """So many kicks in a zone; what adds to the whole may stay, the less likely the more it adds beside `heat`.

    `keep` is written over by what is better and lawful; only where there is one zone, for the other's people are on the move.
    """
    window = np.zeros(WINDOW, np.int32)
    n = len(g.at)
    for _ in range(kicks):
        i = int(drawn(t.chance) * n)
        if g.at[i] >= 0 and g.zone[g.at[i]] != zone:
            continue
        settle(t)
        before = t.total[0]
        number = _kick(net, g, t, i, zone, window)
        refill(net, g, t, int(drawn(t.chance) * 4), zone, BLINK * drawn(t.chance) ** 40)
        if drawn(t.chance) < RECENTRED:
            for k in range(number):
                if g.open[window[k]]:
                    recentre(net, g, t, window[k], zone)
        if t.total[0] > before - heat * np.log(1.0 - drawn(t.chance)):
            back(net, g, t)
            t.total[0] = before
        elif keep.alone and t.total[0] < keep.total[0] - 1e-9 * abs(keep.total[0]):
            _note(g, t, keep)
    settle(t)


@inner
def _note(g: Groups, t: Log, keep: Kept) -> None:
    ways = lawful(g, keep.budget)
    if ways < np.inf:
        keep.total[0] = t.total[0]
        if ways < keep.value[0]:
            keep.value[0] = ways
            keep.at[:] = g.at
            keep.points[:] = g.points
