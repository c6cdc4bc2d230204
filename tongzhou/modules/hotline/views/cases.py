"""One case, for whoever counsels it, holds its key or supervises its line. What is said is sealed; the rest is codes and times."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_POST, require_safe

from tongzhou.kernel import access, live, rulebook
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Person
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.hotline import queries
from tongzhou.modules.hotline.actions import care, cases, openings
from tongzhou.modules.hotline.models import Case, FollowUp, Keypair, Line, Opening, Step, Text
from tongzhou.modules.hotline.views.public import read_key, refused, told
from tongzhou.modules.hotline.views.seat import key_context
from tongzhou.modules.hotline.workflow import SUPERVISE


@require_safe
def page(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    by = request.user
    case, line = queries.find_case(key, response_or_404(request, response), by)
    holds, opening = _holds(case, by)
    if "application/json" in request.headers.get("Accept", ""):
        return _state(request, case, readable=bool(holds.get("whole") or holds.get("half")))
    if opening and not request.headers.get("HX-Request"):
        openings.read(opening, line, by=by)
    rows = FollowUp.objects.filter(case=case.pk).select_related("person", "response", "unit").order_by("due_at", "pk")
    follow_ups = list(access.visible(rows, by, "hotline.read"))
    supervises = access.may(by, SUPERVISE, line)
    context = {
        "case": case, "line": line, "response": line.response, "key": key_context(by), "holds": holds, "opening": opening,
        "given": json.dumps(_given(case, line, holds)), "words": json.dumps(_words()), "steps": case.steps.all(),
        "follow_ups": follow_ups, "next_ones": _next(follow_ups), "is_mine": case.counsellor == by.pk, "supervises": supervises,
        "edition": rulebook.in_force("hotline", "risk", timezone.localdate()), "colleagues": queries.colleagues(line, by),
        "openings": _openings(case, by) if supervises else [], "may_ask": supervises and not holds.get("whole") and bool(queries.halves(case, by)),
        "Case": Case, "whats": Step.What.choices, "outcomes": FollowUp.Outcome.choices, "reasons": Opening.Reason.choices,
        "topics": Case.Topic.choices, "whos": Case.Who.choices, "why": openings.WHY.items(),
    }  # fmt: skip
    answer = render(request, "hotline/case.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def act(request: SignedIn, response: str, key: UUID, act: str) -> HttpResponse:
    """One thing done about a case; each action checks who may."""
    case, line = queries.find_case(key, response_or_404(request, response), request.user)
    if act not in ACTS:
        raise Http404
    plain = "application/json" in request.headers.get("Accept", "")
    try:
        said = ACTS[act](request, case, line)
    except (ValidationError, OutOfStep) as fault:
        if plain:
            return refused(fault)
        messages.error(request, "；".join(fault.messages) if isinstance(fault, ValidationError) else str(fault))
        return redirect("hotline.case", line.response.slug, case.pk)
    if said:
        messages.success(request, said)
    return JsonResponse({}) if plain else redirect("hotline.case", line.response.slug, case.pk)


def _take(request: SignedIn, case: Case, line: Line) -> str:
    cases.take(case, line, by=request.user)
    return ""


def _say(request: SignedIn, case: Case, line: Line) -> str:
    queries.require_counsellor(case, request.user)
    cases.say(case, *_sealed(request), Text.Kind.COUNSELLOR, author=request.user.pk)
    return ""


def _note(request: SignedIn, case: Case, line: Line) -> str:
    if queries.whole_box(case, request.user) is None:
        raise PermissionDenied
    cases.say(case, *_sealed(request), Text.Kind.NOTE, author=request.user.pk)
    return __("已封存。")


def _assess(request: SignedIn, case: Case, line: Line) -> str:
    sent = request.POST
    score = (
        int(sent["score"])
        if sent.get("score", "").isascii() and sent.get("score", "").isdigit() and len(sent["score"]) < 4
        else -1
    )
    flags = {name: bool(sent.get(name)) for name in ("plan", "attempt", "act")}
    care.assess(case, line, score=score, by=request.user, **flags)
    return __("已评估：%(level)s。") % {"level": case.get_level_display()}


def _step(request: SignedIn, case: Case, line: Line) -> str:
    made = care.step(case, line, request.POST.get("what", ""), by=request.user)
    return __("已记录：%(what)s。") % {"what": made.get_what_display()}


def _finish(request: SignedIn, case: Case, line: Line) -> str:
    rows = access.visible(FollowUp.objects.filter(case=case.pk), request.user, "hotline.read").select_related(
        "line", "unit", "response", "person"
    )
    follow_up: FollowUp = get_object_or_404(rows, pk=read_key(request.POST.get("follow_up", "")))
    care.finish(follow_up, request.POST.get("outcome", ""), by=request.user)
    return __("已办结。")


def _close(request: SignedIn, case: Case, line: Line) -> str:
    sent = request.POST
    cases.close(case, *_sealed(request), topic=sent.get("topic", ""), who=sent.get("who", ""), by=request.user)
    return __("已结案，结案记录已封存。")


def _share(request: SignedIn, case: Case, line: Line) -> str:
    chosen = request.POST.get("keypair", "")
    number = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else 0
    other = cases.share(case, line, number, request.POST.get("sealed", ""), by=request.user)
    if case.counsellor == request.user.pk:
        care.step(case, line, Step.What.CONSULTED, by=request.user)
    return __("已把这件个案交给%(name)s查阅。") % {"name": other.name}


def _supervise(request: SignedIn, case: Case, line: Line) -> str:
    care.supervise(case, line, *_sealed(request), by=request.user)
    return __("督导意见已封存。")


def _ask(request: SignedIn, case: Case, line: Line) -> str:
    openings.ask(case, line, request.POST.get("reason", ""), by=request.user)
    return __("已申请，等另一位督导同意；援助员已被告知。")


def _agree(request: SignedIn, case: Case, line: Line) -> str:
    openings.agree(_opening(request, case), line, request.POST.get("sealed", ""), by=request.user)
    return __("已同意，申请人现在可以查阅。")


def _refuse(request: SignedIn, case: Case, line: Line) -> str:
    openings.refuse(_opening(request, case), line, by=request.user)
    return __("未同意。")


def _erase(request: SignedIn, case: Case, line: Line) -> str:
    openings.erase(case, line, request.POST.get("why", ""), by=request.user)
    return __("钥匙和内容已销毁。")


ACTS: dict[str, Callable[[SignedIn, Case, Line], str]] = {
    "take": _take, "say": _say, "note": _note, "assess": _assess, "step": _step, "finish": _finish, "close": _close, "share": _share,
    "supervise": _supervise, "ask": _ask, "agree": _agree, "refuse": _refuse, "erase": _erase,
}  # fmt: skip


def _sealed(request: HttpRequest) -> tuple[UUID, str]:
    return read_key(request.POST.get("key", "")), request.POST.get("sealed", "")


def _opening(request: HttpRequest, case: Case) -> Opening:
    return get_object_or_404(case.openings, pk=read_key(request.POST.get("opening", "")))


def _holds(case: Case, by: Person) -> tuple[dict[str, Any], Opening | None]:
    """What this person has to open the case with: the whole key, or two halves that were brought together and still hold."""
    if box := queries.whole_box(case, by):
        return {"keypair": box.keypair_id, "public": box.keypair.public, "whole": box.sealed}, None
    hours = rulebook.in_force("hotline", "service", timezone.localdate())["opening_hours"]
    for opening in case.openings.filter(asker=by.pk, state=Opening.State.AGREED):
        half = next(
            (one for one in queries.halves(case, by) if one.partner and one.partner.person == opening.other), None
        )
        if half and opening.holds(timezone.now(), hours):
            held = {
                "keypair": half.keypair_id,
                "public": half.keypair.public,
                "half": half.sealed,
                "other": opening.sealed,
            }
            return held, opening
    pair = queries.keypair(by)
    return ({"keypair": pair.pk, "public": pair.public} if pair else {}), None


def _next(follow_ups: list[FollowUp]) -> list[FollowUp]:
    """The one of each kind that comes next: the others wait for their turn."""
    return list({one.kind: one for one in reversed(follow_ups) if one.is_open}.values())


def _openings(case: Case, by: Person) -> list[dict[str, Any]]:
    """Who asked; for the other who may agree, their half and the asker's public key."""
    mine = {half.partner.person: half for half in queries.halves(case, by) if half.partner}
    shown = []
    for one in case.openings.all():
        half = mine.get(one.asker) if one.state == Opening.State.ASKED and one.asker != by.pk else None
        asker = Keypair.objects.filter(person=one.asker, retired_at=None).first() if half else None
        shown.append({"opening": one, "half": half.sealed if half else "", "asker": asker.public if asker else ""})
    return shown


def _state(request: SignedIn, case: Case, *, readable: bool) -> HttpResponse:
    if not readable:
        raise PermissionDenied
    state: dict[str, Any] = {"version": f"{case.state}{case.version}", "label": str(case.get_state_display())}
    if request.GET.get("version") != state["version"]:
        state["texts"] = [told(one) for one in case.texts.all()]
    answer = JsonResponse(state)
    answer["Cache-Control"] = "no-store"
    return answer


def _given(case: Case, line: Line, holds: dict[str, Any]) -> dict[str, Any]:
    address = reverse("hotline.case", args=[line.response.slug, case.pk])
    return {
        "key": str(case.pk),
        "address": address,
        "live": live.address([f"hotline/case/{case.pk}"]),
        "mine": holds or None,
    }


def _words() -> dict[str, str]:
    kinds = {kind.value: str(kind.label) for kind in Text.Kind}
    return kinds | {"failed": __("没有发出去，请再试一次。"), "broken": __("（打不开：不是用这件个案的钥匙封的）")}
