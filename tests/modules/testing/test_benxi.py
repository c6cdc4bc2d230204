"""What the public report says of testing, and how it is told: two totals, and no number of rounds."""

import pytest
from django.utils import translation

from tongzhou.kernel import facts, loading, module
from tongzhou.kernel.facts import gather
from tongzhou.kernel.models import Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.testing.models import Campaign, Point

WORDS = {
    "zh-hans": [("匡红", "设置采样点100个"), ("", "九三学社明山区委员会参与区域核酸检测近30万人次。")],
    "en": [
        ("Kuang Hong", "set up 100 sampling points"),
        ("", "Jiusan Society Mingshan District Committee took part in area-wide testing: nearly 300,000 person-times."),
    ],
}


def test_the_report_is_kept_as_totals(benxi: Response) -> None:
    point, campaign = Point.objects.get(response=benxi), Campaign.objects.get(response=benxi)
    assert (point.quantity, point.bound, point.unit.code, point.source != "") == (100, "exact", "xihu-committee", True)
    assert (campaign.people, campaign.bound, campaign.unit.code, campaign.told_people()) == (
        300_000,
        "under",
        "mingshan-committee",
        "近30万人次",
    )


def test_no_number_of_rounds_is_invented(benxi: Response) -> None:
    found = gather(Scope(benxi), loading.house(), [module.room("testing")])
    said = {name: one.figure.text() for name, (one,) in found.items() if one.figure.value}
    assert said == {"testing.points": "100", "testing.people": "近30万"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_total_is_told_with_whose_it_is(benxi: Response, language: str) -> None:
    house, room = loading.house(), module.room("testing")
    assert room.tell is not None
    with translation.override(language):
        found = gather(Scope(benxi), house, [room])
        told = room.tell(Scope(benxi), house, found)
        assert [(sentence.who, sentence.words()) for sentence in told] == WORDS[language]
        assert all(facts.nonzero(sentence.findings) == list(sentence.findings) for sentence in told)


def test_loading_again_changes_nothing(benxi: Response) -> None:
    list(loading.load(loading.settings.BASE / "examples" / "benxi-2022", loading.house()))
    assert (Point.objects.filter(response=benxi).count(), Campaign.objects.filter(response=benxi).count()) == (1, 1)
