"""The roster as tables: a grid of days by posts, a week with names, and who stands where now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from tongzhou.modules.rosters.models import Duty, Post, Roster, Shift
from tongzhou.modules.rosters.workflow import STANDING, DutyState, ShiftState

SHOWN = (*STANDING, DutyState.MISSED, DutyState.EXCUSED)


@dataclass
class Cell:
    """One shift in a table with who stands it."""

    shift: Shift
    duties: list[Duty] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [str(duty.person) for duty in self.duties if duty.state in STANDING]


@dataclass
class Row:
    """One turn of one post over the days; None where there is no shift."""

    post: Post
    clock: str
    cells: list[Cell | None]


def cells(shifts: QuerySet[Shift]) -> list[Cell]:
    """Shifts with their people. Two queries."""
    rows = list(shifts.exclude(state=ShiftState.CANCELLED).select_related("post", "response").order_by("starts_at"))
    duties: dict[UUID, list[Duty]] = defaultdict(list)
    standing = Duty.objects.filter(shift__in=shifts.values("pk"), state__in=SHOWN).select_related("person", "response")
    for duty in standing.order_by("person__pinyin", "pk"):
        if duty.shift_id:
            duties[duty.shift_id].append(duty)
    return [Cell(shift, duties[shift.pk]) for shift in rows]


def grid(roster: Roster, first: date, last: date) -> tuple[list[date], list[Row]]:
    """The days, and for each turn of each post a row of cells."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = cells(roster.shifts.filter(happened_on__range=(first, last)))
    rows: dict[tuple[str, UUID, str], dict[date, Cell]] = defaultdict(dict)
    posts = {}
    for cell in found:
        posts[cell.shift.post_id] = cell.shift.post
        rows[cell.shift.post.name, cell.shift.post_id, cell.shift.clock][cell.shift.happened_on] = cell
    ordered = sorted(rows.items(), key=lambda one: (posts[one[0][1]].kind != Post.Kind.LEADER, *one[0]))
    return days, [Row(posts[post], clock, [by_day.get(day) for day in days]) for (_n, post, clock), by_day in ordered]


def week(found: Iterable[Cell]) -> list[tuple[date, list[Cell]]]:
    """Day by day."""
    ordered = sorted(found, key=lambda cell: (cell.shift.happened_on, cell.shift.starts_at, cell.shift.post.name))
    return [(day, list(some)) for day, some in groupby(ordered, key=lambda cell: cell.shift.happened_on)]


def people_on(shifts: QuerySet[Shift], now: datetime) -> list[Cell]:
    """The shifts under way, post by post."""
    return sorted(cells(shifts.filter(starts_at__lte=now, ends_at__gt=now)), key=lambda cell: cell.shift.post.name)


def wall(rows: Sequence[Row], days: Sequence[date]) -> list[tuple[date, list[list[tuple[str, Cell]]]]]:
    """The duty table as it hangs on the wall: a line for each day, and for each post its turns with names."""
    posts = list(dict.fromkeys(row.post.pk for row in rows))
    by_post = {key: [row for row in rows if row.post.pk == key] for key in posts}
    return [
        (day, [[(row.clock, cell) for row in by_post[key] if (cell := row.cells[n])] for key in posts])
        for n, day in enumerate(days)
    ]
