"""What is counted, how it is told in both languages, and what a report's rounds do not claim."""

from pathlib import Path

import pytest
from django.utils import translation

from tests.modules.inspections import inspecting
from tests.modules.inspections.command import Scene, scene
from tests.world import World
from tongzhou.kernel import facts, ledger, loading, module
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.inspections import actions
from tongzhou.modules.inspections.models import Round

BENXI = Path(__file__).parents[3] / "examples" / "benxi-2022"


def counted(scope: Scope, by: Person) -> list[str]:
    found = facts.gather(scope, by, [module.room("inspections")])
    return [one.sentence() for some in found.values() for one in facts.nonzero(some)]


def told(scope: Scope, by: Person) -> list[str]:
    room = module.room("inspections")
    assert room.tell is not None
    return [sentence.words() for sentence in facts.together(room.tell(scope, by, facts.gather(scope, by, [room])))]


@pytest.fixture
def walked(cast: World) -> Scene:
    """Three pharmacies, a health centre that refused; three findings: one put right on the spot, one closed, one under notice."""
    s = scene(cast)
    s.round.types = ["pharmacy", "health_centre"]
    centre = inspecting.place(cast, cast.units.street1, "health_centre", name="卫生服务中心")
    s.round.stops.create(place=centre)
    spot, closes = s.visit("G01").findings.get(), s.visit("G06", at=s.others[0]).findings.get()
    stays = s.visit("G07", at=s.others[1]).findings.get()
    s.visit(at=s.others[1], by=s.du)  # once more: not counted
    s.visit(at=centre, result="refused", words="不让进")
    act = actions.findings
    act.fix(spot, by=s.ding, pictures=[inspecting.photo()])
    for finding in (closes, stays):
        act.issue(finding, by=s.ding)
    act.rectify(inspecting.again(closes), by=s.ke, measure="好了", note="无照片")
    act.close(inspecting.again(closes), by=s.du)
    return s


def test_nothing_is_counted_while_an_unannounced_round_goes_on(cast: World, walked: Scene) -> None:
    assert (counted(Scope(cast.response), walked.du), told(Scope(cast.response), walked.du)) == ([], [])


def test_facts_and_prose(cast: World, walked: Scene) -> None:
    actions.rounds.finish(walked.round, by=walked.du)
    scope = Scope(cast.response)
    assert counted(scope, walked.du) == [
        "开展明查暗访1轮", "检查场所3家次", "检查药店3家次", "发现问题3个", "当场整改1个", "下发整改通知2个", "已整改销号1个", "尚未销号1个",
    ]  # fmt: skip
    assert told(scope, walked.du) == [
        "开展明查暗访1轮，检查药店3家次。",
        "发现问题3个，其中当场整改1个、已整改销号1个、尚未销号1个。",
    ]
    with translation.override("en"):
        assert told(scope, walked.du) == [
            "1 round of inspections, announced and unannounced, places inspected: pharmacies (3 visits).",
            "3 findings recorded, of these 1 finding put right on the spot, 1 finding rectified and closed, 1 finding not closed yet.",
        ]


def test_a_reported_number_counts_and_an_unknown_one_is_told_by_name(cast: World) -> None:
    data = {"round": [
        {"key": "a", "when": "2022-03", "unit": "org", "person": "wang", "name": "巡查", "acts": "巡查", "quantity": 20, "bound": "at_least"},
        {"key": "b", "when": "2022-03", "unit": "org", "person": "wang", "name": "多轮检查", "acts": "参与多轮检查"},
    ]}  # fmt: skip
    given = loading.Loading(
        BENXI, cast.response, cast.people.house, {"org": cast.units.org}, {"wang": cast.people.wang}, "简报"
    )
    assert actions.load(data, given) == 2
    assert told(Scope(cast.response), cast.people.wang) == ["王保管参与多轮检查。", "开展明查暗访20余轮。"]


def test_benxi_is_told_as_the_report_does_and_counts_nothing(db: None) -> None:
    list(loading.load(BENXI, loading.house()))
    response, house = Response.objects.get(slug="benxi-2022"), loading.house()
    assert Round.objects.count() == 3
    assert counted(Scope(response), house) == []
    assert told(Scope(response), house) == [
        (
            "周晓婕深入街道、社区（村）督导宣传、重点区域卡点值班、公共场所防控工作，协调解决发现的问题和困难，"
            "对社区卫生服务中心、药店、商超、餐饮等重点场所开展数次明查暗访。"
        ),
        "匡红参与多轮指导检查。",
    ]
    with translation.override("en"):
        assert told(Scope(response), house)[1] == "Kuang Hong took part in many rounds of guidance and inspection."
    list(loading.load(BENXI, loading.house()))
    assert (Round.objects.count(), list(ledger.broken())) == (3, [])
