"""Units that have no place get one: in an order of urgency, each where it costs least by then."""

import numpy as np

from tongzhou.planning.compiled import drawn, kernel, leaf
from tongzhou.planning.siting.grouping import Groups, Log, move, settle, term
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.nudging import carry

BLINK = 0.4  # how often, at most, a place is overlooked, so that another is tried; mostly far less
BY_CHANCE, BY_SIZE, BY_WAY, BY_REGRET = 0, 1, 2, 3


@kernel
def refill(net: Net, g: Groups, t: Log, order: int, zone: int, blink: float) -> None:
    """Every pooled unit goes somewhere, if any open site of the zone is in its row."""
    number = t.ends[2]
    for k in range(number):
        t.key[k] = _urgency(net, g, t, t.pool[k], order, zone)
    for k in np.argsort(t.key[:number]):
        i = t.pool[k]
        e = cheapest(net, g, t, i, zone, blink)
        if e >= 0:
            move(net, g, t, i, net.site[e], net.cost[e])
    t.ends[2] = 0


@leaf
def _urgency(net: Net, g: Groups, t: Log, i: int, order: int, zone: int) -> float:
    if order == BY_CHANCE:
        return float(drawn(t.chance))
    if order == BY_SIZE:
        return float(-g.size[i])
    site, open_, zones = net.site, g.open, g.zone
    near = -1.0
    for e in range(net.start[i], net.start[i + 1]):
        if open_[site[e]] and zones[site[e]] == zone:
            if order == BY_WAY:
                return float(-net.cost[e])
            if near >= 0:
                return float(near - net.cost[e])
            near = float(net.cost[e])
    return float(-net.far[i])


@leaf
def cheapest(net: Net, g: Groups, t: Log, i: int, zone: int, blink: float) -> int:
    """Where in its row unit i costs least, with tables and overload; -1 if no open site of the zone is in it."""
    site, cost, open_, zones, load, room = net.site, net.cost, g.open, g.zone, g.load, g.room
    least, found, size = np.inf, -1, g.size[i]
    plain = g.price[0] == 0.0
    for e in range(net.start[i], net.start[i + 1]):
        if cost[e] >= least:
            break
        j = site[e]
        if open_[j] and zones[j] == zone:
            value = cost[e]
            if not plain or load[j] + size > room[j]:
                value += term(g, j, load[j] + size) - term(g, j, load[j])
            if value < least and not (blink > 0.0 and drawn(t.chance) < blink):
                least, found = value, e
    return found


@kernel
def recentred(net: Net, g: Groups, t: Log) -> None:
    """Every point moves to where its own people walk least."""
    for j in g.points.copy():
        settle(t)
        recentre(net, g, t, j, 0)
    settle(t)


@leaf
def recentre(net: Net, g: Groups, t: Log, j: int, zone: int) -> None:
    """Move the point j to the site from which its own people walk least, if that has room for them."""
    if g.fixed[j] or g.head[j] < 0 or t.ends[1] >= len(t.done):
        return
    units, touched, now = _sum_up(net, g, t, j, zone)
    best, least = -1, now * (1 - 1e-9)
    for q in range(touched):
        k = t.touched[q]
        if t.seen[k] == units and t.sum[k] + term(g, k, g.load[j]) < least:
            best, least = k, t.sum[k] + term(g, k, g.load[j])
        t.seen[k] = 0
    if best >= 0:
        carry(net, g, t, j, best)


@leaf
def _sum_up(net: Net, g: Groups, t: Log, j: int, zone: int) -> tuple[int, int, float]:
    """For each closed site near the units of j: how many of them list it and what they cost there. Units, sites, and what they cost now."""
    touched, units, now, wide = 0, 0, term(g, j, g.load[j]), 0.0
    site, cost, open_, zones, fixed, total, seen = net.site, net.cost, g.open, g.zone, g.fixed, t.sum, t.seen
    start, weight, way, next_, list_ = net.start, net.weight, g.way, g.after, t.touched
    i = g.head[j]
    while i >= 0:
        wide, i = max(wide, way[i] / weight[i]), next_[i]
    i = g.head[j]
    while i >= 0:
        now += way[i]
        for e in range(start[i], start[i + 1]):
            if cost[e] > 2.0 * wide * weight[i]:
                break
            k = site[e]
            if seen[k] == units and not open_[k] and not fixed[k] and zones[k] == zone:
                if units == 0:
                    list_[touched] = k
                    touched += 1
                    total[k] = 0.0
                seen[k] += 1
                total[k] += cost[e]
        units, i = units + 1, next_[i]
    return units, touched, now
