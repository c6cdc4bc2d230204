"""Reads that join: what an article cites and whether it still holds, whom it names, what stands in its way, what the public sees."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as __

from tongzhou.kernel import access, facts, module
from tongzhou.kernel.facts import Finding
from tongzhou.kernel.models import Person, Record, Response
from tongzhou.kernel.scope import Scope
from tongzhou.modules.publications.models import Article, Cited, Consent, Correction, Issue, Picture
from tongzhou.modules.publications.rules import markup, reviewing
from tongzhou.modules.publications.rules.markup import Block
from tongzhou.modules.publications.workflow import OUT, UNSETTLED, IssueState

_EYES = Person(is_superuser=True)  # nobody; never saved
SHORTEST_NAME = 2  # letters: one alone is in every text


@dataclass(frozen=True)
class Part:
    """A block as a page shows it. `picture` is None where it is no picture, or one that is not shown any more."""

    block: Block
    picture: Picture | None = None


# -- what is cited


def record_at(address: str, response: Response, by: Person) -> Record:
    """The record with this address. Raises ValidationError, the same for what is out of reach and what is not there."""
    try:
        found = resolve(urlsplit(address.strip()).path)
    except (Resolver404, ValueError):
        found = None
    desk = found.kwargs.get("desk") if found else None
    if found is None or desk is None or "key" not in found.kwargs or found.kwargs.get("response") != response.slug:
        raise ValidationError(__("没有找到这条记录。请粘贴本响应中一条记录页面的网址。"))
    rows = access.visible(desk.rows(response), by, desk.reads)
    record: Record | None = rows.filter(pk=found.kwargs["key"]).first()
    if record is None:
        raise ValidationError(__("没有找到这条记录。请粘贴本响应中一条记录页面的网址。"))
    return record


def findings_of(record: Record) -> list[Finding]:
    """What may be counted of this one record, for whoever sees it; that it is one record is no finding.

    Somebody whom a record concerns reads its parts on its page, but reaches no rows by a role: so its parts are counted whole.
    """
    known = [fact for fact in module.of(type(record)).facts if facts.record_model(fact) is type(record)]
    found = [one for fact in known for one in facts.one(fact, Scope(record.response), _EYES, record)]
    return [one for one in facts.nonzero(found) if record.is_summary or one.fact.value != "quantity" or one.part]


def in_chinese(found: Finding) -> str:
    with translation.override("zh-hans"):
        return found.text()


def again(cited: Cited) -> str:
    """The figure as the records have it now; "" where whoever cited it does not see the record any more, or there is nothing to count."""
    source = cited.source
    model: type[Record] = apps.get_model(source.table)
    record = access.visible(model._default_manager.all(), source.by, f"{model._meta.app_label}.read")
    row = record.filter(pk=source.record).first()
    fact = next((one for one in module.of(model).facts if one.name == cited.fact), None)
    if row is None or fact is None:
        return ""
    found = [one for one in facts.one(fact, Scope(row.response), _EYES, row) if list(one.part) == cited.part]
    return in_chinese(found[0]) if found else ""


def sources(article: Article, by: Person) -> list[Record]:
    """The cited records that this person may open."""
    found = []
    for source in article.sources.all():
        model: type[Record] = apps.get_model(source.table)
        rows = access.visible(model._default_manager.all(), by, f"{model._meta.app_label}.read")
        found += list(rows.select_related("response").filter(pk=source.record))
    return found


# -- whom it names


def people_in(text: str, response: Response) -> dict[str, Person | None]:
    """Names of the response's own people that stand in the text; two of one name are told apart by whoever asks them."""
    paths = list(response.roots.values_list("path", flat=True))
    rows = Person.objects.filter(access.within(paths), is_active=True) if text.strip() else Person.objects.none()
    keys = [key for key, name in rows.values_list("pk", "name") if len(name) >= SHORTEST_NAME and name in text]
    found: dict[str, Person | None] = {}
    for person in Person.objects.filter(pk__in=keys).order_by("pk") if keys else ():
        found[person.name] = None if person.name in found else person
    return found


def text_of(article: Article) -> str:
    """All that a reader reads of it."""
    shown = {one.number: one for one in article.pictures.all()}
    under = [shown[n].caption for n in markup.pictures(article.body) if n in shown]
    return "\n".join([article.name, article.digest, markup.plain(markup.parse(article.body, article.figures)), *under])


def wanted(article: Article) -> dict[tuple[str, int | None], Person | None]:
    """Whose consent the article needs: (name, picture) and the person where the house knows them. Authors agree by writing."""
    shown = set(markup.pictures(article.body))
    pictures = [picture for picture in article.pictures.all() if picture.number in shown]
    text = text_of(article)
    known = people_in("\n".join([text, article.named, *(picture.shows for picture in pictures)]), article.response)
    own = article.author.name if article.author else ""
    named = [*(who for who in known if who in text), *article.declared]
    found: dict[tuple[str, int | None], Person | None] = {(who, None): known.get(who) for who in named}
    found |= {(who, picture.pk): known.get(who) for picture in pictures for who in picture.people}
    return {key: person for key, person in found.items() if key[0] != own}


# -- what stands in its way


def faults(article: Article) -> list[str]:
    """Why the text cannot go on, in sentences for whoever writes it."""
    most_title, most_digest = reviewing.limits(timezone.localdate())
    pictures = {one.number for one in article.pictures.all()}
    found = []
    if len(article.name) > most_title:
        found.append(__("标题%(n)d字，超过%(most)d字。") % {"n": len(article.name), "most": most_title})
    if len(article.digest) > most_digest:
        found.append(__("摘要%(n)d字，超过%(most)d字。") % {"n": len(article.digest), "most": most_digest})
    if not markup.plain(markup.parse(article.body, {})):
        found.append(__("还没有正文。"))
    found += [
        __("正文提到[图%(n)d]，但没有这张照片。") % {"n": n} for n in markup.pictures(article.body) if n not in pictures
    ]
    found += [
        __("正文提到[数%(n)d]，但没有引用这个数字。") % {"n": n}
        for n in markup.figures(article.body)
        if n not in article.figures
    ]
    return found


def hindrances(article: Article) -> list[str]:
    """Why the article may not be public: who has not agreed, which figure the records do not bear out."""
    consents = {(one.who, one.picture_id): one for one in article.consents.all()}
    needed = wanted(article)
    found = [
        __("“%(who)s”（%(what)s）：%(state)s。") % {"who": one.who, "what": one.subject, "state": one.state_label()}
        for one in consents.values()
        if one.state in UNSETTLED
    ]
    found += [
        __("文中或图中有“%(who)s”，还没有登记其是否同意。") % {"who": key[0]} for key in needed if key not in consents
    ]
    used = set(markup.figures(article.body))
    return found + [fault for one in article.cited.all() if one.number in used for fault in _changed(one)]


def _changed(cited: Cited) -> Iterator[str]:
    now = again(cited)
    if now != cited.text:
        told = {"n": cited.number, "text": cited.text, "now": now or __("无")}
        yield __("[数%(n)d]写的是%(text)s，记录里现在是%(now)s。") % told


# -- what is read


def parts(article: Article, *, public: bool = False) -> list[Part]:
    """The text as a page shows it. In public, a picture to which somebody no longer agrees is not there."""
    shown = {one.number: one for one in article.pictures.all() if not (public and _refused(article, one))}
    blocks = markup.parse(article.body, article.figures)
    return [
        Part(block, shown.get(block.number)) for block in blocks if block.kind != "picture" or block.number in shown
    ]


def cover(article: Article, *, public: bool = False) -> Picture | None:
    return next((part.picture for part in parts(article, public=public) if part.picture), None)


def _refused(article: Article, picture: Picture) -> bool:
    return any(one.picture_id == picture.pk and one.state in UNSETTLED for one in article.consents.all())


def whole(rows: QuerySet[Article]) -> QuerySet[Article]:
    """With all that is read of an article, in a fixed number of queries."""
    corrections = Correction.objects.exclude(at=None).order_by("number")
    people = ("author", "editor", "first_by", "second_by", "final_by")
    pictures = Picture.objects.select_related("attachment").defer("attachment__content")
    return rows.select_related("response", "unit", "issue__column", *people).prefetch_related(
        "cited", "consents", Prefetch("pictures", pictures), Prefetch("corrections", corrections)
    )


def public(response: Response) -> QuerySet[Article]:
    return whole(Article.objects.filter(response=response, state__in=OUT))


def public_issues(response: Response) -> QuerySet[Issue]:
    """Published issues with their articles, the latest first. What is known only as a total holds nothing to read."""
    rows = Issue.objects.filter(response=response, state=IssueState.PUBLISHED, number__isnull=False)
    articles = Prefetch("articles", public(response).order_by("place", "pk"), to_attr="public_articles")
    return rows.select_related("column").prefetch_related(articles).order_by("-published_at", "pk")


def public_picture(response: Response, key: Any) -> Picture | None:
    """A picture that stands in a published text, and that nobody shown in it objects to."""
    rows = Picture.objects.select_related("attachment", "article").filter(
        attachment=key, article__response=response, article__state__in=OUT
    )
    picture = rows.exclude(consents__state__in=UNSETTLED).first()
    return picture if picture and picture.number in markup.pictures(picture.article.body) else None


def free_number(column: Any) -> int:
    last = Issue.objects.filter(column=column, number__isnull=False).order_by("-number").first()
    return last.number + 1 if last and last.number else 1


def breaches() -> QuerySet[Consent]:
    """Consents that were withdrawn or refused while the article is public."""
    return Consent.objects.filter(state__in=UNSETTLED, article__state__in=OUT).select_related(
        "article", "response", "unit"
    )
