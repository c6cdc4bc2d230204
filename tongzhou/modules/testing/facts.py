"""What may be counted of testing. What a report gives as a total is a record of its own, with its bound and its source."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.testing.models import Box, Campaign, Point, Pool
from tongzhou.modules.testing.workflow import CampaignState, PointState, PoolState

HELD = (CampaignState.OPEN, CampaignState.CLOSED, CampaignState.RECONCILED)


def campaigns() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state__in=HELD, times_unknown=False)


def people() -> QuerySet[Campaign]:
    """Campaigns whose number of people is settled: by a closed account, or by a report."""
    return Campaign.objects.filter(state=CampaignState.RECONCILED, people__isnull=False)


def points() -> QuerySet[Point]:
    return Point.objects.exclude(state=PointState.PLANNED)


def boxes() -> QuerySet[Box]:
    return Box.objects.exclude(state="open")


def pools() -> QuerySet[Pool]:
    return Pool.objects.all()


def confirmed() -> QuerySet[Pool]:
    return Pool.objects.filter(state=PoolState.CONFIRMED)


_POINT, _POOL = ("sampling point", "sampling points"), ("pool", "pools")

FACTS = (
    Fact("campaigns", _("开展核酸检测{value}"), campaigns, measure="轮", nouns=("round of testing", "rounds of testing"), label=_("核酸检测轮次")),
    Fact("points", _("设置采样点{value}"), points, measure="个", nouns=_POINT, label=_("采样点")),
    Fact("people", _("采样{value}"), people, value="people", measure="人次", nouns=("person-time", "person-times"), label=_("采样人次")),
    Fact("boxes", _("转运标本{value}"), boxes, measure="箱", nouns=("box of samples", "boxes of samples"), label=_("转运标本箱数")),
    Fact("pools", _("处置异常管{value}"), pools, measure="管", nouns=_POOL, label=_("异常管")),
    Fact("confirmed", _("复核阳性{value}"), confirmed, value="positives", measure="人", label=_("复核阳性")),
)  # fmt: skip


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Rounds, points and people in one sentence; what was not negative in another."""
    first = _found(findings, "points", "campaigns", "people")
    second = _found(findings, "pools", "confirmed")
    return [*_sentence(first), *_sentence(second)]


def _sentence(found: list[Finding]) -> list[Sentence]:
    if not found:
        return []
    return [Sentence(__("，").join(one.sentence(one.token) for one in found) + __("。"), tuple(found))]


def _found(findings: dict[str, list[Finding]], *names: str) -> list[Any]:
    return facts.nonzero([one for name in names for one in findings.get(f"testing.{name}", [])])
