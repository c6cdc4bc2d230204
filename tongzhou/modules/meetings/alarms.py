"""Told before it is too late: a meeting about to begin, a decision due tomorrow, a decision overdue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.meetings import queries
from tongzhou.modules.meetings.models import Attendance, Meeting, Task
from tongzhou.modules.meetings.workflow import AttendanceState

SOONEST = timedelta(hours=24)  # no house reminds earlier than this


def alarms(now: datetime) -> Iterator[Alarm]:
    for meeting in queries.running().filter(starts_at__gt=now, starts_at__lte=now + SOONEST).select_related("response"):
        assert meeting.starts_at is not None
        if meeting.starts_at - now <= timedelta(minutes=meeting.custom["remind_minutes"]):
            yield _soon(meeting)
    today = timezone.localdate(now)
    for task in queries.open_tasks().filter(due_on__lte=today + timedelta(days=1)):
        if task.due_on != today:
            yield _due(task, overdue=task.due_on < today)


def _soon(meeting: Meeting) -> Alarm:
    """Told to those who said that they come or are sent; put off, it is told anew."""
    coming = Q(state=AttendanceState.COMING) | Q(state=AttendanceState.PROXY)
    rows = Attendance.objects.filter(coming, meeting=meeting).select_related("person", "proxy")
    people = [row.proxy if row.state == AttendanceState.PROXY else row.person for row in rows]
    text = format_lazy(
        _("“{meeting}”{clock}开始，{place}。"),
        meeting=lazystr(meeting),
        clock=meeting.clock,
        place=meeting.place or meeting.link,
    )
    name = f"soon/{meeting.starts_at:%Y%m%d%H%M}"
    return Alarm(meeting, name, text, [one for one in people if one], url=meeting.own_url())


def _due(task: Task, *, overdue: bool) -> Alarm:
    """A new deadline is told anew."""
    text = (
        _("已过期限（{day}），请尽快办理并报告：{task}。")
        if overdue
        else _("明天（{day}）到期，请办理并报告：{task}。")
    )
    said = format_lazy(text, day=str(task.due_on), task=task.text)
    return Alarm(task, f"{'overdue' if overdue else 'due'}/{task.due_on}", said, [task.owner])
