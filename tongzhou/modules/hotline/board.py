"""On the board of the command post: whether the line is open and how many came in the last week that is over. Counts only, none below five."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line as Row
from tongzhou.kernel.board import Tile
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.hotline.models import Line, Return
from tongzhou.modules.hotline.workflow import READ, LineState

LINES = 6


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    seen = access.visible(Line.objects.filter(response=response, state=LineState.OPEN, words=""), person, READ)
    lines = list(seen.order_by("name", "pk")[:LINES])
    if not lines:
        return []
    last = access.visible(Return.objects.filter(response=response), person, READ).order_by("-happened_on").first()
    rows = [Row(str(line), line.number or line.hours_shown) for line in lines]
    rows += [Row(label, spoken(value, last.least)) for label, value in last.counts()[:2]] if last else []
    url = reverse("hotline.return.list", args=[response.slug])
    note = __("%(day)s 起一周") % {"day": last.happened_on} if last else ""
    return [Tile("hotline", __("开通的心理援助热线"), len(lines), url, "plain", note, rows)]


def spoken(value: int | None, least: int) -> str:
    return str(value) if value is not None else __("少于%(n)d") % {"n": least}
