"""Answering, sending somebody, signing in at the door, and what the recorder puts down."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.modules.meetings import meeting as meetings
from tests.world import World
from tongzhou.kernel import access, codes, ledger
from tongzhou.kernel.models import Notice
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.meetings import actions, queries
from tongzhou.modules.meetings.models import Attendance, Meeting
from tongzhou.modules.meetings.rules import Turnout

FIVE = timedelta(minutes=5)
attending = actions.attending


def spoken(row: Attendance) -> str:
    entry = ledger.entries(row).last()
    assert entry is not None
    return ledger.sentence(entry)


def soon(cast: World) -> Meeting:
    """Begins in half an hour: the door is open."""
    starts = timezone.now() + meetings.AN_HOUR / 2
    return meetings.called(cast, starts_at=starts, ends_at=starts + meetings.AN_HOUR)


def test_invited_person_answers_and_changes_the_answer(cast: World) -> None:
    meeting = meetings.called(cast)
    row = meetings.of(meeting, cast.people.chen)
    assert (attending.confirm(row, by=cast.people.chen).state, spoken(row)) == ("coming", "陈社员答复（本人）：参加")
    assert attending.decline(row, by=cast.people.chen, note="住院").state == "declined"
    assert attending.delegate(row, by=cast.people.chen, proxy=cast.people.zhao).proxy == cast.people.zhao
    assert spoken(row) == "陈社员答复（本人）：由赵社员代为参加"
    assert attending.confirm(row, by=cast.people.chen).proxy is None


def test_answer_by_telephone_is_put_down_with_who_did_so(cast: World) -> None:
    row = meetings.of(meetings.called(cast), cast.people.chen)
    attending.confirm(row, by=cast.people.wang)
    assert spoken(row) == "王保管答复（陈社员）：参加"


def test_nobody_answers_for_another_without_a_post(cast: World) -> None:
    row = meetings.of(meetings.called(cast), cast.people.chen)
    for stranger in (cast.people.zhao, cast.people.wu, cast.people.qian):
        with pytest.raises(PermissionDenied):
            attending.confirm(row, by=stranger)


def test_declining_says_why(cast: World) -> None:
    row = meetings.of(meetings.called(cast), cast.people.chen)
    with pytest.raises(ValidationError, match="请写明原因"):
        attending.decline(row, by=cast.people.chen)
    assert row.state == "invited"


def test_proxy_is_told_sees_the_meeting_and_does_not_send_another(cast: World) -> None:
    meeting = meetings.called(cast)
    row = meetings.of(meeting, cast.people.chen)
    attending.delegate(row, by=cast.people.chen, proxy=cast.people.zhao)
    said = Notice.objects.get(person=cast.people.zhao).text
    assert said == f"请代陈社员参加“抗疫调度会”：{meeting.time_text()}，三楼会议室。"
    assert access.visible(Meeting.objects.all(), cast.people.zhao, "meetings.read").get() == meeting
    with pytest.raises(PermissionDenied):
        attending.delegate(row, by=cast.people.zhao, proxy=cast.people.sun)
    attending.confirm(row, by=cast.people.chen)
    assert not access.visible(Meeting.objects.all(), cast.people.zhao, "meetings.read").exists()


def test_proxy_is_another_person_who_is_not_on_the_list(cast: World) -> None:
    row = meetings.of(meetings.called(cast), cast.people.chen)
    for wrong, why in ((None, "请写代会人"), (cast.people.chen, "另一个人"), (cast.people.wu, "也在参会名单上")):
        with pytest.raises(ValidationError, match=why):
            attending.delegate(row, by=cast.people.chen, proxy=wrong)


def test_signing_keeps_the_time_and_twice_changes_nothing(cast: World) -> None:
    meeting = meetings.called(cast)
    assert meeting.starts_at is not None
    late = meeting.starts_at + timedelta(minutes=3, seconds=1)
    row = meetings.signed(meeting, cast.people.chen, late)
    assert (row.state, row.signed_at, row.late, row.came, row.by_hand) == ("present", late, 3, "本人", False)
    again = meetings.signed(meeting, cast.people.chen, late + FIVE)
    assert (again.signed_at, again.version) == (late, row.version)


def test_proxy_signs_for_the_absent_and_who_declined_may_still_come(cast: World) -> None:
    meeting = meetings.called(cast)
    assert meeting.starts_at is not None
    attending.delegate(meetings.of(meeting, cast.people.chen), by=cast.people.chen, proxy=cast.people.zhao)
    attending.decline(meetings.of(meeting, cast.people.wu), by=cast.people.wu, note="出差")
    row = meetings.signed(meeting, cast.people.chen, meeting.starts_at - FIVE, by=cast.people.zhao)
    assert (row.is_by_proxy, row.came, row.late) == (True, "赵社员", 0)
    assert meetings.signed(meeting, cast.people.wu, meeting.starts_at - FIVE).state == "present"
    with pytest.raises(PermissionDenied):
        meetings.signed(meeting, cast.people.qian, meeting.starts_at, by=cast.people.wang)


def test_code_holds_while_shown_and_the_grace_after(cast: World) -> None:
    meeting = meetings.called(cast)
    assert meeting.starts_at is not None
    start = meeting.starts_at - meetings.AN_HOUR / 2
    shown = start.replace(second=0, microsecond=0)
    code = meetings.code_of(meeting, shown)
    good = shown + timedelta(seconds=codes.STEP * (codes.GRACE + 1) - 1)
    attending.may_sign(meeting, code, good)
    with pytest.raises(ValidationError, match="二维码已经过期"):
        attending.may_sign(meeting, code, good + timedelta(seconds=1))
    other = meetings.called(cast, starts_at=meeting.starts_at)
    with pytest.raises(ValidationError, match="二维码已经过期"):
        attending.may_sign(other, code, shown)


def test_door_opens_an_hour_before_and_closes_with_the_meeting(cast: World) -> None:
    meeting = meetings.called(cast)
    assert meeting.starts_at is not None
    early = meeting.starts_at - meetings.AN_HOUR - timedelta(seconds=1)
    with pytest.raises(ValidationError, match="还没有到签到时间"):
        attending.may_sign(meeting, meetings.code_of(meeting, early), early)
    over = meetings.held(cast)
    assert over.starts_at is not None
    with pytest.raises(ValidationError, match="签到已经结束"):
        meetings.signed(over, cast.people.wu, over.starts_at)


def test_move_without_the_code_is_refused(cast: World) -> None:
    meeting = meetings.called(cast)
    assert meeting.starts_at is not None
    with pytest.raises(ValidationError, match="二维码"):
        attending.sign(meetings.of(meeting, cast.people.chen), by=cast.people.chen, now=meeting.starts_at)


def test_recorder_puts_down_who_came_with_the_reason(cast: World) -> None:
    with pytest.raises(ValidationError, match="还没有到签到时间"):
        attending.mark(meetings.of(meetings.called(cast), cast.people.chen), by=cast.people.wang, note="早登")
    meeting = soon(cast)
    row = meetings.of(meeting, cast.people.chen)
    with pytest.raises(ValidationError, match="请写明原因"):
        attending.mark(row, by=cast.people.wang)
    attending.mark(row, by=cast.people.wang, note="忘带手机")
    assert (row.state, row.by_hand, row.signed_by, spoken(row)) == (
        "present",
        True,
        cast.people.chen,
        "王保管登记陈社员到会",
    )
    with pytest.raises(PermissionDenied):
        attending.mark(meetings.of(meeting, cast.people.wu), by=cast.people.wu, note="我到了")
    later = timezone.now() + FIVE
    with pytest.raises(ValidationError, match="不能在将来"):
        attending.mark(meetings.of(meeting, cast.people.wu), by=cast.people.wang, note="补登", signed_at=later)


def test_end_of_the_meeting_marks_the_absent_and_may_be_corrected(cast: World) -> None:
    meeting = meetings.called(cast)
    assert meeting.starts_at is not None
    with pytest.raises(ValidationError, match="还没有到开始时间"):
        actions.minutes.conclude(meeting, by=cast.people.wang)
    meetings.signed(meeting, cast.people.chen, meeting.starts_at)
    over = meeting.starts_at + meetings.AN_HOUR
    actions.minutes.conclude(meeting, by=cast.people.wang, now=over)
    assert queries.turnout(queries.roll(meeting)) == Turnout(present=2, absent=1)  # who chaired was there
    attending.mark(meetings.of(meeting, cast.people.wu), by=cast.people.wang, note="纸质签到", now=over)
    attending.strike(meetings.of(meeting, cast.people.chen), by=cast.people.wang, note="替人扫码")
    assert queries.turnout(queries.roll(meeting)) == Turnout(present=2, absent=1)
    assert meetings.of(meeting, cast.people.wu).late == 0
    entry = ledger.entries(meeting).last()
    assert entry is not None
    assert ledger.sentence(entry) == "王保管结束会议：应到3人，实到2人"


def test_who_chaired_in_place_of_the_chair_was_there_and_the_chair_was_not(cast: World) -> None:
    meeting = meetings.called(cast)
    assert meeting.starts_at is not None
    over = meeting.starts_at + meetings.AN_HOUR
    actions.minutes.conclude(meeting, by=cast.people.wang, chair=cast.people.sun, now=over)
    assert meeting.chair == cast.people.sun
    assert meetings.of(meeting, cast.people.sun).came == "本人"
    assert queries.turnout(queries.roll(meeting)) == Turnout(present=1, absent=3)


def test_declined_stays_excused_at_the_end(cast: World) -> None:
    meeting = meetings.called(cast)
    attending.decline(meetings.of(meeting, cast.people.wu), by=cast.people.wu, note="出差")
    assert meeting.starts_at is not None
    actions.minutes.conclude(meeting, by=cast.people.wang, now=meeting.starts_at + meetings.AN_HOUR)
    assert queries.turnout(queries.roll(meeting)) == Turnout(declined=1, present=1, absent=1)


def test_guest_at_the_door_is_let_in_as_an_observer_and_not_expected(cast: World) -> None:
    meeting = soon(cast)
    row = attending.admit(meeting, cast.people.sun, by=cast.people.wang, note="现场列席")
    assert (row.observer, row.state, row.by_hand) == (True, "present", True)
    assert attending.admit(meeting, cast.people.sun, by=cast.people.wang, note="又一次").version == row.version
    assert queries.turnout(queries.roll(meeting)) == Turnout(invited=3)
    with pytest.raises(PermissionDenied):
        attending.admit(meeting, cast.people.zhao, by=cast.people.chen, note="带来的")


def test_paper_list_is_put_down_at_once(cast: World) -> None:
    meeting = soon(cast)
    keys = [meetings.of(meeting, one).pk for one in (cast.people.chen, cast.people.wu)]
    assert attending.mark_many(meeting, keys, by=cast.people.wang, note="纸质签到") == 2
    assert attending.mark_many(meeting, keys, by=cast.people.wang, note="纸质签到") == 0
    assert queries.turnout(queries.roll(meeting)).present == 2


def test_what_befalls_the_whole_list_is_not_pressed_for_one(cast: World) -> None:
    row = meetings.of(meetings.called(cast), cast.people.chen)
    with pytest.raises(OutOfStep):
        attending.not_by_hand(row, by=cast.people.wang)


def test_present_without_a_signature_is_refused_by_the_database(cast: World) -> None:
    row = meetings.of(meetings.called(cast), cast.people.chen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk=row.pk).update(state="present")
