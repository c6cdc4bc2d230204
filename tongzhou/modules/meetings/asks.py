"""What awaits whom: invitations, meetings to go to, to conclude and to write up, minutes to pass, decisions to carry out and to confirm."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Entry, Person
from tongzhou.modules.meetings import queries
from tongzhou.modules.meetings.models import Attendance, Meeting, Task
from tongzhou.modules.meetings.workflow import APPROVE, FOLLOW, AttendanceState, MeetingState, TaskState

AHEAD = timedelta(days=7)  # meetings beyond are not yet a matter of today


def to_answer(person: Person) -> QuerySet[Attendance]:
    rows = Attendance.objects.filter(person=person, state=AttendanceState.INVITED, meeting__in=_to_come())
    return rows.select_related("meeting", "person").order_by("meeting__starts_at", "pk")


def to_attend(person: Person) -> QuerySet[Attendance]:
    return queries.attended_as(person).filter(meeting__in=_to_come(), meeting__starts_at__lte=timezone.now() + AHEAD)


def to_send(person: Person) -> QuerySet[Meeting]:
    return Meeting.objects.filter(state=MeetingState.DRAFT, filed_by=person).order_by("happened_on", "pk")


def to_chase(person: Person) -> QuerySet[Meeting]:
    waiting = Attendance.objects.filter(meeting=OuterRef("pk"), state=AttendanceState.INVITED)
    return _to_come().filter(Exists(waiting), recorder=person).order_by("starts_at", "pk")


def to_conclude(person: Person) -> QuerySet[Meeting]:
    over = Q(ends_at__lte=timezone.now()) | Q(ends_at=None, starts_at__lte=timezone.now())
    return queries.running().filter(over, recorder=person).order_by("starts_at", "pk")


def to_write(person: Person) -> QuerySet[Meeting]:
    return Meeting.objects.filter(state=MeetingState.HELD, source="", recorder=person).order_by("starts_at", "pk")


def to_approve(person: Person) -> QuerySet[Meeting]:
    """Minutes that the person may pass and has not written in."""
    moves = ["jot", "write", "submit"]
    written = Entry.objects.filter(table="meetings.meeting", record=OuterRef("pk"), move__in=moves, by=person)
    mine = access.within(access.reach(person, APPROVE)) | Q(chair=person)
    return Meeting.objects.filter(mine, ~Exists(written), state=MeetingState.SUBMITTED).order_by("starts_at", "pk")


def to_do(person: Person) -> QuerySet[Task]:
    return Task.objects.filter(owner=person, state=TaskState.TODO).order_by("due_on", "pk")


def to_confirm(person: Person) -> QuerySet[Task]:
    mine = access.within(access.reach(person, FOLLOW)) | Q(meeting__chair=person) | Q(meeting__recorder=person)
    rows = Task.objects.filter(mine, state=TaskState.REPORTED).exclude(reported_by=person).exclude(owner=person)
    return rows.order_by("due_on", "pk")


def _to_come() -> QuerySet[Meeting]:
    """Called, and not yet past: who has not answered when it has begun need not."""
    return queries.running().filter(Q(ends_at=None, starts_at__gt=timezone.now()) | Q(ends_at__gt=timezone.now()))


def _roll(meeting: Any) -> str:
    return reverse("meetings.roll", args=[meeting.response.slug, meeting.pk])


def _minutes(meeting: Any) -> str:
    return reverse("meetings.minutes", args=[meeting.response.slug, meeting.pk])


ASKS = (
    Ask("to_answer", _("请您答复能否参加的会议"), to_answer, due="due", url=lambda row: row.answer_url()),
    Ask("to_attend", _("您要参加的会议"), to_attend, due="due", url=lambda row: row.answer_url()),
    Ask("to_do", _("会议议定由您办理的事项"), to_do, due="due_on"),
    Ask("to_confirm", _("已报办结、待您确认的议定事项"), to_confirm, due="due_on"),
    Ask("to_send", _("您起草、还没有发通知的会议"), to_send),
    Ask("to_chase", _("还有人没有答复的会议"), to_chase, due="happened_on", url=_roll),
    Ask("to_conclude", _("时间已过、还没有结束的会议"), to_conclude),
    Ask("to_write", _("待写纪要的会议"), to_write, url=_minutes),
    Ask("to_approve", _("待您审定的会议纪要"), to_approve),
)
