"""The example of a real response: two teams, and an act of which the report gives no number."""

from typing import Any

from django.utils import translation

from tests.modules.volunteering.test_facts import counted, told
from tests.world import BENXI
from tongzhou.kernel import ledger, loading
from tongzhou.kernel.scope import Scope
from tongzhou.modules.volunteering.models import Activity, Signup, Team


def test_benxi_tells_the_act_and_counts_nothing(benxi: Any) -> None:
    house, scope = loading.house(), Scope(benxi)
    assert counted(scope, house) == {}
    assert told(scope, house) == [
        "九三学社平山支社会同“科普本溪·身心健康志愿者服务队”、“书香文化志愿者团队”开展疫情知识普及、科学防控、心理疏导。"
    ]
    with translation.override("en"):
        assert told(scope, house) == [
            (
                "Jiusan Society Pingshan Branch volunteered together with “Science for Benxi: Health of Body and Mind” volunteer service team, "
                "“Scent of Books” culture volunteer team: Knowledge of the epidemic, scientific prevention, psychological support."
            )
        ]
    found = sorted(Team.objects.values_list("kind", "unit__code", "state"))
    assert found == [("partner", "pingshan-branch", "active")] * 2
    assert (Activity.objects.count(), Signup.objects.count()) == (1, 0)
    before = ledger.entries(Activity.objects.get()).count()
    list(loading.load(BENXI, house))
    assert (Activity.objects.count(), Team.objects.count(), ledger.entries(Activity.objects.get()).count()) == (
        1,
        2,
        before,
    )
