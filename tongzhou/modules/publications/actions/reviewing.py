"""An article from the draft to the third review: each step by another person, the text edited between the first and the second."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, rulebook, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.actions import consents
from tongzhou.modules.publications.models import Article, Issue
from tongzhou.modules.publications.models.article import TEXTS
from tongzhou.modules.publications.rules import reviewing
from tongzhou.modules.publications.workflow import EDIT, FINAL, FIRST, SECOND, IssueState

NEEDS = {"first": FIRST, "second": SECOND, "final": FINAL}


@transaction.atomic
def send(article: Article, *, by: Person, note: str = "") -> Article:
    """To the first review, if it is whole. Whom it names is asked now."""
    must_be_whole(article)
    steps.advance(article, "send", by=by, note=note, data={"n": article.length})
    consents.settle(article, by=by)
    _tell(access.holders(FIRST, article.unit), _("请初审稿件：{article}"), article, by)
    return article


def first(article: Article, *, by: Person, note: str = "") -> Article:
    return _review(article, "first", by, note, SECOND, _("请复审、编辑稿件：{article}"))


def second(article: Article, *, by: Person, note: str = "") -> Article:
    """Who lets it pass answers for its wording: where nobody edited it, they are its editor."""
    must_be_whole(article)
    return _review(article, "second", by, note, FINAL, _("请终审稿件：{article}"), editor=article.editor or by)


def final(article: Article, *, by: Person, note: str = "") -> Article:
    return _review(article, "final", by, note, EDIT, _("稿件已通过终审，请编入一期：{article}"))


@transaction.atomic
def edit(article: Article, *, by: Person, version: int | None = None, note: str = "", **texts: Any) -> Article:
    """Change the wording; the entry holds what it was before."""
    if version is not None and version != article.version:
        raise ValidationError(__("您打开表单之后，他人修改了这篇稿件，请返回核对后再改。"))
    changes = {name: texts[name] for name in (*TEXTS, "contributor") if name in texts}
    before = {name: getattr(article, name) for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    told: Mapping[str, Any] = {"old": {name: before[name] for name in changed}, "new": changed}
    edited = Article(response=article.response, body=changes.get("body", article.body))
    steps.advance(article, "edit", by=by, note=note, data={"n": edited.length, **told}, editor=by, **changed)
    consents.settle(article, by=by)
    return article


def send_back(article: Article, *, by: Person, note: str = "") -> Article:
    """Once written anew, all three reviews are due again."""
    with transaction.atomic():
        nobody = dict.fromkeys(("first_by", "second_by", "final_by", "issue"))
        steps.advance(article, "send_back", by=by, note=note, **nobody)
        _tell([article.author or article.filed_by], _("您的稿件退回修改：{article}"), article, by)
    return article


def place(article: Article, *, by: Person, issue: Issue | None = None, place: int = 1, note: str = "") -> Article:
    """Into an issue that is being composed, or out of one."""
    if issue is not None and issue.state != IssueState.PLANNED:
        raise ValidationError({"issue": __("这一期已经发布或不出，请选正在编排的一期。")})
    where = str(issue) if issue else "（不编入）"
    return steps.advance(article, "place", by=by, note=note, data={"where": where}, issue=issue, place=place)


def must_be_whole(article: Article) -> None:
    """Raises ValidationError with every sentence that stands in the text's way."""
    if found := queries.faults(article):
        raise ValidationError(found)


def _review(article: Article, step: str, by: Person, note: str, then: str, text: Any, **more: Any) -> Article:
    access.require(by, NEEDS[step], article)  # who may not review at all is told that, not that they wrote it
    today = timezone.localdate()
    if held := reviewing.clash(step, by.pk, article.held, today):
        part = rulebook.rule("publications", "review").word(held)
        told = {"part": part}
        raise ValidationError(__("您是这篇稿件的%(part)s，三审须由不同的人担任，请由另一位有权限的人审。") % told)
    changes: dict[str, Any] = {f"{step}_by": by} | more
    with transaction.atomic():
        steps.advance(article, step, by=by, note=note, **changes)
        _tell(access.holders(then, article.unit), text, article, by)
    return article


def _tell(people: Any, text: Any, article: Article, by: Person) -> None:
    told = [one for one in people if one.pk != by.pk]
    said = format_lazy(text, article=article)
    notices.tell(told, said, response=article.response, record=article, url=article.get_absolute_url())


ACTIONS: dict[str, Callable[..., Article]] = {
    "send": send, "first": first, "second": second, "final": final, "edit": edit, "send_back": send_back, "place": place,
}  # fmt: skip
