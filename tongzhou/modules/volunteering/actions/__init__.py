"""What changes teams, activities, sign-ups and certificates. Pages, spreadsheets and example files all come through here."""

from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __

from tongzhou.kernel.models import Person, Record
from tongzhou.modules.volunteering.actions import activities, certificates, doors, hours, joining, loading, volunteers

__all__ = ["activities", "certificates", "doors", "elsewhere", "hours", "joining", "loading", "volunteers"]


def elsewhere(record: Record, *, by: Person, note: str = "", **data: Any) -> NoReturn:
    """A move that is part of something larger (the code at the place, the waiting list) is not made by itself."""
    raise ValidationError(__("这一步请在相应的页面办理。"))
