"""Tubes come in at pick-ups and wait for a lane: when the last result is there, how many wait, and how many lanes would do."""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from tongzhou.planning.case import Rules
from tongzhou.planning.columns import Table
from tongzhou.planning.compiled import Floats, Ints


@dataclass(frozen=True)
class Results:
    """hour  when the results of each batch are there (infinite: never); tubes: of each batch; backlog: most tubes that waited at once; lanes: in all."""

    hour: Floats
    tubes: Ints
    backlog: int
    lanes: int

    @property
    def last(self) -> float:
        return float(self.hour.max(initial=0.0))


@dataclass(frozen=True)
class Lane:
    opens: float
    closes: float


def lanes_of(labs: Table) -> list[Lane]:
    """Every lane of every laboratory. Hours above 24 are of the next day; a lane that opens at 0 and closes at 48 never stops."""
    return [
        Lane(float(opens), float(closes))
        for number, opens, closes in zip(labs.lanes.tolist(), labs.opens.tolist(), labs.closes.tolist(), strict=True)
        for _ in range(number)
    ]


def results(arrival: Floats, tubes: Ints, lanes: list[Lane], rules: Rules) -> Results:
    """Tubes come in at these hours (rising). A lane starts when a batch is full, or has waited, or nothing more will come.

    Lanes take batches in order, the one that is free first; one started before closing is finished. Without a lane nothing is ever tested.
    """
    batches = _batches(arrival, tubes, rules)
    free = [(lane.opens, number) for number, lane in enumerate(lanes)]
    heapify(free)
    done, sizes, started = [], [], []
    for ready, size in batches:
        start = _begun(free, lanes, ready, rules.lane_hours) if lanes else np.inf
        started.append(start)
        done.append(start + rules.lane_hours)
        sizes.append(size)
    waiting = _waiting(arrival, tubes, np.array(started), np.array(sizes, np.int64))
    return Results(np.array(done), np.array(sizes, np.int64), waiting, len(lanes))


def _batches(arrival: Floats, tubes: Ints, rules: Rules) -> list[tuple[float, int]]:
    """Hours at which a batch is ready, with its tubes."""
    found, held, since = [], 0, 0.0
    for hour, number in zip(arrival.tolist(), tubes.tolist(), strict=True):
        if held and hour - since > rules.lane_waits:
            found.append((since + rules.lane_waits, held))
            held = 0
        if not held:
            since = hour
        held += number
        while held >= rules.lane_tubes:
            found.append((hour, rules.lane_tubes))
            held, since = held - rules.lane_tubes, hour
    if held:
        found.append((float(arrival[-1]), held))
    return found


def _begun(free: list[tuple[float, int]], lanes: list[Lane], ready: float, hours: float) -> float:
    """Start the batch at the lane that is free first and still open; a lane that has closed opens again a day later."""
    while True:
        at, number = heappop(free)
        start, lane = max(at, ready), lanes[number]
        day = 0.0
        while start >= lane.closes + day:
            day += 24.0
        start = max(start, lane.opens + day)
        if start > max(at, ready) and free and free[0][0] < start:
            heappush(free, (start, number))
            continue
        heappush(free, (start + hours, number))
        return start


def _waiting(arrival: Floats, tubes: Ints, started: Floats, sizes: Ints) -> int:
    hours = np.concatenate([arrival, started])
    change = np.concatenate([tubes, -sizes])
    order = np.lexsort((change, hours))
    return int(np.cumsum(change[order]).max(initial=0))


def lanes_for(arrival: Floats, tubes: Ints, rules: Rules, by: float, most: int = 2000) -> int:
    """The fewest lanes that never close with which the last result is there by this hour; `most` if even those do not do."""
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        if results(arrival, tubes, [Lane(0.0, 1e9)] * middle, rules).last <= by:
            high = middle
        else:
            low = middle + 1
    return low
