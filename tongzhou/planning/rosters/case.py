"""What is to be planned, as plain values. Times are local and without zone; lengths are in minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from math import gcd

ANYONE = ""  # the skill of a place that anybody may take
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, its end excluded."""

    start: datetime
    end: datetime

    @cached_property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60

    def meets(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Shift:
    """One post at one time. `needs` are places by skill: (("medic", 1), (ANYONE, 2)) is three people, one of them a medic."""

    key: str
    post: str
    span: Span
    needs: tuple[tuple[str, int], ...]
    home: str = ""  # path of the unit: people of this unit or below are put here rather than elsewhere

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The skill of each place."""
        return tuple(skill for skill, number in self.needs for _place in range(number))


@dataclass(frozen=True)
class Wish:
    """What someone would like, not what must be: to be free in this time, or (`on`) to have a duty in it."""

    span: Span
    on: bool = False
    weight: int = 6  # points lost when it is not met: hours of unfairness it is worth


@dataclass(frozen=True)
class Person:
    """`cannot` is when they are not there at all; `busy` are duties they have already, here or elsewhere: these stay."""

    key: str
    skills: frozenset[str] = frozenset()
    cannot: tuple[Span, ...] = ()
    wishes: tuple[Wish, ...] = ()
    busy: tuple[Span, ...] = ()
    home: str = ""

    def may_take(self, skill: str) -> bool:
        return skill == ANYONE or skill in self.skills


@dataclass(frozen=True)
class Rules:
    """Rules of rest; 0 switches one off. A night is a shift with at least `night_least` hours between `night_from` and `night_to` o'clock."""

    rest_hours: int = 12
    long_hours: int = 24  # from this length on a shift is long …
    rest_after_long: int = 24  # … and this much rest follows it
    nights_in_a_row: int = 3
    hours_in_7_days: int = 48
    night_from: int = 0
    night_to: int = 6
    night_least: int = 3

    def rest_after(self, span: Span) -> timedelta:
        long = self.long_hours and span.minutes >= self.long_hours * 60
        return timedelta(hours=max(self.rest_hours, self.rest_after_long) if long else self.rest_hours)

    def night(self, span: Span) -> date | None:
        """The day on whose early morning the shift keeps watch, or None: it is no night."""
        return _night(self.night_from, self.night_to, self.night_least, span)


@lru_cache(maxsize=4096)  # the same few spans are asked about again and again
def _night(first: int, last: int, least: int, span: Span) -> date | None:
    midnight = datetime.combine(span.start.date(), datetime.min.time())
    while midnight < span.end:
        start, end = midnight + timedelta(hours=first), midnight + timedelta(hours=last)
        if min(end, span.end) - max(start, span.start) >= timedelta(hours=least):
            return midnight.date()
        midnight += DAY
    return None


@dataclass(frozen=True)
class Weights:
    """Points lost: for each hour of a place nobody takes; for each hour, night and weekend shift beyond a fair share."""

    short_hour: int = 1000
    hour: int = 1
    night: int = 4
    weekend: int = 3


@dataclass(frozen=True)
class Case:
    """A roster to be proposed. Fair shares go by the days of the period on which each person is there.

    `within` is the period; by default from the first day of the shifts to the last.
    """

    people: tuple[Person, ...]
    shifts: tuple[Shift, ...]
    rules: Rules = field(default_factory=Rules)
    weights: Weights = field(default_factory=Weights)
    within: Span | None = None

    @cached_property
    def period(self) -> Span:
        if self.within:
            return self.within
        first = min(shift.span.start for shift in self.shifts).date()
        last = max(shift.span.start for shift in self.shifts).date() + DAY
        return Span(datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.min.time()))

    @cached_property
    def step(self) -> int:
        """The minutes by which any sum of shifts grows: what is fair is told no finer than this."""
        return gcd(*(shift.span.minutes for shift in self.shifts)) or 1

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """Each person's part of all there is to do; they add up to 1."""
        days = (self.period.end - self.period.start).days
        there = {person.key: max(days - len(self._away(person)), 0) for person in self.people}
        whole = sum(there.values()) or 1
        return {key: number / whole for key, number in there.items()}

    def _away(self, person: Person) -> set[date]:
        """Days of the period of which the person misses at least half."""
        away = set()
        day = self.period.start
        while day < self.period.end:
            noon = Span(day + timedelta(hours=6), day + timedelta(hours=18))
            if any(span.start <= noon.start and noon.end <= span.end for span in person.cannot):
                away.add(day.date())
            day += DAY
        return away
