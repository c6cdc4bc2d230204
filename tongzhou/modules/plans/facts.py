"""What may be counted of plans. A plan counts once it is approved; a later edition counts as a revision.

Plans of which a report says only that they were made are told by name, with the part each person had, and are in no count.
"""

from collections.abc import Iterable

from django.db.models import F, QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.plans.models import Activation, Contributor, Plan, Task
from tongzhou.modules.plans.workflow import MADE, READ

Kind, Part = Plan.Kind, Contributor.Part
MOST_TOLD = 6  # plans told by name; beyond, only the counts


def made() -> QuerySet[Plan]:
    return Plan.objects.filter(state__in=MADE, unnumbered=False)


def work_plans() -> QuerySet[Plan]:
    return made().filter(kind=Kind.WORK, edition=1)


def contingency_plans() -> QuerySet[Plan]:
    return made().filter(kind=Kind.CONTINGENCY, edition=1)


def revisions() -> QuerySet[Plan]:
    return made().filter(edition__gt=1)


def done() -> QuerySet[Task]:
    return Task.objects.filter(done_at__isnull=False)


def in_time() -> QuerySet[Task]:
    return done().filter(done_at__lte=F("due_at"))


FACTS = (
    Fact(
        "contingency_plans", _("制定应急预案{value}"), contingency_plans, measure="份", nouns=("contingency plan", "contingency plans"),
        label=_("制定应急预案"),
    ),
    Fact("work_plans", _("制定工作方案{value}"), work_plans, measure="份", nouns=("work plan", "work plans"), label=_("制定工作方案")),
    Fact("revisions", _("修订方案预案{value}"), revisions, measure="次", nouns=("revision", "revisions"), label=_("修订方案预案")),
    Fact("activations", _("启动响应{value}"), Activation.objects.all, measure="次", nouns=("activation", "activations"), label=_("启动响应")),
    Fact("tasks_done", _("办结任务{value}"), done, measure="项", nouns=("task", "tasks"), label=_("办结任务")),
    Fact("tasks_in_time", _("其中按时办结{value}"), in_time, measure="项", nouns=("task", "tasks"), label=_("按时办结任务")),
)  # fmt: skip


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Plans by name, with who led and who took part, while they are few; then the counts."""
    rows = access.visible(scope.of(Plan.objects.filter(state__in=MADE)), by, READ).select_related("unit")
    plans = list(rows.prefetch_related("contributors__person").order_by("happened_on", "pk"))
    own = [plan for plan in plans if not plan.unnumbered and not plan.is_summary]
    acts = [act for plan in plans if plan.unnumbered for act in _acts(plan)]
    return acts + [Sentence(_made(plan)) for plan in own if len(own) <= MOST_TOLD] + _counted(findings)


def _acts(plan: Plan) -> list[Sentence]:
    """What a report says of plans: 匡红 牵头制定…, each person's part as an act of theirs."""
    clauses = {Part.LED: __("牵头制定{plan}"), Part.TOOK_PART: __("参与制定{plan}")}
    return [
        Sentence(clauses[Part(one.part)].format(plan=plan.cited), who=str(one.person))
        for one in plan.contributors.all()
    ]


def _made(plan: Plan) -> str:
    """匡红牵头制定…；周晓婕参与制定…；张三牵头、李四参与制定《…》；…单位制定《…》。"""
    led, took_part = (_names(plan, part) for part in (Part.LED, Part.TOOK_PART))
    verb = "revise" if plan.edition > 1 else "make"
    said = {
        ("make", True, True): __("{led}牵头、{took_part}参与制定{plan}。"),
        ("make", True, False): __("{led}牵头制定{plan}。"),
        ("make", False, True): __("{took_part}参与制定{plan}。"),
        ("make", False, False): __("{unit}制定{plan}。"),
        ("revise", True, True): __("{led}牵头、{took_part}参与修订{plan}。"),
        ("revise", True, False): __("{led}牵头修订{plan}。"),
        ("revise", False, True): __("{took_part}参与修订{plan}。"),
        ("revise", False, False): __("{unit}修订{plan}。"),
    }[verb, bool(led), bool(took_part)]
    return said.format(led=led, took_part=took_part, unit=plan.unit, plan=plan.cited)


def _names(plan: Plan, part: str) -> str:
    return __("、").join(str(one.person) for one in plan.contributors.all() if one.part == part)


def _counted(findings: dict[str, list[Finding]]) -> list[Sentence]:
    groups: Iterable[tuple[str, ...]] = (
        ("contingency_plans", "work_plans", "revisions"),
        ("activations", "tasks_done", "tasks_in_time"),
    )
    found = [facts.nonzero([one for name in names for one in findings.get(f"plans.{name}", [])]) for names in groups]
    return [
        Sentence(__("，").join(one.sentence(one.token) for one in group) + __("。"), tuple(group))
        for group in found
        if group
    ]
