"""Zones on a map and on a timeline. Whatever is drawn stands in the list below it."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.situation.models import Turn, Zone
from tongzhou.modules.situation.models.zone import ZoneLevel
from tongzhou.modules.situation.views import told
from tongzhou.modules.situation.views import zones as desk
from tongzhou.modules.situation.workflow import READ, ZoneState

MOST = 200


@dataclass(frozen=True)
class Bar:
    """A stretch at one level, in days from the left edge."""

    x: int
    width: int
    level: str
    words: str


@dataclass(frozen=True)
class Row:
    zone: Zone
    bars: list[Bar]
    infections: list[int]  # days from the left edge
    due: int | None
    countdown: str


@require_safe
def zone_map(request: SignedIn, response: str) -> HttpResponse:
    found = response_or_404(request, response)
    if not access.reach(request.user, READ):
        raise Http404
    rows = desk.visible(found, request.user).exclude(state=ZoneState.VOID).prefetch_related("turns")
    zones = list(rows.order_by("happened_on", "pk")[:MOST])
    today = timezone.localdate()
    page: dict[str, Any] = {"response": found, "map": told.map_of(zones), "zones": zones, "desk": desk} | timeline(
        zones, today
    )
    return render(request, "situation/map.html", page)


def timeline(zones: list[Zone], today: date) -> dict[str, Any]:
    """Rows over one span of days: from the first opening to the last day on which any of them ends or may end."""
    if not zones:
        return {"rows": []}
    ends = [
        day for zone in zones for day in (zone.lifted_on, zone.due_on if zone.state == ZoneState.OPEN else None) if day
    ]
    running = any(zone.state == ZoneState.OPEN for zone in zones)
    first, last = min(zone.happened_on for zone in zones), max([*ends, *([today] if running else [])])
    span = (last - first).days + 1
    now = (today - first).days if first <= today <= last else None
    return {
        "rows": [_row(zone, first, today) for zone in zones],
        "first": first,
        "last": last,
        "span": span,
        "now": now,
    }


def _row(zone: Zone, first: date, today: date) -> Row:
    turns = list(zone.turns.all())
    until = zone.lifted_on or max(today, zone.happened_on)
    bars = [
        Bar((start.day - first).days, max(1, (end - start.day).days), start.level, str(ZoneLevel(start.level).label))
        for start, end in _stretches(turns, until)
    ]
    infections = [(turn.day - first).days for turn in turns if turn.kind == Turn.Kind.INFECTION]
    open_now = zone.state == ZoneState.OPEN and zone.due_on
    return Row(
        zone, bars, infections, (zone.due_on - first).days if open_now and zone.due_on else None, zone.countdown(today)
    )


def _stretches(turns: list[Turn], until: date) -> list[tuple[Turn, date]]:
    """Each stretch at one level with the day on which it ended."""
    starts = [turn for n, turn in enumerate(turns) if not n or turn.level != turns[n - 1].level]
    starts = [turn for turn in starts if turn.kind != Turn.Kind.LIFTED]
    return [*((here, after.day) for here, after in pairwise(starts)), *((one, until) for one in starts[-1:])]
