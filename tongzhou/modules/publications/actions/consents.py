"""Who is named or seen agrees, and may take it back: then the article is flagged, and a photograph is gone from the public page at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.models import Article, Consent
from tongzhou.modules.publications.workflow import OUT, PUBLISH, UNSETTLED, ConsentState

PURPOSE = "在专栏公开发表"


def file(consent: Consent, *, by: Person) -> tuple[Consent, bool]:
    """Put down by hand; it is of the article's unit, and who answers is who the house knows by this name."""
    consent.response, consent.unit = consent.article.response, consent.article.unit
    consent.purpose = consent.purpose or PURPOSE
    return steps.file(consent, by=by)


def give(consent: Consent, *, by: Person, how: str = "", given_on: date | None = None, note: str = "") -> Consent:
    """Since when, and how one knows. Who agrees in the house has nothing to prove."""
    own = by.pk == consent.person_id
    how, given_on = ("self", timezone.localdate()) if own else (how, given_on)
    if not how or given_on is None:
        raise ValidationError({"how": __("请填写同意方式和日期。")})
    if given_on > timezone.localdate():
        raise ValidationError({"given_on": __("日期不能在将来。")})
    told = {"how": source_text(Consent.How(how).label), "given_on": str(given_on)}
    return steps.advance(consent, "give", by=by, note=note, data=told, how=how, given_on=given_on, withdrawn_at=None)


def withdraw(consent: Consent, *, by: Person, note: str = "") -> Consent:
    """No reason is asked for. Those who can act are told at once."""
    steps.advance(consent, "withdraw", by=by, note=note, withdrawn_at=timezone.now())
    return _flagged(consent, by)


def refuse(consent: Consent, *, by: Person, note: str = "") -> Consent:
    return _flagged(steps.advance(consent, "refuse", by=by, note=note), by)


def waive(consent: Consent, *, by: Person, note: str = "") -> Consent:
    """Not needed, and why: somebody in a public office, or another of the same name. Never against what somebody said themselves."""
    if consent.state != ConsentState.ASKED and (consent.who, consent.picture_id) in queries.wanted(consent.article):
        raise ValidationError(__("本人不同意，而稿件仍涉及“%(who)s”：请先从文中或图中去掉。") % {"who": consent.who})
    if by.pk == consent.article.author_id:
        raise ValidationError(__("作者不能认定自己的稿件无须同意，请由另一位有权限的人认定。"))
    return steps.advance(consent, "waive", by=by, note=note)


def settle(article: Article, *, by: Person) -> None:
    """Ask whom the text now names or shows; let go whom it no longer does."""
    needed = queries.wanted(article)
    kept = {(one.who, one.picture_id): one for one in article.consents.select_related("article", "response", "unit")}
    for (who, picture), person in needed.items():
        if (who, picture) not in kept:
            made = Consent(article=article, who=who[:60], picture_id=picture, person=person)
            made, _new = file(made, by=by)
            _ask(made)
    for key, one in kept.items():
        if key not in needed and one.state in UNSETTLED:
            steps.advance(one, "lapse", by=by)
    article._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # what was read of it before is no longer so


def _ask(consent: Consent) -> None:
    if consent.person is None or consent.person.username is None:
        return
    text = format_lazy(_("稿件“{article}”提到您，请确认是否同意公开发表。"), article=consent.article)
    notices.tell([consent.person], text, response=consent.response, record=consent, url=consent.get_absolute_url())


def _flagged(consent: Consent, by: Person) -> Consent:
    article = consent.article
    people = set(access.holders(PUBLISH, article.unit)) if article.state in OUT else set()
    people |= {one for one in (article.author, article.editor) if one}
    text = format_lazy(_("{who}不同意或撤回了同意：{article}。请更正或撤下。"), who=consent.who, article=article)
    url = article.get_absolute_url()
    notices.tell(people - {by}, text, response=consent.response, record=article, url=url)
    return consent


ACTIONS: dict[str, Callable[..., Any]] = {
    "file": file,
    "give": give,
    "withdraw": withdraw,
    "refuse": refuse,
    "waive": waive,
}
