"""An issue is filed with its number and published with its articles, all or none."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.actions.reviewing import must_be_whole
from tongzhou.modules.publications.models import Article, Issue
from tongzhou.modules.publications.workflow import ArticleState


def file(issue: Issue, *, by: Person) -> tuple[Issue, bool]:
    if issue.column.response_id != issue.response_id:
        raise ValidationError({"column": __("请选本响应的专栏。")})
    return steps.file(issue, by=by)


@transaction.atomic
def publish(issue: Issue, *, by: Person, note: str = "") -> Issue:
    """Every article reviewed three times, everybody named or seen in it agreeing, every figure as the records have it."""
    articles = list(queries.whole(issue.articles.order_by("place", "pk")))
    if not articles:
        raise ValidationError(__("本期还没有稿件：请先在通过终审的稿件上选“编入一期”。"))
    now = timezone.now()
    today = timezone.localdate(now)
    steps.advance(
        issue, "publish", by=by, note=note, data={"n": len(articles)}, published_at=now, happened_on=today, happened_precision="day"
    )  # fmt: skip
    for article in articles:
        may_be_public(article)
        told = {"where": str(issue)}
        steps.advance(article, "issue", by=by, data=told, published_at=now, happened_on=today, happened_precision="day")
    return issue


@transaction.atomic
def drop(issue: Issue, *, by: Person, note: str = "") -> Issue:
    """Its articles wait for another."""
    for article in issue.articles.filter(state=ArticleState.APPROVED):
        steps.advance(article, "place", by=by, data={"where": "（不编入）"}, issue=None)
    return steps.advance(issue, "drop", by=by, note=note)


def may_be_public(article: Article) -> None:
    """Raises ValidationError with every reason why not."""
    must_be_whole(article)
    if found := queries.hindrances(article):
        raise ValidationError(
            [__("《%(article)s》不能发布：%(why)s") % {"article": article, "why": why} for why in found]
        )


ACTIONS: dict[str, Callable[..., Any]] = {"file": file, "publish": publish, "drop": drop}
