"""What whole points must keep and broken ones do not: cuts for the bound where room is not short.

Half a point here and half there may serve three units, where whole points need two. In general, of t units, whichever sites are counted
as taking at most r of them each: at least t/r points are needed, rounded up, or some of the units go elsewhere,

    sum of units going elsewhere + sum over sites j of ceil(|D_j| / r) * y_j >= ceil(t / r),

where D_j are the units that j is counted for. It is a Chvatal-Gomory cut of rank one: the rows of the t units and x <= y over the D_j,
each times 1/r, rounded up (for r = 2 the odd cycles of Guignard, Math. Programming 19, 1980, and Cho et al., Math. of OR 8, 1983).
Sets are grown from a unit, each time by the one that violates it most.
"""

from typing import NamedTuple

import numpy as np

from tongzhou.planning.compiled import Floats, Ints, inner, kernel

FAMILIES = ((2, 9), (3, 10), (4, 9))  # r, and how many units at most
CLEAR = 0.02  # by how much a cut must be violated
MOST = 20_000  # sets that one search tells of
ENOUGH = 60  # cuts, after which the next family waits for the next round
OFTEN = 4  # cuts at once that one unit may be part of: more say the same


class Broken(NamedTuple):
    """A solution with broken points. The sites of unit i are `site[at[i]:at[i+1]]`, served by `share`; the units of site j `unit[of[j]:of[j+1]]`."""

    at: Ints
    site: Ints
    share: Floats
    of: Ints
    unit: Ints
    y: Floats


def broken(unit: Ints, site: Ints, x: Floats, y: Floats, n: int) -> Broken:
    some = np.flatnonzero(x > 1e-7)
    some = some[np.lexsort((-x[some], unit[some]))]
    by_site = some[np.argsort(site[some], kind="stable")]
    at = np.concatenate([[0], np.cumsum(np.bincount(unit[some], minlength=n))])
    of = np.concatenate([[0], np.cumsum(np.bincount(site[some], minlength=len(y)))])
    return Broken(at, site[some], x[some], of, unit[by_site], y)


def violated(given: Broken, wide: int) -> list[tuple[int, tuple[int, ...]]]:
    """Sets that whole points would not leave like this, as (r, units), the worst first; `wide` ways are tried to begin each."""
    seeds = np.flatnonzero(np.diff(given.at) > 1)
    use = np.zeros(len(given.at), np.int64)
    told = list[tuple[int, tuple[int, ...]]]()
    for r, longest in FAMILIES:
        sets, by = np.full((MOST, longest), -1, np.int64), np.zeros(MOST)
        n = _grown(given, seeds, r, wide, sets, by)
        found = {(-by[k], tuple(sorted(int(u) for u in sets[k] if u >= 0))) for k in range(n)}
        for _by, units in sorted(found):
            if use[list(units)].max() < OFTEN:
                use[list(units)] += 1
                told.append((r, units))
        if len(told) >= ENOUGH:
            break
    return told


class Set(NamedTuple):
    """A set as it grows: its units, and in a slot for each site the shares by which it serves them, the largest first, and what they save."""

    own: Ints
    slot: Ints  # of each site; -1: none
    site: Ints  # of each slot
    share: Floats  # slot by place
    many: Ints
    saved: Floats


class Near(NamedTuple):
    """Units that share a site with the set: `unit[:k]`; a unit has been seen if it bears the stamp."""

    unit: Ints
    seen: Ints
    stamp: Ints


@kernel
def _grown(given: Broken, seeds: Ints, r: int, wide: int, sets: Ints, by: Floats) -> int:
    """Fills `sets` and by how much each is violated; returns how many."""
    n, longest, m = len(given.at) - 1, sets.shape[1], len(given.y)
    one = Set(
        np.empty(longest, np.int64), np.full(m, -1), np.empty(m, np.int64), np.empty((m, longest)), np.zeros(m, np.int64), np.zeros(m)
    )  # fmt: skip
    near = Near(np.empty(n, np.int64), np.zeros(n, np.int64), np.zeros(1, np.int64))
    found = 0
    for seed in seeds:
        for second in _seconds(given, one, near, seed, r)[:wide]:
            if second > seed and found < len(by):  # the others are begun from there
                t, by[found] = _grow(given, one, near, (seed, second), r)
                if by[found] >= CLEAR:
                    sets[found, :t] = one.own[:t]
                    found += 1
    return found


@inner
def _seconds(given: Broken, one: Set, near: Near, seed: int, r: int) -> Ints:
    """Units to begin with beside this one, those that save most first."""
    one.own[0] = seed
    k, held = _near(given, one.own, 1, near), _put(given, one, seed, r, 0)
    worth = np.empty(k)
    for c in range(k):
        worth[c] = -_gain(given, one, near.unit[c], r)
    _clear(one, held)
    return near.unit[:k][np.argsort(worth, kind="mergesort")]


@inner
def _grow(given: Broken, one: Set, near: Near, pair: tuple[int, int], r: int) -> tuple[int, float]:
    """A set from two units, in `one.own`: how many there are when it is violated or full, and by how much."""
    held, own, t, saved, over = _put(given, one, pair[0], r, 0), pair[1], 1, 0.0, 0.0
    while own >= 0:
        saved += _gain(given, one, own, r)
        held = _put(given, one, own, r, held)
        one.own[t], t = own, t + 1
        over = saved - (t - (t + r - 1) // r)
        if t == len(one.own) or over >= CLEAR:
            break
        k, best, own = _near(given, one.own, t, near), -1.0, -1
        for q in range(k):
            gain = _gain(given, one, near.unit[q], r)
            if gain > best + 1e-12:
                best, own = gain, near.unit[q]
    _clear(one, held)
    return t, over


@inner
def _gain(given: Broken, one: Set, unit: int, r: int) -> float:
    """By how much more the left side of the cut falls with this unit than by it."""
    gain = 0.0
    for e in range(given.at[unit], given.at[unit + 1]):
        slot = one.slot[given.site[e]]
        if slot >= 0:
            gain += _best(one, slot, given.share[e], given.y[given.site[e]], r) - one.saved[slot]
    return gain


@inner
def _best(one: Set, slot: int, share: float, y: float, r: int) -> float:
    """What a site saves, counted for the units that make it most, with one more of that share."""
    best, now, a, waits = 0.0, 0.0, 0, True
    for b in range(one.many[slot] + 1):
        if waits and (a == one.many[slot] or share >= one.share[slot, a]):
            x, waits = share, False
        else:
            x, a = one.share[slot, a], a + 1
        now += x - y if b % r == 0 else x
        best = max(best, now)
    return best


@inner
def _put(given: Broken, one: Set, unit: int, r: int, held: int) -> int:
    """The unit's sites into slots; how many are held then."""
    for e in range(given.at[unit], given.at[unit + 1]):
        j, share = given.site[e], given.share[e]
        slot = one.slot[j]
        if slot < 0:
            slot, held = held, held + 1
            one.slot[j], one.site[slot], one.many[slot], one.saved[slot] = slot, j, 0, 0.0
        one.saved[slot] = _best(one, slot, share, given.y[j], r)
        p = one.many[slot]
        while p > 0 and one.share[slot, p - 1] < share:
            one.share[slot, p] = one.share[slot, p - 1]
            p -= 1
        one.share[slot, p] = share
        one.many[slot] += 1
    return held


@inner
def _clear(one: Set, held: int) -> None:
    for slot in range(held):
        one.slot[one.site[slot]] = -1


@inner
def _near(given: Broken, own: Ints, t: int, near: Near) -> int:
    """Fills `near` with the units that share a site with one of the first t in `own`; returns how many."""
    k, near.stamp[0] = 0, near.stamp[0] + 1
    for a in range(t):
        near.seen[own[a]] = near.stamp[0]
    for a in range(t):
        for e in range(given.at[own[a]], given.at[own[a] + 1]):
            for g in range(given.of[given.site[e]], given.of[given.site[e] + 1]):
                u = given.unit[g]
                if near.seen[u] != near.stamp[0]:
                    near.seen[u], near.unit[k], k = near.stamp[0], u, k + 1
    return k


class Cut(NamedTuple):
    """sum of counts * y[sites] - sum of x[pairs] >= -less."""

    pairs: Ints
    sites: Ints
    counts: Floats
    less: int


def cut(r: int, units: tuple[int, ...], given: tuple[Ints, Ints, Ints], x: Floats, y: Floats) -> Cut:
    """`given`: the units, the sites and the costs' rank of all pairs, sorted by unit. Sites that no unit goes to are counted where that is free."""
    unit, site, rank = given
    mine = np.concatenate([np.arange(*np.searchsorted(unit, (u, u + 1))) for u in units])
    mine = mine[np.lexsort((rank[mine], -x[mine], site[mine]))]
    pairs, sites, counts = list[Ints](), list[int](), list[float]()
    for own in np.split(mine, np.flatnonzero(np.diff(site[mine])) + 1):
        j = int(site[own[0]])
        sums = np.cumsum(x[own]) - y[j] * (1 + np.arange(len(own)) // r)
        most = int(np.argmax(sums)) + 1 if sums.max() > 1e-12 else int(y[j] < 1e-9 and len(own) > 1)
        if most:
            sites.append(j)
            counts.append(float(-(-most // r)))
            pairs.append(own[: r * -(-most // r)])
    t = len(units)
    return Cut(np.concatenate(pairs), np.array(sites), np.array(counts), t - -(-t // r))
