"""The room's tiles on the board of the command post: drills coming and running, findings still open, scenarios due to be practised."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile, Tone
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.drills import queries, rules
from tongzhou.modules.drills.models import Drill
from tongzhou.modules.drills.rules import library
from tongzhou.modules.drills.workflow import READ, DrillState

LINES = 4


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    if not access.reach(person, READ):
        return []
    today = timezone.localtime(now).date()
    return [_coming(response, person, now), _open(response, person, today), *_practice(response, person, today)]


def _coming(response: Response, person: Person, now: datetime) -> Tile:
    """Scheduled within a week, running, or scheduled and not begun in time."""
    now = timezone.localtime(now)
    rows = Drill.objects.filter(response=response, happened_on__lte=now.date() + timedelta(days=rules.SOON_DAYS))
    seen = access.visible(rows.filter(state__in=[DrillState.SCHEDULED, DrillState.RUNNING]), person, READ).order_by()
    late = Q(state=DrillState.SCHEDULED, happened_on__lt=now.date())
    n = seen.aggregate(n=Count("pk"), late=Count("pk", filter=late))
    lines = [
        _line(drill, now)
        for drill in seen.select_related("response").order_by("happened_on", "begins_at", "pk")[:LINES]
    ]
    tone: Tone = "bad" if n["late"] else "plain"
    note = __("%(n)d场到期未开始") % {"n": n["late"]} if n["late"] else __("七天内")
    return Tile("drills", __("待演练"), n["n"], reverse("drills.drill.list", args=[response.slug]), tone, note, lines)


def _line(drill: Drill, now: datetime) -> Line:
    when = __("进行中") if drill.state == DrillState.RUNNING else f"{drill.happened_on:%m-%d} {drill.begins}".strip()
    late = drill.state == DrillState.SCHEDULED and drill.happened_on < now.date()
    return Line(
        str(drill),
        when,
        "bad" if late else "good" if drill.state == DrillState.RUNNING else "plain",
        drill.get_absolute_url(),
    )


def _open(response: Response, person: Person, today: Any) -> Tile:
    """Findings not closed, by drill, with the age of the oldest."""
    found = queries.open_findings(response, person, today)
    lines = [_of_drill(response, row, today) for row in found["drills"]]
    tone: Tone = "bad" if found["overdue"] else "wait" if found["n"] else "good"
    note = __("%(n)d个逾期") % {"n": found["overdue"]} if found["overdue"] else __("没有逾期")
    url = reverse("drills.finding.list", args=[response.slug])
    return Tile("findings", __("演练问题未销号"), found["n"], url, tone, note, lines)


def _of_drill(response: Response, row: dict[str, Any], today: Any) -> Line:
    name = row["drill__name"] or library.title(row["drill__scenario"]) or __("演练")
    said = __("%(n)d个，最早%(days)d天") % {"n": row["n"], "days": max(0, (today - row["since"]).days)}
    url = reverse("drills.drill.detail", args=[response.slug, row["drill"]])
    return Line(name, said, "bad" if row["overdue"] else "plain", url)


def _practice(response: Response, person: Person, today: Any) -> list[Tile]:
    due = [one for one in queries.practices(response, person, today) if one.is_overdue]
    if not due:
        return []
    lines = [Line(one.title, str(one.last) if one.last else __("未练过")) for one in due]
    url = reverse("drills.library", args=[response.slug])
    return [Tile("practice", __("应练未练"), len(due), url, "wait", __("种情景超过周期"), lines, wide=True)]
