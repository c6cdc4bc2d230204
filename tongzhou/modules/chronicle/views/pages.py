"""Pages beyond the list: writing a section, citing records, taking the paper away, and what the public reads."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as __
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, module, paper
from tongzhou.kernel.desk.views import find
from tongzhou.kernel.models import Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.chronicle import actions, queries
from tongzhou.modules.chronicle.forms import SectionForm
from tongzhou.modules.chronicle.models import LINES, Chronicle, Kind
from tongzhou.modules.chronicle.queries.composing import LOCALES
from tongzhou.modules.chronicle.rules import Stray, prose
from tongzhou.modules.chronicle.views import chronicles, papers
from tongzhou.modules.chronicle.workflow import WRITE, State

PUBLIC = (State.PUBLISHED, State.REPLACED)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedIn, response: str, key: UUID, line: str) -> HttpResponse:
    """The prose of one section, in both languages, with the figures that may be put into it."""
    chronicle = _draft(request, response, key)
    if line not in dict(LINES):
        raise Http404
    sent = request.method == "POST"
    form = SectionForm(
        request.POST if sent else None, initial=_initial(request, chronicle, line) | {"version": chronicle.version}
    )
    page: dict[str, Any] = {}
    if sent and form.is_valid() and "preview" in request.POST:
        page = {"previews": _previews(request, chronicle, line, form.texts())}
    elif sent and form.is_valid():
        try:
            seen = _as_seen(request, response, key, form.cleaned_data["version"])
            module.perform(
                seen, "write", by=request.user, line=line, **({} if "told" in request.POST else form.texts())
            )
            messages.success(request, __("已保存。"))
            return redirect(chronicle.get_absolute_url())
        except actions.Strays as fault:
            form = SectionForm(
                initial=form.cleaned_data | {actions.FIELDS[name]: text for name, text in fault.texts.items()}
            )
            page = {"strays": {name: [_marked(stray) for stray in found] for name, found in fault.found.items()}}
        except OutOfStep:
            form = SectionForm(initial=form.cleaned_data | {"version": _draft(request, response, key).version})
            page = {"overtaken": True}
    context = {
        "chronicle": chronicle, "response": chronicle.response, "desk": chronicles, "form": form, "line": line, "heading": dict(LINES)[line],
        "palettes": _palettes(request, chronicle),
    }  # fmt: skip
    return render(
        request, "chronicle/write.html", context | page, status=422 if "strays" in page or "overtaken" in page else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def citations(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Search the records in scope; cite one, or take a citation back."""
    chronicle = _draft(request, response, key)
    if request.method == "POST":
        move = "uncite" if "uncite" in request.POST else "cite"
        table, _slash, record = request.POST.get(move, "").partition("/")
        try:
            module.perform(chronicle, move, by=request.user, table=table, key=UUID(record))
        except actions.Strays:
            messages.error(request, __("正文里还有只有这条记录载有的数字。请先改正文，再取消引用。"))
        except ValidationError as fault:
            messages.error(request, "；".join(fault.messages))
        except (ValueError, OutOfStep):
            messages.error(request, __("没有找到这条记录，请重新搜索。"))
        return redirect(request.get_full_path())
    words = request.GET.get("q", "").strip()[:60]
    found = queries.search(chronicle, request.user, words) if words else []
    cited = queries.cited(chronicle, request.user)
    page = {
        "chronicle": chronicle, "response": chronicle.response, "desk": chronicles, "words": words,
        "found": [_row(record) for record in found if record not in cited], "cited": [_row(record) for record in cited],
    }  # fmt: skip
    return render(request, "chronicle/citations.html", page)


@require_POST
def correct(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    old = find(request, response, key, chronicles)
    access.require(request.user, WRITE, old)
    try:
        return redirect(actions.correct(old, by=request.user).get_absolute_url())
    except OutOfStep as fault:
        messages.error(request, str(fault))
        return redirect(old.get_absolute_url())


@require_safe
def paper_file(request: SignedIn, response: str, key: UUID, form: str) -> HttpResponse:
    """The paper to take away, in the reader's language."""
    chronicle = find(request, response, key, chronicles)
    if form not in papers.FORMATS:
        raise Http404
    try:
        made = papers.taken_away(chronicle, papers.composed(chronicle, request.user), request.user, form)
    except paper.NoFont as fault:
        messages.error(request, str(fault))
        return redirect(chronicle.get_absolute_url())
    answer = HttpResponse(made, content_type=papers.FORMATS[form])
    name = f"{chronicle.kind}-{chronicle.response.slug}-{chronicle.happened_on}.{form}"
    # never shown in place: a page of its own style has no place under the house's rules
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_not_required
@require_safe
def public_list(request: HttpRequest, response: str) -> HttpResponse:
    found = get_object_or_404(Response, slug=response)
    rows = Chronicle.objects.filter(response=found, kind=Kind.DISCLOSURE, state=State.PUBLISHED).select_related(
        "response", "about"
    )
    return render(request, "chronicle/public_list.html", {"response": found, "rows": rows})


@login_not_required
@require_safe
def public(request: HttpRequest, response: str, key: UUID) -> HttpResponse:
    """A published disclosure, for anyone. Its figures do not lead into the house."""
    rows = Chronicle.objects.filter(response__slug=response, kind=Kind.DISCLOSURE, state__in=PUBLIC)
    chronicle = get_object_or_404(rows.select_related("response", "about", "unit", "corrects"), pk=key)
    newer = chronicle.editions.filter(state__in=PUBLIC).first()
    page = {
        "chronicle": chronicle,
        "response": chronicle.response,
        "paper": queries.published(chronicle),
        "newer": newer,
        "outside": True,
    }
    return render(request, "chronicle/public.html", page)


def _draft(request: SignedIn, response: str, key: UUID) -> Chronicle:
    chronicle: Chronicle = find(request, response, key, chronicles)
    if chronicle.state != State.DRAFT or not access.may(request.user, WRITE, chronicle):
        raise PermissionDenied(
            __("现在不能修改这篇：状态为“%(state)s”，或您没有编写权限。") % {"state": chronicle.state_label()}
        )
    return chronicle


def _as_seen(request: SignedIn, response: str, key: UUID, version: int) -> Chronicle:
    """The paper at the version the form was opened on: written over by someone else, it is out of step."""
    chronicle = _draft(request, response, key)
    chronicle.version = version
    return chronicle


def _initial(request: SignedIn, chronicle: Chronicle, line: str) -> dict[str, str]:
    """The saved prose, or what the rooms tell, to begin with."""
    told = queries.told(chronicle, request.user)
    saved = chronicle.sections.filter(line=line).first()
    return {field: getattr(saved, field, "") or told[name].get(line, "") for name, field in actions.FIELDS.items()}


def _previews(request: SignedIn, chronicle: Chronicle, line: str, texts: dict[str, str]) -> list[Any]:
    """The section as it will read, in each language in which something is written."""
    previews = []
    for name, field in actions.FIELDS.items():
        with override(LOCALES[name]):
            linked, _strays = prose.proof(texts[field], queries.known(chronicle, request.user, name), name)
            composed = queries.composition(chronicle, request.user, texts={line: linked})
            previews += [part for part in composed.parts if part.line == line]
    return previews


def _palettes(request: SignedIn, chronicle: Chronicle) -> list[tuple[str, list[dict[str, str]]]]:
    """For each field the figures that may be inserted, in its language."""
    palettes = []
    for name, field in actions.FIELDS.items():
        with override(LOCALES[name]):
            palettes.append((field, queries.palette(chronicle, request.user)))
    return palettes


def _marked(stray: Stray) -> dict[str, Any]:
    """The excerpt in three parts, so that the number stands out."""
    before, _found, after = stray.excerpt.partition(stray.text)
    return {"stray": stray, "before": before, "after": after}


def _row(record: Any) -> dict[str, Any]:
    return {"record": record, "name": f"{record._meta.label_lower}/{record.pk}", "room": module.of(type(record)).title}
