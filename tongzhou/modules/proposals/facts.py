"""What may be counted of items, and how they are told. What is confidential counts for those who may see it, and is named in no prose."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.proposals.models import Case, Item, Outcome, Submission
from tongzhou.modules.proposals.models.submission import Level
from tongzhou.modules.proposals.workflow import OUT, READ, CaseState, ItemState

MOST_TOLD = 8  # items told one by one
UNWRITTEN = (ItemState.DRAFT, ItemState.DROPPED)


def opinions() -> QuerySet[Item]:
    return Item.objects.filter(kind=Item.Kind.OPINION).exclude(state__in=UNWRITTEN)


def proposals() -> QuerySet[Item]:
    return Item.objects.filter(kind=Item.Kind.PROPOSAL).exclude(state__in=UNWRITTEN)


def submitted() -> QuerySet[Item]:
    return Item.objects.filter(state__in=OUT)


def adopted() -> QuerySet[Item]:
    """Items adopted somewhere, each once."""
    return Item.objects.filter(Exists(Submission.objects.filter(item=OuterRef("pk")).exclude(how="")))


def notes() -> QuerySet[Outcome]:
    return Outcome.objects.filter(kind=Outcome.Kind.NOTE)


def admitted() -> QuerySet[Case]:
    return Case.objects.exclude(state__in=(CaseState.FILED, CaseState.REFERRED, CaseState.WITHDRAWN))


def answered() -> QuerySet[Case]:
    return Case.objects.exclude(result="")


def _adopted_at(level: Level) -> Any:
    return lambda: Submission.objects.filter(level=level).exclude(how="")


_ITEM: Any = {"measure": "条", "nouns": ("opinion item", "opinion items")}
_PROPOSAL: Any = {"measure": "件", "nouns": ("proposal", "proposals")}
_ITEMS: Any = {"measure": "条", "nouns": ("item", "items")}
_TIMES: Any = {"measure": "次", "nouns": ("time", "times")}

FACTS = (
    Fact("opinions", _("撰写社情民意信息{value}"), opinions, label=_("社情民意信息"), **_ITEM),
    Fact("proposals", _("撰写提案{value}"), proposals, label=_("提案"), **_PROPOSAL),
    Fact("submitted", _("报送{value}"), submitted, label=_("已报送建言"), **_ITEMS),
    Fact("adopted", _("其中被采用{value}"), adopted, label=_("被采用建言"), **_ITEMS),
    Fact("adopted_own", _("本组织采用{value}"), _adopted_at(Level.OWN), label=_("本组织采用"), **_TIMES),
    Fact("adopted_city", _("市级采用{value}"), _adopted_at(Level.CITY), label=_("市级采用"), **_TIMES),
    Fact("adopted_province", _("省级采用{value}"), _adopted_at(Level.PROVINCE), label=_("省级采用"), **_TIMES),
    Fact("adopted_national", _("全国性机构采用{value}"), _adopted_at(Level.NATIONAL), label=_("全国性机构采用"), **_TIMES),
    Fact("notes", _("获领导批示{value}"), notes, value="", via="submission", label=_("领导批示"), **_TIMES),
    Fact("admitted", _("提案立案{value}"), admitted, label=_("提案立案"), **_PROPOSAL),
    Fact("answered", _("提案获答复{value}"), answered, label=_("提案获答复"), **_PROPOSAL),
)  # fmt: skip
WRITTEN = ("opinions", "proposals", "submitted", "adopted")
CAME = ("adopted_own", "adopted_city", "adopted_province", "adopted_national", "notes", "admitted", "answered")


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """What reports tell by name, word by word; then, where there is more than reports tell, how much and what came of it."""
    rows = access.visible(scope.of(Item.objects.all()), by, READ)
    reported = rows.exclude(source="").filter(quantity=1, is_confidential=False).exclude(state__in=UNWRITTEN)
    named = (
        reported.select_related("author", "unit")
        .prefetch_related("coauthors")
        .order_by("happened_on", "filed_at", "pk")
    )
    told = [_named(item) for item in named[:MOST_TOLD]]
    if not rows.filter(source="").exclude(state__in=UNWRITTEN).exists():
        return told
    return told + _counted(findings, WRITTEN) + _counted(findings, CAME)


def _named(item: Item) -> Sentence:
    points = [line.strip() for line in item.suggestions_shown.splitlines() if line.strip()]
    words = {"who": item.byline, "item": item, "points": __("；").join(points)}
    said = (
        __("{who}撰写提案“{item}”，建议：{points}。")
        if item.is_proposal
        else __("{who}撰写社情民意信息“{item}”，建议：{points}。")
    )
    return Sentence(said.format(**words))


def _counted(findings: dict[str, list[Finding]], names: tuple[str, ...]) -> list[Sentence]:
    found = facts.nonzero([one for name in names for one in findings.get(f"proposals.{name}", [])])
    return [Sentence(__("，").join(one.sentence(one.token) for one in found) + __("。"), tuple(found))] if found else []
