"""What a roster is worth: points lost for places nobody takes, for unfairness, for wishes not met. Fewer is better."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import pstdev

from tongzhou.planning.rosters.case import Case, Person, Span, Wish

Pairs = Sequence[tuple[str, str]]  # (shift, person)


@dataclass(frozen=True)
class Load:
    """What one person has in the period: minutes, nights, weekend shifts."""

    minutes: int = 0
    nights: int = 0
    weekends: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(self.minutes + other.minutes, self.nights + other.nights, self.weekends + other.weekends)


@dataclass(frozen=True)
class Band:
    """The fair share of one person: from `low` to `high`, both as near to it as whole shifts allow."""

    low: int
    high: int

    def off(self, value: int) -> int:
        return max(0, self.low - value, value - self.high)


Fair = tuple[Band, Band, Band]  # minutes, nights, weekend shifts


@dataclass(frozen=True)
class Spread:
    """How something is spread over the people."""

    least: float
    mean: float
    most: float
    deviation: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        found = list(values) or [0.0]
        return cls(min(found), sum(found) / len(found), max(found), pstdev(found))


@dataclass(frozen=True)
class Score:
    """`value` is the sum of the points; `short` counts places nobody takes, `wishes` those met and all there are."""

    value: int
    short: int
    unfair: int
    regret: int
    wishes: tuple[int, int]
    hours: Spread
    nights: Spread
    weekends: Spread


def load(case: Case, spans: Iterable[Span]) -> Load:
    inside = [span for span in spans if case.period.start <= span.start < case.period.end]
    nights = sum(case.rules.night(span) is not None for span in inside)
    return Load(sum(span.minutes for span in inside), nights, sum(weekend(span) for span in inside))


def weekend(span: Span) -> bool:
    return span.start.weekday() >= 5


def bands(case: Case) -> dict[str, Fair]:
    """The fair share of minutes, nights and weekend shifts for each person, of all there is to do with what is fixed already."""
    fixed = [load(case, person.busy) for person in case.people]
    seats = [(shift.span, len(shift.places)) for shift in case.shifts]
    minutes = sum(span.minutes * n for span, n in seats) + sum(one.minutes for one in fixed)
    nights = sum(n for span, n in seats if case.rules.night(span)) + sum(one.nights for one in fixed)
    weekends = sum(n for span, n in seats if weekend(span)) + sum(one.weekends for one in fixed)
    weeks = (case.period.end - case.period.start).days / 7
    cap = case.rules.hours_in_7_days * 60 * weeks or float("inf")
    return {
        key: (_band(min(minutes * part, cap), case.step), _band(nights * part, 1), _band(weekends * part, 1))
        for key, part in case.shares.items()
    }


def score(case: Case, pairs: Pairs) -> Score:
    """The points of a roster, counted from scratch: what the solver's own sum is held against."""
    spans = {shift.key: shift.span for shift in case.shifts}
    taken: dict[str, list[Span]] = {person.key: [] for person in case.people}
    for shift, person in pairs:
        taken[person].append(spans[shift])
    fair = bands(case)
    loads = {person.key: load(case, [*person.busy, *taken[person.key]]) for person in case.people}
    unfair = sum(_unfair(case, fair[key], one) for key, one in loads.items())
    wishes = [one for person in case.people for one in _wishes(person, taken[person.key])]
    regret = sum(wish.weight * times for wish, times in wishes)
    return Score(
        lost(case, taken) + unfair + regret, sum(len(shift.places) for shift in case.shifts) - len(pairs), unfair, regret,
        (sum(not times for _wish, times in wishes), len(wishes)), Spread.of(one.minutes / 60 for one in loads.values()),
        Spread.of(one.nights for one in loads.values()), Spread.of(one.weekends for one in loads.values()),
    )  # fmt: skip


def lost(case: Case, taken: Mapping[str, Iterable[Span]]) -> int:
    """Points for places that nobody takes."""
    staffed = Counter(span for spans in taken.values() for span in spans)
    places: Counter[Span] = Counter()
    for shift in case.shifts:
        places[shift.span] += len(shift.places)
    return sum(short_cost(case, span) * (number - staffed[span]) for span, number in places.items())


def penalty(case: Case, fair: Fair, person: Person, taken: Iterable[Span]) -> int:
    """Points lost by one person's share and wishes."""
    spans = list(taken)
    own = sum(wish.weight * times for wish, times in _wishes(person, spans))
    return own + _unfair(case, fair, load(case, [*person.busy, *spans]))


def short_cost(case: Case, span: Span) -> int:
    """Points for one place of this length that nobody takes; at least one hour's."""
    return case.weights.short_hour * max(1, round(span.minutes / 60))


def hour_steps(case: Case) -> int:
    """Points for each `step` of minutes beyond the fair share."""
    return max(1, round(case.weights.hour * case.step / 60))


def _unfair(case: Case, fair: Fair, one: Load) -> int:
    minutes, nights, weekends = fair
    points = hour_steps(case) * ceil(minutes.off(one.minutes) / case.step)
    return points + case.weights.night * nights.off(one.nights) + case.weights.weekend * weekends.off(one.weekends)


def _wishes(person: Person, spans: Sequence[Span]) -> list[tuple[Wish, int]]:
    """Each wish with how many times it is not met: a free day may be broken by two shifts."""
    found = []
    for wish in person.wishes:
        times = sum(span.meets(wish.span) for span in [*person.busy, *spans])
        found.append((wish, int(times == 0) if wish.on else times))
    return found


def _band(share: float, step: int) -> Band:
    exact = share / step
    return Band(floor(exact + 1e-9) * step, ceil(exact - 1e-9) * step)
