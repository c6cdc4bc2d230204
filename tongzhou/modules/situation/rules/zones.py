"""Zones by the rule set in force: which levels there are, when each may be stepped down or lifted, what a new infection does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Level:
    """One level of an edition.

    days     without a new infection before it may end; 0: no condition of its own
    next     the level it then becomes; "": it is lifted
    then     days it lasts when it was reached by stepping down; None: `days`, as if opened so
    raised   the level that a new infection makes of it; "": it stays what it is
    """

    name: str
    days: int
    next: str = ""
    then: int | None = None
    raised: str = ""


def levels(values: Mapping[str, Any]) -> dict[str, Level]:
    """The levels of an edition by name, in its order; none where the edition has none."""
    rows = values.get("levels", [])
    return {
        row["name"]: Level(row["name"], row["days"], row.get("next", ""), row.get("then"), row.get("raised", ""))
        for row in rows
    }


def due(level: Level, quiet_since: date, stepped_on: date | None) -> date:
    """The day on which the level may end: so many days after the last infection, or after the step down that led to it."""
    if stepped_on is not None and level.then is not None:
        return stepped_on + timedelta(days=level.then)
    return quiet_since + timedelta(days=level.days)


def left(due_on: date, today: date) -> int:
    """Days still to go; 0 when the day has come."""
    return max(0, (due_on - today).days)
