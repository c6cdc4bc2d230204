"""What people are told of an activity."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import format_lazy

from tongzhou.kernel import notices
from tongzhou.kernel.models import Person
from tongzhou.modules.volunteering.models import Activity


def tell(activity: Activity, people: Iterable[Person | None], text: Any, once: str = "") -> int:
    """`text` names {name}, {when} and {place}. Returns how many were told now."""
    words = format_lazy(text, name=str(activity), when=activity.time_text, place=activity.place or str(activity.unit))
    told = notices.tell(
        [one for one in people if one], words, response=activity.response, record=activity, url=activity.get_absolute_url(), once=once
    )  # fmt: skip
    return len(told)
