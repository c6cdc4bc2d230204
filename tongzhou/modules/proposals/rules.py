"""Counting characters as offices do, showing changed wording, likeness, deadlines and points. No database."""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any

# What a word processor counts one by one: Chinese characters, kana, hangul, and full-width punctuation. Anything else is
# counted word by word, as far as the next space.
_WIDE = "\u2014\u2018-\u201d\u2026\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_COUNTED = re.compile(rf"[{_WIDE}]|[^\s{_WIDE}]+")
_READ = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)
_LETTERS = re.compile(r"[^0-9a-z\u3400-\u9fff\uf900-\ufaff]+")
GRAMS = 400  # of one text, the first ones: title and situation say what it is about
ALIKE = 0.2  # from here on two texts are shown as alike


@dataclass(frozen=True)
class Piece:
    """Part of a wording: kept, or only in the old or the new text."""

    kind: str  # "same", "out", "in"
    text: str


def count(*texts: str) -> int:
    """字数 as offices and their word processors count: every Chinese character and mark is one, a run of letters or figures is one."""
    return sum(len(_COUNTED.findall(text)) for text in texts)


def wording(old: str, new: str) -> list[Piece]:
    """The new text beside the old one: what went out stands before what came in."""
    before, after = _READ.findall(old), _READ.findall(new)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(before[a:b])))
            continue
        if a < b:
            found.append(Piece("out", "".join(before[a:b])))
        if c < d:
            found.append(Piece("in", "".join(after[c:d])))
    return found


def grams(*texts: str) -> list[str]:
    """Pairs of neighbouring characters, each once, in the order they come: words of a language written without spaces."""
    found: dict[str, None] = {}
    for text in texts:
        for part in _LETTERS.split(text.lower()):
            found |= dict.fromkeys(part[i : i + 2] for i in range(len(part) - 1))
    return list(found)[:GRAMS]


def likeness(shared: int, asked: int, there: int) -> float:
    """How much of the shorter text is in the other: a title still being written is like the whole that it begins."""
    shorter = min(asked, there)
    return shared / shorter if shorter else 0.0


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the last day where a month has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def workdays_after(day: date, days: int) -> date:
    """So many working days on, Saturdays and Sundays left out. Public holidays are moved every year and are not known here."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def quarter(day: date) -> tuple[date, date]:
    """First and last day of the quarter this day is in."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first, months_after(first, 3) - timedelta(days=1)


def points(outcomes: Iterable[tuple[str, str]], table: Mapping[str, Any], *, commissioned: bool = False) -> Fraction:
    """Points of one item: `outcomes` are (kind, level), all added up; a commissioned item that was adopted gets its extra once.

    An outcome the table does not know is worth nothing.
    """
    found = list(outcomes)
    total = sum((Fraction(str(table.get(kind, {}).get(level, 0))) for kind, level in found), Fraction(0))
    adopted = any(kind in ("alone", "merged") for kind, _level in found)
    return total + (Fraction(str(table.get("commissioned", 0))) if commissioned and adopted else 0)


def shared(total: Fraction, authors: Sequence[Any]) -> dict[Any, Fraction]:
    """Points of an item divided evenly among its authors; what is shared out is all there is."""
    return {author: total / len(authors) for author in authors}


def rate(adopted: int, submitted: int) -> int | None:
    """采用率 in whole percent, rounded down; nothing submitted has no rate."""
    return adopted * 100 // submitted if submitted else None


def shown(value: Fraction) -> str:
    """Points as people write them: whole, or with one place."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.1f}"
