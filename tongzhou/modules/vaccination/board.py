"""What the command post sees: doses today, who still waits, desks open, and whether the vaccine is kept as it must be."""

from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.vaccination import queries
from tongzhou.modules.vaccination.models import Excursion, Fridge, Session, Station
from tongzhou.modules.vaccination.workflow import READ, ExcursionState, StationState

MOST = 4  # lines below a figure


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    """Nothing for whoever reaches no station."""
    if not access.reach(person, READ):
        return []
    day = timezone.localtime(now).date()
    tiles = [_doses, _waiting, _desks, _cold]
    return [tile(response, person, now if tile is _cold else day) for tile in tiles]


def _doses(response: Response, person: Person, day: Any) -> Tile:
    rows = access.visible(Session.objects.filter(response=response, happened_on=day), person, READ).exclude(doses=0)
    found = list(rows.select_related("station", "response").order_by("-doses", "pk"))
    lines = [Line(one.station, one.doses, url=one.get_absolute_url()) for one in found[:MOST]]
    return Tile("doses", __("今日接种（剂）"), sum(one.doses for one in found), _list("session", response), lines=lines)


def _waiting(response: Response, person: Person, day: Any) -> Tile:
    rows = queries.waiting(response, person)
    return Tile(
        "waiting",
        __("已登记待接种（人）"),
        sum(row.waiting for row in rows),
        reverse("vaccination.waiting", args=[response.slug]),
    )


def _desks(response: Response, person: Person, day: Any) -> Tile:
    rows = access.visible(Station.objects.filter(response=response, state=StationState.OPEN), person, READ)
    desks = rows.aggregate(n=Sum("desks"))["n"] or 0
    return Tile(
        "desks", __("开放接种台"), desks, _list("station", response), note=__("%(n)d 个接种点") % {"n": rows.count()}
    )


def _cold(response: Response, person: Person, now: Any) -> Tile:
    out = Excursion.objects.filter(
        response=response, state__in=[ExcursionState.OUT, ExcursionState.HANDLED, ExcursionState.BACK]
    )
    found = list(
        access.visible(out, person, READ).select_related("fridge__station", "response").order_by("-began_at", "pk")
    )
    fridges = access.visible(Fridge.objects.filter(response=response, station__state=StationState.OPEN), person, READ)
    missing = sum(
        queries.unread(fridges, now, half).count()
        for half in ("morning", "afternoon")
        if half in queries.due_halves(now)
    )
    lines = [Line(one, one.state_label(), "bad", one.get_absolute_url()) for one in found[:MOST]]
    if found:
        return Tile("cold", __("冷链超温"), len(found), _list("excursion", response), "bad", lines=lines)
    if missing:
        return Tile("cold", __("冷链缺测温"), missing, _list("fridge", response), "wait")
    return Tile("cold", __("冷链"), __("正常"), _list("fridge", response), "good")


def _list(model: str, response: Response) -> str:
    return reverse(f"vaccination.{model}.list", args=[response.slug])
