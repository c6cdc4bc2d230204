"""The hotline of the Benxi example: one person's act, told by name and counted nowhere."""

from django.utils import translation

from tests.world import BENXI
from tongzhou.kernel import facts, loading, module
from tongzhou.kernel.models import Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.hotline.facts import tell
from tongzhou.modules.hotline.models import Line


def test_the_act_is_told_as_the_report_tells_it(benxi: Response) -> None:
    scope, house = Scope(benxi), loading.house()
    found = facts.gather(scope, house, [module.room("hotline")])
    assert [one.words() for one in facts.together(tell(scope, house, found))] == [
        "吴颖新为封校期间的学生提供线上线下实时心理咨询。"
    ]
    with translation.override("en"):
        assert [one.words() for one in facts.together(tell(scope, house, found))] == [
            "Wu Yingxin gave students during the closure of their campus real-time psychological counselling online and offline."
        ]


def test_nothing_is_counted_of_it(benxi: Response) -> None:
    found = facts.gather(Scope(benxi), loading.house(), [module.room("hotline")])
    assert [one.figure.value for ones in found.values() for one in ones] == [0] * 4
    row = Line.objects.get(response=benxi)
    assert (row.unit.code, str(row.person), row.audience, row.number, row.source != "") == (
        "lniust-branch",
        "吴颖新",
        "封校期间的学生",
        "",
        True,
    )


def test_loading_again_changes_nothing(benxi: Response) -> None:
    before = list(Line.objects.filter(response=benxi).values())
    list(loading.load(BENXI, loading.house()))
    assert list(Line.objects.filter(response=benxi).values()) == before
