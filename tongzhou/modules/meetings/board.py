"""On the board of the command post: the next meeting of the day, and what was decided and is overdue."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.meetings import queries
from tongzhou.modules.meetings.models import Task
from tongzhou.modules.meetings.workflow import READ, MeetingState, TaskState

SHOWN = 3  # lines of a tile


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    if not access.reach(person, READ):
        return []
    return [_next(response, person, now), _overdue(response, person, now)]


def _next(response: Response, person: Person, now: datetime) -> Tile:
    today = timezone.localdate(now)
    rows = access.visible(queries.running().filter(response=response, happened_on=today), person, READ)
    coming = list(rows.filter(starts_at__gt=now).select_related("response").order_by("starts_at", "pk")[: SHOWN + 1])
    url = f"{reverse('meetings.meeting.list', args=[response.slug])}?{urlencode({'state': MeetingState.CALLED, 'first': today, 'last': today})}"
    if not coming:
        return Tile("next", __("今天下一场会议"), "—", url, note=__("今天没有了"))
    first, *later = coming
    lines = [Line(str(one), one.clock, url=one.get_absolute_url()) for one in later]
    note = __("{meeting}，{place}").format(meeting=first, place=first.where)
    return Tile("next", __("今天下一场会议"), first.clock.split("–")[0], url, note=note, lines=lines)


def _overdue(response: Response, person: Person, now: datetime) -> Tile:
    today = timezone.localdate(now)
    rows = access.visible(Task.objects.filter(response=response, state=TaskState.TODO, due_on__lt=today), person, READ)
    late = rows.count()
    first = rows.select_related("owner", "response").order_by("due_on", "pk")[:SHOWN]
    lines = [Line(task.text[:24], str(task.due_on), "bad", task.get_absolute_url()) for task in first]
    query = urlencode({"state": TaskState.TODO, "sort": "due_on"})
    url = f"{reverse('meetings.task.list', args=[response.slug])}?{query}"
    return Tile("overdue", __("逾期的议定事项"), late, url, tone="bad" if late else "good", lines=lines)
