"""The lists of meetings, of who attends them and of what was decided. The odd pages are in pages.py, door.py and minutes.py."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel import access, attachments, sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.models import Person
from tongzhou.modules.meetings import forms, queries, rules
from tongzhou.modules.meetings.actions.calling import PAPER
from tongzhou.modules.meetings.models import Attendance, Item, Meeting, Task
from tongzhou.modules.meetings.workflow import CALL, OPEN, READ, RECORD, AttendanceState, MeetingState

ITEMS = Prefetch("items", Item.objects.all())
WRITTEN = (MeetingState.CALLED, MeetingState.HELD)  # in which minutes are written


def meeting_context(meeting: Meeting, by: Person) -> dict[str, Any]:
    """The notice and the agenda for everyone invited; the list, the minutes and the history as far as the person may read them."""
    reads, records = access.may(by, READ, meeting), access.may(by, RECORD, meeting)
    hidden: dict[str, Any] = {} if reads else {"history": []}
    items = list(meeting.items.all())
    shows = queries.reads_minutes(meeting, by) and (reads or meeting.state == MeetingState.APPROVED)
    written = bool(meeting.opening) or any(item.said for item in items) or meeting.decisions.exists()
    begun = meeting.starts_at is not None and meeting.starts_at <= timezone.now()
    return hidden | {
        "items": items,
        "overrun": rules.overrun([item.minutes for item in items], meeting.starts_at, meeting.ends_at)
        if records
        else 0,
        "mine": queries.mine(meeting, by) if meeting.called_at else [],
        "papers": list(attachments.of(meeting, PAPER)),
        "may_record": records and not meeting.is_reported,
        "may_write": records and not meeting.is_reported and meeting.state in WRITTEN and begun,
        "may_submit": records and meeting.state == MeetingState.HELD and written and not meeting.is_reported,
        "came": queries.turnout(queries.roll(meeting)) if reads and not meeting.is_reported else None,
        "shows_minutes": shows and written,
        "decisions": list(meeting.decisions.select_related("owner", "owner_unit")) if shows else [],
        "tasks": {task.number: task for task in meeting.tasks.all()} if shows else {},
    }


def attendance_context(attendance: Attendance, by: Person) -> dict[str, Any]:
    meeting = attendance.meeting
    called = meeting.state == MeetingState.CALLED
    own = by.pk == attendance.person_id
    keeps = access.may(by, RECORD, attendance)
    hidden: dict[str, Any] = {} if own or keeps or access.may(by, READ, attendance) else {"history": []}
    open_ = meeting.state in WRITTEN and not meeting.is_reported
    moves = hidden | {
        "may_answer": called and attendance.state != AttendanceState.PRESENT and (own or keeps),
        "may_withdraw": called and attendance.state in OPEN and access.may(by, CALL, attendance),
    }
    return moves if open_ else moves | {"moves": []}


def task_context(task: Task, by: Person) -> dict[str, Any]:
    meeting = Meeting.objects.filter(pk=task.meeting_id)
    return {
        "evidence": list(attachments.of(task)),
        "source_meeting": access.visible(meeting, by, READ).select_related("response").first(),
    }


meetings = Desk(
    model=Meeting,
    title=_("会议"),
    one=pgettext_lazy("one", "会议"),
    intro=_("通知、签到、纪要；每项决定交到人，办到底。"),
    columns=[
        Column("title", pgettext_lazy("one", "会议"), kind="link"),
        Column("kind", _("会议类型"), value="get_kind_display"),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("clock", _("时间")),
        Column("where", _("地点")),
        Column("chair", _("主持人")),
        Column("unit", _("召集单位"), sort="unit__path", kind="unit"),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    filters=["kind"],
    search=["name", "name_en", "place", "words"],
    fields=[
        Column("kind", _("会议类型"), value="get_kind_display"),
        Column("when", _("日期"), kind="when"),
        Column("clock", _("时间")),
        Column("place", _("地点")),
        Column("unit", _("召集单位")),
        Column("chair", _("主持人")),
        Column("recorder", _("会议记录人")),
        Column("words", _("会议要求")),
    ],
    form=forms.MeetingForm,
    move_forms={"invite": forms.Invitation, "postpone": forms.Postponement, "conclude": forms.Conclusion},
    imports=[
        sheets.Column("unit", _("召集单位"), required=True, help=_("名称或代码")),
        sheets.Column("name", _("会议名称"), required=True),
        sheets.Column("kind", _("会议类型"), kind="choice", required=True, choices=tuple(Meeting.Kind.choices)),
        sheets.Column("when", _("日期"), kind="date", required=True),
        sheets.Column("place", _("地点")),
        sheets.Column("present", _("到会人数"), kind="figure", help=_("可以写“30余人”")),
        sheets.Column("source", _("来源"), required=True, help=_("出自哪份台账或报告")),
    ],
    related=["chair", "recorder", "named"],
    prefetch=[ITEMS],
    detail="meetings/meeting.html",
    slip="meetings/notice.html",
    links=[(_("参会"), "meetings.attendance.list", READ), (_("议定事项"), "meetings.task.list", READ)],
    context=meeting_context,
)

attendances = Desk(
    model=Attendance,
    name="attendances",
    title=_("参会"),
    intro=_("谁答复了，谁到了会，谁迟到，谁代谁。"),
    columns=[
        Column("who", _("参会人"), kind="link"),
        Column("from_unit", _("单位")),
        Column("meeting", pgettext_lazy("one", "会议")),
        Column("when", _("日期"), sort="happened_on", kind="when"),
        Column("observer", _("列席")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
        Column("came", _("到会")),
        Column("signed_clock", _("签到")),
        Column("late", _("迟到（分钟）"), value=lambda row: row.late or None, kind="number"),
    ],
    filters=["meeting"],
    search=["person__name", "person__pinyin", "proxy__name", "meeting__name"],
    fields=[
        Column("meeting", pgettext_lazy("one", "会议")),
        Column("time", _("时间"), value="meeting.time_text"),
        Column("where", _("地点"), value="meeting.where"),
        Column("who", _("参会人")),
        Column("from_unit", _("单位")),
        Column("observer", _("列席")),
        Column("proxy", _("代会人")),
        Column("answered_at", _("答复时间"), value=lambda row: moment(row.answered_at)),
        Column("signed_at", _("签到时间"), value=lambda row: moment(row.signed_at)),
        Column("came", _("到会")),
        Column("late", _("迟到（分钟）")),
        Column("by_hand", _("代为登记")),
    ],
    move_forms={"mark": forms.Marking},
    related=["meeting", "person__unit", "for_unit", "proxy", "signed_by"],
    detail="meetings/attendance.html",
    context=attendance_context,
)

tasks = Desk(
    model=Task,
    name="tasks",
    title=_("议定事项"),
    intro=_("会议决定的事：谁办，几时办结，办得怎样。"),
    columns=[
        Column("title", pgettext_lazy("one", "议定事项"), kind="link"),
        Column("owner", _("责任人")),
        Column("owner_unit", _("责任单位")),
        Column("due_on", _("完成期限"), sort="due_on", kind="date"),
        Column("is_overdue", _("逾期")),
        Column("meeting", pgettext_lazy("one", "会议")),
        Column("state", _("状态"), value="state_label", sort="state", kind="state"),
    ],
    sort="due_on",
    filters=["owner", "meeting"],
    search=["text", "owner__name", "owner__pinyin", "done_text", "meeting__name"],
    fields=[
        Column("owner", _("责任人")),
        Column("owner_unit", _("责任单位")),
        Column("due_on", _("完成期限"), kind="date"),
        Column("is_overdue", _("逾期")),
        Column("meeting", _("出自会议")),
        Column("done_text", _("办理情况")),
        Column("reported_by", _("报告人")),
        Column("closed_by", _("确认人")),
    ],
    move_forms={"report": forms.Report, "extend": forms.Extension, "reassign": forms.Passing},
    related=["meeting", "owner", "owner_unit", "reported_by", "closed_by"],
    detail="meetings/task.html",
    context=task_context,
)
