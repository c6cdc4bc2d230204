"""Lines, weeks, facts: what the house keeps and counts. Only counts leave the room, and none below five."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from tests.modules.hotline.factory import week
from tests.modules.hotline.sealing import line, opened
from tests.world import World
from tongzhou.kernel import asks, facts, handoff, module
from tongzhou.kernel.board import tiles
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.hotline.facts import tell
from tongzhou.modules.hotline.models import Case, Line, Return, Step

SignIn = Callable[[Person], Client]
MONDAY = date(2022, 3, 7)


def contacts(of: Line, number: int, day: date = MONDAY, **fields: Any) -> list[Case]:
    at = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=9)
    usual = {"line": of.pk, "state": "closed", "counsellor": uuid4(), "came_at": at, "taken_at": at, "mode": "voice"}
    return [Case.objects.create(**usual | fields) for _one in range(number)]


def counted(cast: World, **more: Any) -> Return:
    of = line(cast)
    contacts(of, 6, level="high")
    contacts(of, 4, mode="face", day=MONDAY + timedelta(days=6))
    contacts(of, 2, state="left", counsellor=None, taken_at=None)
    contacts(of, 50, day=MONDAY - timedelta(days=1))
    contacts(of, 50, day=MONDAY + timedelta(days=7))
    return week(cast, line=of, unit=of.unit, happened_on=MONDAY + timedelta(days=3), **more)


def test_a_week_is_counted_from_monday_to_sunday_and_small_counts_are_left_out(cast: World) -> None:
    made = counted(cast)
    assert (made.happened_on, dict(zip(Return.COUNTS, [value for _label, value in made.counts()], strict=True))) == (
        MONDAY,
        {
            "came": 12,
            "answered": 10,
            "by_text": None,
            "by_voice": 6,
            "face_to_face": None,
            "high": 6,
            "referred": None,
            "followed": None,
        },
    )
    assert made.answer_rate == "83%"


def test_a_referral_counts_each_case_once(cast: World) -> None:
    of = line(cast)
    at = timezone.make_aware(datetime(2022, 3, 8, 10))
    for case in contacts(of, 5):
        for what in ("hospital", "school", "police"):
            Step.objects.create(case=case, what=what, by=uuid4(), by_name="甲", at=at)
    assert week(cast, line=of, unit=of.unit, happened_on=MONDAY).referred == 5


def test_a_week_is_summed_up_once_and_only_when_it_is_over(cast: World) -> None:
    made = counted(cast)
    with pytest.raises(ValidationError):
        week(cast, line=made.line, unit=made.unit, happened_on=MONDAY)
    with pytest.raises(ValidationError, match="还没有结束"):
        week(cast, line=made.line, unit=made.unit, happened_on=timezone.localdate())
    with pytest.raises(ValidationError, match="所在的单位"):
        week(cast, line=made.line, unit=cast.units.branch3, happened_on=MONDAY - timedelta(days=7))


def test_counting_again_takes_what_came_later_until_it_was_sent(cast: World) -> None:
    made = counted(cast)
    contacts(made.line, 3)
    module.perform(made, "recount", by=cast.people.wang)
    assert made.answered == 13
    assert [
        one.ask.name for one in asks.awaiting(cast.people.wang, date(2022, 4, 1)) if one.room.name == "hotline"
    ] == ["to_send"]
    module.perform(made, "send", by=cast.people.wang)
    assert [one for one in asks.awaiting(cast.people.wang, date(2022, 4, 1)) if one.room.name == "hotline"] == []


def test_the_list_shows_fewer_than_five_as_words(cast: World, signed_in: SignIn) -> None:
    counted(cast)
    for who in (cast.people.wang, cast.people.li):
        page = signed_in(who).get("/test-2022/hotline/returns/").content.decode()
        assert ("少于5" in page, ">4<" in page) == (True, False)


def test_the_command_post_sees_open_lines_and_counts_only(cast: World) -> None:
    hotline = opened(cast, cast.units.command, by=cast.people.feng)
    hotline.call()
    found = [
        one
        for room, shown in tiles(cast.response, cast.people.feng, timezone.now())
        if room.name == "hotline"
        for one in shown
    ]
    assert [(one.value, [(str(row.text), row.value) for row in one.lines]) for one in found] == [
        (1, [(str(hotline.line), "每天")])
    ]


def test_the_room_is_told_with_what_was_held_back_left_out(cast: World) -> None:
    counted(cast)
    scope, wang = Scope(cast.response), cast.people.wang
    with translation.override("zh-hans"):
        found = facts.gather(scope, wang, [module.room("hotline")])
        assert [one.words() for one in tell(scope, wang, found)] == ["热线接待10人次（各周太小而不公布的数字不计）。"]
    opened(cast)
    found = facts.gather(scope, wang, [module.room("hotline")])
    assert [one.words() for one in tell(scope, wang, found)] == [
        "开通心理援助热线1条。",
        "热线接待10人次（各周太小而不公布的数字不计）。",
    ]
    with translation.override("en"):
        assert [one.words() for one in tell(scope, wang, found)] == [
            "hotlines opened: 1 line.",
            "people helped: 10 person-times (weeks whose counts are too small to be told are left out).",
        ]


def test_rosters_are_asked_for_duty_by_handing_over(cast: World) -> None:
    made = opened(cast).line
    module.perform(made, "ask_duty", by=cast.people.wang)
    roster = handoff.went_to(made)[0]
    assert (roster._meta.label, roster.unit, made.name in str(roster)) == ("rosters.Roster", made.unit, True)


def test_the_public_page_says_who_is_there_and_names_nobody(cast: World) -> None:
    hotline = opened(cast)
    hotline.call()
    page = Client().get("/test-2022/hotline/public/").content.decode()
    assert [word in page for word in ("心理热线", "现在有人值守", "前面有 1 人在等", "未成年人受到侵害")] == [True] * 4
    assert [name for name in (hotline.yin.person.name, "王保管") if name in page] == []


def test_the_history_of_a_line_is_for_supervisors(cast: World, signed_in: SignIn) -> None:
    hotline = opened(cast)
    address = hotline.line.get_absolute_url()
    shown = [
        "经过" in signed_in(who).get(address).content.decode()
        for who in (hotline.gu.person, hotline.yin.person, cast.people.wang)
    ]
    assert shown == [True, False, False]
