import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from tests.modules.donations.giving import MASKS, MONEY, allocated, pledged, stocked
from tests.world import World
from tongzhou.kernel import loading, module
from tongzhou.kernel.facts import Finding, gather
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.donations import facts
from tongzhou.modules.donations.models import Allocation, Gift, Movement

BENXI = Path(__file__).parents[3] / "examples" / "benxi-2022"


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


@pytest.fixture
def benxi(db: None) -> Response:
    """The room's file of the example on its own, so that other rooms' files do not matter here."""
    response = tomllib.loads((BENXI / "response.toml").read_text(encoding="utf-8"))
    by = loading.house()
    given = loading.Loading(BENXI, None, by)  # type: ignore[arg-type]
    given.units = {row["code"]: loading._unit(row, by) for row in response["unit"]}
    given.response = loading._response(response["response"], given.units, by)
    given.source = response["response"]["source"]
    given.people = {row["key"]: loading._person(row, given) for row in response["person"]}
    data = tomllib.loads((BENXI / "donations.toml").read_text(encoding="utf-8"))
    for _ in range(2):  # the second time changes nothing
        load = module.room("donations").load
        assert load is not None
        assert load(data, given) == 3
    return given.response


def test_benxi_has_the_figures_of_its_report(benxi: Response) -> None:
    by = loading.house()
    known = {name: sentences(benxi, by, name) for name in ("gifts", "goods", "worth", "money", "delivered")}
    assert {name: sorted(told) for name, told in known.items()} == {
        "gifts": ["收到捐赠3笔"],
        "goods": ["收到寨香煎饼560袋", "收到消毒液100瓶", "收到防护服400套"],
        "worth": ["捐赠物资折合2.4万元"],
        "money": ["收到捐款0元"],
        "delivered": ["送达寨香煎饼560袋", "送达消毒液100瓶", "送达防护服400套"],
    }


def test_benxi_claims_neither_counts_nor_signatures(benxi: Response) -> None:
    assert set(Gift.objects.values_list("state", "counted_by", "stocked_by", "slip_number")) == {
        ("stocked", None, None, "")
    }
    assert set(Allocation.objects.values_list("state", "signed_on")) == {("delivered", None)}
    assert Movement.objects.count() == 9


def test_benxi_tells_its_gifts_in_both_languages(benxi: Response) -> None:
    by = loading.house()
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language] = sorted(sentence.words() for sentence in facts.tell(Scope(benxi), by, findings(benxi, by)))
    assert told["zh-hans"] == [
        "九三学社高新区支社向留置高新区、以车为家的货车司机捐赠寨香煎饼560袋。",
        "九三学社高新区支社向辽宁贵今生物医药有限公司、辽宁中海康生物制药股份有限公司捐赠消毒液100瓶。",
        "杨扬向北地街道办事处、彩屯街道办事处、德育社区、育新社区、锦峪社区捐赠防护服400套，折合2.4万元。",
    ]
    assert told["en"][0] == (
        "Jiusan Society High-Tech Zone Branch gave 100 bottles of disinfectant to "
        "Liaoning Guijin Biomedicine Co., Ltd., Liaoning Zhonghaikang Biopharmaceutical Co., Ltd."
    )
