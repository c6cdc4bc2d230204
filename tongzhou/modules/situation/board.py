"""The room's tiles: today's new cases, the week's trend, zones with the next day on which one may end, the report that is due."""

from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile, Tone
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation import queries
from tongzhou.modules.situation.models import Event, Zone
from tongzhou.modules.situation.models.zone import ZoneLevel
from tongzhou.modules.situation.workflow import READ, EventState, ZoneState

WEEK = 7


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    if not access.reach(person, READ):
        return []
    return [*_cases(response, person, now), *_zones(response, person, now), *_reports(response, person, now)]


def _cases(response: Response, person: Person, now: datetime) -> list[Tile]:
    """The last day on which anybody counted, beside the day before; and the week beside the week before."""
    told = queries.series(Scope(response), person)
    if not told.days:
        return []
    sums = [a + b for a, b in zip(told.confirmed, told.asymptomatic, strict=True)]
    last, today = told.days[-1], timezone.localdate(now)
    label = __("今天新增") if last == today else __("{day} 新增").format(day=last)
    before = sums[-2] if len(sums) > 1 else 0
    url = f"{reverse('situation.daycount.list', args=[response.slug])}?first={last}&last={last}"
    note = __("前一天 {n} 例，{change}").format(n=before, change=_change(sums[-1], before))
    lines = [Line(__("确诊"), told.confirmed[-1]), Line(__("无症状"), told.asymptomatic[-1])]
    week, earlier = sum(sums[-WEEK:]), sum(sums[-2 * WEEK : -WEEK])
    curve = reverse("situation.curve", args=[response.slug])
    tone: Tone = "bad" if week > earlier else "good" if week < earlier else "plain"
    weekly = __("上一个7天 {n} 例，{change}").format(n=earlier, change=_change(week, earlier))
    return [
        Tile("new", label, __("{n} 例").format(n=sums[-1]), url, "wait" if last != today else "plain", note, lines),
        Tile("trend", __("近7天新增"), __("{n} 例").format(n=week), curve, tone, weekly),
    ]


def _zones(response: Response, person: Person, now: datetime) -> list[Tile]:
    rows = access.visible(Zone.objects.filter(response=response, state=ZoneState.OPEN), person, READ)
    found = {
        row["level"]: row for row in rows.order_by("level").values("level").annotate(n=Count("pk"), due=Min("due_on"))
    }
    if not found:
        return []
    today = timezone.localdate(now)
    lines = [
        Line(level.label, __("{n} 个，最早 {due}").format(n=found[level]["n"], due=found[level]["due"]), "wait" if found[level]["due"] <= today else "plain")
        for level in ZoneLevel
        if level in found
    ]  # fmt: skip
    whole = sum(row["n"] for row in found.values())
    return [
        Tile(
            "zones", __("管控中的风险区"), whole, reverse("situation.map", args=[response.slug]), lines=lines, wide=True
        )
    ]


def _reports(response: Response, person: Person, now: datetime) -> list[Tile]:
    rows = access.visible(Event.objects.filter(response=response, state=EventState.OPEN), person, READ)
    open_now = list(rows.select_related("response").prefetch_related("tellings").order_by("due_at")[:5])
    if not open_now:
        return []
    soonest = open_now[0]
    late = soonest.is_late(now)
    tone: Tone = "bad" if late else "wait" if soonest.due_at < now + timedelta(hours=1) else "plain"
    note = __("已超过时限") if late else __("须报{receiver}").format(receiver=soonest.next_step)
    lines = [
        Line(
            one.name,
            f"{timezone.localtime(one.due_at):%H:%M}",
            "bad" if one.is_late(now) else "plain",
            one.get_absolute_url(),
        )
        for one in open_now
    ]
    return [
        Tile(
            "clock",
            __("突发事件报告"),
            f"{timezone.localtime(soonest.due_at):%H:%M}",
            soonest.get_absolute_url(),
            tone,
            note,
            lines,
        )
    ]


def _change(value: int, before: int) -> str:
    if value == before:
        return __("持平")
    return __("多 {n} 例").format(n=value - before) if value > before else __("少 {n} 例").format(n=before - value)
