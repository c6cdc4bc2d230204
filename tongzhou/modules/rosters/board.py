"""On the board of the command post: who is on duty now, post by post, and where people are missing now or within a day."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile, Tone
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.rosters import queries
from tongzhou.modules.rosters.models import Shift
from tongzhou.modules.rosters.workflow import READ, DutyState, RosterState, ShiftState

LINES = 8


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    rows = Shift.objects.filter(response=response, roster__state=RosterState.PUBLISHED)
    seen = access.visible(rows.exclude(state=ShiftState.CANCELLED), person, READ)
    url = reverse("rosters.shift.list", args=[response.slug])
    cells = queries.people_on(seen, now)
    short = seen.filter(state=ShiftState.PLANNED, short__gt=0, ends_at__gt=now, starts_at__lt=now + timedelta(days=1))
    gaps = list(short.select_related("post", "response").order_by("starts_at")[: LINES + 1])
    if not cells and not gaps:
        return []
    on = sum(duty.state == DutyState.ON for cell in cells for duty in cell.duties)
    due = sum(len(cell.names) for cell in cells)
    today = f"{url}?first={now.date()}&last={now.date()}"
    return [
        Tile("on_duty", __("此刻在岗"), f"{on} / {due}", today, _tone(on, due), __("已签到 / 应到"), [_line(cell) for cell in cells[:LINES]], wide=True),
        Tile(
            "gaps", __("24 小时内缺人"), sum(one.short for one in gaps), f"{url}?short=1", "bad" if gaps else "good", "",
            [Line(one, __("缺 %(n)d") % {"n": one.short}, "bad", one.get_absolute_url()) for one in gaps[:LINES]],
        ),
    ]  # fmt: skip


def _line(cell: queries.Cell) -> Line:
    names = __("、").join(cell.names) or __("无人")
    tone: Tone = "bad" if cell.shift.short else "plain"
    return Line(
        __("%(post)s：%(names)s") % {"post": cell.shift.post, "names": names},
        cell.shift.clock,
        tone,
        cell.shift.get_absolute_url(),
    )


def _tone(on: int, due: int) -> Tone:
    return "good" if on >= due else "wait"
