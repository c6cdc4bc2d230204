"""A length of way below which no plan of any kind can be: the Lagrangian bound, raised step by step.

Every unit is paid `l` for being served; each site takes the units that gain it most, up to its room (a continuous knapsack), and the p
sites that gain most are open. For any l >= 0 the sum of all payments less these gains is below every plan of the full problem, also of
the pairs that no row holds, as long as l is not above the cost of the nearest site left out (`beyond`): such a pair could never gain.
With a budget of tables each table costs `price`, and the budget times the price is taken off.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tongzhou.planning.compiled import Bools, Floats, Ints, inner, kernel
from tongzhou.planning.siting.net import Net

SAFE = 1 - 1e-6  # what rounding may have added
MEMORY = 0.7  # of the direction before
STALLS, SHORTER = 30, 0.6  # so many steps without gain make the step so much shorter …
SHORT_OF_TIME = 4_000_000  # … half as many where there are more pairs than this


class Sides(NamedTuple):
    """The problem beside the net. Without limits of room `table` is infinite and `tables` one for each site.

    size    persons of a unit        table  persons that one table takes        tables  how many a site has room for
    """

    size: Floats
    table: float
    tables: Ints
    kept: Bools
    banned: Bools
    points: int
    budget: float  # of tables; infinite: none


class Baskets(NamedTuple):
    """What each site would take: units by column, with the gain and the share taken."""

    at: Ints
    unit: Ints
    gain: Floats
    share: Floats


@kernel
def relaxed(net: Net, sides: Sides, l: Floats, price: float, served: Floats) -> tuple[float, float]:  # noqa: E741 -- l is the multiplier in the literature and in the decision
    """The bound for these payments, and how many tables it uses. `served` is filled with how often each unit is served."""
    m = len(sides.kept)
    baskets = _filled(net, l, m)
    value, used, worth = np.sum(l), np.zeros(m), np.zeros(m)
    for j in range(m):
        worth[j], used[j] = _packed(sides, baskets, j, price)
    chosen = opened(sides, worth)
    served[:] = 0.0
    tables = 0.0
    for j in chosen:
        value += worth[j]
        tables += used[j]
        for e in range(baskets.at[j], baskets.at[j + 1]):
            served[baskets.unit[e]] += baskets.share[e]
    if price > 0:
        value -= price * sides.budget
    return value, tables


@kernel
def worths(net: Net, sides: Sides, l: Floats, price: float) -> Floats:  # noqa: E741 -- l is the multiplier in the literature and in the decision
    """What opening each site would add to the bound at these payments."""
    m = len(sides.kept)
    baskets, worth = _filled(net, l, m), np.zeros(m)
    for j in range(m):
        worth[j] = _packed(sides, baskets, j, price)[0]
    return worth


@inner
def _filled(net: Net, l: Floats, m: int) -> Baskets:  # noqa: E741 -- l is the multiplier in the literature and in the decision
    at = np.zeros(m + 1, np.int64)
    for i in range(len(l)):
        for e in range(net.start[i], net.start[i + 1]):
            if net.cost[e] >= l[i]:
                break
            at[net.site[e] + 1] += 1
    for j in range(m):
        at[j + 1] += at[j]
    fill = at[:-1].copy()
    unit, gain = np.empty(at[m], np.int64), np.empty(at[m])
    for i in range(len(l)):
        for e in range(net.start[i], net.start[i + 1]):
            if net.cost[e] >= l[i]:
                break
            k = fill[net.site[e]]
            unit[k], gain[k] = i, net.cost[e] - l[i]
            fill[net.site[e]] = k + 1
    return Baskets(at, unit, gain, np.zeros(at[m]))


@inner
def _packed(sides: Sides, baskets: Baskets, j: int, price: float) -> tuple[float, float]:
    first, last = baskets.at[j], baskets.at[j + 1]
    if last == first or sides.banned[j]:
        return 0.0, 0.0
    whole, gain = 0.0, 0.0
    for e in range(first, last):
        whole += sides.size[baskets.unit[e]]
        gain += baskets.gain[e]
    room = sides.table * sides.tables[j]
    if whole <= room and price == 0.0:
        baskets.share[first:last] = 1.0
        return gain, whole / sides.table
    ratio = np.empty(last - first)
    for e in range(first, last):
        ratio[e - first] = baskets.gain[e] / max(sides.size[baskets.unit[e]], 1e-12)
    if price == 0.0:
        return _full(sides, baskets, first, ratio, room)
    order = np.argsort(ratio)
    return _tabled(sides, baskets, first, order, j, price)


@inner
def _full(sides: Sides, baskets: Baskets, first: int, ratio: Floats, room: float) -> tuple[float, float]:
    """Fill the room with what gains most for its size. Found as a median is, without sorting the rest: a third of the time of a bound."""
    order, low, high, left = np.arange(len(ratio)), 0, len(ratio), room
    while low < high:
        pivot = _middle(ratio[order[low]], ratio[order[(low + high) // 2]], ratio[order[high - 1]])
        less, same = _parted(ratio, order, low, high, pivot)
        light, even = 0.0, 0.0
        for q in range(low, less):
            light += sides.size[baskets.unit[first + order[q]]]
        for q in range(less, same):
            even += sides.size[baskets.unit[first + order[q]]]
        if light > left:
            high = less
        elif light + even <= left:
            low, left = same, left - light - even
        else:
            low, left = less, left - light
            break
    gain = 0.0
    for q in range(len(order)):
        e = first + order[q]
        size = sides.size[baskets.unit[e]]
        share = 1.0 if q < low or size <= left else left / size
        if q >= low:
            left = max(left - size, 0.0)
        if share <= 0.0 and size > 0.0:
            break
        baskets.share[e] = share
        gain += share * baskets.gain[e]
    return gain, room / sides.table


@inner
def _middle(a: float, b: float, c: float) -> float:
    return max(min(a, b), min(max(a, b), c))


@inner
def _parted(ratio: Floats, order: Ints, low: int, high: int, pivot: float) -> tuple[int, int]:
    """Order what lies between `low` and `high`: below the pivot, at it, above. Where the second and the third part begin."""
    less, k = low, low
    while k < high:
        value = ratio[order[k]]
        if value < pivot:
            order[less], order[k] = order[k], order[less]
            less, k = less + 1, k + 1
        elif value > pivot:
            high -= 1
            order[high], order[k] = order[k], order[high]
        else:
            k += 1
    return less, high


@inner
def _tabled(sides: Sides, baskets: Baskets, first: int, order: Ints, j: int, price: float) -> tuple[float, float]:
    """Fill table after table with what gains most; the number of tables at which it gains most of all."""
    least, used, gain, load, k, part = 0.0, 0, 0.0, 0.0, 0, 0.0
    keep, keep_part = 0, 0.0
    for t in range(1, sides.tables[j] + 1):
        while k < len(order):
            e = first + order[k]
            size = sides.size[baskets.unit[e]]
            fits = min(1.0 - part, (sides.table * t - load) / size) if size > 0 else 1.0 - part
            gain += fits * baskets.gain[e]
            load += fits * size
            part += fits
            if part < 1.0 - 1e-12:
                break
            k, part = k + 1, 0.0
        if gain + price * t < least:
            least, used, keep, keep_part = gain + price * t, t, k, part
        elif price > 0 and gain + price * t > least + price:
            break
        if k == len(order):
            break
    for q in range(keep):
        baskets.share[first + order[q]] = 1.0
    if keep < len(order):
        baskets.share[first + order[keep]] = keep_part
    return least, float(used)


@kernel
def opened(sides: Sides, worth: Floats) -> Ints:
    """The p sites that gain most."""
    key = worth.copy()
    key[sides.kept] = -np.inf
    key[sides.banned] = np.inf
    order = np.argsort(key, kind="mergesort")
    return order[: sides.points]


@dataclass
class Bound:
    """The best bound so far, the payments that prove it, and where the climb stands."""

    net: Net
    sides: Sides
    l: Floats  # noqa: E741 -- l is the multiplier in the literature and in the decision
    price: float = 0.0
    value: float = -np.inf
    steps: int = 0

    def __post_init__(self) -> None:
        n = len(self.l)
        self.l = np.minimum(self.l, self.net.beyond)
        self.best_l, self.best_price = self.l.copy(), self.price
        self.way, self.stalled, self.step, self.served = np.zeros(n), 0, 1.0, np.zeros(n)
        self.price_way = 0.0
        self.patience = STALLS if len(self.net.site) <= SHORT_OF_TIME else STALLS // 2

    def climb(self, steps: int, above: float) -> None:
        """So many steps towards `above`, a value that some plan has."""
        for _ in range(steps):
            if self.step < 1e-5:
                return
            value, tables = relaxed(self.net, self.sides, self.l, self.price, self.served)
            self.steps += 1
            if value > self.value:
                self.stalled = 0 if value > self.value + 1e-5 * abs(self.value) else self.stalled + 1
                self.value, self.best_l, self.best_price = value, self.l.copy(), self.price
            else:
                self.stalled += 1
            if self.stalled > self.patience:
                self.stalled, self.step = 0, self.step * SHORTER
                self.l, self.price = self.best_l.copy(), self.best_price
                self.way[:], self.price_way = 0.0, 0.0
                continue
            self._move(value, tables, above)

    def _move(self, value: float, tables: float, above: float) -> None:
        slope = 1.0 - self.served
        self.way = MEMORY * self.way + (1 - MEMORY) * slope
        norm = float(self.way @ self.way)
        budgeted = np.isfinite(self.sides.budget)
        if norm < 1e-12:
            self.step = 0.0 if not budgeted else self.step * SHORTER
            return
        length = self.step * max(above - value, 1e-6 * abs(above)) / norm
        self.l = np.clip(self.l + length * self.way, 0.0, self.net.beyond)
        if budgeted:
            self.price = self._priced(tables, above)

    def _priced(self, tables: float, above: float) -> float:
        budget = self.sides.budget
        self.price_way = MEMORY * self.price_way + (1 - MEMORY) * (tables - budget) / budget
        return max(0.0, self.price + 0.2 * self.step * self.price_way * above / budget)

    @property
    def proven(self) -> float:
        return self.value * SAFE if self.value > 0 else self.value

    def sites(self) -> Ints:
        """The p sites that the best payments open."""
        return np.asarray(opened(self.sides, worths(self.net, self.sides, self.best_l, self.best_price)))
