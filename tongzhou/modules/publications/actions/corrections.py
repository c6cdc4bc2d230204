"""After publication nothing changes in silence: a correction with its note, looked at by another person; or taken down, which is said too."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.actions import consents
from tongzhou.modules.publications.actions.issues import may_be_public
from tongzhou.modules.publications.models import Article, Correction
from tongzhou.modules.publications.models.article import TEXTS
from tongzhou.modules.publications.workflow import FINAL


@transaction.atomic
def correct(article: Article, *, by: Person, told: str, note: str = "", **texts: Any) -> Article:
    """Propose the note that readers will see and the new text; what is public stays until another person lets it pass."""
    after = {name: texts[name] for name in TEXTS if name in texts and texts[name] != getattr(article, name)}
    if not after:
        raise ValidationError(__("没有改动。"))
    steps.advance(article, "correct", by=by, note=note, data={"told": told})
    number = article.corrections.count() + 1
    Correction.objects.create(article=article, number=number, told=told, after=after, by=by)
    people = [one for one in access.holders(FINAL, article.unit) if one.pk != by.pk]
    text = format_lazy(_("请终审更正：{article}"), article=article)
    notices.tell(people, text, response=article.response, record=article, url=article.get_absolute_url())
    return article


@transaction.atomic
def approve(article: Article, *, by: Person, note: str = "") -> Article:
    """The new text takes the place of the old; the note stands beside it with its day."""
    made = _open(article)
    made.before = {name: getattr(article, name) for name in made.after}
    made.approved_by, made.at = by, timezone.now()
    made.clean_fields(exclude=["before"])
    made.validate_constraints()
    made.save()
    steps.advance(article, "approve", by=by, note=note, data={"old": made.before, "new": made.after}, **made.after)
    consents.settle(article, by=by)
    may_be_public(queries.whole(Article.objects.filter(pk=article.pk)).get())
    return article


@transaction.atomic
def reject(article: Article, *, by: Person, note: str = "") -> Article:
    made = _open(article)
    made.rejected = True
    made.save()
    return steps.advance(article, "reject", by=by, note=note)


@transaction.atomic
def take_down(article: Article, *, by: Person, note: str = "") -> Article:
    """At once and by one person: harm does not wait. A correction that was being looked at ends with it."""
    article.corrections.filter(at=None, rejected=False).update(rejected=True)
    return steps.advance(article, "take_down", by=by, note=note)


@transaction.atomic
def restore(article: Article, *, by: Person, note: str = "") -> Article:
    may_be_public(article)
    return steps.advance(article, "restore", by=by, note=note)


def _open(article: Article) -> Correction:
    found = article.corrections.filter(at=None, rejected=False).last()
    if found is None:
        raise steps.OutOfStep
    return found


ACTIONS: dict[str, Callable[..., Article]] = {
    "correct": correct,
    "approve": approve,
    "reject": reject,
    "take_down": take_down,
    "restore": restore,
}
