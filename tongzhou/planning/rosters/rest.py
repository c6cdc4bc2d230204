"""Rules of rest, asked of one person's duties: what a new duty would break. The solver, edits by hand and swaps all ask here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tongzhou.planning.rosters.case import DAY, Person, Rules, Span

WEEK = timedelta(days=7)


class Reason(StrEnum):
    """Why someone cannot take a duty."""

    SKILL = "skill"  # lacks what the place asks for
    AWAY = "away"  # said they cannot
    ELSEWHERE = "elsewhere"  # has another duty at that time
    REST = "rest"  # too little time before or after another duty
    LONG = "long"  # too little time after a long shift
    NIGHTS = "nights"  # too many nights in a row
    HOURS = "hours"  # too many hours in seven days


@dataclass(frozen=True)
class Breach:
    """A broken rule: what was found where at most (or at least) `limit` is allowed; `other` is the duty in the way."""

    reason: Reason
    found: float = 0
    limit: float = 0
    other: Span | None = None


def breaches(rules: Rules, person: Person, span: Span, duties: Iterable[Span], skill: str = "") -> list[Breach]:
    """What the person would break by taking a duty at `span` beside their other `duties`, the gravest first; nothing if they may."""
    others = sorted(duties)
    found = [] if person.may_take(skill) else [Breach(Reason.SKILL)]
    found += [Breach(Reason.AWAY, other=away) for away in person.cannot if away.meets(span)][:1]
    found += [Breach(Reason.ELSEWHERE, other=other) for other in others if other.meets(span)][:1]
    if not any(other.meets(span) for other in others):
        found += _rest(rules, span, others)
    return found + _nights(rules, span, others) + _hours(rules, span, others)


def all_breaches(rules: Rules, person: Person, duties: Sequence[Span], fresh: int | None = None) -> list[Breach]:
    """Every rule that a whole set of duties breaks; of the last `fresh` only, where those before were decided by others."""
    found: list[Breach] = []
    for i, span in enumerate(duties):
        if fresh is not None and i < len(duties) - fresh:
            continue
        found += breaches(rules, person, span, [*duties[:i], *duties[i + 1 :]])
    return found


def _rest(rules: Rules, span: Span, others: Sequence[Span]) -> list[Breach]:
    before = max((other for other in others if other.end <= span.start), key=lambda one: one.end, default=None)
    after = min((other for other in others if other.start >= span.end), key=lambda one: one.start, default=None)
    pairs = [(before, span, before) if before else None, (span, after, after) if after else None]
    found = []
    for pair in filter(None, pairs):
        first, second, other = pair
        rest, least = second.start - first.end, rules.rest_after(first)
        if rest < least:
            long = least > timedelta(hours=rules.rest_hours)
            reason = Reason.LONG if long else Reason.REST
            found.append(Breach(reason, rest / timedelta(hours=1), least / timedelta(hours=1), other))
    return found


def _nights(rules: Rules, span: Span, others: Sequence[Span]) -> list[Breach]:
    night = rules.night(span)
    if not rules.nights_in_a_row or night is None:
        return []
    nights = {rules.night(other) for other in others} | {night}
    row, day = 1, night - DAY
    while day in nights:
        row, day = row + 1, day - DAY
    day = night + DAY
    while day in nights:
        row, day = row + 1, day + DAY
    return [Breach(Reason.NIGHTS, row, rules.nights_in_a_row)] if row > rules.nights_in_a_row else []


def _hours(rules: Rules, span: Span, others: Sequence[Span]) -> list[Breach]:
    """The fullest seven days (counted by the days on which shifts begin) that hold this shift."""
    if not rules.hours_in_7_days:
        return []
    day, most = span.start.date(), 0
    for back in range(7):
        first = day - back * DAY
        inside = [other for other in others if first <= other.start.date() < first + WEEK]
        most = max(most, span.minutes + sum(other.minutes for other in inside))
    return [Breach(Reason.HOURS, most / 60, rules.hours_in_7_days)] if most > rules.hours_in_7_days * 60 else []
