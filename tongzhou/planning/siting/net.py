"""Who could go where at what cost: for each unit of demand its nearest sites, as far as they matter, and the same seen from the sites."""

from typing import NamedTuple

import numpy as np

from tongzhou.planning.compiled import Floats, Ints, Shorts, kernel

FAR = 20.0  # what a way out of reach costs, in the dearest way within reach


class Net(NamedTuple):
    """Rows of sites by rising cost, `site[start[i]:start[i + 1]]` for unit i, and the columns: the units that list a site.

    beyond  cost of the nearest site that unit i does not list; infinite if it lists all it may go to
    far     what is charged when none of its sites is open: more than `beyond`, so that the search stays away from it
    """

    start: Ints
    site: Shorts
    cost: Floats
    beyond: Floats
    far: Floats
    istart: Ints
    unit: Shorts
    icost: Floats
    weight: Floats  # of a unit: its cost for each metre; columns are sorted by metres


def woven(start: Ints, site: Shorts, cost: Floats, beyond: Floats, weight: Floats, sites: int) -> Net:
    """The net of these rows, which must be sorted by cost within each."""
    istart, unit, icost = _columns(start, site, cost, weight, sites)
    dearest = float(cost.max(initial=1.0))
    last = cost[np.maximum(start[1:] - 1, 0)] if len(cost) else np.ones(len(beyond))
    far = np.where(np.isfinite(beyond), 2 * np.maximum(beyond, last), FAR * dearest)
    return Net(start, site, cost, beyond, far, istart, unit, icost, weight)


@kernel
def _columns(start: Ints, site: Shorts, cost: Floats, weight: Floats, sites: int) -> tuple[Ints, Shorts, Floats]:
    istart = np.zeros(sites + 1, np.int64)
    for e in range(len(site)):
        istart[site[e] + 1] += 1
    for j in range(sites):
        istart[j + 1] += istart[j]
    at = istart[:-1].copy()
    unit, icost = np.empty(len(site), np.int32), np.empty(len(site), np.float64)
    for i in range(len(start) - 1):
        for e in range(start[i], start[i + 1]):
            k = at[site[e]]
            unit[k], icost[k] = i, cost[e]
            at[site[e]] = k + 1
    for j in range(sites):
        a, b = istart[j], istart[j + 1]
        order = np.argsort(icost[a:b] / weight[unit[a:b]], kind="mergesort")
        unit[a:b], icost[a:b] = unit[a:b][order], icost[a:b][order]
    return istart, unit, icost
