"""What holds the results up, and what would help: each cure is played through on the same day, and told with what it brings."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tongzhou.planning.case import clock, told
from tongzhou.planning.laboratory import Results, merged
from tongzhou.planning.plan import Plan
from tongzhou.planning.pooling import MOST_POOLED, crossover
from tongzhou.planning.sending import Labs, Picked, tested, ways
from tongzhou.planning.words import Words, either, say

LATE = 1.0  # hours after the last swab until which results are no bottleneck, beside the way and the lane's own time
WORTH = 0.25  # hours by which a cure must bring the last result forward to be told


@dataclass(frozen=True)
class Worked:
    """A day in the laboratories: when its last swab was taken, the swabs, what each laboratory made of them."""

    end: float
    swabs: Picked
    labs: list[Results]

    @property
    def last(self) -> float:
        return max(lab.last for lab in self.labs)


def laboratories(plan: Plan, labs: Labs, days: list[Worked]) -> Words | None:
    """The bottleneck in words if it is in the laboratories, on the middle one of these days; None: they keep up."""
    rules = plan.case.rules
    day = sorted(days, key=lambda one: one.last)[len(days) // 2]
    if waits := merged(day.labs).waits:
        return say("no_lane", tubes=waits)
    wanted = day.end + rules.pickup_hours * 1.5 + rules.lane_hours + LATE
    if day.last <= wanted:
        return None
    latest = int(np.argmax([lab.last for lab in day.labs]))
    opens, over = clock(rules.opens), day.last - clock(rules.opens) - rules.results_hours
    within = say("beyond_target" if over > 0 else "within_target", target=rules.results_hours, over=over)
    cures = _cures(plan, labs, day, latest, opens + rules.results_hours if over > 0 else wanted)
    late = {"hours": day.last - opens, "wait": day.last - day.end, "target": within, "cures": either(cures)}
    if len(labs.lanes) == 1:
        return say("labs_bottleneck", **late)
    return say("lab_bottleneck", lab=str(plan.case.labs.key[latest]), **late)


def _cures(plan: Plan, labs: Labs, day: Worked, k: int, by: float) -> list[Words]:
    """More lanes in laboratory k, until its results are there by this hour or no lane more would help; never closing it; larger pools."""
    rules = plan.case.rules

    def last(pool: int = rules.pool, **changes: object) -> float:
        other = replace(labs, **changes)  # type: ignore[arg-type]  # its own fields
        found = tested(other, ways(other, plan.load), day.swabs, replace(rules, pool=pool))
        return max(lab.last for lab in found)

    def lanes(more: int) -> float:
        here = more * (np.arange(len(labs.lanes)) == k)
        return last(lanes=labs.lanes + here, left=labs.left + here)

    found = []
    best = lanes(sum(len(lab.hour) for lab in day.labs))  # a lane for each batch
    if best <= day.last - WORTH:
        more = _fewest(lanes, max(by, best), sum(len(lab.hour) for lab in day.labs))
        found.append(say("cure_lanes", lanes=more, **_gain(day.last, lanes(more))))
    if labs.closes[k] - labs.opens[k] < 24:
        always = np.arange(len(labs.lanes)) == k
        open_ = last(opens=np.where(always, 0.0, labs.opens), closes=np.where(always, 48.0, labs.closes))
        if open_ <= day.last - WORTH:
            found.append(say("cure_hours", **_gain(day.last, open_)))
    if rules.pool < MOST_POOLED and rules.prevalence <= crossover(rules.pool, MOST_POOLED):
        pooled = last(pool=MOST_POOLED)
        if pooled <= day.last - WORTH:
            found.append(say("cure_pool", pool=MOST_POOLED, **_gain(day.last, pooled)))
    return found or [say("cure_elsewhere")]


def _fewest(last: Callable[[int], float], by: float, most: int) -> int:
    """The least number with which the last result is there by this hour."""
    low, high = 1, max(most, 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if last(middle) <= by + 1e-9 else (middle + 1, high)
    return low


def _gain(before: float, after: float) -> dict[str, str]:
    return {"before": told(before), "after": told(after)}
