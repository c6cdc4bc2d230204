"""What may be counted of drills. Only what was held; of those known from a report only that they were held."""

from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Sentence
from tongzhou.kernel.facts import Finding as Counted
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.drills.models import Drill, Finding, Participant
from tongzhou.modules.drills.workflow import HELD, READ, FindingState

MOST_TOLD = 8  # people whose drills a report tells of by name; the rest are in the total


def held() -> QuerySet[Drill]:
    return Drill.objects.filter(state__in=HELD)


def heads() -> QuerySet[Participant]:
    return Participant.objects.filter(drill__state__in=HELD)


def found() -> QuerySet[Finding]:
    return Finding.objects.exclude(state=FindingState.WITHDRAWN)


def closed() -> QuerySet[Finding]:
    return Finding.objects.filter(state=FindingState.CLOSED)


FACTS = (
    Fact("drills", _("组织演练{value}"), held, measure="场", nouns=("drill", "drills"), label=_("组织演练")),
    Fact("people", _("参演{value}"), heads, value="people", measure="人次", via="drill", label=_("参演")),
    Fact(
        "findings",
        _("演练发现问题{value}"),
        found,
        measure="个",
        nouns=("finding", "findings"),
        label=_("演练发现问题"),
    ),
    Fact(
        "closed", _("演练问题销号{value}"), closed, measure="个", nouns=("finding", "findings"), label=_("演练问题销号")
    ),
)


def tell(scope: Scope, by: Person, findings: dict[str, list[Counted]]) -> list[Sentence]:
    """Whose drills a report tells of, by name; then all of them, how many took part, what they showed and what was put right."""
    rows = access.visible(scope.of(held()), by, READ).exclude(source="").filter(people__isnull=False).distinct()
    told = [
        _named(drill, scope, by) for drill in rows.order_by("happened_on", "pk").prefetch_related("people")[:MOST_TOLD]
    ]
    if access.visible(scope.of(held()), by, READ).count() > len(told):
        told += _total(findings)
    return told


def _named(drill: Drill, scope: Scope, by: Person) -> Sentence:
    fact = replace(next(fact for fact in FACTS if fact.name == "drills"), room="drills")
    counted = facts.one(fact, scope, by, drill)
    names = __("、").join(str(person) for person in drill.people.all())
    return Sentence(__("记有演练{value}").format(value=counted[0].token), tuple(counted), who=names)


def _total(findings: dict[str, list[Counted]]) -> list[Sentence]:
    drills, people, shown, closed = (
        facts.nonzero(findings[f"drills.{name}"]) for name in ("drills", "people", "findings", "closed")
    )
    said = __("共组织疫情防控演练{value}").format(value=drills[0].token)
    said += __("，参演{value}").format(value=people[0].token) if people else ""
    said += __("，发现问题{value}").format(value=shown[0].token) if shown else ""
    said += __("，已整改销号{value}").format(value=closed[0].token) if closed else ""
    return [Sentence(said + __("。"), (*drills, *people, *shown, *closed))]
