"""Rules of duty that need no database: patterns of shifts, words of skills, what a checkpoint decides, who is late."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tongzhou.planning.rosters import ANYONE, Span

DAY = timedelta(days=1)
MOST_PEOPLE = 99  # in one shift
EVERY = {"24h": 24, "12h": 12, "8h": 8}  # patterns in which shifts of so many hours follow each other round the clock
VERDICTS = ("passed", "turned_back", "released", "referred")  # people, each counted in one
VEHICLES = "vehicles"
SEEN = ("fever", "code", "star", "tested", "local", "letter")

Places = tuple[tuple[str, int], ...]  # (skill, number); ANYONE comes last


class Unreadable(ValueError):
    """Words that are no skills or no shift; the argument is the part that could not be read."""


@dataclass(frozen=True)
class Turn:
    """One shift of each day of a post's pattern: begins at `begins`, takes `minutes`."""

    begins: time
    minutes: int
    places: Places

    def on(self, day: date) -> Span:
        start = datetime.combine(day, self.begins)
        return Span(start, start + timedelta(minutes=self.minutes))

    def __str__(self) -> str:
        return clock(self.on(date(2000, 1, 1)))


def clock(span: Span) -> str:
    """08:00–16:00; a shift of whole days ends at the hour it began: 08:00–08:00."""
    return f"{span.start:%H:%M}–{span.end:%H:%M}"


_SKILL = re.compile(r"\s*(?P<name>[^\d\s×x*、，,；;]+?)\s*[×x*]?\s*(?P<number>\d{1,2})?\s*(?:人|名)?\s*")
_APART = re.compile(r"[、，,；;\n]+")
_LINE = re.compile(
    r"\s*(?P<h1>\d{1,2})[:：](?P<m1>\d{2})\s*[-–—－~～至]+\s*(?P<h2>\d{1,2})[:：](?P<m2>\d{2})\s*"
    r"(?:(?P<people>\d{1,2})\s*人?)?\s*(?P<skills>.*)"
)


def skills(text: str) -> list[str]:
    """Names of skills, each once: "医护、采样" gives both."""
    return list(dict.fromkeys(part.strip() for part in _APART.split(text) if part.strip()))


def places(people: int, text: str) -> Places:
    """`people` places of which some ask for a skill: 3 and "医护1、公安1" leave one for anyone. Raises Unreadable."""
    wanted: dict[str, int] = {}
    for part in skills(text):
        read = _SKILL.fullmatch(part)
        if not read:
            raise Unreadable(part)
        wanted[read["name"]] = wanted.get(read["name"], 0) + int(read["number"] or 1)
    left = people - sum(wanted.values())
    if left < 0:
        raise Unreadable(text)
    return tuple(sorted(wanted.items())) + (((ANYONE, left),) if left else ())


def turns(pattern: str, begins: time, people: int, text: str, custom: str = "") -> list[Turn]:
    """The shifts of one day. `custom` has one a line: "20:00-08:00 2人 医护1". Raises Unreadable with the part at fault."""
    if pattern in EVERY:
        hours = EVERY[pattern]
        first = datetime.combine(date(2000, 1, 1), begins)
        return [
            Turn((first + timedelta(hours=hours * n)).time(), hours * 60, places(people, text))
            for n in range(24 // hours)
        ]
    found = [_turn(line, people, text) for line in custom.splitlines() if line.strip()]
    if not found:
        raise Unreadable("")
    return sorted(found, key=lambda turn: turn.begins)


def _turn(line: str, people: int, text: str) -> Turn:
    read = _LINE.fullmatch(line)
    if not read:
        raise Unreadable(line.strip())
    try:
        first, last = time(int(read["h1"]), int(read["m1"])), time(int(read["h2"]) % 24, int(read["m2"]))
    except ValueError:
        raise Unreadable(line.strip()) from None
    minutes = (last.hour * 60 + last.minute - first.hour * 60 - first.minute) % (24 * 60) or 24 * 60
    number = int(read["people"] or people)
    if not 0 < number <= MOST_PEOPLE:
        raise Unreadable(line.strip())
    return Turn(first, minutes, places(number, read["skills"] or (text if not read["people"] else "")))


def days(first: date, last: date) -> list[date]:
    return [first + DAY * n for n in range((last - first).days + 1)]


# -- at the door


def late(starts: datetime, signed: datetime) -> int:
    """Whole minutes after the start; 0 for whoever is in time."""
    return max(0, int((signed - starts).total_seconds() // 60))


def open_for_signing(starts: datetime, ends: datetime, now: datetime, early_minutes: int) -> bool:
    return starts - timedelta(minutes=early_minutes) <= now < ends


# -- at the checkpoint


def decide(rows: Sequence[Mapping[str, Any]], seen: Mapping[str, Any]) -> tuple[str, int] | None:
    """(verdict, number of the row): of the rows whose conditions all hold, the first. None if no row fits."""
    for number, row in enumerate(rows, 1):
        if all(seen.get(name) == row[name] for name in SEEN if name in row):
            return str(row["verdict"]), number
    return None


def feverish(temperature: float, line: float) -> bool:
    """At the line itself one has a fever: 37.3 ℃ 及以上."""
    return temperature >= line


def merged(spans: Iterable[Span]) -> list[Span]:
    """Days on end as one span, so that "away from the 3rd to the 9th" is told as such."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
