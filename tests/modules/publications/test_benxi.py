"""The example of a real response: one column, nine issues known as a number."""

from typing import Any

from django.utils import translation

from tests.modules.publications.test_facts import counted, told
from tests.world import BENXI
from tongzhou.kernel import ledger, loading
from tongzhou.kernel.scope import Scope
from tongzhou.modules.publications.models import Article, Column, Issue


def test_benxi_tells_its_column_and_nine_issues(benxi: Any) -> None:
    house, scope = loading.house(), Scope(benxi)
    assert counted(scope, house) == {"publications.issues": "9期", "publications.issues_of": "9期"}
    assert told(scope, house) == ["在“九三本溪”微信平台开设专栏《抗击疫情倒春寒 本溪九三在行动》，刊发9期。"]
    with translation.override("en"):
        assert told(scope, house) == [
            "The column “Against the Late Chill of the Epidemic: Jiusan of Benxi in Action” on the WeChat account “Jiusan Benxi” published 9 issues."
        ]
    issue = Issue.objects.get()
    assert (issue.quantity, issue.bound, issue.number, issue.unit.code, issue.state) == (
        9,
        "exact",
        None,
        "benxi",
        "published",
    )
    assert (Column.objects.count(), Article.objects.count()) == (1, 0)
    before = ledger.entries(issue).count()
    list(loading.load(BENXI, house))
    assert (Column.objects.count(), Issue.objects.count(), ledger.entries(issue).count()) == (1, 1, before)
