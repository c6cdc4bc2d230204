"""Who may review what, by the rule in force; how soon a withdrawn consent must be acted on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tongzhou.kernel import rulebook

STEPS = ("first", "second", "final")


def clash(step: str, who: Any, held: Mapping[str, Any], day: date) -> str:
    """The part that this person holds already and that keeps them from this step; "" if none. `held`: who holds which part."""
    apart = rulebook.in_force("publications", "review", day)["apart"]
    others = [part for part in apart if part != step] if step in apart else []
    return next((part for part in others if held.get(part) is not None and held[part] == who), "")


def limits(day: date) -> tuple[int, int]:
    """Most characters of a title and of a digest."""
    edition = rulebook.in_force("publications", "writing", day)
    return edition["title"], edition["digest"]


def act_by(withdrawn: datetime) -> datetime:
    """Until when a published article must be taken down or corrected after consent was withdrawn."""
    return withdrawn + timedelta(hours=rulebook.in_force("publications", "consent", withdrawn.date())["hours"])
