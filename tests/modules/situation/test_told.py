"""Facts, a chronicle's sentences, the example, the board, the page with the curve."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.modules.situation.outbreak import FIRST, counted, drafted, drawn, found, post, wave
from tests.world import World
from tongzhou.kernel import board, facts, module
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation.facts import tell

SignIn = Callable[[Person], Client]


def sentences(scope: Scope, by: Person) -> list[str]:
    findings = facts.gather(scope, by, [module.room("situation")])
    return [one.words() for one in facts.together(tell(scope, by, findings))]


@pytest.fixture
def outbreak(cast: World) -> World:
    at = post(cast)
    counted(cast, FIRST, 2, 5, quarantine=6, community=1)
    counted(cast, FIRST, 1, 0, unit=cast.units.street2)
    zone = drawn(cast, date(2022, 3, 2), "lockdown")
    drawn(cast, date(2022, 3, 3), "control", place="乙楼")
    module.perform(zone, "lift", by=at.gao, day=date(2022, 3, 16))
    event = found(cast, datetime(2022, 3, 5, 1, 30, tzinfo=UTC))
    module.perform(event, "tell", by=at.feng, done_at=event.found_at + timedelta(minutes=5))
    module.perform(event, "tell", by=at.feng, done_at=event.found_at + timedelta(hours=5), note="占线")
    module.perform(drafted(cast, FIRST, date(2022, 3, 7)), "sign", by=at.lei)
    return cast


def test_figures_tell_of_cases_zones_assessments_and_reports(outbreak: World) -> None:
    scope, feng = Scope(outbreak.response), outbreak.people.feng
    assert sentences(scope, feng) == [
        "新增确诊病例3例，新增无症状感染者5例。",
        "划定风险区2个，其中已解除风险区1个。",
        "研判疫情形势1次。",
        "报告突发事件信息2次，其中按时报告1次。",
    ]
    with translation.override("en"):
        assert sentences(scope, feng) == [
            "3 confirmed cases, 5 asymptomatic cases.",
            "2 zones opened, 1 zone of them lifted.",
            "The situation was assessed 1 time.",
            "2 reports of incidents made to higher levels, 1 report of them in time.",
        ]
    assert sentences(Scope(outbreak.response, outbreak.units.street2), feng) == ["新增确诊病例1例。"]
    assert sentences(scope, outbreak.people.sun) == []


def test_what_was_voided_is_not_counted(cast: World) -> None:
    at = post(cast)
    module.perform(counted(cast, FIRST, 9), "void", by=at.feng, note="重复")
    module.perform(drawn(cast, date(2022, 3, 2), "lockdown"), "void", by=at.gao, note="划错")
    event = found(cast, datetime(2022, 3, 5, 1, 30, tzinfo=UTC))
    module.perform(event, "tell", by=at.feng, done_at=event.found_at)
    module.perform(event, "void", by=at.feng, note="复核")
    drafted(cast, FIRST, FIRST)
    assert sentences(Scope(cast.response), at.feng) == []


# -- the board


def tiles(response: Response, who: Person) -> dict[str, board.Tile]:
    shown = board.tiles(response, Person.objects.get(pk=who.pk), timezone.now())
    return {tile.name: tile for room, found_all in shown if room.name == "situation" for tile in found_all}


def test_board_shows_today_the_week_zones_and_what_is_due(cast: World) -> None:
    today = timezone.localdate()
    for n, number in enumerate([3, 4, 5, 2]):
        counted(cast, today - timedelta(days=3 - n), 1, number)
    drawn(cast, today - timedelta(days=8), edition="9th")
    drawn(cast, today, edition="9th", place="乙楼")
    event = found(cast, timezone.now() - timedelta(minutes=80))
    shown = tiles(cast.response, cast.people.feng)
    assert (shown["new"].label, shown["new"].value, shown["new"].note) == ("今天新增", "3 例", "前一天 6 例，少 3 例")
    assert (shown["trend"].value, shown["trend"].tone) == ("18 例", "bad")
    assert (shown["zones"].value, [(line.text, line.tone) for line in shown["zones"].lines]) == (
        2,
        [("高风险区", "wait")],
    )
    assert (shown["clock"].tone, shown["clock"].url) == ("wait", event.get_absolute_url())
    assert tiles(cast.response, cast.people.sun) == {}
    assert tiles(cast.response, cast.people.zhao) == {}


def test_board_says_when_the_last_count_is_not_of_today(cast: World) -> None:
    counted(cast, timezone.localdate() - timedelta(days=1), 1)
    shown = tiles(cast.response, cast.people.feng)
    assert (shown["new"].label, shown["new"].tone) == (f"{timezone.localdate() - timedelta(days=1)} 新增", "wait")


def test_board_costs_the_same_for_one_and_for_many(cast: World) -> None:
    def cost() -> int:
        person = Person.objects.get(pk=cast.people.feng.pk)
        with CaptureQueriesContext(connection) as seen:
            module.room("situation").board(cast.response, person, timezone.now())
        return len(seen)

    def more(n: int) -> None:
        counted(cast, FIRST + timedelta(days=n), 1)
        drawn(cast, date(2022, 7, 1), place=f"{n}号楼")
        found(cast, timezone.now() - timedelta(minutes=n + 1))

    more(1)
    first = cost()
    for n in range(2, 5):
        more(n)
    assert cost() == first


# -- the page


def page(client: Client, **asked: Any) -> Any:
    return client.get(f"/test-2022/situation/curve/?{urlencode(asked)}")


def test_curve_has_its_figures_as_drawings_and_as_tables(cast: World, signed_in: SignIn) -> None:
    wave(cast, [2, 3, 3, 5, 6, 8, 11, 13, 18, 22, 20, 25])
    answer = page(signed_in(cast.people.feng))
    charts = answer.context["charts"]
    assert [str(chart.title) for chart in charts] == [
        "每日新增",
        "累计",
        "有效再生数（窗口7天）",
        "未来7天（再生数不变时）",
    ]
    assert [list(one.values) for one in charts[1].series] == [[0] * 12, [2, 5, 8, 13, 19, 27, 38, 51, 69, 91, 111, 136]]
    number = charts[2].series[0]
    assert [value is None for value in number.values] == [True] * 7 + [False] * 5
    assert [(value, what) for value, what in charts[2].lines] == [(1.0, "1：不增不减")]
    assert len(charts[3].x) == 12 + 7
    text = answer.content.decode()
    assert text.count("chart-table") == 4
    assert "最近7天在上升" in text
    again = page(signed_in(cast.people.feng)).context["charts"]
    # the same counts, the same band
    assert [chart.as_data() for chart in again] == [chart.as_data() for chart in charts]


def test_curve_says_in_plain_words_what_it_cannot_say(cast: World, signed_in: SignIn) -> None:
    wave(cast, [1, 0, 2, 1, 0, 1, 1, 2, 0, 1])
    counted(cast, FIRST + timedelta(days=12), 0, 1)
    answer = page(signed_in(cast.people.feng))
    assert [str(chart.title) for chart in answer.context["charts"]] == ["每日新增", "累计"]
    assert answer.context["growth"] == "最近7天共5例，不足11例，倍增时间没有意义。"
    limits = answer.context["limits"]
    assert limits[0].startswith("窗口（7天）内不足11例时不给出再生数")
    assert limits[-2] == "本期有6个窗口因例数太少没有给出再生数。"
    assert limits[-1] == "有2天没有任何区域报数，按0计算；补报后结果会变。"


def test_curve_follows_what_it_is_asked(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.feng)
    wave(cast, [10] * 20)
    wave(cast, [1] * 20, cast.units.street2)
    seen = page(client, unit="street2", first="2022-03-11", last="2022-03-15", preset="flu2009", window=14).context[
        "seen"
    ]
    assert (seen.cases, len(seen.shown), seen.basis.called, seen.basis.window) == (
        [1] * 15,
        5,
        "2009年甲型H1N1流感",
        14,
    )
    assert page(client, counted="confirmed").context["seen"].cases == [0] * 20
    assert page(client, last="2022-03-05").context["seen"].cases == [11] * 5


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "9999-12-31"}, {"last": "0001-01-01"}, {"first": "2022-03-09", "last": "2022-03-01"}, {"window": "1"}, {"window": "x"},
        {"unit": "nowhere"}, {"preset": "none"}, {"last": "9999-12-31"}, {"first": "0001-01-01"},
    ],
)  # fmt: skip
def test_curve_stands_whatever_is_asked(asked: dict[str, str], cast: World, signed_in: SignIn) -> None:
    wave(cast, [5] * 10)
    assert page(signed_in(cast.people.feng), **asked).status_code == 200


def test_curve_is_not_for_those_without_a_post(cast: World, signed_in: SignIn) -> None:
    assert page(signed_in(cast.people.zhao)).status_code == 404
    assert page(signed_in(cast.people.sun)).context["charts"] == []
