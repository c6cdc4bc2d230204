"""What may be counted of testing. What a report gives as a total is a record of its own, with its bound and its source."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.testing.models import Box, Campaign, Point, Pool
from tongzhou.modules.testing.workflow import READ, CampaignState, PointState, PoolState

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
    """What a report says of whose points and of which unit's people, as it says it; then all in one sentence, and what was not negative."""
    own = access.visible(scope.of(points()), by, READ), access.visible(scope.of(people()), by, READ)
    told = [_points_of(point, scope, by) for point in own[0].exclude(named=None).select_related("named")]
    told += [_people_of(round_, scope, by) for round_ in own[1].exclude(source="").select_related("unit")]
    if own[0].filter(named=None).exists() or own[1].filter(source="").exists() or not told:
        told += _sentence(_found(findings, "points", "campaigns", "people"), __("连同上述，共") if told else "")
    return [*told, *_sentence(_found(findings, "pools", "confirmed"))]


def _points_of(point: Point, scope: Scope, by: Person) -> Sentence:
    found = facts.one(replace(FACTS[1], room="testing"), scope, by, point)
    return Sentence(found[0].sentence(found[0].token), tuple(found), who=str(point.named))


def _people_of(campaign: Campaign, scope: Scope, by: Person) -> Sentence:
    """That a unit took part; not that it alone sampled, or in how many rounds: the report does not say."""
    found = facts.one(replace(FACTS[2], room="testing"), scope, by, campaign)
    said = __("{unit}参与区域核酸检测{value}。").format(unit=campaign.unit, value=found[0].token)
    return Sentence(said, tuple(found))


def _sentence(found: list[Finding], before: str = "") -> list[Sentence]:
    if not found:
        return []
    return [Sentence(before + __("，").join(one.sentence(one.token) for one in found) + __("。"), tuple(found))]


def _found(findings: dict[str, list[Finding]], *names: str) -> list[Any]:
    return facts.nonzero([one for name in names for one in findings.get(f"testing.{name}", [])])
