"""The roster as a calendar: the whole period at a glance, one week with names; and as the table that hangs on the wall."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.rosters import queries
from tongzhou.modules.rosters.models import Roster, Shift
from tongzhou.modules.rosters.views import rosters
from tongzhou.modules.rosters.workflow import PLAN, READ

WEEK = timedelta(days=7)
PAPERS = ("A3", "A4")
POSTS_ON_A_SHEET = {"A3": 8, "A4": 5}


@require_safe
def page(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The grid says where somebody is missing; the week below (`day` names one of its days) says who stands where."""
    roster = find(request, response, key)
    days, rows = queries.grid(roster, roster.first_on, roster.last_on)
    first = _week_of(roster, request.GET.get("day", ""))
    last = min(first + WEEK - timedelta(days=1), roster.last_on)
    shifts: Any = Shift.objects.filter(roster=roster, happened_on__range=(first, last))
    shown = {
        "roster": roster, "response": roster.response, "days": days, "rows": rows, "first": first, "last": last,
        "week": queries.week(queries.cells(shifts)), "before": first - WEEK if first > roster.first_on else None,
        "after": first + WEEK if first + WEEK <= roster.last_on else None, "today": timezone.localdate(), "may_plan": access.may(request.user, PLAN, roster),
        "short": sum(cell.shift.short for row in rows for cell in row.cells if cell),
    }  # fmt: skip
    return render(request, "rosters/calendar.html", shown)


@require_safe
def wall(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The duty table, days down, posts across; as many sheets as the posts need."""
    roster = find(request, response, key)
    paper = request.GET.get("paper", "")
    paper = paper if paper in PAPERS else "A3"
    days, rows = queries.grid(roster, roster.first_on, roster.last_on)
    posts = list(dict.fromkeys(row.post for row in rows))
    size = POSTS_ON_A_SHEET[paper]
    sheets = []
    for n in range(0, len(posts), size):
        part = posts[n : n + size]
        sheets.append((part, queries.wall([row for row in rows if row.post in part], days)))
    shown = {
        "roster": roster,
        "response": roster.response,
        "sheets": sheets,
        "paper": paper,
        "now": timezone.localtime(),
    }
    return render(request, "rosters/wall.html", shown)


def find(request: SignedIn, response: str, key: UUID) -> Roster:
    """The roster in the person's reach, or one they stand duty in; else not found."""
    found: Roster = access.find(rosters.rows(response_or_404(request, response)), request.user, READ, pk=key)
    return found


def _week_of(roster: Roster, text: str) -> date:
    """The first day shown: that of the week, counted from the roster's first day, which holds the day asked for, or today."""
    try:
        asked = parse_date(text) or timezone.localdate()
    except ValueError:
        asked = timezone.localdate()
    inside = min(max(asked, roster.first_on), roster.last_on)
    return roster.first_on + (inside - roster.first_on) // WEEK * WEEK
