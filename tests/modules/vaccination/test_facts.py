"""What is counted, what is told, who still waits, and what the board and the return show."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from tests.modules.vaccination import shots
from tests.world import World
from tongzhou.kernel import loading, module
from tongzhou.kernel.facts import gather, together
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.vaccination import asks, facts, queries
from tongzhou.modules.vaccination.board import board
from tongzhou.modules.vaccination.models import Demand, DeskChange, Session

BENXI = Path(__file__).parents[3] / "examples" / "benxi-2022"


def figures(response: Response, by: Person) -> dict[str, str]:
    found = gather(Scope(response), by, [module.room("vaccination")])
    return {
        name.partition(".")[2]: one.text() for name, all_found in found.items() for one in all_found if one.figure.value
    }


def told(response: Response, by: Person) -> list[str]:
    found = gather(Scope(response), by, [module.room("vaccination")])
    return [sentence.words() for sentence in together(facts.tell(Scope(response), by, found))]


@pytest.fixture
def worked(cast: World) -> Session:
    """One session closed, one still open, a desk added and another only proposed."""
    at = shots.station(cast)
    batch = shots.stocked(cast, at)
    shots.station(cast, name="筹备中", opened=False)
    day = timezone.localdate()
    shots.count(cast, shots.session(cast, at, day), arrived=50)
    closed = shots.session(cast, at, day - timedelta(days=1))
    shots.count(cast, closed, arrived=11, passed=10, deferred__fever=1, consented=10)
    shots.give(cast, closed, batch, 10)
    shots.count(cast, closed, observed=10, adverse__mild=2)
    module.perform(closed, "close", by=cast.people.house, shares={("18-59", 1): 7, ("60-79", 1): 3})
    module.perform(shots.change(cast, at, 4), "decide", by=cast.people.feng)
    shots.change(cast, at, 5)
    return closed


def test_only_what_was_checked_and_decided_is_counted(cast: World, worked: Session) -> None:
    assert figures(cast.response, cast.people.feng) == {
        "stations": "1个", "desks": "2个", "sessions": "1场", "doses": "10剂", "deferred": "1人次", "adverse_mild": "2例",
    }  # fmt: skip
    assert figures(cast.response, cast.people.wang) == {}  # the office does not reach the streets


def test_told_in_few_sentences_and_none_of_nothing(cast: World, worked: Session) -> None:
    assert told(cast.response, cast.people.feng) == [
        "设立接种点1个，增设接种台2个。",
        "开展接种1场，接种疫苗10剂，预检暂缓1人次，一般反应2例。",
    ]
    with translation.override("en"):
        assert told(cast.response, cast.people.feng) == [
            "Stations set up: 1 station, desks added: 2 desks.",
            "Sessions held: 1 session, doses given: 10 doses, deferred at the pre-check: 1 person-time, mild reactions: 2 cases.",
        ]
    assert told(cast.response, cast.people.wang) == []


def test_desks_taken_away_are_not_desks_added(cast: World) -> None:
    module.perform(shots.change(cast, shots.station(cast), 1, why="人少了"), "decide", by=cast.people.feng)
    assert figures(cast.response, cast.people.feng) == {"stations": "1个"}


def test_a_total_from_a_report_counts_as_that_many(cast: World) -> None:
    made = DeskChange(
        pk=uuid4(), response=cast.response, unit=cast.units.street1, quantity=30, bound="at_least", source="区卫健局简报", happened_on=date(2022, 3, 5)
    )  # fmt: skip
    module.file(made, by=cast.people.feng)
    module.perform(made, "decide", by=cast.people.feng)
    assert figures(cast.response, cast.people.feng) == {"desks": "30余个"}


# -- the example


@pytest.fixture
def benxi(db: None) -> Response:
    list(loading.load(BENXI, loading.house()))
    return Response.objects.get(slug="benxi-2022")


def test_a_deed_without_a_number_is_told_by_name_and_not_counted(benxi: Response) -> None:
    by = loading.house()
    assert told(benxi, by) == ["匡红想方设法增设疫苗接种台。"]
    assert figures(benxi, by) == {}
    with translation.override("en"):
        assert told(benxi, by) == ["Kuang Hong found every possible way to add vaccination desks."]
    change = DeskChange.objects.get()
    assert (change.unit.code, change.station, change.before, change.after, change.added, change.is_reported) == (
        "xihu-committee", None, None, None, None, True,
    )  # fmt: skip


def test_loading_again_changes_nothing(benxi: Response) -> None:
    before = list(DeskChange.objects.values())
    list(loading.load(BENXI, loading.house()))
    assert list(DeskChange.objects.values()) == before


def test_the_example_restates_one_deed_and_nothing_else() -> None:
    data: dict[str, Any] = tomllib.loads((BENXI / "vaccination.toml").read_text(encoding="utf-8"))
    assert {name: len(rows) for name, rows in data.items()} == {"desk_change": 1}
    assert not any(isinstance(value, int) for value in data["desk_change"][0].values())


# -- who waits, the return, the board


def demand(cast: World, unit: Any, group: str, dose: int, people: int) -> Demand:
    made = Demand(pk=uuid4(), response=cast.response, unit=unit, age_group=group, dose=dose, people=people)
    return module.file(made, by=cast.people.house)[0]


def test_waiting_is_registered_less_served_by_street(cast: World, worked: Session) -> None:
    demand(cast, cast.units.street1, "18-59", 1, 4)
    demand(cast, cast.units.street1, "18-59", 1, 5)
    demand(cast, cast.units.street1, "60-79", 1, 2)
    demand(cast, cast.units.street2, "60-79", 2, 6)
    module.perform(demand(cast, cast.units.street2, "80", 1, 99), "void", by=cast.people.house, note="重复")
    rows = [
        (row.unit, row.age_group, row.dose, row.registered, row.served, row.waiting)
        for row in queries.waiting(cast.response, cast.people.feng)
    ]
    assert rows == [
        (cast.units.street1, "18-59", 1, 9, 7, 2),
        (cast.units.street1, "60-79", 1, 2, 3, 0),  # one came who was not registered
        (cast.units.street2, "60-79", 2, 6, 0, 6),
    ]
    assert queries.waiting(cast.response, cast.people.wang) == []


def test_the_return_tells_doses_of_each_batch_on_each_day(cast: World, worked: Session) -> None:
    day = worked.happened_on
    assert queries.doses_by_batch(cast.response, cast.people.feng, day, timezone.localdate()) == [
        {
            "day": day,
            "station": "东街接种点",
            "vaccine": "新冠灭活疫苗",
            "maker": "某生物",
            "number": "A2022",
            "expires_on": shots.FAR,
            "doses": 10,
        }
    ]
    assert queries.doses_by_batch(cast.response, cast.people.wang, day, day) == []


def test_the_board_shows_doses_waiting_desks_and_the_cold_chain(cast: World, worked: Session) -> None:
    demand(cast, cast.units.street1, "18-59", 1, 9)
    now = timezone.localtime().replace(hour=9)
    tiles = {one.name: (str(one.value), one.tone) for one in board(cast.response, cast.people.feng, now)}
    assert tiles == {
        "doses": ("0", "plain"),
        "waiting": ("2", "plain"),
        "desks": ("4", "plain"),
        "cold": ("正常", "good"),
    }
    shots.read(cast, shots.fridge(worked.station), 9.4)
    cold = board(cast.response, cast.people.feng, now)[-1]
    assert (str(cold.value), cold.tone, [str(line.text) for line in cold.lines]) == (
        "1",
        "bad",
        ["东街接种点·1号冰箱 9.4℃"],
    )
    assert board(cast.response, cast.people.zhao, now) == []


def test_asks_follow_the_work(cast: World, worked: Session) -> None:
    by = cast.people.feng
    names = {ask.name: ask.records(by).count() for ask in asks.ASKS}
    today = {"to_read": 2}  # both refrigerators, whatever half of the day it is
    assert {name: n for name, n in names.items() if n} == today | {
        "to_close": 1,
        "to_report": 1,
        "to_follow": 1,
        "to_decide": 1,
    }
    module.perform(worked, "follow", by=by, cases=2)
    module.perform(worked, "report", by=by)
    assert [ask.records(by).count() for ask in asks.ASKS if ask.name in {"to_report", "to_follow"}] == [0, 0]
