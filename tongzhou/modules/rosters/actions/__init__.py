"""What changes posts, people, rosters, duties, swaps and counts. Pages, spreadsheets, the planner and example files all come through here."""

from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __

from tongzhou.kernel.models import Person, Record
from tongzhou.modules.rosters.actions import checkpoints, crew, duties, loading, planning, rosters, spots, swaps

__all__ = ["checkpoints", "crew", "duties", "elsewhere", "loading", "planning", "rosters", "spots", "swaps"]


def elsewhere(record: Record, *, by: Person, note: str = "", **data: Any) -> NoReturn:
    """A move that is part of something larger (the code at the door, a swap, a proposal) is not made by itself."""
    raise ValidationError(__("这一步请在相应的页面办理。"))
