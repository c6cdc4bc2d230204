"""What may be counted of the situation. An assessment known only from a report is told by name and counted nowhere."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation.models import Assessment, DayCount, Telling, Zone
from tongzhou.modules.situation.workflow import READ, AssessmentState, CountState, EventState, ZoneState

MOST_NAMED = 8  # assessments that a report tells of, told one by one


def counted() -> QuerySet[DayCount]:
    return DayCount.objects.filter(state=CountState.KEPT)


def drawn() -> QuerySet[Zone]:
    return Zone.objects.exclude(state=ZoneState.VOID)


def lifted() -> QuerySet[Zone]:
    return Zone.objects.filter(state=ZoneState.LIFTED)


def assessed() -> QuerySet[Assessment]:
    return Assessment.objects.filter(state=AssessmentState.SIGNED, first_on__isnull=False)


def told() -> QuerySet[Telling]:
    return Telling.objects.exclude(event__state=EventState.VOID)


def in_time() -> QuerySet[Telling]:
    return told().filter(done_at__lte=F("due_at"))


FACTS = (
    Fact("confirmed", _("新增确诊病例{value}"), counted, "confirmed", "例", nouns=("confirmed case", "confirmed cases"), label=_("新增确诊病例")),
    Fact(
        "asymptomatic", _("新增无症状感染者{value}"), counted, "asymptomatic", "例", nouns=("asymptomatic case", "asymptomatic cases"),
        label=_("新增无症状感染者"),
    ),
    Fact("community", _("其中社会面发现{value}"), counted, "community", "例", nouns=("case", "cases"), label=_("其中社会面发现")),
    Fact("zones", _("划定风险区{value}"), drawn, measure="个", nouns=("zone", "zones"), label=_("划定风险区")),
    Fact("lifted", _("其中已解除风险区{value}"), lifted, measure="个", nouns=("zone", "zones"), label=_("其中已解除风险区")),
    Fact("assessments", _("研判疫情形势{value}"), assessed, measure="次", nouns=("time", "times"), label=_("研判疫情形势")),
    Fact("reports", _("报告突发事件信息{value}"), told, "", "次", nouns=("report", "reports"), via="event", label=_("报告突发事件信息")),
    Fact("in_time", _("其中按时报告{value}"), in_time, "", "次", nouns=("report", "reports"), via="event", label=_("其中按时报告")),
)  # fmt: skip


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Who judged what, as reports tell it; then cases, zones, assessments and reports in figures."""
    found = {name.partition(".")[2]: one[0] for name, one in findings.items() if name.startswith("situation.") and one}
    parts = [
        _pair(found, "confirmed", "asymptomatic"),
        _pair(found, "zones", "lifted"),
        _pair(found, "assessments"),
        _pair(found, "reports", "in_time"),
    ]
    return [*_named(scope, by), *(part for part in parts if part)]  # fmt: skip


def _named(scope: Scope, by: Person) -> list[Sentence]:
    rows = Assessment.objects.filter(state=AssessmentState.SIGNED, first_on=None).prefetch_related("participants")
    rows = access.visible(scope.of(rows), by, READ).order_by("happened_on", "pk")[:MOST_NAMED]
    return [Sentence(_act(one)) for one in rows]


def _act(one: Assessment) -> str:
    english = lang() == "en"
    people = __("、").join(str(person) for person in one.participants.all())
    act, about = (one.name_en or one.name, one.about_en or one.about) if english else (one.name, one.about)
    text = __("{people}{act}（{about}）。") if about else __("{people}{act}。")
    return text.format(people=people, act=act, about=about)


def _pair(found: dict[str, Finding], *names: str) -> Sentence | None:
    """The findings that are not zero, in one sentence; none where the first of a whole and its part is zero."""
    kept = facts.nonzero([found[name] for name in names if name in found])
    if not kept or (kept[0].fact.name != names[0] and names[0] != "confirmed"):
        return None
    return Sentence(__("，").join(one.sentence(one.token) for one in kept) + __("。"), tuple(kept))
