"""What anyone may read, without signing in: the columns with their issues, an article, its pictures, a feed."""

from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import gettext as __
from django.views.decorators.http import condition, require_safe

from tongzhou.kernel.models import Attachment, Response
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.models import Article, Correction, Issue
from tongzhou.modules.publications.rules import markup
from tongzhou.modules.publications.workflow import OUT, ArticleState

ISSUES, NEWEST = 20, 30  # issues on a page, articles in the feed
PICTURES_KEPT = 300  # seconds a browser may keep a picture: one that somebody no longer agrees to must be gone soon


@login_not_required
@require_safe
def index(request: HttpRequest, response: str) -> HttpResponse:
    found = get_object_or_404(Response, slug=response)
    part = Paginator(queries.public_issues(found), ISSUES).get_page(request.GET.get("page"))
    page = {
        "response": found,
        "page": part,
        "feed": _feed_url(found),
        "card": _card(__("专栏"), str(found), request.path),
    }
    return render(request, "publications/public.html", page)


@login_not_required
@require_safe
def article(request: HttpRequest, response: str, key: UUID) -> HttpResponse:
    """What was taken down says so, and when, and nothing else."""
    found = get_object_or_404(Response, slug=response)
    gone = Article.objects.filter(response=found, state=ArticleState.WITHDRAWN, published_at__isnull=False)
    if gone.filter(pk=key).exists():
        return render(request, "publications/gone.html", {"response": found}, status=410)
    one: Article = get_object_or_404(queries.public(found), pk=key)
    cover, digest = queries.cover(one, public=True), digest_of(one)
    page: dict[str, Any] = {
        "response": found, "article": one, "parts": queries.parts(one, public=True), "feed": _feed_url(found), "public": True,
        "card": _card(one.name, digest, request.path, _picture_url(found, cover.attachment_id) if cover else "", cover.alt if cover else ""),
        "others": _others(one),
    }  # fmt: skip
    return render(request, "publications/read.html", page)


@login_not_required
@require_safe
def picture(request: HttpRequest, response: str, key: UUID) -> HttpResponse:
    found = queries.public_picture(get_object_or_404(Response, slug=response), key)
    if found is None:
        raise Http404
    content = Attachment.objects.values_list("content", flat=True).get(pk=found.attachment_id)
    answer = HttpResponse(bytes(content), content_type="image/jpeg")
    answer["Cache-Control"] = f"public, max-age={PICTURES_KEPT}"
    return answer


def changed(request: HttpRequest, response: str) -> datetime | None:
    """When anything in the feed last changed: readers ask often, and are mostly told that nothing did."""
    found = Response.objects.filter(slug=response).first()
    issued = Issue.objects.filter(response=found).aggregate(at=Max("published_at"))["at"]
    corrected = Correction.objects.filter(article__response=found).aggregate(at=Max("at"))["at"]
    gone = Article.objects.filter(response=found, state=ArticleState.WITHDRAWN).exists()
    return None if gone or not issued else max(filter(None, [issued, corrected]))


@login_not_required
@require_safe
@condition(last_modified_func=changed)
def feed(request: HttpRequest, response: str) -> HttpResponse:
    """Atom. A correction changes the entry's date of update, so that readers see it again."""
    found = get_object_or_404(Response, slug=response)
    made = Atom1Feed(
        title=__("%(response)s：专栏") % {"response": found}, link=_whole(reverse("publications.public", args=[found.slug])),
        description=found.place or None, feed_url=_whole(request.path), language="zh-CN",
    )  # fmt: skip
    for one in queries.public(found).order_by("-published_at", "place", "pk")[:NEWEST]:
        at = _whole(reverse("publications.article", args=[found.slug, one.pk]))
        at_all = [one.published_at, *(correction.at for correction in one.corrections.all())]
        made.add_item(
            title=one.name, link=at, unique_id=f"urn:uuid:{one.pk}", description=digest_of(one), author_name=one.contributor or str(one.unit),
            pubdate=one.published_at, updateddate=max(filter(None, at_all)),
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def digest_of(article: Article) -> str:
    """As WeChat does: without a digest, the beginning of the text."""
    return article.digest or Truncator(
        markup.plain(markup.parse(article.body, article.figures)).replace("\n", " ")
    ).chars(54)


def _others(article: Article) -> list[Article]:
    """The rest of its issue."""
    rows = Article.objects.filter(issue=article.issue, state__in=OUT).exclude(pk=article.pk)
    return list(rows.select_related("response").order_by("place", "pk")) if article.issue_id else []


def _card(title: str, words: str, path: str, picture: str = "", alt: str = "") -> dict[str, str]:
    return {"title": title, "words": words, "at": _whole(path), "picture": picture, "alt": alt}


def _picture_url(response: Response, key: UUID) -> str:
    return _whole(reverse("publications.picture", args=[response.slug, key]))


def _feed_url(response: Response) -> str:
    return reverse("publications.feed", args=[response.slug])


def _whole(path: str) -> str:
    """Where people use the house: a share card and a feed name whole addresses."""
    return urljoin(settings.PUBLIC_URL, path)
