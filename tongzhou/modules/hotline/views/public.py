"""What anyone may open: the lines with their hours, and the conversation. Nobody signs in; nothing of the caller's address is kept."""

import json
import secrets
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import live, rulebook
from tongzhou.kernel.models import Response
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.hotline import queries
from tongzhou.modules.hotline.actions import cases
from tongzhou.modules.hotline.models import Case, Line, Text

HEARD = (Text.Kind.CALLER, Text.Kind.COUNSELLOR)  # notes are not the caller's


@login_not_required
@require_safe
def page(request: HttpRequest, response: str) -> HttpResponse:
    """Hours, number, what is confidential and where it ends."""
    found = get_object_or_404(Response, slug=response)
    lines = [
        (line, queries.seats(line.pk).count(), queries.queue(line.pk).count()) for line in queries.open_lines(found)
    ]
    return render(request, "hotline/public.html", {"response": found, "lines": lines, "keep_years": _keep_years()})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, response: str, key: UUID) -> HttpResponse:
    """The conversation; asked for as JSON, to whom its key is to be sealed; sent, its beginning."""
    line = get_object_or_404(queries.open_lines(get_object_or_404(Response, slug=response)), pk=key, by_text=True)
    if request.method == "POST":
        return _begin(request, line)
    if "application/json" in request.headers.get("Accept", ""):
        there = [seat.keypair for seat in queries.seats(line.pk)]
        return _unkept(JsonResponse(queries.recipients(line, there)))
    here = {"there": queries.seats(line.pk).count(), "waiting": queries.queue(line.pk).count()}
    page = {"line": line, "response": line.response, "words": json.dumps(_words()), "keep_years": _keep_years(), **here}
    return _unkept(render(request, "hotline/talk.html", page))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: HttpRequest, response: str, key: UUID) -> HttpResponse:
    """The caller's side of one case, for whoever has its token."""
    case = Case.objects.filter(pk=key).first()
    token = cases.digest(request.headers.get("X-Caller", ""))
    known = case is not None and bool(case.token) and secrets.compare_digest(case.token, token)
    if case is None or not known or not Line.objects.filter(pk=case.line, response__slug=response).exists():
        raise Http404
    if request.method == "POST":
        return _heard(request, case)
    cases.seen(case)
    state: dict[str, Any] = {"state": case.state, "version": f"{case.state}{case.version}"}
    if case.state == Case.State.WAITING:
        state["place"] = queries.place(case)
    if request.GET.get("version") != state["version"]:
        state["texts"] = [told(one) for one in case.texts.filter(kind__in=HEARD)]
    return _unkept(JsonResponse(state))


def told(text: Text) -> dict[str, Any]:
    return {"key": str(text.key), "kind": text.kind, "sealed": text.sealed, "at": text.at.isoformat()}


def refused(fault: Exception) -> JsonResponse:
    said = "；".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)
    return JsonResponse({"error": said}, status=422)


def read_boxes(text: str) -> list[dict[str, Any]]:
    """Boxes as a browser sends them. Raises ValidationError."""
    try:
        found = json.loads(text)
    except ValueError as fault:
        raise ValidationError(__("内容没有封好，未作保存。")) from fault
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValidationError(__("内容没有封好，未作保存。"))
    whole = (int, type(None))
    if not all(isinstance(one.get("keypair"), int) and isinstance(one.get("partner"), whole) for one in found):
        raise ValidationError(__("内容没有封好，未作保存。"))
    return found


def read_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise ValidationError(__("内容没有封好，未作保存。")) from fault


def _begin(request: HttpRequest, line: Line) -> HttpResponse:
    sent = request.POST
    try:
        case = cases.start(
            line, read_key(sent.get("key", "")), sent.get("token", ""), read_boxes(sent.get("boxes", ""))
        )
    except (ValidationError, PermissionDenied) as fault:
        return refused(fault)
    voice_address = reverse("hotline.voice", args=[line.response.slug, case.pk])
    heard = live.address([f"hotline/case/{case.pk}", f"hotline/queue/{line.pk}"])
    return JsonResponse({"voice": voice_address, "live": heard})


def _heard(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        if request.POST.get("leave"):
            cases.leave(case)
        else:
            cases.say(case, read_key(request.POST.get("key", "")), request.POST.get("sealed", ""), Text.Kind.CALLER)
    except (ValidationError, PermissionDenied, OutOfStep) as fault:
        return refused(fault)
    return JsonResponse({})


def _unkept(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    return answer


def _keep_years() -> int:
    years: int = rulebook.in_force("hotline", "service", timezone.localdate())["keep_years"]
    return years


def _words() -> dict[str, str]:
    return {
        "place": __("正在排队，您是第 # 位。请不要关闭这个页面。"), "talking": __("援助员已接通，正在与您交谈。"),
        "over": __("这次交谈已经结束。需要时可以再来。"), "left": __("您已离开。需要时可以再来。"),
        "gone": __("这次交谈已经结束。需要时可以再来。"), "failed": __("没有发出去，请再试一次。"),
        "caller": __("我"), "counsellor": __("援助员"),
    }  # fmt: skip
