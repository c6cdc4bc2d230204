"""Points traded one for another without much ado: a site opens, a point closes, who must or gains moves, and nobody is sent elsewhere for it.

Judged while people move and given up as soon as it costs too much, so it takes a hundredth of the time of a kick, and far more can be tried.
"""

import numpy as np

from tongzhou.planning.compiled import Shorts, drawn, leaf
from tongzhou.planning.siting.grouping import Groups, Log, back, change, move, settle
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.refilling import cheapest

FAR = 0.5  # of the trades close a point far away …
DRAWN = 4  # … of so many the one with the fewest people
AROUND = 3  # the others, one of so many nearest
WIDE = 1.5  # a site opens no farther than so many times the way to the point there is


@leaf
def trade(net: Net, g: Groups, t: Log, own: Shorts, times: int, heat: float, zone: int) -> None:
    """So many trades around units of `own`, which are at sites of the zone, cooled; they cannot be taken back later."""
    for _ in range(times):
        i = own[int(drawn(t.chance) * len(own))]
        slack = -heat * np.log(1.0 - drawn(t.chance))
        if g.at[i] < 0:
            continue
        j = closed(net, g, t, i, zone, g.way[i])
        r = spare(g, t, zone, DRAWN) if drawn(t.chance) < FAR else _beside(net, g, t, i, zone)
        if j < 0 or r < 0 or g.fixed[r]:
            continue
        settle(t)
        before = t.total[0]
        if not _traded(net, g, t, j, r, zone, slack):
            back(net, g, t)
            t.total[0] = before
    settle(t)


@leaf
def _traded(net: Net, g: Groups, t: Log, j: int, r: int, zone: int, slack: float) -> bool:
    """Whether opening j and closing r adds no more than `slack`; if it does, it is left half done."""
    limit = t.total[0] + slack
    hoped = _gain(net, g, j, r, zone)
    change(g, t, j, r)
    while g.head[r] >= 0:
        i = g.head[r]
        e = cheapest(net, g, t, i, zone, 0.0)
        if e < 0:
            return False
        move(net, g, t, i, net.site[e], net.cost[e])
        if t.total[0] > limit + hoped:
            return False
    for e in range(net.istart[j], _end(net, g, j)):
        i = net.unit[e]
        a = g.at[i]
        if a >= 0 and a != j and g.zone[a] == zone and net.icost[e] < g.way[i] and g.load[j] + g.size[i] <= g.room[j]:
            move(net, g, t, i, j, net.icost[e])
    return bool(t.total[0] <= limit)


@leaf
def _end(net: Net, g: Groups, j: int) -> int:
    first = net.istart[j]
    return int(min(net.istart[j + 1], first + 8 + 4 * len(g.at) // len(g.points)))


@leaf
def _gain(net: Net, g: Groups, j: int, r: int, zone: int) -> float:
    """What those who do not come from r save at most when j opens, and what overload and tables they leave behind."""
    gain, unit, cost, at, way = 0.0, net.unit, net.icost, g.at, g.way
    for e in range(net.istart[j], _end(net, g, j)):
        i = unit[e]
        a = at[i]
        if cost[e] < way[i] and a >= 0 and a != r and g.zone[a] == zone:
            gain += way[i] - cost[e] + g.price[0]
            if g.load[a] > g.room[a]:
                gain += g.over[0] * g.size[i]
    return gain


@leaf
def _beside(net: Net, g: Groups, t: Log, i: int, zone: int) -> int:
    """One of the nearest points of unit i, or -1."""
    skipped, r, open_, zones = int(drawn(t.chance) * AROUND), -1, g.open, g.zone
    for e in range(net.start[i], net.start[i + 1]):
        j = net.site[e]
        if open_[j] and zones[j] == zone:
            r = int(j)
            if skipped == 0:
                return r
            skipped -= 1
    return r


@leaf
def spare(g: Groups, t: Log, zone: int, number: int) -> int:
    """Of so many points of the zone one with few people."""
    r = -1
    for _ in range(number):
        j = g.points[int(drawn(t.chance) * len(g.points))]
        if g.zone[j] == zone and not g.fixed[j] and (r < 0 or g.load[j] < g.load[r]):
            r = j
    return r


@leaf
def closed(net: Net, g: Groups, t: Log, i: int, zone: int, near: float) -> int:
    """A closed site about as near to unit i as its own point was, or -1."""
    width, limit = 0, WIDE * near
    for e in range(net.start[i], net.start[i + 1]):
        width += 1
        if net.cost[e] > limit and width >= 8:
            break
    for _ in range(4):
        j = net.site[net.start[i] + int(drawn(t.chance) * width)] if width else -1
        if j >= 0 and not g.open[j] and not g.fixed[j] and g.zone[j] == zone:
            return j
    return -1
