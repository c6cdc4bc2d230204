"""Rules of volunteering that need no database: time of service, limits of fatigue and weather, codes of certificates."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as __

DAY = timedelta(days=1)
MOST_MINUTES = 24 * 60  # of one person at one activity
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31, none that is taken for another
CODE, GROUP = 16, 4  # letters of a code: 31 ** 16 is about 2 ** 79
_APART = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True, order=True)
class Span:
    """A time of service, local."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return minutes(self.start, self.end)

    def meets(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Touched:
    """A limit that is touched: which (`what`), and the figures that say by how much."""

    what: str
    value: int = 0
    limit: int = 0


def skills(text: str) -> list[str]:
    """Names of skills, each once."""
    return list(dict.fromkeys(part for part in _APART.split(text) if part))


def clock(span: Span) -> str:
    """08:00–11:30; over midnight with the days: 08:00–06:00(+1)."""
    over = (span.end.date() - span.start.date()).days
    return f"{span.start:%H:%M}–{span.end:%H:%M}" + (f"(+{over})" if over else "")


def minutes(begun: datetime, ended: datetime) -> int:
    """Whole minutes of service; a minute that is not full does not count."""
    return max(0, int((ended - begun).total_seconds() // 60))


def hours(number: int | None) -> str:
    """3 小时 30 分钟"""
    if number is None:
        return ""
    full, rest = divmod(number, 60)
    parts = ([__("%(n)d 小时") % {"n": full}] if full else []) + ([__("%(n)d 分钟") % {"n": rest}] if rest else [])
    return " ".join(parts) or __("%(n)d 分钟") % {"n": 0}


def doors_open(starts: datetime, ends: datetime, now: datetime, early_minutes: int) -> bool:
    """Whether one may check in now. Checking out has no end: whoever forgot is helped by hand."""
    return starts - timedelta(minutes=early_minutes) <= now < ends


def fatigue(limits: Mapping[str, Any], span: Span, others: Iterable[Span]) -> list[Touched]:
    """What is touched if one serves in `span` beside `others`: hours at a stretch, hours in one day, rest between two days.

    limits: hours_at_a_stretch, hours_a_day, rest_hours.
    """
    found, others = [], list(others)
    if span.minutes > limits["hours_at_a_stretch"] * 60:
        found.append(Touched("stretch", span.minutes, limits["hours_at_a_stretch"]))
    that_day = [one for one in others if one.start.date() == span.start.date()]
    total = span.minutes + sum(one.minutes for one in that_day)
    if total > limits["hours_a_day"] * 60:
        found.append(Touched("day", total, limits["hours_a_day"]))
    between = [gap for one in others if one.start.date() != span.start.date() and (gap := _gap(one, span)) is not None]
    if between and min(between) < limits["rest_hours"] * 60:
        found.append(Touched("rest", min(between), limits["rest_hours"]))
    return found


def weather(
    limits: Mapping[str, Any], *, outdoor: bool, high: int | None, low: int | None, length: int
) -> list[Touched]:
    """What the forecast asks of an outdoor activity of `length` minutes. Of heat only the gravest is told.

    limits: heat_stop, heat_short with heat_hours, heat_rotate, cold_short, in whole ℃: "以上" includes the number itself.
    """
    if not outdoor:
        return []
    found = []
    if high is not None:
        if high >= limits["heat_stop"]:
            found.append(Touched("heat_stop", high, limits["heat_stop"]))
        elif high >= limits["heat_short"]:
            found.append(Touched("heat_short", high, limits["heat_hours"]))
            if length > limits["heat_hours"] * 60:
                found.append(Touched("heat_long", length, limits["heat_hours"]))
        elif high >= limits["heat_rotate"]:
            found.append(Touched("heat_rotate", high, limits["heat_rotate"]))
    if low is not None and low <= limits["cold_short"]:
        found.append(Touched("cold_short", low, limits["cold_short"]))
    return found


def code() -> str:
    """A code for a certificate that nobody guesses."""
    return "".join(secrets.choice(LETTERS) for _n in range(CODE))


def spaced(text: str) -> str:
    """ABCD-EFGH-JKMN-PQRS"""
    return "-".join(text[i : i + GROUP] for i in range(0, len(text), GROUP))


def read(typed: str) -> str:
    """A code as it was typed, without what people put between the letters; "" for what cannot be one."""
    letters = re.sub(r"[\s\-–—_.]+", "", typed[:100]).upper()
    return letters if len(letters) == CODE and set(letters) <= set(LETTERS) else ""


def _gap(one: Span, other: Span) -> int | None:
    """Minutes between two spans; None where they meet."""
    first, last = sorted((one, other))
    return minutes(first.end, last.start) if first.end <= last.start else None
