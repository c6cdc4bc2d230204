"""One person's attendance: the answer to the invitation, the signature at the door, what the recorder puts down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, codes, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.meetings import queries, rules
from tongzhou.modules.meetings.actions import telling
from tongzhou.modules.meetings.models import Attendance, Meeting
from tongzhou.modules.meetings.workflow import ATTEND, OPEN, RECORD, AttendanceState, MeetingState

DOOR = "meetings.sign"  # what the code at the door is for
OWN, CHAIRED = _("本人"), _("主持会议")


def confirm(attendance: Attendance, *, by: Person, note: str = "") -> Attendance:
    return _answer(attendance, "confirm", by=by, note=note)


def delegate(attendance: Attendance, *, by: Person, proxy: Person | None = None, note: str = "") -> Attendance:
    """Somebody else comes instead. Who is on the list already cannot come twice."""
    if proxy is None:
        raise ValidationError({"proxy": __("请写代会人的姓名。")})
    if proxy.pk == attendance.person_id:
        raise ValidationError({"proxy": __("代会人须是另一个人。")})
    if attendance.meeting.attendances.filter(person=proxy, state__in=[*OPEN, AttendanceState.PRESENT]).exists():
        raise ValidationError({"proxy": __("%(name)s自己也在参会名单上，不能代会。") % {"name": proxy}})
    with transaction.atomic():
        _answer(attendance, "delegate", by=by, note=note, proxy=proxy)
        telling.sent_as_proxy(attendance, proxy)
    return attendance


def decline(attendance: Attendance, *, by: Person, note: str = "") -> Attendance:
    return _answer(attendance, "decline", by=by, note=note)


def sign(
    attendance: Attendance, *, by: Person, code: str = "", now: datetime | None = None, note: str = ""
) -> Attendance:
    """Sign in at the door with the code that it shows now. Signing twice changes nothing."""
    now = now or timezone.now()
    meeting = attendance.meeting
    if by.pk not in (attendance.person_id, attendance.proxy_id):
        raise PermissionDenied(__("只能由本人或代会人签到；忘带手机的，请记录人代为登记。"))
    if attendance.state == AttendanceState.PRESENT:
        return attendance
    may_sign(meeting, code, now)
    return steps.advance(attendance, "sign", by=by, note=note, signed_at=now, signed_by=by, by_hand=False)


def may_sign(meeting: Meeting, code: str, now: datetime) -> None:
    """Raises ValidationError, saying what to do, unless the door is open and shows this code."""
    if meeting.state != MeetingState.CALLED or meeting.starts_at is None:
        raise ValidationError(__("签到已经结束。到会而没有签到的，请找记录人登记。"))
    _door_is_open(meeting, now)
    if not codes.holds(meeting, DOOR, code, now):
        raise ValidationError(__("这个二维码已经过期。请重新扫描会场屏幕上的二维码。"))


def mark(
    attendance: Attendance,
    *,
    by: Person,
    note: str = "",
    signed_at: datetime | None = None,
    proxy: Person | None = None,
    now: datetime | None = None,
) -> Attendance:
    """The recorder puts down that somebody came, and why it was not signed for. Without a time, now, or the start if that is past."""
    meeting = attendance.meeting
    if meeting.state not in {MeetingState.CALLED, MeetingState.HELD} or meeting.starts_at is None:
        raise steps.OutOfStep
    now = now or timezone.now()
    signed_at = signed_at or (now if meeting.state == MeetingState.CALLED else meeting.starts_at)
    if signed_at > now:
        raise ValidationError({"signed_at": __("到会时间不能在将来。")})
    _door_is_open(meeting, signed_at)
    came = proxy or (attendance.proxy if attendance.state == AttendanceState.PROXY else None) or attendance.person
    changes: dict[str, Any] = {"signed_at": signed_at, "signed_by": came, "by_hand": True}
    data = {"who": came.name if came else ""}
    return steps.advance(attendance, "mark", by=by, note=note, data=data, **changes)


def strike(attendance: Attendance, *, by: Person, note: str = "") -> Attendance:
    """Was not there after all."""
    if attendance.meeting.state not in {MeetingState.CALLED, MeetingState.HELD}:
        raise steps.OutOfStep
    return steps.advance(attendance, "strike", by=by, note=note, signed_at=None, signed_by=None, by_hand=False)


def not_by_hand(attendance: Attendance, *, by: Person, note: str = "") -> Attendance:
    """What happens to the whole list at once, when a meeting is put off or over, is nothing to be pressed for one."""
    raise steps.OutOfStep


@transaction.atomic
def mark_many(meeting: Meeting, keys: Sequence[Any], *, by: Person, note: str) -> int:
    """Those who signed on paper. Returns how many were put down; who is down already stays as they are."""
    rows = [row for row in queries.roll(meeting).filter(pk__in=keys) if row.state != AttendanceState.PRESENT]
    for row in rows:
        row.meeting = meeting
        mark(row, by=by, note=note)
    return len(rows)


@transaction.atomic
def admit(meeting: Meeting, person: Person, *, by: Person, note: str) -> Attendance:
    """Somebody who was not invited is let in, as an observer."""
    access.require(by, RECORD, meeting)
    found = _place(meeting, person, by, observer=True)
    return found if found.state == AttendanceState.PRESENT else mark(found, by=by, note=note)


def seat(meeting: Meeting, chair: Person, *, by: Person, now: datetime) -> None:
    """Whoever chaired the meeting was there, in person, whether they signed in or not."""
    found = _place(meeting, chair, by, observer=False)
    if found.state != AttendanceState.PRESENT:
        mark(found, by=by, note=source_text(CHAIRED), proxy=chair, signed_at=meeting.starts_at, now=now)


def _place(meeting: Meeting, person: Person, by: Person, *, observer: bool) -> Attendance:
    """The person's place on the list; there is one from now on."""
    rows = meeting.attendances.filter(person=person).select_related("meeting", "person", "proxy")
    if (found := rows.first()) is not None:
        found.meeting = meeting
        return found
    made = Attendance(
        pk=uuid5(meeting.pk, str(person.pk)), response=meeting.response, unit=meeting.unit, meeting=meeting,
        person=person, observer=observer, happened_on=meeting.happened_on,
    )  # fmt: skip
    return steps.file(made, by=by, needs=RECORD)[0]


def _door_is_open(meeting: Meeting, now: datetime) -> None:
    assert meeting.starts_at is not None
    opens = rules.door_opens(meeting.starts_at, meeting.custom["opens_minutes"])
    if now < opens:
        told = {"time": f"{timezone.localtime(opens):%m-%d %H:%M}"}
        raise ValidationError(__("还没有到签到时间，%(time)s 开始签到。") % told)


def _answer(attendance: Attendance, move: str, *, by: Person, note: str, proxy: Person | None = None) -> Attendance:
    """The invited person answers, or whoever keeps the list for them; a proxy does not send another proxy."""
    meeting = attendance.meeting
    if meeting.state != MeetingState.CALLED:
        raise ValidationError(__("现在不能答复：会议还没有通知，或已经结束、取消。"))
    own = by.pk == attendance.person_id
    if not own and not access.may(by, RECORD, attendance):
        raise PermissionDenied(__("只能由本人答复，或由会议记录人代为登记。"))
    access.require(by, ATTEND, attendance)
    name = attendance.person.name if attendance.person else ""
    data = {"who": source_text(OWN) if own else name, "proxy": proxy.name if proxy else ""}
    return steps.advance(attendance, move, by=by, note=note, data=data, proxy=proxy, answered_at=timezone.now())
