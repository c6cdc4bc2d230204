"""Minutes from the first word to the last decision carried out: written, submitted, approved by another hand, followed to the end."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from tests.modules.meetings import meeting as meetings
from tests.modules.meetings.test_calling import awaits, told
from tests.world import World
from tongzhou.kernel import access, attachments, ledger, module
from tongzhou.kernel.models import Notice
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.meetings import actions, alarms, queries
from tongzhou.modules.meetings.models import Meeting, Task
from tongzhou.modules.meetings.workflow import MeetingState, TaskState

minutes, tasks = actions.minutes, actions.tasks


def photograph() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return SimpleUploadedFile("site.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def task(cast: World) -> Task:
    return meetings.task_of(meetings.approved(cast))


def test_minutes_are_written_during_the_meeting_and_after_it_not_before(cast: World) -> None:
    meeting = meetings.called(cast)
    with pytest.raises(ValidationError, match="还没有到开始时间"):
        minutes.write(meeting, by=cast.people.wang, said={1: "早写"})
    meetings.written(cast, meeting)
    assert (meeting.state, [item.said for item in meeting.items.all()]) == (MeetingState.CALLED, ["通报了疫情。", ""])
    done = meetings.approved(cast)
    with pytest.raises(OutOfStep):
        minutes.write(done, by=cast.people.wang, said={1: "改"})


def test_minutes_written_on_an_old_page_are_refused(cast: World) -> None:
    meeting = meetings.held(cast)
    stale = Meeting.objects.get(pk=meeting.pk)
    meetings.written(cast, meeting)
    with pytest.raises(OutOfStep):
        meetings.written(cast, stale)
    assert meeting.decisions.count() == 1


def test_empty_minutes_and_deadlines_past_are_not_submitted(cast: World) -> None:
    meeting = meetings.held(cast)
    with pytest.raises(ValidationError, match="纪要还是空的"):
        minutes.submit(meeting, by=cast.people.wang)
    meetings.written(cast, meeting, meetings.decision(cast.people.chen, days=-3))
    with pytest.raises(ValidationError, match="议定事项 1 的期限已过"):
        minutes.submit(meeting, by=cast.people.wang)


def test_whoever_wrote_does_not_approve(cast: World) -> None:
    meeting = meetings.written(cast, meetings.held(cast))
    minutes.submit(meeting, by=cast.people.house)
    for hand in (cast.people.wang, cast.people.house):
        with pytest.raises((ValidationError, PermissionDenied)):
            minutes.approve(meeting, by=hand)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(approved_by=cast.people.house)
    assert minutes.approve(meeting, by=cast.people.qian).number_text == f"〔{timezone.localdate().year}〕1号"
    assert meetings.approved(cast).minutes_number == 2
    assert meetings.approved(cast, unit=cast.units.branch1).minutes_number == 1


def test_chair_without_a_post_approves_and_sent_back_minutes_are_written_again(cast: World) -> None:
    meeting = meetings.written(cast, meetings.held(cast, chair=cast.people.zhao, came=[cast.people.zhao]))
    minutes.submit(meeting, by=cast.people.wang)
    assert awaits(cast.people.zhao) == {"to_approve"}
    assert told(cast.people.zhao)[-1] == "“抗疫调度会”的纪要已提交，请审定。"
    module.perform(meeting, "send_back", by=cast.people.zhao, note="漏了一项")
    assert awaits(cast.people.wang) == {"to_write"}
    minutes.submit(meetings.written(cast, meeting), by=cast.people.wang)
    minutes.approve(meeting, by=cast.people.zhao)
    assert Task.objects.get().owner == cast.people.chen


def test_each_decision_becomes_a_task_of_its_owner_who_is_told(cast: World) -> None:
    both = (
        meetings.decision(cast.people.chen),
        meetings.decision(cast.people.wu, "核对名册", owner_unit=cast.units.branch3),
    )
    meeting = meetings.approved(cast, *both)
    made = list(meeting.tasks.order_by("number"))
    assert [(one.number, one.text, one.who, one.state) for one in made] == [
        (1, "增设采样台两处", "陈社员", TaskState.TODO), (2, "核对名册", "第三支社（吴三社）", TaskState.TODO),
    ]  # fmt: skip
    assert told(cast.people.chen)[-1] == f"“抗疫调度会”议定由您办理：增设采样台两处，请于{made[0].due_on}前办结。"
    assert Notice.objects.filter(person=cast.people.chen).latest("at").url == made[0].get_absolute_url()
    assert awaits(cast.people.chen) == {"to_do"}
    assert list(ledger.broken()) == []


def test_owner_without_a_post_reports_with_evidence_and_another_confirms(cast: World, task: Task) -> None:
    assert access.visible(Task.objects.all(), cast.people.chen, "meetings.read").get() == task
    given = {"done_text": "已在东、西门各设一台", "picture": photograph()}
    tasks.report(task, by=cast.people.chen, **given)
    assert [one.kind for one in attachments.of(task)] == ["picture"]
    assert (awaits(cast.people.chen), awaits(cast.people.wang)) == (set(), {"to_confirm"})
    assert told(cast.people.wang)[-1] == "陈社员报告办结：增设采样台两处。请确认。"
    with pytest.raises(ValidationError, match="由另一人确认"):
        tasks.close(task, by=cast.people.chen)
    assert tasks.close(task, by=cast.people.qian).state == TaskState.DONE
    assert (task.reported_by, task.closed_by) == (cast.people.chen, cast.people.qian)


def test_whoever_reported_for_the_owner_does_not_confirm(cast: World, task: Task) -> None:
    tasks.report(task, by=cast.people.wang, done_text="电话告知已设")
    with pytest.raises(ValidationError, match="由另一人确认"):
        tasks.close(task, by=cast.people.wang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(closed_by=cast.people.wang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(closed_by=cast.people.chen)


def test_report_says_what_was_done_and_refused_evidence_leaves_nothing(cast: World, task: Task) -> None:
    with pytest.raises(ValidationError, match="请写明办了什么"):
        tasks.report(task, by=cast.people.chen)
    with pytest.raises(ValidationError):
        tasks.report(task, by=cast.people.chen, done_text="办了", picture=SimpleUploadedFile("x.jpg", b"not a picture"))
    assert (Task.objects.get(pk=task.pk).state, attachments.of(task).count()) == (TaskState.TODO, 0)


def test_report_sent_back_is_done_again(cast: World, task: Task) -> None:
    tasks.report(task, by=cast.people.chen, done_text="办了")
    tasks.send_back(task, by=cast.people.wang, note="请附照片")
    assert told(cast.people.chen)[-1] == "请继续办理：增设采样台两处。退回原因：请附照片。"
    assert (task.state, awaits(cast.people.chen)) == (TaskState.TODO, {"to_do"})
    tasks.report(task, by=cast.people.chen, done_text="办了，附照片", picture=photograph())
    assert tasks.close(task, by=cast.people.wang).state == TaskState.DONE


def test_deadline_is_extended_with_a_reason_to_a_later_day(cast: World, task: Task) -> None:
    old = task.due_on
    with pytest.raises(ValidationError, match="须晚于"):
        tasks.extend(task, by=cast.people.wang, due_on=old, note="物资未到")
    with pytest.raises(ValidationError, match="请写明原因"):
        tasks.extend(task, by=cast.people.wang, due_on=old + timedelta(days=2))
    with pytest.raises(PermissionDenied):
        tasks.extend(task, by=cast.people.chen, due_on=old + timedelta(days=2), note="物资未到")
    tasks.extend(task, by=cast.people.wang, due_on=old + timedelta(days=2), note="物资未到")
    assert told(cast.people.chen)[-1] == f"“增设采样台两处”的期限延长到{old + timedelta(days=2)}。"


def test_task_passes_to_another_and_leaves_the_first(cast: World, task: Task) -> None:
    tasks.reassign(task, by=cast.people.wang, owner=cast.people.zhao, note="陈社员隔离")
    assert (awaits(cast.people.chen), awaits(cast.people.zhao)) == (set(), {"to_do"})
    assert not access.visible(Task.objects.all(), cast.people.chen, "meetings.read").exists()
    assert told(cast.people.chen)[-1] == "“增设采样台两处”改由赵社员办理，您不用再办了。"
    with pytest.raises(ValidationError, match="另一位责任人"):
        tasks.reassign(task, by=cast.people.wang, owner=cast.people.zhao, note="再改")


def test_dropped_task_awaits_nobody_and_says_why(cast: World, task: Task) -> None:
    tasks.drop(task, by=cast.people.qian, note="并入市里方案")
    assert awaits(cast.people.chen) == set()
    assert told(cast.people.chen)[-1] == "“增设采样台两处”不再办理。原因：并入市里方案。"


def test_minutes_are_read_by_the_invited_once_approved_and_internal_ones_by_who_was_there(cast: World) -> None:
    meeting = meetings.written(cast, meetings.held(cast, came=[cast.people.qian, cast.people.chen]))
    people = {"chen": cast.people.chen, "wu": cast.people.wu, "zhao": cast.people.zhao, "li": cast.people.li}

    def readers() -> set[str]:
        return {name for name, person in people.items() if queries.reads_minutes(meeting, person)}

    assert readers() == {"li"}
    minutes.submit(meeting, by=cast.people.wang)
    assert readers() == {"li"}
    minutes.approve(meeting, by=cast.people.qian)
    assert readers() == {"li", "chen", "wu"}
    Meeting.objects.filter(pk=meeting.pk).update(internal=True)
    meeting.internal = True
    assert readers() == {"li", "chen"}


def test_alarm_of_a_meeting_sounds_once_for_those_who_come(cast: World) -> None:
    meeting = meetings.called(cast, people=[cast.people.chen, cast.people.wu, cast.people.sun])
    actions.attending.confirm(meetings.of(meeting, cast.people.chen), by=cast.people.chen)
    actions.attending.delegate(meetings.of(meeting, cast.people.wu), by=cast.people.wu, proxy=cast.people.zhao)
    assert meeting.starts_at is not None
    assert list(alarms.alarms(meeting.starts_at - timedelta(minutes=61))) == []
    (alarm,) = alarms.alarms(meeting.starts_at - timedelta(minutes=60))
    assert (sorted(one.name for one in alarm.people), alarm.url) == (["赵社员", "陈社员"], meeting.own_url())
    assert str(alarm.text) == f"“抗疫调度会”{meeting.clock}开始，三楼会议室。"


def test_alarm_of_a_decision_sounds_the_day_before_and_when_overdue(cast: World, task: Task) -> None:
    noon = timezone.localtime().replace(hour=12)
    days = (task.due_on - noon.date()).days
    heard = {n: [alarm.name for alarm in alarms.alarms(noon + timedelta(days=days + n))] for n in (-2, -1, 0, 1, 5)}
    due, late = f"due/{task.due_on}", f"overdue/{task.due_on}"
    assert heard == {-2: [], -1: [due], 0: [], 1: [late], 5: [late]}
    tasks.report(task, by=cast.people.chen, done_text="办了")
    assert list(alarms.alarms(noon + timedelta(days=days + 1))) == []
