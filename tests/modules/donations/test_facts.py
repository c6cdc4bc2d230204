from typing import Any

from django.utils import translation

from tests.modules.donations.giving import MASKS, MONEY, allocated, pledged, stocked
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.facts import Finding, gather
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.donations import facts


def findings(response: Response, by: Person) -> dict[str, list[Finding]]:
    return gather(Scope(response), by, [module.room("donations")])


def sentences(response: Response, by: Person, name: str) -> list[str]:
    return [found.sentence() for found in findings(response, by)[f"donations.{name}"]]


def test_promises_do_not_count(cast: World) -> None:
    pledged(cast)
    assert sentences(cast.response, cast.people.li, "gifts") == ["收到捐赠0笔"]
    assert sentences(cast.response, cast.people.li, "goods") == []


def test_goods_are_counted_by_kind_and_money_apart(cast: World) -> None:
    stocked(cast)
    stocked(cast, {**MASKS, "quantity": 5, "value_fen": None, "basis": "none"}, MONEY, purpose="买口罩")
    told = {
        name: sentences(cast.response, cast.people.li, name)
        for name in ("gifts", "directed", "goods", "worth", "money")
    }
    assert told == {
        "gifts": ["收到捐赠2笔"],
        "directed": ["其中定向捐赠1笔"],
        "goods": ["收到口罩15箱"],
        "worth": ["捐赠物资折合1000元"],
        "money": ["收到捐款2500.5元"],
    }


def test_goods_are_named_in_english(cast: World) -> None:
    stocked(cast)
    stocked(cast, {**MASKS, "item": "没有英文名", "item_en": "", "measure": "瓶"})
    with translation.override("en"):
        assert sentences(cast.response, cast.people.li, "goods") == [
            "10 cases of masks received",
            "10 bottles of 没有英文名 received",
        ]


def test_only_what_was_handed_over_is_delivered(cast: World) -> None:
    one = allocated(cast, stocked(cast), 4)
    assert sentences(cast.response, cast.people.li, "delivered") == []
    module.perform(one, "deliver", by=cast.people.zhou, handler="周")
    assert sentences(cast.response, cast.people.li, "delivered") == ["送达口罩4箱"]
    module.perform(one, "take_back", by=cast.people.zhou, counts={one.shares.get().pk: 1}, note="多送")
    assert sentences(cast.response, cast.people.li, "delivered") == ["送达口罩3箱"]


def test_drill_down_of_goods_is_the_same_rows(cast: World, signed_in: Any) -> None:
    stocked(cast)
    stocked(cast, {**MASKS, "item": "面屏"})
    (found,) = (f for f in findings(cast.response, cast.people.li)["donations.goods"] if f.part == ("口罩", "箱"))
    page = signed_in(cast.people.li).get(found.url())
    assert page.context["count"] == 1
    assert "收到口罩10箱" in page.content.decode()


def test_chronicle_names_donors_as_they_chose(cast: World) -> None:
    one = allocated(cast, stocked(cast, donor_person=cast.people.zhao), 4, to="东街道")
    module.perform(one, "deliver", by=cast.people.zhou, handler="周")
    (told,) = facts.tell(Scope(cast.response), cast.people.li, findings(cast.response, cast.people.li))
    assert told.words() == "爱心人士向东街道捐赠口罩10箱，折合1000元。"


def test_chronicle_of_many_gifts_tells_totals(cast: World) -> None:
    for _ in range(facts.MOST_TOLD + 1):
        stocked(cast, {**MASKS, "quantity": 1})
    stocked(cast, MONEY)
    (told,) = facts.tell(Scope(cast.response), cast.people.li, findings(cast.response, cast.people.li))
    assert told.words() == "共收到捐赠14笔：口罩13箱、款项2500.5元，物资折合1.3万元。"


def test_chronicle_of_nothing_is_empty(cast: World) -> None:
    assert facts.tell(Scope(cast.response), cast.people.li, findings(cast.response, cast.people.li)) == []
