"""What may be counted: the weeks' returns, in which no small count is. A line known from a report is told by name, without a count.

A count that was held back in some week is in no sum; the sentence says so.
"""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.hotline.models import Line, Return
from tongzhou.modules.hotline.workflow import READ, LineState

MOST_TOLD = 12  # acts told by name


def lines() -> QuerySet[Line]:
    return Line.objects.filter(words="").exclude(state=LineState.PLANNED)


def _with(name: str) -> Callable[[], QuerySet[Return]]:
    def rows() -> QuerySet[Return]:
        return Return.objects.filter(**{f"{name}__isnull": False})

    return rows


FACTS = (
    Fact("lines", _("开通心理援助热线{value}"), lines, measure="条", nouns=("line", "lines"), label=_("开通心理援助热线")),
    Fact("answered", _("热线接待{value}"), _with("answered"), value="answered", measure="人次", label=_("热线接待")),
    Fact("referred", _("转介{value}"), _with("referred"), value="referred", measure="人次", label=_("转介")),
    Fact("followed", _("回访{value}"), _with("followed"), value="followed", measure="人次", label=_("回访")),
)  # fmt: skip


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """Who helped whom as a report tells it; then lines and returns."""
    opened = facts.nonzero(findings.get("hotline.lines", []))
    helped = facts.nonzero([one for fact in FACTS[1:] for one in findings.get(f"hotline.{fact.name}", [])])
    counted = [_said(__("{list}。"), opened)] if opened else []
    counted += [_said(__("{list}（各周太小而不公布的数字不计）。"), helped)] if helped else []
    return [*_named(scope, by), *counted]


def _said(pattern: str, found: list[Finding]) -> Sentence:
    return Sentence(pattern.format(list=__("，").join(one.sentence(one.token) for one in found)), tuple(found))


def _named(scope: Scope, by: Person) -> list[Sentence]:
    rows = access.visible(scope.of(Line.objects.exclude(words="")), by, READ).select_related("person", "unit")
    acts = rows.order_by("happened_on", "pk")[:MOST_TOLD]
    return [Sentence(one.told_as, who=str(one.person or one.unit)) for one in acts]
