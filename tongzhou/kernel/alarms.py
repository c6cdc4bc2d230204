"""What must be told before it is too late: a duty nobody has taken, a refrigerator too warm, a report that is due.

A room's drawer alarms.py says which alarms hold at a moment; the house tells each of them once to each person. Looked at about
once a minute by a background task; `tongzhou alarms` does the same by hand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.tasks import task
from django.utils import timezone

from tongzhou.kernel import module, notices
from tongzhou.kernel.models import Person, Record, Unit


@dataclass(frozen=True)
class Alarm:
    """`name` tells the alarms of one record apart: told once under it, the same person is not told again."""

    record: Record
    name: str
    text: Any
    people: Sequence[Person]
    url: str = ""
    units: Sequence[Unit] = ()  # their work groups are told too


Alarms = Callable[[datetime], Iterable[Alarm]]


def sound(now: datetime) -> int:
    """Tell what holds now and was not told yet; returns how many notices that made."""
    return sum(_tell(alarm) for room in module.rooms() if room.alarms for alarm in room.alarms(now))


@task()
def look() -> int:
    """And let the rooms tend to what they do of themselves."""
    now = timezone.now()
    told = sound(now)
    for room in module.rooms():
        if room.tend:
            room.tend(now)
    return told


def _tell(alarm: Alarm) -> int:
    record = alarm.record
    told = notices.tell(
        alarm.people, alarm.text, response=record.response, record=record, url=alarm.url or record.get_absolute_url(),
        units=alarm.units, once=f"{record._meta.label_lower}/{record.pk}/{alarm.name}",
    )  # fmt: skip
    return len(told)
