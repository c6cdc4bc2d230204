"""When there is no device or no network: lists on paper, typed in afterwards; and files that a colleague hands in for a device."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, codes
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.testing import actions
from tongzhou.modules.testing.forms import paper as forms
from tongzhou.modules.testing.models import VERDICTS, Point
from tongzhou.modules.testing.rules import Status, Verdict
from tongzhou.modules.testing.rules.paper import LINES
from tongzhou.modules.testing.views import points
from tongzhou.modules.testing.workflow import READ, RUN

MOST_SHEETS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def type_in(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """One sheet. What is typed in twice is one; the answer says of each line what came of it."""
    point = _point(request, response, key)
    sent = request.method == "POST"
    form = forms.SheetForm(
        request.POST if sent else None,
        point=point,
        initial={"sheet": request.GET.get("sheet"), "at": timezone.localtime()},
    )
    lines = forms.Lines(request.POST if sent else None, prefix="line")
    page: dict[str, Any] = {"point": point, "response": point.response, "form": form, "lines": lines}
    if sent and form.is_valid() and lines.is_valid():
        page |= _typed(request, point, form, lines)
    return render(request, "testing/paper.html", page, status=422 if sent and "done" not in page else 200)


@require_safe
def sheets(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Empty lists to print, each with a number that no other has."""
    point = _point(request, response, key)
    asked = request.GET.get("n", "")
    n = min(max(int(asked), 1), MOST_SHEETS) if asked.isascii() and asked.isdigit() else 1
    at = f"{settings.PUBLIC_URL}{reverse('testing.paper', args=[response, key])}"
    numbers = actions.paper.number(point, n, by=request.user)
    drawn = [(number, codes.drawn(f"{at}?sheet={number}")) for number in numbers]
    return render(request, "testing/paper_print.html", {"point": point, "sheets": drawn, "lines": range(1, LINES + 1)})


@require_http_methods(["GET", "HEAD", "POST"])
def handed_in(request: SignedIn, response: str) -> HttpResponse:
    """A file that a station exported because it found no network."""
    found = response_or_404(request, response)
    if not access.units(request.user, RUN).exists():
        raise Http404
    page: dict[str, Any] = {"response": found}
    if request.method == "POST":
        try:
            file = request.FILES.get("file")
            handed = actions.handing.hand_in(found, file.read() if file else b"", by=request.user)
            page["done"] = [
                (words, handed.counts[status]) for status, words in _words().items() if handed.counts[status]
            ]
            page["device"] = handed.device
        except ValidationError as fault:
            page["fault"] = "；".join(fault.messages)
    return render(request, "testing/handed_in.html", page, status=422 if "fault" in page else 200)


def _point(request: SignedIn, response: str, key: UUID) -> Point:
    point: Point = access.find(points.rows(response_or_404(request, response)), request.user, READ, pk=key)
    access.require(request.user, RUN, point)
    if point.campaign_id is None:
        raise Http404
    return point


def _typed(request: SignedIn, point: Point, form: Any, lines: Any) -> dict[str, Any]:
    sheet, at, close = (form.cleaned_data[name] for name in ("sheet", "at", "close"))
    given = forms.lines_of(sheet, lines)
    if not given and not lines.total_error_count():
        form.add_error(None, __("一行也没有填。"))
    if form.errors or any(line.errors for line in lines):
        return {}
    try:
        acks = actions.paper.type_in(point, sheet, at, given, by=request.user, close=close)
    except ValidationError as fault:
        form.add_error(None, fault)
        return {}
    words = _words()
    done = [
        (line.place + 1, line.tube, words[ack.status], VERDICTS[Verdict(ack.verdict)] if ack.verdict > 1 else "", ack.where)
        for line, ack in zip(given, acks, strict=True)
    ]  # fmt: skip
    return {"done": done, "sheet": sheet}


def _words() -> dict[str, str]:
    return {
        Status.STORED: __("新登记"), Status.DUPLICATE: __("以前已登记"), Status.CONFLICT: __("对不上，已进待核记录"),
        Status.REJECTED: __("不是登记，未收"),
    }  # fmt: skip
