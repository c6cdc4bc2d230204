"""What the report of Benxi tells: two items by name, nothing of what became of them."""

from pathlib import Path

import pytest
from django.utils import translation

from tongzhou.kernel import facts, loading, module
from tongzhou.kernel.models import Entry, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.proposals.facts import tell
from tongzhou.modules.proposals.models import Item

EXAMPLE = Path(__file__).parents[3] / "examples" / "benxi-2022"
SUN = "孙玉芝撰写社情民意信息“关于在当前新冠肺炎防控中强化管控措施的建议”，建议：有序开展全员核酸检测；居民分类管理；严格执行小区封闭政策；加强对交通工具管控。"
XUE = "薛云志撰写社情民意信息“关于疫情背景下创新中小微企业融资工作审计办法的建议”，建议：调整对中小微企业融资产生的经济责任认定办法。"
IN_ENGLISH = [
    (
        "Sun Yuzhi wrote the opinion item “Suggestions for stronger control measures in the present COVID-19 response”, suggesting to "
        "carry out whole-population testing in good order; manage residents by category; strictly keep housing estates closed; control means "
        "of transport more closely."
    ),
    (
        "Xue Yunzhi wrote the opinion item “Suggestions for new ways of auditing the financing of small and medium enterprises during the "
        "epidemic”, suggesting to adjust how economic responsibility is established for the financing of small and medium enterprises."
    ),
]


def told(response: Response) -> list[str]:
    scope, by = Scope(response), loading.house()
    return [one.words() for one in tell(scope, by, facts.gather(scope, by, [module.room("proposals")]))]


def test_benxi_tells_its_items_by_name_in_both_languages(benxi: Response) -> None:
    assert sorted(told(benxi)) == sorted([SUN, XUE])
    with translation.override("en"):
        assert sorted(told(benxi)) == sorted(IN_ENGLISH)
    assert list(Item.objects.filter(response=benxi).values_list("state", flat=True)) == ["signed", "signed"]


def test_benxi_says_nothing_of_submission_or_adoption(benxi: Response) -> None:
    scope, by = Scope(benxi), loading.house()
    found = facts.gather(scope, by, [module.room("proposals")])
    assert {name: one[0].figure.value for name, one in found.items() if one[0].figure.value} == {
        "proposals.opinions": 2
    }


@pytest.mark.any_engine
def test_benxi_loaded_again_changes_nothing(benxi: Response) -> None:
    before = (Item.objects.count(), Entry.objects.count())
    list(loading.load(EXAMPLE, loading.house()))
    assert (Item.objects.count(), Entry.objects.count()) == before
