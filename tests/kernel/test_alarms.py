"""An alarm is told once to each person, however often it is looked at; the board shows what rooms put on it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.errands.models import Errand
from tests.world import World
from tongzhou.kernel import access, alarms, board, module, steps
from tongzhou.kernel.alarms import Alarm
from tongzhou.kernel.models import Channel, Dispatch, Notice, Person, Response
from tongzhou.kernel.module import Module

Make = Callable[..., Errand]
pytestmark = pytest.mark.urls("tests.errands.urls")


def waiting(now: datetime) -> Iterator[Alarm]:
    """Nobody has taken the errand: whoever may run errands is told."""
    for errand in Errand.objects.filter(runner=None):
        yield Alarm(
            errand,
            f"waiting-{now.date()}",
            f"无人接单：{errand}",
            list(access.holders("errands.run", errand.unit)),
            units=[errand.unit],
        )


def tiles(response: Response, person: Person, now: datetime) -> list[board.Tile]:
    rows = access.visible(Errand.objects.filter(response=response), person, "errands.read")
    n = rows.count()
    return (
        [
            board.Tile(
                "waiting",
                "无人接单",
                n,
                "/x/",
                "bad" if n else "good",
                lines=[board.Line(str(one), "买") for one in rows],
            )
        ]
        if n
        else []
    )


@pytest.fixture
def watched(errands_room: Module) -> Module:
    module.register(replace(errands_room, alarms=waiting, board=tiles))
    return module.room("errands")


def test_an_alarm_is_told_once_to_each_and_again_under_a_new_name(cast: World, errand: Make, watched: Module) -> None:
    Channel.objects.create(unit=cast.units.branch1, kind="wecom", name="群", url="https://qyapi.weixin.qq.com/x")
    kept = steps.file(errand(), by=cast.people.sun)[0]
    now = timezone.make_aware(datetime(2022, 3, 5, 8))
    assert [alarms.sound(now), alarms.sound(now)] == [2, 0]
    told = {(notice.person.name, notice.text, notice.url) for notice in Notice.objects.all()}
    assert told == {(name, "无人接单：买药", kept.get_absolute_url()) for name in ("孙支社", "王保管")}
    assert Dispatch.objects.filter(channel__isnull=False).count() == 1, "the work group is told once as well"
    assert alarms.sound(timezone.make_aware(datetime(2022, 3, 6, 8))) == 2


def test_the_command_tells_how_many_notices_it_made(
    cast: World, errand: Make, watched: Module, capsys: pytest.CaptureFixture[str]
) -> None:
    steps.file(errand(), by=cast.people.sun)
    call_command("alarms")
    call_command("alarms")
    assert capsys.readouterr().out.split("\n")[:2] == ["notices 2", "notices 0"]


def test_the_board_shows_what_is_in_reach_and_renews_only_its_tiles(
    cast: World, errand: Make, watched: Module, signed_in: Callable[[Person], Client]
) -> None:
    steps.file(errand(what="送药<b>"), by=cast.people.sun)
    page = signed_in(cast.people.sun).get("/test-2022/board/").content.decode()
    assert ("无人接单" in page, "送药&lt;b&gt;" in page, 'hx-trigger="every 20s"' in page) == (True, True, True)
    part = signed_in(cast.people.sun).get("/test-2022/board/", headers={"HX-Request": "true"}).content.decode()
    assert ("无人接单" in part, "<html" in part) == (True, False)
    empty = signed_in(cast.people.zhao).get("/test-2022/board/").content.decode()
    assert ("送药" in empty, "大屏上还没有可显示的内容" in empty) == (False, True)
