"""Meetings at every stage, as plain functions. Wang of the office calls and records, Qian chairs, Chen and Wu are invited."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.world import World
from tongzhou.kernel import codes, module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.meetings import actions
from tongzhou.modules.meetings.models import Attendance, Meeting, Task

AGENDA = [
    {"title": "通报疫情", "speaker": "疾控中心", "minutes": 10},
    {"title": "部署采样", "speaker": "", "minutes": None},
]
AN_HOUR = timedelta(hours=1)


def draft(cast: World, unit: Unit | None = None, *, lines: Any = AGENDA, people: Any = None, **fields: Any) -> Meeting:
    starts = timezone.now() + timedelta(days=1)
    usual = {
        "pk": uuid4(), "response": cast.response, "unit": unit or cast.units.org, "name": "抗疫调度会", "place": "三楼会议室",
        "chair": cast.people.qian, "recorder": cast.people.wang, "starts_at": starts, "ends_at": starts + AN_HOUR,
    }  # fmt: skip
    given = usual | fields
    given["happened_on"] = timezone.localdate(given["starts_at"])
    guests = [cast.people.chen, cast.people.wu] if people is None else people
    return module.file(Meeting(**given), by=cast.people.wang, lines=lines, people=guests)[0]


def called(cast: World, unit: Unit | None = None, **fields: Any) -> Meeting:
    return actions.calling.call(draft(cast, unit, **fields), by=cast.people.wang)


def of(meeting: Meeting, person: Person) -> Attendance:
    return Attendance.objects.select_related("meeting", "person", "proxy", "unit", "response").get(
        meeting=meeting, person=person
    )


def code_of(meeting: Meeting, now: datetime) -> str:
    return codes.at_door(meeting, actions.attending.DOOR, now)


def signed(meeting: Meeting, person: Person, now: datetime, by: Person | None = None) -> Attendance:
    return actions.attending.sign(of(meeting, person), by=by or person, code=code_of(meeting, now), now=now)


def held(cast: World, unit: Unit | None = None, came: Any = None, **fields: Any) -> Meeting:
    """Over since the planned end: who came signed in five minutes before the start."""
    meeting = called(cast, unit, **fields)
    assert meeting.starts_at is not None
    for person in [cast.people.qian, cast.people.chen] if came is None else came:
        signed(meeting, person, meeting.starts_at - timedelta(minutes=5))
    actions.minutes.conclude(meeting, by=cast.people.wang, now=meeting.starts_at + AN_HOUR)
    return Meeting.objects.select_related("response", "unit", "chair", "recorder").get(pk=meeting.pk)


def decision(owner: Person, text: str = "增设采样台两处", days: int = 3, **more: Any) -> dict[str, Any]:
    return {"text": text, "owner": owner, "due_on": timezone.localdate() + timedelta(days=1 + days), **more}


def written(cast: World, meeting: Meeting, *decisions: dict[str, Any], **more: Any) -> Meeting:
    assert meeting.starts_at is not None
    given = {"said": {1: "通报了疫情。"}, "decisions": decisions or [decision(cast.people.chen)]}
    later = meeting.starts_at + 2 * AN_HOUR
    return actions.minutes.write(meeting, by=cast.people.wang, now=later, **given | more)


def approved(cast: World, *decisions: dict[str, Any], unit: Unit | None = None, **fields: Any) -> Meeting:
    meeting = written(cast, held(cast, unit, **fields), *decisions)
    actions.minutes.submit(meeting, by=cast.people.wang)
    return actions.minutes.approve(meeting, by=cast.people.qian)


def task_of(meeting: Meeting) -> Task:
    found = Task.objects.select_related("meeting", "owner", "unit", "response").filter(meeting=meeting).first()
    assert found is not None
    return found
