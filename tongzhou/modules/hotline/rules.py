"""Pure rules: the level of a risk, when to come back to someone, which counts may be shown, who must agree with whom."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

LOW, MODERATE, HIGH = "low", "moderate", "high"
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another when read out


def level(score: int, edition: Mapping[str, Any] | Any, *, plan: bool, attempt: bool, act: bool) -> tuple[str, bool]:
    """The level of a score, and whether a rule made it high whatever the score. Raises ValueError for a score off the scale."""
    if not 0 <= score <= edition["score_most"]:
        raise ValueError(score)
    if plan or attempt or act:
        return HIGH, True
    if score >= edition["high_from"]:
        return HIGH, False
    return (MODERATE if score >= edition["moderate_from"] else LOW), False


def follow_ups(found: str, day: date, edition: Mapping[str, Any] | Any) -> list[date]:
    """The days on which someone asks again how they are."""
    after: Sequence[int] = {HIGH: edition["high_days"], MODERATE: edition["moderate_days"]}.get(found, ())
    return [day + timedelta(days=n) for n in after]


def shown(count: int, least: int) -> int | None:
    """A count as it may leave the room: a small one tells of single people, so it does not."""
    return count if count >= least else None


def week(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def code(key: UUID) -> str:
    """What people call a case among themselves: seven letters of its key, which say nothing of how many there are."""
    number, letters = key.int, ""
    for _place in range(7):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return f"{letters[:3]}-{letters[3:]}"


def pairs[T](supervisors: Iterable[T]) -> list[tuple[T, T]]:
    """Any two of them can open a case together."""
    return list(combinations(supervisors, 2))
