"""Daily counts: where cases are found, and that the parts add up."""

from collections.abc import Mapping
from datetime import date, timedelta

FOUND = ("quarantine", "control", "screening", "clinic", "community")  # each case is found in one of these ways


def unmatched(values: Mapping[str, int]) -> tuple[int, int] | None:
    """(cases, found) where the ways in which they were found do not add up to the cases; None where they do."""
    cases = values["confirmed"] + values["asymptomatic"]
    found = sum(values[name] for name in FOUND)
    return None if cases == found else (cases, found)


def days(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
