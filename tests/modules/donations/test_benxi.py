"""The gifts of the example: figures and sentences as in its report, and nothing that the report does not say."""

import pytest
from django.utils import translation

from tests.modules.donations.test_facts import findings, sentences
from tests.world import BENXI
from tongzhou.kernel import loading
from tongzhou.kernel.models import Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.donations import facts
from tongzhou.modules.donations.models import Allocation, Gift, Movement

pytestmark = pytest.mark.any_engine  # the chronicle loads the example on both


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
    list(loading.load(BENXI, loading.house()))  # the second time changes nothing
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
