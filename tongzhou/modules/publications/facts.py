"""What may be counted of columns, and how it is told. An article counts once it is published, whatever is corrected in it later."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.facts import Fact, Finding, Sentence, nonzero
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.publications.models import Article, Column, Issue
from tongzhou.modules.publications.workflow import OUT, IssueState


def issues() -> QuerySet[Issue]:
    return Issue.objects.filter(state=IssueState.PUBLISHED)


def articles() -> QuerySet[Article]:
    """Those that can be read: what was taken down is not."""
    return Article.objects.filter(state__in=OUT)


_ISSUE: Any = {"measure": "期", "nouns": ("issue", "issues")}
_ARTICLE: Any = {"measure": "篇", "nouns": ("article", "articles")}
FACTS = (
    Fact("issues", _("专栏刊发{value}"), issues, label=_("专栏期数"), **_ISSUE),
    Fact("articles", _("发表稿件{value}"), articles, label=_("发表稿件"), **_ARTICLE),
    Fact(
        "issues_of", _("《{column__name}》刊发{value}"), issues, each=("column__name",), words=("column__name_en",),
        label=_("《{column__name}》期数"), **_ISSUE,
    ),
    Fact(
        "articles_of", _("《{issue__column__name}》发表稿件{value}"), articles, each=("issue__column__name",),
        words=("issue__column__name_en",), label=_("《{issue__column__name}》稿件"), **_ARTICLE,
    ),
)  # fmt: skip


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """One sentence for each column that published something: where, how many issues, how many articles."""
    counted = nonzero(findings.get("publications.issues_of", []))
    within = {one.part[0]: one for one in nonzero(findings.get("publications.articles_of", []))}
    columns = {one.name: one for one in Column.objects.filter(response=scope.response)} if counted else {}
    return [_column(columns[one.part[0]], one, within.get(one.part[0])) for one in counted]


def _column(column: Column, issues: Finding, articles: Finding | None) -> Sentence:
    said = (
        __("在{channel}开设专栏《{column}》，刊发{issues}")
        if column.channel
        else __("开设专栏《{column}》，刊发{issues}")
    )
    text = said.format(channel=column.channel_shown, column=column, issues=issues.token)
    if articles is not None:
        text += __("、稿件{articles}").format(articles=articles.token)
    return Sentence(text + __("。"), (issues, articles) if articles else (issues,))
