"""What is counted of drills, how it is told, what the board shows, and what a report's drills do not claim."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from tests.modules.drills import drilling
from tests.world import World
from tongzhou.kernel import facts, ledger, loading, module
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.drills import actions
from tongzhou.modules.drills.board import board
from tongzhou.modules.drills.models import Drill

BENXI = Path(__file__).parents[3] / "examples" / "benxi-2022"


def counted(scope: Scope, by: Person) -> list[str]:
    found = facts.gather(scope, by, [module.room("drills")])
    return [one.sentence() for some in found.values() for one in facts.nonzero(some)]


def told(scope: Scope, by: Person) -> list[str]:
    room = module.room("drills")
    assert room.tell is not None
    return [sentence.words() for sentence in facts.together(room.tell(scope, by, facts.gather(scope, by, [room])))]


def test_only_what_was_held_is_counted(cast: World) -> None:
    scope, by = Scope(cast.response), cast.people.feng
    assert told(scope, by) == []
    for make in (drilling.draft, drilling.scheduled, drilling.running):
        make(cast)
    assert (counted(scope, by), told(scope, by)) == ([], [])
    drilling.ended(cast)
    assert told(scope, by) == ["共组织疫情防控演练1场，参演15人次。"]


def test_findings_and_what_was_put_right_are_told(cast: World) -> None:
    scope, by, drill = Scope(cast.response), cast.people.feng, drilling.done(cast)
    found = [drilling.found(drill, cast) for _n in range(3)]
    actions.rectify(found[0], by=cast.people.chen, done="已设通道")
    actions.passed(found[0], by=drilling.someone(cast))
    module.perform(found[1], "withdraw", by=drilling.someone(cast), note="重复")
    assert counted(scope, by) == ["组织演练1场", "参演15人次", "演练发现问题2个", "演练问题销号1个"]
    assert told(scope, by) == ["共组织疫情防控演练1场，参演15人次，发现问题2个，已整改销号1个。"]
    with translation.override("en"):
        assert told(scope, by) == [
            "Practice for the response: 1 drill, 15 person-times taking part, showing 2 findings, 1 finding put right and closed."
        ]


def test_a_drill_with_named_people_from_a_report_is_told_beside_the_total(cast: World) -> None:
    drilling.ended(cast)
    drilling.draft(cast, source="简报", happened_on=timezone.localdate(), quantity=3, bound="about", lead=None)
    assert told(Scope(cast.response), cast.people.feng) == [
        "陈社员记有演练约3场。",
        "共组织疫情防控演练约4场，参演约30人次。",
    ]


# -- the public report


@pytest.fixture
def benxi(db: None) -> Response:
    for _twice in range(2):
        list(loading.load(BENXI, loading.house()))
    return Response.objects.get(slug="benxi-2022")


def test_the_report_claims_more_than_ten_drills_and_nothing_else(benxi: Response) -> None:
    drill, scope, by = Drill.objects.get(), Scope(benxi), loading.house()
    assert (drill.scenario, drill.kind, drill.lead, drill.place, drill.when.precision) == (
        "",
        "",
        None,
        "溪湖区",
        "year",
    )
    assert (drill.unit.code, [one.name for one in drill.people.all()], drill.heads()) == (
        "xihu-committee",
        ["匡红"],
        None,
    )
    assert counted(scope, by) == ["组织演练10余场"]
    assert told(scope, by) == ["匡红记有演练10余场。"]
    with translation.override("en"):
        assert told(scope, by) == ["Kuang Hong is on record with more than 10 drills."]
    assert list(ledger.broken()) == []


# -- the board


def test_the_board_shows_what_comes_what_is_open_and_what_is_overdue(cast: World) -> None:
    by, now = cast.people.feng, timezone.now()
    drilling.scheduled(cast, name="明天的演练")
    drilling.running(cast, name="正在练")
    far = drilling.scheduled(cast, name="下月的演练", happened_on=timezone.localdate() + timedelta(days=30))
    drilling.found(drilling.done(cast, name="练过的"), cast)
    tiles = {tile.name: tile for tile in board(cast.response, by, now)}
    assert {name: (tile.value, tile.tone) for name, tile in tiles.items()} == {
        "drills": (2, "plain"), "findings": (1, "wait"), "practice": (3, "wait"),
    }  # fmt: skip
    assert [str(line.text) for line in tiles["drills"].lines] == ["正在练", "明天的演练"]
    assert [(str(line.text), line.value) for line in tiles["findings"].lines] == [("练过的", "1个，最早0天")]
    late = now + timedelta(days=5)
    tiles = {tile.name: tile for tile in board(cast.response, by, late)}
    assert (tiles["drills"].value, tiles["drills"].tone, tiles["findings"].tone) == (2, "bad", "bad")
    assert str(far) not in {str(line.text) for line in tiles["drills"].lines}
    assert board(cast.response, cast.people.zhao, now) == []
