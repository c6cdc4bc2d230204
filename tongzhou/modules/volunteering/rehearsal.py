"""Synthetic volunteering: one activity in a hundred records or more, most of them over; the first are still to come and left to the guests."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from tongzhou.kernel import codes, module, steps
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.rehearsing import DAYS, Given, whole
from tongzhou.modules.volunteering import actions
from tongzhou.modules.volunteering.actions import volunteers
from tongzhou.modules.volunteering.actions.doors import DOOR
from tongzhou.modules.volunteering.models import Activity, Certificate, Signup, Team
from tongzhou.modules.volunteering.workflow import VolunteerState

FEWEST, PEOPLE = 8, 12  # activities; members who say what they can do
ENDS = ("open", "draft", "cancelled", "on")  # of the first activities; of the others: done
KINDS = (
    ("核酸采样点秩序引导", "order", "维持一米线，引导老人孩子"), ("物资分拣配送", "delivery", "分拣蔬菜包，送到楼下"),
    ("信息录入支援", "testing", "协助扫码和录入"), ("疫情知识宣传", "teaching", "发放防护手册"), ("居家老人关爱", "care", "电话问候，代买药品"),
)  # fmt: skip
RISKS = "人员密集，请全程戴口罩、保持一米距离；服务后洗手。身体不适请不要参加。"
SKILLS = ("医护", "采样", "驾驶", "电脑录入", "心理疏导", "外语")
EXPERTISE = ("检验医学，可指导采样质控", "数据分析，可协助流调报表", "心理学，可接听热线", "")
HOURS = 4
# of those who signed up, by turns
ROUND = (
    "confirmed",
    "left",
    "disputed",
    "settled",
    "absent",
    "withdrawn",
    "confirmed",
)


def rehearse(given: Given, n: int) -> Iterator[str]:
    count = max(FEWEST, n // 100)
    teams = _teams(given)
    for _done in whole(range(PEOPLE), partial(_volunteer, given, teams[0])):
        pass
    for done in whole(range(count), partial(_activity, given, teams)):
        yield f"{done}/{count}"
    _certificates(given)


def _teams(given: Given) -> list[Team]:
    """One of the house, one of a partner, one that is no more."""
    office = given.posts["office"][0]
    made = []
    for number, (name, kind) in enumerate(
        (("推演志愿服务队", "own"), ("推演社工服务中心", "partner"), ("推演宣传队", "own"))
    ):
        team = Team(
            pk=given.key("team", number), response=given.response, unit=given.org, name=name, kind=kind, happened_on=given.day(1)
        )  # fmt: skip
        team, new = steps.file(team, by=office)
        if new and number == 2:
            module.perform(team, "dissolve", by=office, note="并入服务队")
        made.append(team)
    return made[:2]


def _volunteer(given: Given, team: Team, number: int) -> None:
    chance = given.chance("volunteer", number)
    person = _members(given)[number]
    offered = {
        "team": team if number % 2 else None, "skills": "、".join(chance.sample(SKILLS, 1 + number % 2)),
        "expertise": chance.choice(EXPERTISE), "free": chance.choice(("周末", "工作日晚上", "随时")),
    }  # fmt: skip
    made = volunteers.offer(given.response, person, by=person, **offered)  # who answered a call may be there already
    if number == 3 and made.state == VolunteerState.ACTIVE:
        module.perform(made, "pause", by=person)


def _members(given: Given) -> list[Person]:
    """Neither staff nor guests."""
    staff = {person.pk for people in given.posts.values() for person in people} | {one.pk for one in given.guests}
    return [person for person in given.members if person.pk not in staff]


def _activity(given: Given, teams: list[Team], number: int) -> None:
    """One whole life, in one transaction: what is there already was made whole."""
    chance = given.chance("activity", number)
    end = ENDS[number] if number < len(ENDS) else "done"
    unit: Unit = given.org if number % 2 == 0 else given.command
    post = given.posts["office" if unit == given.org else "commander"]
    starts = _starts(given, chance, end)
    name, field, content = KINDS[number % len(KINDS)]
    activity = Activity(
        pk=given.key("activity", number), response=given.response, unit=unit, name=f"{name}（第{number + 1}次）", field=field, content=content,
        starts_at=starts, ends_at=starts + timedelta(hours=HOURS), place="推演社区广场", served_whom="社区居民", risks=RISKS,
        organiser=post[1], outdoor=number % 2 == 0, high=18, low=3,
    )  # fmt: skip
    lines = [{"work": "引导", "people": 5, "skill": ""}, {"work": "录入", "people": 2, "skill": "电脑录入"}]
    activity, new = module.file(activity, by=post[0], lines=lines, teams=teams[:1])
    if not new or end == "draft":
        return
    actions.activities.open(activity, by=post[0], now=starts - timedelta(days=2))
    rows = _joined(given, activity, chance, starts)
    if end == "cancelled":
        module.perform(activity, "cancel", by=post[0], note="当日静态管理")
    elif end == "on":
        for row in rows[:3]:
            _sign(row, starts + timedelta(minutes=5))
    elif end == "done":
        _served(given, activity, rows, post, chance, starts)


def _starts(given: Given, chance: Random, end: str) -> datetime:
    """At eight or at two, on a past day; "on" has just begun; what is to come, in the next days."""
    if end == "on":
        return timezone.now() - timedelta(minutes=30)
    day = given.day(chance.randrange(5, DAYS - 2))
    if end in ("open", "draft", "cancelled"):
        day = timezone.localdate() + timedelta(days=2 + chance.randrange(3))
    return timezone.make_aware(datetime.combine(day, time(chance.choice((8, 14)))))


def _joined(given: Given, activity: Activity, chance: Random, starts: datetime) -> list[Signup]:
    """More than there are places for the few who enter data, so that somebody waits."""
    posts = list(activity.posts.all())
    people = chance.sample(_members(given), 9)
    rows = []
    for place, person in enumerate(people):
        post = posts[0] if place < 6 else posts[1]
        try:
            row = actions.joining.join(activity, post, person, by=person, now=starts - timedelta(days=1))
        except ValidationError:  # has signed up elsewhere at this time
            continue
        if row.state == "signed":
            rows.append(row)
    return rows


def _served(
    given: Given, activity: Activity, rows: list[Signup], post: list[Person], chance: Random, starts: datetime
) -> None:
    """Each comes and goes, or does not; two of the office or the command post look after the hours."""
    ends = [ROUND[place % len(ROUND)] for place in range(len(rows))]
    for row, end in zip(rows, ends, strict=True):
        assert row.person is not None
        if end == "withdrawn":
            module.perform(row, "withdraw", by=row.person)
        elif end != "absent":
            _sign(row, starts - timedelta(minutes=chance.randint(1, 15)))
            _sign(row, starts + timedelta(hours=HOURS, minutes=-chance.randint(1, 40)))
            _confirmed(row, end, post)
    actions.activities.end(activity, by=post[1], served=chance.randrange(40, 400))


def _confirmed(row: Signup, end: str, post: list[Person]) -> None:
    if end == "left":
        return
    assert row.person is not None
    module.perform(row, "confirm", by=post[1], minutes=row.minutes, rating="good")
    if end in ("disputed", "settled"):
        asked: dict[str, Any] = {"asked_minutes": (row.minutes or 0) + 15, "note": "收拾场地的时间没有算"}
        module.perform(row, "dispute", by=row.person, **asked)
    if end == "settled":
        module.perform(row, "settle", by=post[0], minutes=(row.minutes or 0) + 15, note="情况属实")


def _sign(row: Signup, at: datetime) -> None:
    assert row.person is not None
    actions.doors.sign(row, by=row.person, code=codes.at_door(row.activity, DOOR, at), now=at)


def _certificates(given: Given) -> None:
    """For a few who served; one is withdrawn."""
    rows = Signup.objects.filter(response=given.response, state="confirmed", person__isnull=False)
    seen: dict[Any, Signup] = {}
    for row in rows.select_related("person", "unit").order_by("happened_on", "pk"):
        seen.setdefault(row.person_id, row)
    for number, row in enumerate(list(seen.values())[:4]):
        assert row.person is not None
        if Certificate.objects.filter(response=given.response, person=row.person, unit=row.unit).exists():
            continue  # made before; the one withdrawn is not asked for again
        made = actions.certificates.issue(given.response, row.person, row.unit, by=row.person)
        if number == 1:
            module.perform(
                made,
                "withdraw",
                by=given.posts["office"][0] if row.unit == given.org else given.posts["commander"][0],
                note="姓名有误",
            )
