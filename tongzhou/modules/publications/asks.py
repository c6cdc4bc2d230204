"""What awaits whom: drafts of mine, articles to review, place and publish, corrections to look at, consents to give, to get, to act on."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.models import Article, Consent, Correction, Issue
from tongzhou.modules.publications.workflow import (
    CONSENT,
    EDIT,
    FINAL,
    FIRST,
    PUBLISH,
    REVIEWED,
    SECOND,
    ArticleState,
    ConsentState,
    IssueState,
)

S = ArticleState


def returned(person: Person) -> QuerySet[Article]:
    return Article.objects.filter(author=person, state=S.RETURNED).order_by("filed_at", "pk")


def drafts(person: Person) -> QuerySet[Article]:
    return Article.objects.filter(author=person, state=S.DRAFT).order_by("filed_at", "pk")


def to_first(person: Person) -> QuerySet[Article]:
    return _articles(person, FIRST, S.FIRST)


def to_second(person: Person) -> QuerySet[Article]:
    return _articles(person, SECOND, S.SECOND)


def to_final(person: Person) -> QuerySet[Article]:
    return _articles(person, FINAL, S.FINAL)


def to_place(person: Person) -> QuerySet[Article]:
    rows = Article.objects.filter(access.within(access.reach(person, EDIT)), state=S.APPROVED, issue=None)
    return rows.order_by("filed_at", "pk")


def to_publish(person: Person) -> QuerySet[Issue]:
    ready = Article.objects.filter(issue=OuterRef("pk"))
    rows = Issue.objects.filter(access.within(access.reach(person, PUBLISH)), Exists(ready), state=IssueState.PLANNED)
    return rows.select_related("column").order_by("happened_on", "pk")


def to_approve(person: Person) -> QuerySet[Article]:
    own = Correction.objects.filter(article=OuterRef("pk"), at=None, rejected=False, by=person)
    rows = Article.objects.filter(access.within(access.reach(person, FINAL)), ~Exists(own), state=S.CORRECTING)
    return rows.order_by("filed_at", "pk")


def my_consent(person: Person) -> QuerySet[Consent]:
    return Consent.objects.filter(person=person, state=ConsentState.ASKED).select_related("article").order_by("pk")


def to_get(person: Person) -> QuerySet[Consent]:
    """Where the article is on its way."""
    rows = Consent.objects.filter(access.within(access.reach(person, CONSENT)), state=ConsentState.ASKED)
    waiting = (*REVIEWED, S.APPROVED, S.CORRECTING, S.PUBLISHED)
    return rows.filter(article__state__in=waiting).select_related("article").order_by("filed_at", "pk")


def to_act(person: Person) -> QuerySet[Consent]:
    rows = queries.breaches().filter(access.within(access.reach(person, PUBLISH)))
    return rows.exclude(state=ConsentState.ASKED).order_by("withdrawn_at", "pk")


def _articles(person: Person, capability: str, state: Any) -> QuerySet[Article]:
    """Not one's own, nor what one has reviewed a step before."""
    mine = Q(author=person) | Q(first_by=person) | Q(second_by=person)
    rows = Article.objects.filter(access.within(access.reach(person, capability)), state=state)
    return rows.exclude(pk__in=Article.objects.filter(mine, state=state).values("pk")).order_by("filed_at", "pk")


ASKS = (
    Ask("to_act", _("已撤回同意，请更正或撤下"), to_act, due="act_by", url=lambda one: one.article.get_absolute_url()),
    Ask("my_consent", _("请确认是否同意公开发表"), my_consent),
    Ask("returned", _("退回您修改的稿件"), returned),
    Ask("drafts", _("您没有提交的稿件"), drafts),
    Ask("to_first", _("待初审的稿件"), to_first),
    Ask("to_second", _("待复审、编辑的稿件"), to_second),
    Ask("to_final", _("待终审的稿件"), to_final),
    Ask("to_approve", _("待终审的更正"), to_approve),
    Ask("to_get", _("待征得本人同意"), to_get),
    Ask("to_place", _("待编入期次的稿件"), to_place),
    Ask("to_publish", _("待发布的期次"), to_publish),
)
