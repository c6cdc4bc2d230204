"""Queues by the exact recursion: who came first starts first, at the table that is free first; no clock ticks, nothing is approximated."""

from math import factorial

import numpy as np

from tongzhou.planning.compiled import Floats, kernel


@kernel
def starts(arrival: Floats, service: Floats, opens: Floats, closes: Floats) -> Floats:
    """When each person's turn comes; infinite for whoever finds every table closed for good.

    arrival  rising; service: how long each takes. Table k works from opens[k] on and takes nobody from closes[k] on.
    """
    free, found = opens.copy(), np.empty(len(arrival))
    for n in range(len(arrival)):
        best, k = np.inf, -1
        for q in range(len(free)):
            start = max(arrival[n], free[q])
            if start < closes[q] and start < best:
                best, k = start, q
                if start == arrival[n]:
                    break
        found[n] = best
        if k >= 0:
            free[k] = best + service[n]
    return found


@kernel
def longest(arrival: Floats, start: Floats) -> int:
    """The most people that waited at once."""
    order = np.sort(start)
    most, gone = 0, 0
    for n in range(len(arrival)):
        while gone < len(order) and order[gone] <= arrival[n]:
            gone += 1
        most = max(most, n + 1 - gone)
    return most


@kernel
def most_inside(entered: Floats, gone: Floats) -> int:
    """The most people that were there at once, from entering to leaving."""
    a, b = np.sort(entered), np.sort(gone)
    most, k = 0, 0
    for n in range(len(a)):
        while k < len(b) and b[k] <= a[n]:
            k += 1
        most = max(most, n + 1 - k)
    return most


def erlang_c(tables: int, load: float) -> float:
    """The chance of having to wait at so many tables when people arrive by chance; `load` in tables, below their number."""
    top = load**tables / factorial(tables) * tables / (tables - load)
    return top / (sum(load**k / factorial(k) for k in range(tables)) + top)


def mean_wait(tables: int, load: float, service: float) -> float:
    """Erlang's mean wait, in the unit of the service time."""
    return erlang_c(tables, load) * service / (tables - load)
