"""What may be counted of inspections: only what the inspected side may know of too, so that no figure gives away a round that goes on.

A round that a report states without a number is told by name, in its own words, and counted nowhere.
"""

from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.inspections.models import Finding as Problem
from tongzhou.modules.inspections.models import Place, Round, Visit
from tongzhou.modules.inspections.models.round import revealed
from tongzhou.modules.inspections.workflow import OPEN, READ, FindingState, VisitState

S, T = FindingState, Place.Type
MOST_TOLD = 12  # reported rounds told one by one
PLURALS = {
    T.HEALTH_CENTRE: "community health centres", T.PHARMACY: "pharmacies", T.SUPERMARKET: "supermarkets", T.RESTAURANT: "restaurants",
    T.MARKET: "produce markets", T.HOTEL: "hotels", T.SCHOOL: "schools", T.CARE_HOME: "care homes", T.LEISURE: "leisure venues",
    T.STATION: "stations", T.CHECKPOINT: "checkpoints", T.ESTATE: "housing estates", T.OTHER: "other places",
}  # fmt: skip


def rounds() -> QuerySet[Round]:
    return Round.objects.filter(revealed(), times_unknown=False)


def visits() -> QuerySet[Visit]:
    return Visit.objects.filter(revealed("round"), state=VisitState.MADE, result=Visit.Result.INSPECTED, repeat=False)


def by_type() -> QuerySet[Visit]:
    """With what the type is called, in both languages: a chronicle keeps the words."""
    zh = [When(place__type=kind.value, then=Value(source_text(kind.label))) for kind in T]
    en = [When(place__type=kind.value, then=Value(PLURALS[kind])) for kind in T]
    named: dict[str, Any] = {
        "kind": Case(*zh, output_field=CharField()),
        "kind_en": Case(*en, output_field=CharField()),
    }
    return visits().annotate(**named)


def found() -> QuerySet[Problem]:
    return Problem.objects.filter(revealed("round")).exclude(state=S.WITHDRAWN)


def spot() -> QuerySet[Problem]:
    return found().filter(state=S.FIXED)


def noticed() -> QuerySet[Problem]:
    return found().filter(issued_on__isnull=False)


def closed() -> QuerySet[Problem]:
    return found().filter(state=S.CLOSED)


def handed() -> QuerySet[Problem]:
    return found().exclude(authority="")


def left() -> QuerySet[Problem]:
    return found().filter(state__in=OPEN)


VISITS, FINDINGS = ("visit", "visits"), ("finding", "findings")

FACTS = (
    Fact("rounds", _("开展明查暗访{value}"), rounds, measure="轮", label=_("明查暗访")),
    Fact("visits", _("检查场所{value}"), visits, measure="家次", nouns=VISITS, label=_("检查场所")),
    Fact("by_type", _("检查{kind}{value}"), by_type, measure="家次", nouns=VISITS, each=("kind",), words=("kind_en",)),
    Fact("findings", _("发现问题{value}"), found, measure="个", nouns=FINDINGS, label=_("发现问题")),
    Fact("spot", _("当场整改{value}"), spot, measure="个", nouns=FINDINGS, label=_("当场整改")),
    Fact("notices", _("下发整改通知{value}"), noticed, measure="个", nouns=FINDINGS, label=_("下发整改通知")),
    Fact("closed", _("已整改销号{value}"), closed, measure="个", nouns=FINDINGS, label=_("已整改销号")),
    Fact("handed", _("移送主管部门{value}"), handed, measure="个", nouns=FINDINGS, label=_("移送主管部门")),
    Fact("open", _("尚未销号{value}"), left, measure="个", nouns=FINDINGS, label=_("尚未销号")),
)


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Who did what without a number being known, by name; then the rounds, where they went and what became of what they found."""
    return [*_named(scope, by), *_counted(findings)]


def _named(scope: Scope, by: Person) -> list[Sentence]:
    unknown = scope.of(Round.objects.filter(revealed(), times_unknown=True))
    rows = access.visible(unknown, by, READ).prefetch_related("assignments__person")
    told = []
    for round in rows.order_by("happened_on", "filed_at", "pk")[:MOST_TOLD]:
        names = __("、").join(str(one.person) for one in round.assignments.all()) or str(round.unit)
        told.append(Sentence(round.done_in_words, who=names))
    return told


def _counted(findings: dict[str, list[Finding]]) -> list[Sentence]:
    rounds, kinds, problems = (_nonzero(findings, name) for name in ("rounds", "by_type", "findings"))
    results = [one for name in ("spot", "closed", "handed", "open") for one in _nonzero(findings, name)]
    sentences = []
    if rounds or kinds:
        places = [__("{kind}{value}").format(kind=_kind(one), value=one.token) for one in kinds]
        said = [one.sentence(one.token) for one in rounds]
        said += [__("检查{list}").format(list=__("、").join(places))] if places else []
        sentences.append(Sentence(__("，").join(said) + __("。"), (*rounds, *kinds)))
    if problems:
        said = [problems[0].sentence(problems[0].token)]
        said += (
            [__("其中{list}").format(list=__("、").join(one.sentence(one.token) for one in results))] if results else []
        )
        sentences.append(Sentence(__("，").join(said) + __("。"), (*problems, *results)))
    return sentences


def _kind(found: Finding) -> str:
    return found._words()["kind"]


def _nonzero(findings: dict[str, list[Finding]], name: str) -> list[Finding]:
    return facts.nonzero(findings.get(f"inspections.{name}", []))
