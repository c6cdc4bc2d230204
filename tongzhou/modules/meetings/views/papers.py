"""Minutes as an official paper: red head, number, what was said and decided, then who was there (GB/T 9704-2012, 10.3)."""

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import paper
from tongzhou.kernel.dates import show
from tongzhou.kernel.lang import lang
from tongzhou.modules.meetings.models import Attendance, Meeting
from tongzhou.modules.meetings.workflow import AttendanceState, MeetingState

A = AttendanceState


def minutes(meeting: Meeting, rows: Sequence[Attendance]) -> paper.Paper:
    """What is not approved says so where the number would stand."""
    approved = meeting.state == MeetingState.APPROVED
    decided = [
        paper.prose(
            __("{number}. {text}（责任人：{who}；期限：{day}）").format(
                number=one.number, text=one.text, who=one.who, day=paper.dated(one.due_on, lang())
            )
        )
        for one in meeting.decisions.select_related("owner", "owner_unit")
    ]
    body: list[paper.Block] = [*_paragraphs(_intro(meeting)), *_paragraphs(meeting.opening)]
    for item in meeting.items.all():
        if item.said:
            body += [paper.Heading(item.title), *_paragraphs(item.said)]
    if decided:
        body += [paper.Heading(__("议定事项")), *decided]
    day = timezone.localdate(meeting.approved_at) if meeting.approved_at else None
    return paper.Paper(
        masthead=__("{unit}会议纪要").format(unit=meeting.unit), number=meeting.number_text if approved else __("送审稿"),
        title=str(meeting), blocks=(*paper.numbered(body, lang()), *_there(meeting, rows)), issuer=str(meeting.unit),
        date_text=paper.dated(day, lang()) if day else "", lang=lang(),
        source_note=__("内部资料，只发到会人员，请勿外传。") if meeting.internal else "",
    )  # fmt: skip


def _intro(meeting: Meeting) -> str:
    said = __("{time}，{chair}在{place}主持召开会议。现将会议情况和议定事项纪要如下。")
    place = meeting.place or __("线上")
    return said.format(time=f"{show(meeting.when, lang())} {meeting.clock}", chair=meeting.chair, place=place)


def _paragraphs(text: str) -> Iterable[paper.Paragraph]:
    return [paper.prose(line.strip()) for line in text.splitlines() if line.strip()]


def _there(meeting: Meeting, rows: Sequence[Attendance]) -> list[paper.Block]:
    """出席、列席、请假、缺席、记录, each with unit and name; a proxy stands behind the one they came for."""
    came = [row for row in rows if row.state == A.PRESENT]
    lists = [
        (__("出席"), [row for row in came if not row.observer]),
        (__("列席"), [row for row in came if row.observer]),
        (__("请假"), [row for row in rows if row.state == A.DECLINED]),
        (__("缺席"), [row for row in rows if row.state == A.ABSENT]),
    ]
    found: list[paper.Block] = [
        paper.prose(__("{label}：{names}").format(label=label, names=__("、").join(map(_called, some))))
        for label, some in lists
        if some
    ]
    return [*found, paper.prose(__("记录：{name}").format(name=meeting.recorder))]


def _called(row: Attendance) -> str:
    name = f"{row.from_unit} {row.person}" if row.from_unit else str(row.person)
    return __("{name}（{proxy}代）").format(name=name, proxy=row.signed_by) if row.is_by_proxy else name
