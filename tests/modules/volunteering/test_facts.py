"""What is counted, what is told, who is reminded, what awaits whom, what the board shows."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from tests.modules.volunteering import helping
from tests.world import World
from tongzhou.kernel import asks, facts, handoff, module
from tongzhou.kernel.figures import Bound, Figure
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.volunteering import actions, queries
from tongzhou.modules.volunteering.alarms import alarms
from tongzhou.modules.volunteering.board import board
from tongzhou.modules.volunteering.models import Activity, Volunteer


def counted(scope: Scope, by: Person) -> dict[str, str]:
    found = facts.gather(scope, by, [module.room("volunteering")])
    return {name.partition(".")[2]: one.text() for name, some in found.items() for one in facts.nonzero(some)}


def told(scope: Scope, by: Person) -> list[str]:
    room = module.room("volunteering")
    assert room.tell is not None
    return [sentence.words() for sentence in facts.together(room.tell(scope, by, facts.gather(scope, by, [room])))]


def test_only_what_was_confirmed_counts(cast: World) -> None:
    scope, by = Scope(cast.response), cast.people.wang
    activity = helping.past(cast, people=4)
    helping.served(activity, cast.people.sun)  # not confirmed
    assert (counted(scope, by), told(scope, by)) == ({}, [])
    row = helping.confirmed(cast, activity, cast.people.zhao, 200)
    helping.confirmed(cast, activity, cast.people.chen, 60)
    actions.activities.end(activity, by=by, served=35)
    assert counted(scope, by) == {"activities": "1场", "person_times": "2人次", "hours": "4.3小时", "served": "35人次"}
    module.perform(row, "dispute", by=cast.people.zhao, asked_minutes=220, note="少算")
    assert counted(scope, by)["hours"] == "4.3小时"
    assert told(scope, by) == ["志愿服务活动1场，志愿者参加2人次，服务时长4.3小时，服务35人次。"]
    with translation.override("en"):
        assert told(scope, by) == [
            "Volunteers held 1 activity, with 2 person-times of volunteers taking part, 4.3 hours of service, 35 person-times of help given."
        ]
    assert counted(scope, cast.people.wu) == {}  # of another branch


def test_a_total_from_a_source_counts_as_that_total(cast: World) -> None:
    made = Activity(
        pk=uuid4(), response=cast.response, unit=cast.units.branch1, name="三月以来的志愿服务", quantity=20, bound="at_least", served=5000, source="支社月报"
    )  # fmt: skip
    module.file(made, by=cast.people.sun, present=Figure(300, Bound.ABOUT), hours=900)
    scope = Scope(cast.response)
    assert counted(scope, cast.people.wang) == {
        "activities": "20余场", "person_times": "约300人次", "hours": "约900小时", "served": "5000余人次",
    }  # fmt: skip
    assert told(scope, cast.people.wang) == [
        "志愿服务活动20余场，志愿者参加约300人次，服务时长约900小时，服务5000余人次。"
    ]


def test_reported_activity_says_from_where(cast: World) -> None:
    made = Activity(pk=uuid4(), response=cast.response, unit=cast.units.branch1, name="x")
    with pytest.raises(ValidationError, match="请写开始和结束时间"):
        module.file(made, by=cast.people.sun)


# -- whom to ask


def test_volunteers_with_the_skill_looked_for_come_first_and_the_busy_not_at_all(cast: World) -> None:
    people = {name: helping.person(cast, name) for name in ("安甲", "白乙", "蔡丙", "戴丁")}
    for name, skills in (("安甲", "驾驶"), ("白乙", "采样、外语"), ("蔡丙", "采样"), ("戴丁", "采样")):
        actions.volunteers.offer(cast.response, people[name], by=cast.people.wang, skills=skills)
    activity = helping.opened(cast, skill="采样", people=3)
    helping.join(helping.opened(cast, name="分拣"), people["蔡丙"])  # at the same time
    helping.join(activity, people["戴丁"])
    found = queries.suited(activity, cast.people.wang)
    assert [(str(one), queries.fits(one, activity)) for one in found] == [("白乙", "采样"), ("安甲", "")]
    assert queries.suited(activity, cast.people.zhao) == []


def test_offer_changed_stays_one(cast: World) -> None:
    zhao = cast.people.zhao
    first = actions.volunteers.offer(cast.response, zhao, by=zhao, skills="驾驶", expertise="检验医学")
    again = actions.volunteers.offer(cast.response, zhao, by=zhao, skills="驾驶、外语", expertise="检验医学")
    assert (first.pk, Volunteer.objects.get().skills, again.unit) == (again.pk, "驾驶、外语", cast.units.branch1)


def test_matter_handed_over_becomes_an_offer_of_its_person(cast: World) -> None:
    source = helping.confirmed(cast, helping.past(cast), cast.people.zhao)
    made = handoff.hand_over(source, "volunteer", by=cast.people.wang)
    assert (made, handoff.hand_over(source, "volunteer", by=cast.people.wang)) == (
        Volunteer.objects.get(person=cast.people.zhao),
        made,
    )
    with pytest.raises(ValidationError, match="只有个人"):
        handoff.hand_over(helping.draft(cast), "volunteer", by=cast.people.wang)


# -- told in time


def told_by(now: Any) -> list[tuple[str, list[str]]]:
    return [(str(one.text), [person.name for person in one.people]) for one in alarms(now)]


def test_reminded_a_day_before_with_what_the_weather_asks(cast: World) -> None:
    activity = helping.opened(cast, people=2, outdoor=True, high=36, low=25)
    helping.join(activity, cast.people.zhao)
    assert activity.starts_at is not None
    assert told_by(activity.starts_at - timedelta(hours=25)) == []
    day = timezone.localdate(activity.starts_at)
    when = f"{day.year}年{day.month}月{day.day}日 09:00–12:00"
    assert told_by(activity.starts_at - timedelta(hours=24)) == [
        (f"提醒：您报名的“采样点引导”，{when}，东门广场。预报最高 36℃：请轮换休息，备好饮水和防暑药品。", ["赵社员"]),
        (f"“采样点引导”（{when}）还缺 1 名志愿者。", ["王保管"]),
    ]


def test_told_who_has_not_come_and_who_has_not_left(cast: World) -> None:
    activity = helping.opened(cast, people=2)
    first, _second = (helping.join(activity, who) for who in (cast.people.zhao, cast.people.chen))
    start, end = activity.starts_at, activity.ends_at
    assert start is not None
    assert end is not None
    helping.sign(first, start)
    assert told_by(start + timedelta(minutes=14)) == []
    assert told_by(start + timedelta(minutes=15)) == [("“采样点引导”已开始，还有 1 人没有签到。", ["王保管"])]
    assert told_by(end + timedelta(minutes=60)) == [
        ("“采样点引导”已结束，您还没有签退；已经离开的，请告诉现场负责人。", ["赵社员"]),
        ("“采样点引导”已结束，还有 1 人没有签退。", ["王保管"]),
    ]


def test_warned_of_too_long_a_day(cast: World) -> None:
    zhao = cast.people.zhao
    helping.join(helping.opened(cast, name="早班", starts_at=helping.at(1, 6)), zhao)
    helping.join(helping.opened(cast, name="午班", starts_at=helping.at(1, 14)), zhao)
    activity = helping.opened(cast, name="晚班", starts_at=helping.at(1, 18))
    assert queries.warnings(activity, zhao) == ["当天累计服务 9 小时，超过 8 小时，请量力而行。"]
    assert queries.warnings(activity, cast.people.chen) == []


def test_everyone_has_their_own_to_do(cast: World) -> None:
    zhao, chen = cast.people.zhao, cast.people.chen
    helping.join(helping.opened(cast), zhao)
    over = helping.past(cast, organiser=chen, people=3)
    helping.served(over, cast.people.sun)
    helping.served(over, chen)
    row = helping.confirmed(cast, helping.past(cast, starts_at=helping.at(-2)), zhao)
    module.perform(row, "dispute", by=zhao, asked_minutes=200, note="少算")
    today = timezone.localdate()
    found = {
        who.name: {one.ask.name: one.count for one in asks.awaiting(who, today) if one.room.name == "volunteering"}
        for who in (zhao, chen, cast.people.wang, cast.people.sun, cast.people.li)
    }
    assert found == {
        "赵社员": {"my_service": 1},
        "陈社员": {"to_confirm": 1, "to_end": 1},  # not their own hours
        "王保管": {"to_settle": 1, "to_confirm": 2, "to_end": 2},
        "孙支社": {"to_settle": 1, "to_confirm": 1, "to_end": 2},
        "李监督": {},
    }


def test_board_shows_who_is_there_and_where_people_lack(cast: World) -> None:
    now = timezone.now()
    by = cast.people.wang
    assert board(cast.response, by, now) == []
    activity = helping.opened(cast, people=3, starts_at=now - timedelta(minutes=10))
    first, _second = (helping.join(activity, who) for who in (cast.people.zhao, cast.people.chen))
    helping.sign(first, now)
    helping.opened(cast, people=2, name="分拣", starts_at=now + timedelta(hours=4))
    tiles = {
        tile.name: (tile.value, [(str(line.text), line.value) for line in tile.lines])
        for tile in board(cast.response, by, now)
    }
    assert tiles == {
        "volunteers": ("1 / 2", [("采样点引导", "1 / 2")]),
        "volunteers_short": (3, [("采样点引导", "缺 1"), ("分拣", "缺 2")]),
    }
    assert board(cast.response, cast.people.zhao, now) == []
