"""The search with limits of room: take people out around some place, perhaps open a point there and close one, put them back.

Ruin and recreate with cooling acceptance (the idea of SISR, Christiaens and Vanden Berghe 2020, carried over from tours to points).
"""

from typing import NamedTuple

import numpy as np

from tongzhou.planning.compiled import Floats, Shorts, drawn, inner, kernel, leaf
from tongzhou.planning.siting.grouping import Groups, Log, back, change, pool, settle
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.nudging import nudge
from tongzhou.planning.siting.refilling import BLINK, recentre, refill
from tongzhou.planning.siting.trading import closed, spare, trade


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
POLISHED = 250  # of the units around, so many are looked at again afterwards
RECENTRED = 0.5  # of the kicks move the points of the window to where their people walk least
OPENS = 0.5  # of the kicks open one site and close another …
TWICE = 0.2  # … and of these, another one …
ELSEWHERE = 0.4  # … of these close one far away, of so many the one with the fewest people …
SPARED = 6
BESIDE = 4  # … whose neighbours, so many, are looked at too


@leaf
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


@leaf
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


@leaf
def _clear(net: Net, g: Groups, t: Log, r: int) -> None:
    while g.head[r] >= 0:
        pool(net, g, t, g.head[r])


@leaf
def _draw(net: Net, g: Groups, t: Log, j: int, zone: int) -> None:
    """Take out whoever would walk less to site j, the nearest first, until it has room for no more of them."""
    drawn_, first = 0.0, net.istart[j]
    for e in range(first, min(net.istart[j + 1], first + 8 + 4 * len(g.at) // len(g.points))):
        i = net.unit[e]
        if g.at[i] >= 0 and g.zone[g.at[i]] == zone and net.icost[e] < g.way[i]:
            drawn_ += g.size[i]
            pool(net, g, t, i)
            if drawn_ > g.room[j]:
                return


@leaf
def _gathered(g: Groups, t: Log, window: Shorts, number: int) -> int:
    """The units of a window, in `pool`, which is empty after refilling; how many."""
    units = 0
    for k in range(number):
        i = g.head[window[k]]
        while i >= 0:
            t.pool[units] = i
            units, i = units + 1, g.after[i]
    return units


@leaf
def _exchange(net: Net, g: Groups, t: Log, i: int, zone: int, window: Shorts, number: int, near: float) -> int:
    """Open a site near unit i; for it close a point there or, now and then, one far away. How many points the window has then."""
    r = window[int(drawn(t.chance) * number)]
    if drawn(t.chance) < ELSEWHERE:
        r = spare(g, t, zone, SPARED)
    j = closed(net, g, t, i, zone, near)
    if j < 0 or r < 0 or g.fixed[r]:
        return number
    left = g.head[r]
    _clear(net, g, t, r)
    change(g, t, j, r)
    _draw(net, g, t, j, zone)
    for k in range(number):
        if window[k] == r:
            window[k] = j
            return number
    window[number] = j
    return _joined(net, g, left, zone, window, number + 1) if left >= 0 else number + 1


@leaf
def _joined(net: Net, g: Groups, i: int, zone: int, window: Shorts, number: int) -> int:
    """The window with a few points near unit i beside: where a point has closed far away, people must find room too."""
    end = min(number + BESIDE, len(window) - 1)
    for e in range(net.start[i], net.start[i + 1]):
        j = net.site[e]
        if g.open[j] and g.zone[j] == zone:
            if number == end:
                break
            known = False
            for k in range(number):
                known = known or window[k] == j
            if not known:
                window[number] = j
                number += 1
    return number


@leaf
def _kick(net: Net, g: Groups, t: Log, i: int, zone: int, window: Shorts) -> int:
    number = around(net, g, i, 2 + int(drawn(t.chance) * (WINDOW - 1)), zone, window)
    if number == 0:
        return 0
    if drawn(t.chance) < OPENS:
        near = g.way[i]
        number = _exchange(net, g, t, i, zone, window, number, near)
        if drawn(t.chance) < TWICE:
            number = _exchange(net, g, t, i, zone, window, number, near)
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
def regroup(
    net: Net,
    g: Groups,
    t: Log,
    own: Shorts,
    kicks: int,
    steps: int,
    trades: int,
    polish: int,
    heat: float,
    zone: int,
    keep: Kept,
) -> None:
    """So many kicks around units of a zone (`own`), before each so many small steps and trades.

    What adds to the whole may stay, the less likely the more it adds beside `heat`.
    `keep` is written over by what is better and lawful; only where there is one zone, for the other's people are on the move.
    """
    window = np.zeros(WINDOW + 2 * (BESIDE + 1) + 1, np.int32)
    for _ in range(kicks if len(own) else 0):
        nudge(net, g, t, own, len(own), steps, heat, zone, False)
        trade(net, g, t, own, trades, heat, zone)
        if keep.alone and t.total[0] < keep.total[0] - 1e-9 * abs(keep.total[0]):
            _note(g, t, keep)
        i = own[int(drawn(t.chance) * len(own))]
        before = t.total[0]
        number = _kick(net, g, t, i, zone, window)
        refill(net, g, t, int(drawn(t.chance) * 4), zone, BLINK * drawn(t.chance) ** 40)
        units = _gathered(g, t, window, number)
        if drawn(t.chance) < RECENTRED:
            for k in range(number):
                if g.open[window[k]]:
                    recentre(net, g, t, window[k], zone)
        nudge(net, g, t, t.pool, units, polish * min(units, POLISHED), 0.0, zone, True)
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
