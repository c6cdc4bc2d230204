"""Synthetic meetings: one in a hundred records, each with its list; most of them over, with minutes and decisions on their way.

The first is still to come and left to those who look around; the next ones stand in each state; from the sixth on all are approved.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from tongzhou.kernel import codes, module
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.rehearsing import DAYS, Given, pick, whole
from tongzhou.modules.meetings import actions, queries
from tongzhou.modules.meetings.actions.attending import DOOR
from tongzhou.modules.meetings.models import Attendance, Meeting, Task
from tongzhou.modules.meetings.workflow import OPEN, AttendanceState, MeetingState

FEWEST = 10
ENDS = ("called", "draft", "cancelled", "held", "submitted")  # of the first meetings; of the others: approved
NAMES = ("疫情防控调度会", "疫情形势研判会", "区域核酸检测部署会", "物资保障专题会", "防控工作例会", "视频调度会")
KINDS = ("coordination", "assessment", "deployment", "topic", "regular", "video")
AGENDA = (
    ("通报当前疫情", "流调组", 10), ("汇报核酸检测进展", "检测组", 15), ("研究物资保障", "物资组", 10), ("部署下一步工作", "", 20),
)  # fmt: skip
SAID = (
    "各组汇报了进展，当前工作平稳有序。",
    "会议指出，要压实责任，及时补上短板。",
    "会议要求，数据当日报送，问题当日反馈。",
)
DECIDED = (
    "增设采样台两处",
    "补齐值守人员名册",
    "清点防护服库存并报缺口",
    "更新小区卡口轮值表",
    "制作采样点指引牌",
    "核对应检尽检名单",
)
ANSWERS = {"confirm": 60, "delegate": 10, "decline": 10, "": 20}
TASKS = ("done", "todo", "done", "reported", "dropped")  # what becomes of a decision, by turns
COMES, LATE = 0.9, 0.15
EVENING = timedelta(hours=9)  # after the start minutes are written


def rehearse(given: Given, n: int) -> Iterator[str]:
    count = max(FEWEST, n // 100)
    for done in whole(range(count), partial(_meeting, given)):
        yield f"{done}/{count}"


def _meeting(given: Given, number: int) -> None:
    """One whole life, in one transaction: what is there already was made whole."""
    chance = given.chance("meeting", number)
    end = ENDS[number] if number < len(ENDS) else "approved"
    starts = _starts(given, chance, end)
    meeting, new = _drafted(given, number, chance, starts)
    if not new or end == "draft":
        return
    assert meeting.recorder is not None
    if end == "cancelled":
        actions.calling.withdraw(
            next(row for row in queries.roll(meeting) if row.person != meeting.chair), by=meeting.recorder
        )
    actions.calling.call(meeting, by=meeting.recorder, now=min(timezone.now(), starts - timedelta(days=1)))
    if end == "cancelled":
        module.perform(meeting, "cancel", by=meeting.recorder, note="并入市里会议")
        return
    _answered(given, meeting, chance)
    if end != "called":
        _sat(meeting, chance, starts)
        _written(given, meeting, number, chance, end)


def _starts(given: Given, chance: Random, end: str) -> datetime:
    """At nine or at three, on a day of the outbreak; what is still to come, in the next days."""
    day = given.day(chance.randrange(5, DAYS - 1))
    if end in ("called", "draft"):
        day = timezone.localdate() + timedelta(days=1 + chance.randrange(3))
    return timezone.make_aware(datetime.combine(day, time(chance.choice((9, 15)))))


def _drafted(given: Given, number: int, chance: Random, starts: datetime) -> tuple[Meeting, bool]:
    """By turns of the command post and of the organisation."""
    commands = number % 2 == 0
    unit: Unit = given.command if commands else given.org
    post = given.posts["commander"] if commands else given.posts["office"]
    chair = given.posts["commander"][1] if commands else given.posts["leader"][0]
    kind = number % len(NAMES)
    meeting = Meeting(
        pk=given.key("meeting", number), response=given.response, unit=unit, name=f"{NAMES[kind]}（第{number + 1}次）", kind=KINDS[kind],
        starts_at=starts, ends_at=starts + timedelta(hours=1), happened_on=timezone.localdate(starts), place="指挥部会议室" if commands else "机关三楼",
        chair=chair, recorder=post[0], internal=chance.random() < 0.2,
    )  # fmt: skip
    lines = [{"title": title, "speaker": who, "minutes": minutes} for title, who, minutes in AGENDA[: 2 + number % 3]]
    staff = {chair, post[0]}
    members = [person for person in given.members if person not in staff and person not in given.guests]
    guests = list(given.guests) if number == 0 else []
    people = [*chance.sample(members, 5 + chance.randrange(4)), *guests]
    return module.file(meeting, by=post[0], lines=lines, people=people)


def _answered(given: Given, meeting: Meeting, chance: Random) -> None:
    """The guests' own answers are left to them; the first three answer one this, one that, so that each is there."""
    rows = _chair_last(meeting, (row for row in queries.roll(meeting) if row.person not in given.guests))
    listed = {row.person for row in rows}
    spare = [person for person in given.members if person not in listed and person not in given.guests]
    for place, row in enumerate(rows):
        answer = ("confirm", "delegate", "decline")[place] if place < 3 else pick(chance, ANSWERS)
        if row.person == meeting.chair:
            answer = "confirm"
        data: dict[str, Any] = {"note": "另有任务"} if answer == "decline" else {}
        if answer == "delegate":
            data = {"proxy": chance.choice(spare)}
        if answer and row.person:
            module.perform(row, answer, by=row.person, **data)


def _sat(meeting: Meeting, chance: Random, starts: datetime) -> None:
    """Most come, one without a telephone, one not at all; then the meeting is over."""
    assert meeting.recorder is not None
    due = [row for row in queries.roll(meeting) if row.state in OPEN and row.state != AttendanceState.DECLINED]
    for place, row in enumerate(_chair_last(meeting, due)):
        if place == 1 or (row.person != meeting.chair and chance.random() > COMES):
            continue
        at = starts + timedelta(minutes=chance.randint(1, 12) if chance.random() < LATE else -chance.randint(1, 20))
        if place == 2:
            actions.attending.mark(row, by=meeting.recorder, note="忘带手机", signed_at=at, now=starts + EVENING)
        else:
            _sign(row, at)
    actions.minutes.conclude(meeting, by=meeting.recorder, now=starts + EVENING)


def _chair_last(meeting: Meeting, rows: Iterable[Attendance]) -> list[Attendance]:
    found = sorted(rows, key=lambda row: row.person == meeting.chair)
    for row in found:
        row.meeting = meeting  # the same for all
    return found


def _sign(row: Attendance, at: datetime) -> None:
    by = row.proxy if row.state == AttendanceState.PROXY else row.person
    assert by is not None
    actions.attending.sign(row, by=by, code=codes.at_door(row.meeting, DOOR, at), now=at)


def _written(given: Given, meeting: Meeting, number: int, chance: Random, end: str) -> None:
    recorder, evening = meeting.recorder, (meeting.starts_at or timezone.now()) + EVENING
    assert recorder is not None
    people = [row.person for row in queries.roll(meeting) if row.person and row.person != meeting.chair]
    decided = [
        {
            "text": text,
            "owner": chance.choice(people),
            "due_on": meeting.happened_on + timedelta(days=chance.randint(2, 10)),
        }
        for text in chance.sample(DECIDED, 1 + chance.randrange(3))
    ]
    said = {item.number: chance.choice(SAID) for item in meeting.items.all()}
    actions.minutes.write(meeting, by=recorder, said=said, internal=meeting.internal, decisions=decided, now=evening)
    if end == "held":
        return
    actions.minutes.submit(meeting, by=recorder, now=evening)
    if end == MeetingState.APPROVED:
        assert meeting.chair is not None
        actions.minutes.approve(meeting, by=meeting.chair)
        for task in (
            Task.objects.filter(meeting=meeting)
            .select_related("meeting", "owner", "unit", "response")
            .order_by("number")
        ):
            _followed(given, task, TASKS[(number + task.number) % len(TASKS)], recorder)


def _followed(given: Given, task: Task, end: str, recorder: Person) -> None:
    if end in ("done", "reported"):
        module.perform(task, "report", by=task.owner, done_text=f"{task.text}，已完成")
    if end == "done":
        module.perform(task, "close", by=recorder)
    if end == "dropped":
        module.perform(task, "drop", by=recorder, note="并入后续方案")
