"""Beginning an article, from a record or from nothing; citing further records; its pictures."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.publications import queries
from tongzhou.modules.publications.actions import drafting
from tongzhou.modules.publications.forms import BeginForm, CiteForm, PictureForm
from tongzhou.modules.publications.models import Article
from tongzhou.modules.publications.views import articles
from tongzhou.modules.publications.workflow import READ


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: SignedIn, response: str) -> HttpResponse:
    """Anyone who takes part. `from` in the address names the record to write about."""
    found, sent = response_or_404(request, response), request.method == "POST"
    form = BeginForm(request.POST if sent else None, initial={"at": request.GET.get("from", "")[:500]})
    key = _key(request.POST.get("key", ""))
    if sent and form.is_valid():
        try:
            at = form.cleaned_data["at"]
            source = queries.record_at(at, found, request.user) if at else None
            made = drafting.begin(key, found, by=request.user, name=form.cleaned_data["name"], source=source)
            messages.success(request, __("草稿已建好，请接着写。"))
            return redirect("publications.article.edit", found.slug, made.pk)
        except ValidationError as fault:
            _show(form, fault, "at")
    page = {"response": found, "form": form, "key": key}
    return render(request, "publications/begin.html", page, status=422 if sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cite(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    article, sent = _writable(request, response, key), request.method == "POST"
    form = CiteForm(request.POST if sent else None)
    if sent and form.is_valid():
        try:
            record = queries.record_at(form.cleaned_data["at"], article.response, request.user)
            drafting.cite(article, record, by=request.user)
            messages.success(request, __("已放在正文末尾。"))
            return redirect(article.get_absolute_url())
        except ValidationError as fault:
            _show(form, fault, "at")
    page = {"response": article.response, "article": article, "form": form}
    return render(request, "publications/cite.html", page, status=422 if sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    article, sent = _writable(request, response, key), request.method == "POST"
    form = PictureForm(request.POST if sent else None, request.FILES if sent else None, initial={"key": uuid4()})
    if sent and form.is_valid():
        data = form.cleaned_data
        try:
            made = drafting.add_picture(
                article, data["picture"], by=request.user, alt=data["alt"], caption=data["caption"], shows=data["shows"], key=data["key"],
            )  # fmt: skip
            messages.success(request, __("照片已放在正文末尾，标记是[图%(n)d]，可以挪到别处。") % {"n": made.number})
            return redirect("publications.pictures", article.response.slug, article.pk)
        except ValidationError as fault:
            _show(form, fault, "picture")
    page = {"response": article.response, "article": article, "form": form, "pictures": article.pictures.all()}
    return render(request, "publications/pictures.html", page, status=422 if sent else 200)


def _writable(request: SignedIn, response: str, key: UUID) -> Article:
    """Raises PermissionDenied for who only reads it, or reads it at the wrong time."""
    article: Article = access.find(articles.rows(response_or_404(request, response)), request.user, READ, pk=key)
    try:
        drafting.writes(article, request.user)
    except OutOfStep:
        raise PermissionDenied(
            __("现在不能修改这篇稿件：状态为“%(state)s”。") % {"state": article.state_label()}
        ) from None
    return article


def _show(form: BeginForm | CiteForm | PictureForm, fault: ValidationError, name: str) -> None:
    """Beside the field it names, or the one that is at fault."""
    found = fault.error_dict if hasattr(fault, "error_dict") else {name: fault.error_list}
    for field, said in found.items():
        form.add_error(field if field in form.fields else None, said)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
