"""From the swab to the laboratory: which laboratory tests the tubes of which point, and when they come in."""

from dataclasses import dataclass

import numpy as np

from tongzhou.planning.case import NEVER, Case, Rules, clock
from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.laboratory import Lane, Results, merged, results
from tongzhou.planning.plan import Plan
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.queues import Day
from tongzhou.planning.walking import ground


@dataclass(frozen=True)
class Labs:
    """lanes, opens, closes of each laboratory, and how many lanes are `left` from the hour `until` on; away[j, k]: metres from site j to laboratory k."""

    lanes: Ints
    opens: Floats
    closes: Floats
    until: Floats
    left: Ints
    away: Floats

    @classmethod
    def of(cls, case: Case) -> "Labs":
        labs, sites = case.labs, case.sites
        ends = ground(case.walk).plane(labs, sites) or tuple(np.stack([one.x, one.y], 1) for one in (labs, sites))
        away = np.hypot(*(ends[1][:, None] - ends[0][None]).transpose(2, 0, 1))
        return cls(labs.lanes, labs.opens, labs.closes, labs.until, labs.left, away)

    @property
    def turns(self) -> Floats:
        """Hours at which lanes fail or come: until then nobody knows of it, from then on the points are shared out anew."""
        return np.unique(self.until[self.until < NEVER])

    def strength(self, hour: float = 0.0) -> Floats:
        """Hours of lanes in what is left of a day, as far as is known at this hour; where all are closed by then, those of the next day."""
        lanes = np.where(self.until <= hour, self.left, self.lanes)
        rest, whole = (
            lanes * np.clip(self.closes - np.maximum(self.opens, begins), 0.0, 24.0) for begins in (hour, 0.0)
        )
        return rest if rest.any() else whole

    def works(self, k: int) -> list[Lane]:
        """The lanes of laboratory k."""
        opens, closes, hour = float(self.opens[k]), float(self.closes[k]), float(self.until[k])
        now = int(self.lanes[k])
        if hour >= NEVER:
            return [Lane(opens, closes)] * now
        then = int(self.left[k])
        changed = Lane(opens, closes, fails=hour) if now > then else Lane(opens, closes, come=hour)
        return [Lane(opens, closes)] * min(now, then) + [changed] * abs(now - then)


@dataclass(frozen=True)
class Picked:
    """Swabs of a day, by pick-up and site: when they are in the laboratory, where they come from, how many."""

    hour: Floats
    site: Ints
    persons: Ints


def sent(labs: Labs, persons: Ints, hour: float = 0.0) -> Ints:
    """The laboratory of each site from this hour on, a whole site to one. Each laboratory gets as many of the `persons` as its lanes and hours are
    of all, to within half a site: the nearest first, and first of all those sites for which the next laboratory is much farther. Without a
    lane each gets as many.
    """
    strength = labs.strength(hour)
    if not strength.any():
        strength = np.ones(len(strength))
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


def ways(labs: Labs, persons: Ints) -> Ints:
    """[turn, site] The laboratory of each site in the morning and after each of the `turns`."""
    return np.stack([sent(labs, persons, hour) for hour in (0.0, *labs.turns.tolist())])


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
    """What each laboratory makes of a day, if site j is sent to the laboratory at[turn, j].

    Tubes that wait where no lane is left are fetched in a round of the van, to the laboratory that can do most.
    """
    tubes, lab = (
        Pooling(rules.pool).tubes(swabs.persons),
        at[np.searchsorted(labs.turns, swabs.hour, "right"), swabs.site],
    )
    came = [(swabs.hour[lab == k], tubes[lab == k]) for k in range(len(labs.lanes))]
    found: dict[int, Results] = {}
    gone = np.where(labs.left == 0, labs.until, NEVER)
    # those that fail first, in turn: what waits there comes to the others
    for k in np.argsort(gone, kind="stable").tolist():
        hours, number = _together(*came[k])
        soon = hours < gone[k]  # later than that only what no laboratory can take
        found[k] = results(hours[soon], number[soon], labs.works(k), rules)
        there, waits = float(gone[k]) + rules.pickup_hours, found[k].waits
        able = labs.strength(there) * (np.arange(len(came)) != k)
        if gone[k] < NEVER and waits and able.any():
            to = int(able.argmax())
            came[to] = np.append(came[to][0], there), np.append(came[to][1], waits)
            found[k] = found[k].fetched(float(gone[k]))
        if not soon.all():
            found[k] = merged([found[k], results(hours[~soon], number[~soon], [], rules)])
    return [found[k] for k in range(len(came))]


def _together(hours: Floats, tubes: Ints) -> tuple[Floats, Ints]:
    """What comes in at one hour, in turn."""
    came, which = np.unique(hours, return_inverse=True)
    number = np.bincount(which, weights=tubes, minlength=len(came)).astype(np.int64)
    return came[number > 0], number[number > 0]
