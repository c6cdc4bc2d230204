"""How long an answer may take, and which rumours say the same. No database."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tongzhou.kernel import rulebook

ALIKE = 0.3  # of the pairs of letters that two texts have in all


def due(reported: datetime) -> datetime:
    """By when an answer is owed, by the rule in force on the day of the report."""
    return reported + timedelta(hours=rulebook.in_force("rumours", "answering", reported.date())["hours"])


def pairs(text: str) -> frozenset[str]:
    """Neighbouring letters and characters: what two ways of saying the same have in common, in Chinese too."""
    plain = "".join(letter for letter in text.lower() if letter.isalnum())
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def likeness(one: str, other: str) -> float:
    """Between 0 and 1: shared pairs over all pairs (Jaccard)."""
    left, right = pairs(one), pairs(other)
    return len(left & right) / len(left | right) if left and right else 0.0


def alike[T](text: str, others: Iterable[tuple[T, str]], most: int = 5) -> list[T]:
    """Those that say much the same, the likest first."""
    scored = [(likeness(text, said), one) for one, said in others]
    return [one for score, one in sorted(scored, key=lambda pair: -pair[0]) if score >= ALIKE][:most]
