"""What awaits whom. The to-do page is the first page after sign-in, because that is where a person's day starts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tongzhou.kernel import module
from tongzhou.kernel.dates import moment
from tongzhou.kernel.models import Person, Record, Response, Unit


@dataclass(frozen=True)
class Ask:
    """`records(person)` are the records that await this person; `due` names the field with the deadline, if there is one: a day, or a moment."""

    name: str
    label: Any
    records: Callable[[Person], QuerySet[Any]]
    due: str = ""
    url: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Awaiting:
    """One ask with what it found: the first few records and how many there are in all."""

    room: "module.Module"
    ask: Ask
    items: list["Item"]
    count: int


@dataclass(frozen=True)
class Item:
    record: Record
    url: str
    due: date | None  # a moment where hours count
    overdue: bool

    @property
    def until(self) -> str:
        """The deadline as a person reads it: with its hour where it has one."""
        if isinstance(self.due, datetime):
            return moment(self.due)
        return str(self.due or "")


def awaiting(person: Person, today: date, most: int = 20) -> list[Awaiting]:
    """What awaits the person, room by room; asks with nothing in them are left out. One or two queries an ask, and two for all together."""
    asked = [(room, ask, ask.records(person)) for room in module.rooms() for ask in room.asks]
    found = [(room, ask, records, list(records[: most + 1])) for room, ask, records in asked]
    _place([record for *_ask, first in found for record in first])
    return [_await(room, ask, records, first, today, most) for room, ask, records, first in found if first]


def _place(records: list[Record]) -> None:
    """Give each its response and unit, read once for all: joined to each ask, they would cost more than the asks, most of which find nothing."""
    responses = Response.objects.in_bulk({record.response_id for record in records})
    units = Unit.objects.in_bulk({record.unit_id for record in records})
    for record in records:
        record.response, record.unit = responses[record.response_id], units[record.unit_id]


def _await(
    room: "module.Module", ask: Ask, records: QuerySet[Any], first: list[Record], today: date, most: int
) -> Awaiting:
    count = len(first) if len(first) <= most else records.count()
    return Awaiting(room, ask, [_item(ask, record, today) for record in first[:most]], count)


def _item(ask: Ask, record: Record, today: date) -> Item:
    due = getattr(record, ask.due) if ask.due else None
    url = ask.url(record) if ask.url else record.get_absolute_url()
    now = timezone.now() if isinstance(due, datetime) else today
    return Item(record, url, due, bool(due and due < now))
