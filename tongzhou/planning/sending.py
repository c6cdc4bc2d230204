"""From the swab to the laboratory: which laboratory tests the tubes of which point, and when they come in."""

from dataclasses import dataclass

import numpy as np

from tongzhou.planning.case import Case, Rules, clock
from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.laboratory import Lane, Results, results
from tongzhou.planning.plan import Plan
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.queues import Day
from tongzhou.planning.walking import ground


@dataclass(frozen=True)
class Labs:
    """lanes, opens, closes of each laboratory; away[j, k]: metres from site j to laboratory k."""

    lanes: Ints
    opens: Floats
    closes: Floats
    away: Floats

    @classmethod
    def of(cls, case: Case) -> "Labs":
        labs, sites = case.labs, case.sites
        ends = ground(case.walk).plane(labs, sites) or tuple(np.stack([one.x, one.y], 1) for one in (labs, sites))
        away = np.hypot(*(ends[1][:, None] - ends[0][None]).transpose(2, 0, 1))
        return cls(labs.lanes, labs.opens, labs.closes, away)

    @property
    def strength(self) -> Floats:
        """Hours of lanes in a day; where all are closed each counts alike."""
        found: Floats = np.asarray(self.lanes * np.minimum(self.closes - self.opens, 24.0), np.float64)
        return found if found.any() else np.ones(len(found))


@dataclass(frozen=True)
class Picked:
    """Swabs of a day, by pick-up and site: when they are in the laboratory, where they come from, how many."""

    hour: Floats
    site: Ints
    persons: Ints


def sent(labs: Labs, persons: Ints) -> Ints:
    """The laboratory of each site, a whole site to one. Each laboratory gets as many of the `persons` as its lanes and hours are of all, to within
    half a site: the nearest first, and first of all those sites for which the next laboratory is much farther.
    """
    strength = labs.strength
    away = np.where(strength > 0, labs.away, np.inf)
    found: Ints = away.argmin(1)
    if (strength > 0).sum() < 2:
        return found
    left = persons.sum() * strength / strength.sum()
    near = np.sort(away, axis=1)
    for j in np.argsort(near[:, 0] - near[:, 1], kind="stable").tolist():
        if persons[j]:
            has = (strength > 0) & (left >= persons[j] / 2)
            found[j] = np.where(has, away[j], np.inf).argmin() if has.any() else left.argmax()
            left[found[j]] -= persons[j]
    return found


def picked(plan: Plan, one: Day) -> Picked:
    """Tubes leave with the pick-up after their last swab, and are in the laboratory half a pick-up later."""
    rules = plan.case.rules
    opens, places = clock(rules.opens), len(plan.tables)
    trip = np.ceil((one.start + one.service - opens) / rules.pickup_hours - 1e-9).astype(np.int64)
    together = np.bincount(trip * places + one.point)
    filled = np.flatnonzero(together)
    hour = opens + (filled // places + 0.5) * rules.pickup_hours
    return Picked(np.asarray(hour, np.float64), filled % places, together[filled])


def tested(labs: Labs, at: Ints, swabs: Picked, rules: Rules) -> list[Results]:
    """What each laboratory makes of a day, if site j is sent to the laboratory at[j]."""
    tubes, lab = Pooling(rules.pool).tubes(swabs.persons), at[swabs.site]
    hours, which = np.unique(swabs.hour, return_inverse=True)
    found = []
    for k, (lanes, opens, closes) in enumerate(
        zip(labs.lanes.tolist(), labs.opens.tolist(), labs.closes.tolist(), strict=True)
    ):
        number = np.bincount(which[lab == k], weights=tubes[lab == k], minlength=len(hours)).astype(np.int64)
        some = number > 0
        found.append(results(hours[some], number[some], [Lane(opens, closes)] * lanes, rules))
    return found
