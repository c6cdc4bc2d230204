"""What changes studies and options. Pages, spreadsheets, the planner and rehearsals all come through here."""

from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __

from tongzhou.kernel.models import Person, Record
from tongzhou.modules.siting.actions import adopting, glances, loading, planning, tables

__all__ = ["adopting", "elsewhere", "glances", "loading", "planning", "tables"]


def elsewhere(record: Record, *, by: Person, note: str = "", **data: Any) -> NoReturn:
    """A move that is part of something larger is not made by itself."""
    raise ValidationError(__("这一步请在相应的页面办理。"))
