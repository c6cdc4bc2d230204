"""What may be counted of vaccination. Sessions count once their numbers were held to one another; who still waits is a balance, not a fact.

Desks that a report mentions without a number are told by the deed and counted nowhere.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.vaccination import queries
from tongzhou.modules.vaccination.models import DeskChange, Session, Station
from tongzhou.modules.vaccination.workflow import READ, DeskState, StationState

MOST_TOLD = 8  # deeds told by name


def stations() -> QuerySet[Station]:
    return Station.objects.exclude(state=StationState.PLANNED)


def desks() -> QuerySet[DeskChange]:
    return DeskChange.objects.filter(state=DeskState.IN_FORCE, added__gt=0)


def deeds() -> QuerySet[DeskChange]:
    return DeskChange.objects.filter(state=DeskState.IN_FORCE, added=None).exclude(deed="")


def sessions() -> QuerySet[Session]:
    return Session.objects.filter(state__in=queries.DONE)


def _cases(name: str, sentence: Any) -> Fact:
    return Fact(name, sentence, sessions, value=name, measure="例", nouns=("case", "cases"))


FACTS = (
    Fact("stations", _("设立接种点{value}"), stations, measure="个", nouns=("station", "stations")),
    Fact("desks", _("增设接种台{value}"), desks, value="added", measure="个", nouns=("desk", "desks")),
    Fact("sessions", _("开展接种{value}"), sessions, measure="场", nouns=("session", "sessions")),
    Fact("doses", _("接种疫苗{value}"), sessions, value="doses", measure="剂", nouns=("dose", "doses")),
    Fact("deferred", _("预检暂缓{value}"), sessions, value="deferred", measure="人次"),
    _cases("adverse_mild", _("一般反应{value}")),
    _cases("adverse_moderate", _("较重反应{value}")),
    _cases("adverse_severe", _("严重反应{value}")),
)


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Where and with how many desks; what was given and how it went; then the acts that a report tells by name."""
    told = [
        _listed(findings, "stations", "desks"),
        _listed(findings, "sessions", "doses", "deferred", "adverse_mild", "adverse_moderate", "adverse_severe"),
    ]
    rows = access.visible(scope.of(deeds()), by, READ).select_related("decided_by", "unit")
    named = [
        Sentence(one.deed_shown, who=str(one.decided_by or one.unit))
        for one in rows.order_by("happened_on", "pk")[:MOST_TOLD]
    ]
    return [one for one in told if one] + named


def _listed(findings: dict[str, list[Finding]], *names: str) -> Sentence | None:
    found = facts.nonzero([one for name in names for one in findings.get(f"vaccination.{name}", [])])
    if not found:
        return None
    said = __("，").join(one.sentence(one.token) for one in found) + __("。")
    return Sentence(said[:1].upper() + said[1:], tuple(found))
