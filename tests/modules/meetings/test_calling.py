"""A meeting from the draft to its notice, put off, called off; and one that only a report tells of."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.modules.meetings import meeting as meetings
from tests.world import World
from tongzhou.kernel import access, asks, handoff, ledger, module
from tongzhou.kernel.figures import Bound, Figure
from tongzhou.kernel.models import Notice, Person
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.meetings import actions
from tongzhou.modules.meetings.models import Attendance, Meeting
from tongzhou.modules.meetings.workflow import AttendanceState, MeetingState


def listed(meeting: Meeting) -> dict[str, str]:
    return {row.who: row.state for row in meeting.attendances.select_related("person")}


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("at").values_list("text", flat=True))


def awaits(person: Person) -> set[str]:
    fresh = Person.objects.get(pk=person.pk)
    return {one.ask.name for one in asks.awaiting(fresh, timezone.localdate()) if one.room.name == "meetings"}


def test_notice_reaches_everyone_on_the_list_and_the_chair(cast: World) -> None:
    meeting = meetings.called(cast)
    assert listed(meeting) == {"陈社员": "invited", "吴三社": "invited", "钱签发": "invited"}
    time = meeting.time_text()
    assert told(cast.people.chen) == [f"请参加“抗疫调度会”：{time}，三楼会议室。请答复能否参加。"]
    assert Notice.objects.get(person=cast.people.chen).url == f"/test-2022/meetings/{meeting.pk}/mine/"
    assert [len(told(person)) for person in (cast.people.qian, cast.people.wu, cast.people.wang)] == [1, 1, 0]
    assert awaits(cast.people.chen) == {"to_answer"}
    assert awaits(cast.people.wang) == {"to_chase"}


def test_draft_is_nobodys_business_but_the_callers(cast: World) -> None:
    meeting = meetings.draft(cast)
    rows = Meeting.objects.all()
    assert not access.visible(rows, cast.people.chen, "meetings.read").exists()
    assert told(cast.people.chen) == []
    assert (awaits(cast.people.chen), awaits(cast.people.wang)) == (set(), {"to_send"})
    actions.calling.call(meeting, by=cast.people.wang)
    assert access.visible(rows, cast.people.chen, "meetings.read").get() == meeting


@pytest.mark.parametrize(
    ("lacking", "what"),
    [({"place": ""}, "地点或视频会议链接"), ({"lines": []}, "议程"), ({"people": []}, "主持人以外的参会人")],
)
def test_notice_that_lacks_something_is_refused_and_says_what(cast: World, lacking: dict[str, Any], what: str) -> None:
    meeting = meetings.draft(cast, **lacking)
    with pytest.raises(ValidationError) as refused:
        actions.calling.call(meeting, by=cast.people.wang)
    assert refused.value.messages == [f"会议通知还缺：{what}。"]
    assert Notice.objects.count() == 0


def test_notice_of_a_time_that_is_past_is_refused(cast: World) -> None:
    meeting = meetings.draft(cast, starts_at=timezone.now() - timedelta(minutes=1), ends_at=None)
    with pytest.raises(ValidationError, match="开始时间已过"):
        actions.calling.call(meeting, by=cast.people.wang)


def test_unit_is_invited_by_its_head_and_one_without_a_head_is_named(cast: World) -> None:
    starts = {"starts_at": timezone.now() + timedelta(days=1), "place": "礼堂"}
    meeting = Meeting(response=cast.response, unit=cast.units.org, name="部署会", **starts)
    module.file(meeting, by=cast.people.wang, units=[cast.units.branch1, cast.units.branch3])
    assert {row.who: str(row.for_unit) for row in meeting.attendances.all()} == {
        "孙支社": "第一支社",
        "吴三社": "第三支社",
    }
    with pytest.raises(ValidationError, match="没有登记负责人的单位：第二支社"):
        module.file(
            Meeting(response=cast.response, unit=cast.units.org, name="又一次"),
            by=cast.people.wang,
            units=[cast.units.branch2],
        )
    assert Meeting.objects.count() == 1


def test_draft_list_follows_the_form_and_tells_nobody(cast: World) -> None:
    meeting = meetings.draft(cast)
    people = cast.people
    given: dict[str, Any] = {
        "changes": {"name": "抗疫专题会"},
        "people": [people.chen, people.sun],
        "observers": [people.zhao],
    }
    actions.calling.amend(meeting, by=people.wang, version=meeting.version, **given)
    assert listed(meeting) == {"陈社员": "invited", "孙支社": "invited", "赵社员": "invited", "吴三社": "withdrawn"}
    assert meetings.of(meeting, people.zhao).observer is True
    given = {"changes": {}, "people": [people.chen, people.wu]}
    actions.calling.amend(meeting, by=people.wang, version=meeting.version, **given)
    assert listed(meeting) == {"陈社员": "invited", "孙支社": "withdrawn", "赵社员": "withdrawn", "吴三社": "invited"}
    assert Notice.objects.count() == 0
    assert list(ledger.broken()) == []


def test_more_are_invited_and_only_they_are_told(cast: World) -> None:
    meeting = meetings.called(cast)
    people = cast.people
    actions.calling.invite(meeting, by=people.wang, people=[people.chen, people.sun], observers=[people.zhao])
    assert [len(told(one)) for one in (people.chen, people.sun, people.zhao)] == [1, 1, 1]
    with pytest.raises(ValidationError, match="都已在名单上"):
        actions.calling.invite(meeting, by=people.wang, people=[people.sun])


def test_meeting_put_off_asks_everyone_again(cast: World) -> None:
    meeting = meetings.called(cast)
    actions.attending.confirm(meetings.of(meeting, cast.people.chen), by=cast.people.chen)
    actions.attending.decline(meetings.of(meeting, cast.people.wu), by=cast.people.wu, note="出差")
    assert meeting.starts_at is not None
    later = meeting.starts_at + timedelta(days=2)
    given = {"starts_at": later, "ends_at": None, "place": "礼堂", "note": "领导另有会议"}
    actions.calling.postpone(meeting, by=cast.people.wang, **given)
    rows = list(meeting.attendances.all())
    assert {(row.state, row.happened_on) for row in rows} == {("invited", timezone.localdate(later))}
    assert told(cast.people.wu)[-1] == f"“抗疫调度会”改为{meeting.time_text()}，礼堂。原因：领导另有会议。请重新答复。"
    with pytest.raises(ValidationError, match="没有变"):
        actions.calling.postpone(meeting, by=cast.people.wang, **given)
    with pytest.raises(ValidationError, match="以后的时间"):
        actions.calling.postpone(meeting, by=cast.people.wang, **given | {"starts_at": timezone.now()})


def test_meeting_called_off_is_told_with_the_reason_and_awaits_nobody(cast: World) -> None:
    meeting = meetings.called(cast)
    actions.calling.cancel(meeting, by=cast.people.wang, note="并入市里会议")
    assert told(cast.people.chen)[-1] == "“抗疫调度会”取消。原因：并入市里会议。"
    assert (awaits(cast.people.chen), awaits(cast.people.wang)) == (set(), set())
    quiet = meetings.draft(cast)
    actions.calling.cancel(quiet, by=cast.people.wang, note="不开了")
    assert len(told(cast.people.chen)) == 2


def test_chase_reminds_the_silent_once_a_day(cast: World) -> None:
    unreachable = Person.objects.create(name="无账号", unit=cast.units.branch1, synthetic=True)
    meeting = meetings.called(cast, people=[cast.people.chen, cast.people.wu, unreachable])
    actions.attending.confirm(meetings.of(meeting, cast.people.wu), by=cast.people.wu)
    assert actions.calling.chase(meeting, by=cast.people.wang) == (2, 0, 1)  # Chen and the chair
    assert actions.calling.chase(meeting, by=cast.people.wang) == (0, 2, 1)
    assert (len(told(cast.people.chen)), len(told(cast.people.wu))) == (2, 1)
    with pytest.raises(PermissionDenied):
        actions.calling.chase(meeting, by=cast.people.chen)


def test_who_is_taken_off_the_list_sees_the_meeting_no_more(cast: World) -> None:
    meeting = meetings.called(cast)
    actions.calling.withdraw(meetings.of(meeting, cast.people.chen), by=cast.people.wang)
    assert not access.visible(Meeting.objects.all(), cast.people.chen, "meetings.read").exists()
    assert not access.visible(Attendance.objects.all(), cast.people.chen, "meetings.read").exists()
    assert told(cast.people.chen)[-1] == f"您不用参加“抗疫调度会”（{meeting.time_text()}）了。"
    with pytest.raises(ValidationError, match="主持人不能"):
        actions.calling.withdraw(meetings.of(meeting, cast.people.qian), by=cast.people.wang)


def test_total_known_from_a_report_is_one_record_that_took_place(cast: World) -> None:
    told_as = {"quantity": 20, "bound": Bound.AT_LEAST, "source": "某份纪实"}
    meeting = Meeting(response=cast.response, unit=cast.units.branch1, name="各类会议", **told_as)
    meeting, new = module.file(meeting, by=cast.people.sun, present=Figure(300, Bound.ABOUT))
    assert (new, meeting.state, meeting.stands_for.text("次")) == (True, MeetingState.HELD, "20余次")
    row = meeting.attendances.get()
    assert (row.state, row.stands_for.text("人次"), row.source) == (AttendanceState.PRESENT, "约300人次", "某份纪实")
    assert awaits(cast.people.sun) == set()  # nobody is asked for its minutes
    for refused in (actions.minutes.submit, actions.minutes.jot):
        with pytest.raises((OutOfStep, ValidationError)):
            refused(meeting, by=cast.people.sun)
    given = {"changes": {"name": "各类会议（更正）"}, "present": Figure(320)}
    actions.calling.amend(meeting, by=cast.people.sun, version=meeting.version, **given)
    assert meeting.attendances.get().stands_for == Figure(320)
    with pytest.raises(ValidationError, match="不能互换"):
        actions.calling.amend(meeting, by=cast.people.sun, version=meeting.version, changes={"source": ""})


def test_held_meeting_keeps_its_day_and_the_words_of_its_items(cast: World) -> None:
    meeting = meetings.written(cast, meetings.held(cast))
    assert meeting.starts_at is not None
    later = {"starts_at": meeting.starts_at + timedelta(days=1), "happened_on": meeting.happened_on + timedelta(days=1)}
    with pytest.raises(ValidationError, match="不能改日期"):
        actions.calling.amend(meeting, by=cast.people.wang, version=meeting.version, changes=later)
    meeting.refresh_from_db()
    lines = [{"title": "通报本市疫情", "speaker": "", "minutes": 5}]
    actions.calling.amend(meeting, by=cast.people.wang, version=meeting.version, changes={}, lines=lines)
    assert [(item.title, item.said) for item in meeting.items.all()] == [("通报本市疫情", "通报了疫情。")]
    with pytest.raises(ValidationError, match="不能删除"):
        actions.calling.amend(meeting, by=cast.people.wang, version=meeting.version, changes={}, lines=[])


def test_matter_handed_over_becomes_a_draft_once(cast: World) -> None:
    source = meetings.task_of(meetings.approved(cast))
    made = handoff.hand_over(source, "meeting", by=cast.people.wang)
    assert (made.name, made.words, made.state) == ("增设采样台两处", "抗疫调度会", "draft")
    assert handoff.hand_over(source, "meeting", by=cast.people.wang) == made
    other = meetings.task_of(meetings.approved(cast))
    with pytest.raises(PermissionDenied):
        handoff.hand_over(other, "meeting", by=cast.people.chen)
