"""Small steps between two kicks, cooled: somebody goes to another near point, in somebody else's place if it is full, or a point moves a little.

A kick mends a place as a whole and costs a hundred times as much; small steps settle who goes where. (Simulated annealing.)
"""

import numpy as np

from tongzhou.planning.compiled import Shorts, drawn, leaf
from tongzhou.planning.siting.grouping import Groups, Log, change, move, term
from tongzhou.planning.siting.net import Net

NEAR = 4  # a unit goes to one of so many nearest points
MOVED = 0.1  # of the steps move a point
ROUND = 1.0  # a point moves to one of the sites near somebody of it: about as many as there are for each point


@leaf
def nudge(
    net: Net, g: Groups, t: Log, own: Shorts, number: int, steps: int, heat: float, zone: int, noted: bool
) -> None:
    """So many steps of the first `number` units of `own`, which are at sites of the zone; either noted, or they cannot be taken back."""
    width, full = 3 + int(ROUND * len(g.open) / len(g.points)), len(t.unit) - len(g.at) - 2
    for _ in range(steps):
        i = own[int(drawn(t.chance) * number)]
        slack = -heat * np.log(1.0 - drawn(t.chance))
        if g.at[i] >= 0:
            if drawn(t.chance) < MOVED:
                _move_point(net, g, t, i, zone, slack, width)
            else:
                _go(net, g, t, i, zone, slack)
        if not noted:
            t.ends[:2] = 0
        elif t.ends[0] > full or t.ends[1] > len(t.done) - 2:
            return


@leaf
def _near(net: Net, g: Groups, i: int, zone: int, skipped: int) -> int:
    """Where in its row the nearest open site is that is not its own, after so many skipped; -1 if there is none."""
    site, open_, zones, own = net.site, g.open, g.zone, g.at[i]
    for e in range(net.start[i], net.start[i + 1]):
        j = site[e]
        if open_[j] and j != own and zones[j] == zone:
            if skipped == 0:
                return e
            skipped -= 1
    return -1


@leaf
def _go(net: Net, g: Groups, t: Log, i: int, zone: int, slack: float) -> None:
    """Unit i goes to a near point if that adds no more than `slack`; where it is full, somebody there goes elsewhere."""
    e = _near(net, g, i, zone, int(drawn(t.chance) * NEAR))
    if e < 0:
        return
    a, j, size = g.at[i], net.site[e], g.size[i]
    less = term(g, a, g.load[a] - size) - term(g, a, g.load[a])
    more = net.cost[e] - g.way[i]
    if g.load[j] + size <= g.room[j]:
        if more + less + term(g, j, g.load[j] + size) - term(g, j, g.load[j]) <= slack:
            move(net, g, t, i, j, net.cost[e])
        return
    k = _giving(g, t, j, g.load[j] + size - g.room[j])
    f = _taking(net, g, i, k, zone, slack - less + g.price[0] - more) if k >= 0 else -1
    if f >= 0 and more + net.cost[f] - g.way[k] + _terms(g, i, k, net.site[f]) <= slack:
        move(net, g, t, k, net.site[f], net.cost[f])
        move(net, g, t, i, j, net.cost[e])


@leaf
def _terms(g: Groups, i: int, k: int, to: int) -> float:
    """What tables and overload add if unit i goes where k is and k goes to another site."""
    a, j, first, second = g.at[i], g.at[k], g.size[i], g.size[k]
    back = second if to == a else 0.0
    cost = term(g, a, g.load[a] - first + back) - term(g, a, g.load[a])
    cost += term(g, j, g.load[j] + first - second) - term(g, j, g.load[j])
    if to != a:
        cost += term(g, to, g.load[to] + second) - term(g, to, g.load[to])
    return float(cost)


@leaf
def _giving(g: Groups, t: Log, j: int, needed: float) -> int:
    """Somebody at site j, by chance among those whose leaving makes room for so many persons; -1 if nobody's does."""
    number, found, size, next_ = 0, -1, g.size, g.after
    k = g.head[j]
    while k >= 0:
        if size[k] >= needed:
            number += 1
            if number == 1 or drawn(t.chance) * number < 1.0:
                found = k
        k = next_[k]
    return found


@leaf
def _taking(net: Net, g: Groups, i: int, k: int, zone: int, more: float) -> int:
    """Where in its row the nearest other point is that has room for unit k once i has left; -1 if that adds more than `more`."""
    site, cost, open_, zones, load, room, own = net.site, net.cost, g.open, g.zone, g.load, g.room, g.at[k]
    a, limit, size = g.at[i], g.way[k] + more, g.size[k]
    for e in range(net.start[k], net.start[k + 1]):
        if cost[e] > limit:
            break
        j = site[e]
        if open_[j] and j != own and zones[j] == zone:
            free = room[j] - load[j]
            if j == a:
                free += g.size[i]
            if size <= free:
                return e
    return -1


@leaf
def _listed(net: Net, i: int, j: int) -> int:
    for e in range(net.start[i], net.start[i + 1]):
        if net.site[e] == j:
            return e
    return -1


@leaf
def _move_point(net: Net, g: Groups, t: Log, i: int, zone: int, slack: float, width: int) -> None:
    """The point of unit i moves with its people to a site near i if that adds no more than `slack`."""
    j = g.at[i]
    if g.fixed[j]:
        return
    k = net.site[net.start[i] + int(drawn(t.chance) * min(width, net.start[i + 1] - net.start[i]))]
    if g.open[k] or g.fixed[k] or g.zone[k] != zone or g.load[j] > g.room[k]:
        return
    limit = slack + term(g, j, g.load[j]) - term(g, k, g.load[j])
    u = g.head[j]
    while u >= 0:
        limit, u = limit + g.way[u], g.after[u]
    u = g.head[j]
    while u >= 0:
        e = _listed(net, u, k)
        if e < 0:
            return
        limit -= net.cost[e]
        if limit < 0:
            return
        u = g.after[u]
    carry(net, g, t, j, k)


@leaf
def carry(net: Net, g: Groups, t: Log, j: int, k: int) -> None:
    """Open k, close j, and take along whoever lists k, noted."""
    change(g, t, k, j)
    i = g.head[j]
    while i >= 0:
        after = g.after[i]
        e = _listed(net, i, k)
        if e >= 0:
            move(net, g, t, i, k, net.cost[e])
        i = after
