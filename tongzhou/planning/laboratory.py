"""Tubes come in at pick-ups and wait for a lane: when the last result is there, and how many wait."""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import inf

import numpy as np

from tongzhou.planning.case import Rules
from tongzhou.planning.compiled import Floats, Ints


@dataclass(frozen=True)
class Results:
    """arrival, brought  when tubes come in, and how many; fewer than 0 are fetched away
    hour, tubes  when the results of each batch are there (infinite: never), and of how many tubes
    begun        when a lane takes it; backlog: most tubes that waited at once; lanes: in all
    """

    arrival: Floats
    brought: Ints
    hour: Floats
    tubes: Ints
    begun: Floats
    lanes: int

    @property
    def last(self) -> float:
        return float(self.hour.max(initial=0.0))

    @property
    def waits(self) -> int:
        """Tubes that no lane ever takes."""
        return int(self.tubes[np.isinf(self.begun)].sum())

    def fetched(self, hour: float) -> "Results":
        """The same without the tubes that wait for ever, who are fetched at this hour."""
        done, away = np.isfinite(self.begun), np.array([-self.waits])
        return Results(
            np.append(self.arrival, hour),
            np.append(self.brought, away),
            self.hour[done],
            self.tubes[done],
            self.begun[done],
            self.lanes,
        )

    @property
    def backlog(self) -> int:
        hours = np.concatenate([self.arrival, self.begun])
        change = np.concatenate([self.brought, -self.tubes])
        order = np.lexsort((change, hours))
        waits = np.isfinite(hours[order])
        return int(np.cumsum(change[order])[waits].max(initial=0))


@dataclass(frozen=True)
class Lane:
    """Open from `opens` to `closes` on this day and the next ones; there from the hour `come` on, and takes nothing from `fails` on."""

    opens: float
    closes: float
    fails: float = inf
    come: float = 0.0


def results(arrival: Floats, tubes: Ints, lanes: list[Lane], rules: Rules) -> Results:
    """Tubes come in at these hours (rising). A lane starts when a batch is full, or has waited, or nothing more will come.

    Lanes take batches in order, the one that is free first; one started before closing is finished. Without a lane nothing is ever
    tested.
    """
    batches = _batches(arrival, tubes, rules)
    free = [(max(lane.opens, lane.come), number) for number, lane in enumerate(lanes)]
    heapify(free)
    begun = [_begun(free, lanes, ready, rules.lane_hours) for ready, _ in batches]
    sizes = np.array([size for _, size in batches], np.int64)
    return Results(arrival, tubes, np.array(begun) + rules.lane_hours, sizes, np.array(begun), len(lanes))


def merged(labs: list[Results]) -> Results:
    """All laboratories as one."""
    parts = ([getattr(lab, name) for lab in labs] for name in ("arrival", "brought", "hour", "tubes", "begun"))
    arrival, brought, hour, tubes, begun = (np.concatenate(part) for part in parts)
    came, ready = np.argsort(arrival, kind="stable"), np.argsort(hour, kind="stable")
    return Results(
        arrival[came], brought[came], hour[ready], tubes[ready], begun[ready], sum(lab.lanes for lab in labs)
    )


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
    """Start the batch at the lane that is free first and still open; a lane that has closed opens again a day later. Infinite: no lane is left."""
    while free:
        at, number = heappop(free)
        start, lane = max(at, ready), lanes[number]
        day = 0.0
        while start >= lane.closes + day:
            day += 24.0
        start = max(start, lane.opens + day)
        if start >= lane.fails:
            continue
        if start > max(at, ready) and free and free[0][0] < start:
            heappush(free, (start, number))
            continue
        heappush(free, (start + hours, number))
        return start
    return inf
