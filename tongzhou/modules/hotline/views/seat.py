"""The counsellor's seat: one's key, who waits, one's cases; and the supervisor's page."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, live
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.hotline import queries, rules
from tongzhou.modules.hotline.actions import cases, keys
from tongzhou.modules.hotline.models import Case, FollowUp, Line, Opening
from tongzhou.modules.hotline.views.public import read_boxes, read_key, refused
from tongzhou.modules.hotline.workflow import ANSWER, SUPERVISE, FollowUpState

LATEST = 30


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedIn, response: str) -> HttpResponse:
    found, by = response_or_404(request, response), request.user
    if not access.reach(by, ANSWER):
        raise Http404
    if request.method == "POST":
        try:
            return _act(request, found)
        except (ValidationError, PermissionDenied) as fault:
            return refused(fault)
    keys.seen(by)
    lines = list(queries.lines(found, by))
    context = {
        "response": found,
        "key": key_context(by),
        "lines": [_line(line, by) for line in lines],
        "mine": _mine(by),
    }
    if request.headers.get("HX-Request"):
        return render(request, "hotline/seat.html#queue", context)
    context["live"] = live.address([f"hotline/queue/{line.pk}" for line in lines])
    return render(request, "hotline/seat.html", context)


@require_safe
def supervision(request: SignedIn, response: str) -> HttpResponse:
    """What calls for a supervisor: crises, openings to decide, high risks nobody has supervised yet."""
    found, by = response_or_404(request, response), request.user
    if not access.reach(by, SUPERVISE):
        raise Http404
    lines = list(queries.lines(found, by, SUPERVISE))
    keyed = [line.pk for line in lines]
    high = Case.objects.filter(line__in=keyed, level=rules.HIGH, supervised_at=None).exclude(state=Case.State.ERASED)
    due = FollowUp.objects.filter(line__in=lines, kind=FollowUp.Kind.RESPOND, state=FollowUpState.DUE)
    asked = Opening.objects.filter(case__line__in=keyed, state=Opening.State.ASKED).select_related("case")
    context = {
        "response": found, "key": key_context(by), "due": due.select_related("response").order_by("due_at"), "asked": asked,
        "high": high.order_by("-came_at")[:LATEST], "cases": Case.objects.filter(line__in=keyed).order_by("-came_at", "pk")[:LATEST],
        "supervisors": [(line, queries.supervisors(line)) for line in lines],
    }  # fmt: skip
    return render(request, "hotline/supervision.html", context)


def key_context(by: Person) -> dict[str, Any]:
    """One's own key as the page of the key takes it."""
    pair = queries.keypair(by)
    words = {
        "short": __("口令至少 12 个字。"), "differ": __("两次输入不一样。"), "wrong": __("口令不对。"), "failed": __("没有存下，请再试一次。"),
    }  # fmt: skip
    return {"pair": pair, "words": json.dumps(words)}


def _act(request: SignedIn, found: Response) -> HttpResponse:
    act, by, sent = request.POST.get("act", ""), request.user, request.POST
    if act == "key":
        made = keys.make(by, sent.get("public", ""), sent.get("wrapped", ""))
        return JsonResponse({"keypair": made.pk})
    if act not in {"sit", "rise", "enter"}:
        raise ValidationError(__("没有这一步。"))
    line: Line = get_object_or_404(queries.lines(found, by), pk=read_key(sent.get("line", "")))
    if act == "enter":
        case = cases.enter(
            line, read_key(sent.get("key", "")), sent.get("mode", ""), read_boxes(sent.get("boxes", "")), by=by
        )
        return JsonResponse({"url": reverse("hotline.case", args=[found.slug, case.pk])})
    keys.sit(line, by=by) if act == "sit" else keys.rise(line, by=by)
    return redirect("hotline.seat", found.slug)


def _line(line: Line, by: Person) -> dict[str, Any]:
    there = list(queries.seats(line.pk))
    mine = queries.keypair(by)
    sealed_to = queries.recipients(line, [mine] if mine else [])
    return {
        "line": line, "waiting": list(queue_of(line)), "there": [seat.keypair.name for seat in there],
        "sitting": any(seat.keypair.person == by.pk for seat in there), "recipients": json.dumps(sealed_to),
    }  # fmt: skip


def queue_of(line: Line) -> list[Case]:
    return list(queries.queue(line.pk))


def _mine(by: Person) -> list[Case]:
    return list(Case.objects.filter(counsellor=by.pk).exclude(state=Case.State.ERASED).order_by("-came_at")[:LATEST])
