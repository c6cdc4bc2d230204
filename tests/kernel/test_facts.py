"""A figure and the list behind it come from the same rows."""

from collections.abc import Callable
from datetime import date

import pytest
from django.http import Http404, QueryDict
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.errands.models import Errand, Item
from tests.errands.views import errands as desk
from tests.errands.workflow import State
from tests.world import World
from tongzhou.kernel import facts, steps
from tongzhou.kernel.desk.lists import drill, listing
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.figures import Bound, Figure
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.module import Module
from tongzhou.kernel.scope import Scope

Make = Callable[..., Errand]
pytestmark = pytest.mark.urls("tests.errands.urls")


@pytest.fixture
def filed(cast: World, errand: Make) -> dict[str, Errand]:
    """Two errands of branch one (one stands for 20-odd), one of branch three, with what was fetched."""
    rows = {
        "药": errand(what="药", weight=2),
        "二十余次": errand(what="二十余次", weight=90, quantity=20, bound=Bound.AT_LEAST, source="三月简报"),
        "三社": errand(what="三社", unit=cast.units.branch3, weight=5),
    }
    for row in rows.values():
        steps.file(row, by=cast.people.house)
    for row, name, measure, count in [
        ("药", "米", "袋", 2),
        ("药", "药", "盒", 1),
        ("二十余次", "米", "袋", 40),
        ("三社", "米", "袋", 3),
    ]:
        Item.objects.create(errand=rows[row], name=name, measure=measure, count=count)
    return rows


def fact(room: Module, name: str) -> Fact:
    return next(f for f in room.facts if f.name == name)


def texts(room: Module, name: str, scope: Scope, by: Person) -> list[str]:
    return [found.sentence() for found in facts.measure(fact(room, name), scope, by)]


def test_a_fact_counts_what_each_record_stands_for(cast: World, filed: object, errands_room: Module) -> None:
    scope, wang = Scope(cast.response), cast.people.wang
    assert texts(errands_room, "asked", scope, wang) == ["登记跑腿至少22次"]
    assert texts(errands_room, "households", scope, wang) == ["涉及至少3户"]
    assert texts(errands_room, "weight", scope, wang) == ["搬运至少97公斤"]
    assert texts(errands_room, "done", scope, wang) == ["办完跑腿0次"]


def test_a_fact_split_by_fields_gives_one_finding_for_each(cast: World, filed: object, errands_room: Module) -> None:
    found = facts.measure(fact(errands_room, "items"), Scope(cast.response), cast.people.wang)
    assert [(f.part, f.text(), f.sentence()) for f in found] == [
        (("米", "袋"), "至少45袋", "代买米至少45袋"),
        (("药", "盒"), "1盒", "代买药1盒"),
    ]


def test_a_fact_counts_only_as_far_as_the_person_reaches(cast: World, filed: object, errands_room: Module) -> None:
    scope, p = Scope(cast.response), cast.people
    counted = {who.username: texts(errands_room, "items", scope, who) for who in [p.wu, p.zhao, p.outsider]}
    assert counted == {"wu": ["代买米3袋"], "zhao": [], "outsider": []}
    assert texts(errands_room, "asked", scope, p.zhao) == ["登记跑腿0次"]
    assert texts(errands_room, "asked", scope.narrowed(unit=cast.units.branch3), p.sun) == ["登记跑腿0次"]


def test_a_fact_is_one_query(
    cast: World, filed: object, errands_room: Module, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wang, scope = cast.people.wang, Scope(cast.response)
    facts.measure(fact(errands_room, "asked"), scope, wang)  # the grants are read once for each person
    with django_assert_num_queries(len(errands_room.facts)):
        gathered = facts.gather(scope, wang, [errands_room])
    assert list(gathered) == [f"errands.{name}" for name in ("asked", "done", "weight", "households", "items")]
    assert len(facts.nonzero([f for found in gathered.values() for f in found])) == 5


@pytest.mark.parametrize("name", ["asked", "done", "weight", "households", "items"])
def test_the_list_behind_a_figure_gives_the_figure(
    name: str, cast: World, filed: dict[str, Errand], errands_room: Module
) -> None:
    steps.advance(filed["三社"], "take", by=cast.people.house)
    steps.advance(filed["三社"], "finish", by=cast.people.house)
    for by in [cast.people.wang, cast.people.wu, cast.people.zhao]:
        for scope in [Scope(cast.response), Scope(cast.response, cast.units.branch1, date(2022, 3, 1))]:
            for found in facts.measure(fact(errands_room, name), scope, by):
                query = QueryDict(found.url().partition("?")[2])
                shown = listing(desk, cast.response, by, query)
                assert shown.finding is not None
                assert (shown.finding.figure, shown.finding.part) == (found.figure, found.part)
                assert set(shown.rows) == set(found.records(by))
                assert found.again(by) == found


def test_one_record_is_measured_alone(cast: World, filed: dict[str, Errand], errands_room: Module) -> None:
    wang, scope = cast.people.wang, Scope(cast.response)
    found = facts.one(fact(errands_room, "items"), scope, wang, filed["药"])
    assert [(f.text(), f.only) for f in found] == [("2袋", filed["药"].pk), ("1盒", filed["药"].pk)]
    assert [list(f.records(wang)) for f in found] == [[filed["药"]], [filed["药"]]]
    assert found[0].token == f"{{errands.items|米|袋|={filed['药'].pk}}}"
    assert [f.text() for f in facts.one(fact(errands_room, "asked"), scope, wang, filed["二十余次"])] == ["20余次"]


def test_again_is_the_same_question_asked_now(cast: World, filed: dict[str, Errand], errands_room: Module) -> None:
    wang = cast.people.wang
    (found,) = facts.measure(fact(errands_room, "weight"), Scope(cast.response), wang)
    steps.amend(filed["药"], by=wang, weight=12)
    assert (found.text(), found.again(wang).text()) == ("至少97公斤", "至少107公斤")


def test_a_scaled_sum_is_exact(cast: World, filed: object, errands_room: Module) -> None:
    tonnes = Fact("tonnes", "{value}", Errand.objects.all, value="weight", measure="吨", scale=1000, room="errands")
    (found,) = facts.measure(tonnes, Scope(cast.response, cast.units.branch3), cast.people.wang)
    assert str(found.figure.value) == "0.005"


def test_an_unknown_or_forged_drill_down_is_not_found(cast: World, filed: object, errands_room: Module) -> None:
    for query in ["fact=fly", "fact=", "fact=asked&only=1", "fact=asked&only=%00", "fact=items&part0=%00"]:
        with pytest.raises(Http404):
            drill(desk, cast.response, QueryDict(query), cast.people.wang)


def test_a_drill_down_into_one_record_out_of_reach_is_empty(
    cast: World, filed: dict[str, Errand], errands_room: Module
) -> None:
    params = QueryDict(f"fact=asked&only={filed['三社'].pk}")
    assert drill(desk, cast.response, params, cast.people.wang).figure == Figure(1)
    assert drill(desk, cast.response, params, cast.people.sun).figure == Figure(0)
    assert list(listing(desk, cast.response, cast.people.sun, params).rows) == []


def test_what_concerns_a_person_is_counted_as_it_is_listed(cast: World, errand: Make, errands_room: Module) -> None:
    steps.file(errand(runner=cast.people.zhao), by=cast.people.house)
    (found,) = facts.measure(fact(errands_room, "asked"), Scope(cast.response), cast.people.zhao)
    shown = listing(desk, cast.response, cast.people.zhao, QueryDict(found.url().partition("?")[2]))
    assert (found.text(), shown.rows.count()) == ("1次", 1)


def test_a_sentence_reads_with_its_figures_in_the_readers_language(
    cast: World, filed: object, errands_room: Module
) -> None:
    found = facts.measure(fact(errands_room, "items"), Scope(cast.response), cast.people.wang)
    sentence = Sentence(f"买到{found[0].token}米、{found[1].token}药。", tuple(found))
    assert sentence.words() == "买到至少45袋米、1盒药。"
    with translation.override("en"):
        assert sentence.words() == "买到at least 45 bags米、1 box药。"


def test_the_record_behind_a_part_is_found_by_its_path() -> None:
    assert facts.record_model(Fact("x", "", Item.objects.all, via="errand")) is Errand
    assert facts.record_model(Fact("x", "", Errand.objects.all)) is Errand
    assert issubclass(Errand, Record)
    assert State.ASKED in Errand.workflow.reachable()


def test_a_part_of_a_finding_is_named_by_its_token(cast: World, errands_room: Module) -> None:
    found = Finding(fact(errands_room, "items"), Scope(cast.response), Figure(2), ("米", "袋"))
    assert (found.token, found.measure) == ("{errands.items|米|袋}", "袋")


def test_acts_of_one_person_are_told_in_one_sentence_whichever_rooms_tell_them() -> None:
    told = [
        Sentence("研判疫情防控形势", who="周甲"),
        Sentence("登记跑腿。"),
        Sentence("牵头制定预案", who="匡乙"),
        Sentence("参与制定应急方案", who="周甲"),
    ]
    assert [one.text for one in facts.together(told)] == [
        "周甲研判疫情防控形势，参与制定应急方案。",
        "匡乙牵头制定预案。",
        "登记跑腿。",
    ]
    with translation.override("en"):
        acts = [Sentence(text, who="Zhou") for text in ("kept watch", "assessed the situation", "helped to plan")]
        assert [one.text for one in facts.together(acts)] == [
            "Zhou kept watch, assessed the situation and helped to plan."
        ]
        assert [one.text for one in facts.together(acts[:1])] == ["Zhou kept watch."]
