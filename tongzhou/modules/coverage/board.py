"""What the command post sees: who is overdue, where, and how far each kind of coverage is."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.coverage import queries
from tongzhou.modules.coverage.workflow import READ

MOST = 4  # lines below a figure


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    """Nothing for whoever reaches nobody, or where there is nobody to be covered."""
    if not access.reach(person, READ):
        return []
    today = timezone.localtime(now).date()
    whole, _units = queries.progress(response, person, today)
    if not whole.total("people"):
        return []
    return [_late(response, person, whole), _share(response, whole)]


def _late(response: Response, person: Person, whole: queries.Row) -> Tile:
    address = reverse("coverage.progress", args=[response.slug])
    rows = queries.late_by_unit(response, person, timezone.localdate())[:MOST] if whole.overdue else []
    named = "subject__unit__name_en" if lang() == "en" else "subject__unit__name"
    lines = [Line(row[named] or row["subject__unit__name"], row["n"], "bad") for row in rows]
    return Tile("late", __("查检管逾期（人）"), whole.overdue, address, "bad" if whole.overdue else "good", lines=lines)


def _share(response: Response, whole: queries.Row) -> Tile:
    """Each kind with people in it: how many are covered, of how many."""
    lines = [
        Line(kind.label, f"{counts['covered']} / {counts['people']}", "good" if share == 100 else "wait")
        for kind, counts, share in whole.cells
        if share is not None
    ]
    return Tile(
        "today",
        __("今日待办（人）"),
        whole.total("due"),
        reverse("coverage.progress", args=[response.slug]),
        lines=lines,
    )
