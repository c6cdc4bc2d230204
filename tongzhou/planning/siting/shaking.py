"""The search over exchanges: down to where no exchange helps, then a kick somewhere, down again, and back if it did not help."""

import numpy as np

from tongzhou.planning.compiled import Shorts, drawn, kernel, leaf
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.swapping import SMALL, Swaps, best, cheapest, count, exchange, look, push

ELSEWHERE = 0.3  # of the kicks take a point from one place to another


@kernel
def descend(net: Net, s: Swaps) -> int:
    """Exchange as long as a site in the queue saves something. Returns how many sites were looked at."""
    least, looks = cheapest(s), 0
    if least < 0:
        s.ends[1] = 0
        s.queued[:] = False
        return 0
    while s.ends[1] > 0 and s.ends[3] < len(s.done) - 4:
        j = s.queue[s.ends[0]]
        s.ends[0] = (s.ends[0] + 1) % len(s.queue)
        s.ends[1] -= 1
        s.queued[j] = False
        if s.open[j]:
            continue
        looks += 1
        grown, r = best(net, s, j, least)
        if grown < -SMALL * s.total[0]:
            exchange(net, s, j, r)
            push(s, r)
            again(net, s, j, r)
            least = cheapest(s)
    return looks


@leaf
def again(net: Net, s: Swaps, j: int, r: int) -> None:
    s.ends[5] += net.istart[j + 1] - net.istart[j] + net.istart[r + 1] - net.istart[r]
    for e in range(net.istart[j], net.istart[j + 1]):
        i = net.unit[e]
        if s.first[i] == j or s.second[i] == j:
            look(net, s, i)
    for e in range(net.istart[r], net.istart[r + 1]):
        i = net.unit[e]
        if net.icost[e] <= s.d2[i]:
            look(net, s, i)


@kernel
def settle(s: Swaps) -> None:
    """What has been done stays."""
    s.ends[2], s.ends[3] = 0, 0
    s.ends[4] += 1


@leaf
def _back(s: Swaps) -> None:
    for k in range(s.ends[3] - 1, -1, -1):
        j, r = s.done[k, 0], s.done[k, 1]
        s.open[j], s.open[r] = False, True
        s.points[s.place[j]] = r
        s.place[r], s.place[j] = s.place[j], -1
    for k in range(s.ends[2]):
        i = s.units[k]
        if s.first[i] >= 0:
            s.loss[s.first[i]] -= s.d2[i] - s.d1[i]
        s.first[i], s.second[i], s.d1[i], s.d2[i] = s.old[k, 0], s.old[k, 1], s.dold[k, 0], s.dold[k, 1]
        if s.first[i] >= 0:
            s.loss[s.first[i]] += s.d2[i] - s.d1[i]


@leaf
def _kick(net: Net, s: Swaps) -> None:
    """Open one or two sites near some unit; for each close a point there, or far away one that is missed little."""
    i = int(drawn(s.chance) * len(s.d1))
    far = drawn(s.chance) < ELSEWHERE
    for _ in range(1 + int(drawn(s.chance) * 2)):
        width = 0
        for e in range(net.start[i], net.start[i + 1]):
            width += 1
            if net.cost[e] > 2 * s.d2[i]:
                break
        r = _spare(s) if far else s.first[i] if drawn(s.chance) < 0.5 or s.second[i] < 0 else s.second[i]
        if r < 0 or s.fixed[r] or width == 0:
            continue
        j = net.site[net.start[i] + int(drawn(s.chance) * width)]
        if not s.open[j] and not s.fixed[j]:
            exchange(net, s, j, r)
            push(s, r)
            again(net, s, j, r)


@leaf
def _spare(s: Swaps) -> int:
    """Of a few points the one that is missed least."""
    r = -1
    for _ in range(8):
        j = s.points[int(drawn(s.chance) * len(s.points))]
        if not s.fixed[j] and (r < 0 or s.loss[j] < s.loss[r]):
            r = j
    return r


@kernel
def shake(net: Net, s: Swaps, work: int, heat: float, best: Shorts) -> float:
    """Kicks until so many pairs have been looked at. One that adds to the whole may stay, the less likely the more it adds beside `heat`.

    `best` holds the best points met and is written over by better ones; their cost is returned.
    """
    count(net, s)
    least = s.total[0]
    s.ends[5] = 0
    while s.ends[5] < work:
        s.ends[5] += 100  # also a kick that finds nothing to do is work
        settle(s)
        before = s.total[0]
        _kick(net, s)
        descend(net, s)
        if s.ends[1] > 0 or s.total[0] > before * (1 + SMALL) - heat * np.log(1.0 - drawn(s.chance)):
            _back(s)
            s.total[0] = before
            s.queued[:] = False
            s.ends[1] = 0
        elif s.total[0] < least * (1 - SMALL):
            least = s.total[0]
            best[:] = s.points
    return float(least)


@kernel
def everything(s: Swaps) -> None:
    """Put every site in the queue."""
    s.ends[0], s.ends[1] = 0, 0
    s.queued[:] = False
    for j in range(len(s.open)):
        push(s, j)
