"""Counting on a telephone: taps of +1, +5, +10, or numbers typed for a half hour. Works without script; with it, a tap is kept until it arrived."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_POST

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.vaccination import queries, rules
from tongzhou.modules.vaccination.actions import counting
from tongzhou.modules.vaccination.actions.sessions import FAULTS
from tongzhou.modules.vaccination.forms import TapForm, TypedForm
from tongzhou.modules.vaccination.forms.work import PLAIN, batches, called
from tongzhou.modules.vaccination.models import Batch, Session
from tongzhou.modules.vaccination.models.work import Deferral, Severity
from tongzhou.modules.vaccination.workflow import READ, WORK, BatchState, SessionState

STEPS = (1, 5, 10)  # what is rare, a reason or a reaction, goes by ones


@require_http_methods(["GET", "HEAD", "POST"])
def count(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The page with the buttons. POST is the form of typed numbers."""
    session = _session(request, response, key)
    if session.state != SessionState.OPEN:
        messages.warning(request, __("这个场次现在是“%(state)s”，不能计数。") % {"state": session.state_label()})
        return redirect(session.get_absolute_url())
    sent = request.method == "POST"
    typed = TypedForm(request.POST if sent else None, session=session, slot=_slot(session))
    if sent and typed.is_valid():
        try:
            n = counting.count(session, typed.taps(), by=request.user, reason=typed.cleaned_data["reason"])
            messages.success(request, __("已记入 %(n)d 项。") % {"n": n} if n else __("没有新的数字。"))
            return redirect(request.path)
        except (OutOfStep, ValidationError) as fault:
            typed.add_error(None, _said(fault))
    return render(request, "vaccination/count.html", _page(session, typed), status=422 if sent else 200)


@require_POST
def tap(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """One tap: a script is answered with the totals, a plain form is led back to the page."""
    session = _session(request, response, key)
    fault, form = "", TapForm(request.POST, session=session)
    try:
        if not form.is_valid():
            raise ValidationError([said for found in form.errors.values() for said in found])
        counting.count(session, [form.tap()], by=request.user, reason=form.cleaned_data["reason"])
    except (OutOfStep, ValidationError) as refused:
        fault = _said(refused)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"totals": _totals(session), "fault": fault}, status=422 if fault else 200)
    if fault:
        messages.error(request, fault)
    return redirect("vaccination.count", response, key)


def _session(request: SignedIn, response: str, key: UUID) -> Session:
    rows = Session.objects.filter(response=response_or_404(request, response)).select_related(
        "station", "unit", "response"
    )
    found = access.find(rows, request.user, READ, pk=key)
    access.require(request.user, WORK, found)
    return found


def _said(fault: Exception) -> str:
    return "；".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)


def _slot(session: Session) -> int | None:
    """The half hour of now, on the day itself."""
    now = timezone.localtime()
    return rules.slot_of(now) if session.happened_on == now.date() else None


def _page(session: Session, typed: TypedForm) -> dict[str, Any]:
    totals, slot, held = _totals(session), _slot(session), batches(session)
    rows: list[tuple[Any, list[tuple[str, Any, Any]]]] = [
        (__("到达"), [("arrived", called("arrived"), None)]),
        (
            __("预检"),
            [
                ("passed", called("passed"), None),
                *((f"deferred:{name}", __("暂缓：%(why)s") % {"why": why}, None) for name, why in Deferral.choices),
            ],
        ),
        (__("知情同意"), [("consented", called("consented"), None)]),
        (__("接种"), [(f"dose:{one.pk}", str(one), _note(session, one)) for one in held]),
        (__("留观"), [("observed", called("observed"), None), ("left_early", called("left_early"), None)]),
        (__("不良反应"), [(f"adverse:{name}", label, None) for name, label in Severity.choices]),
    ]
    shown = [
        (
            title,
            [
                (what, label, totals.get(what, 0), note, uuid4(), STEPS[: 1 if ":" in what and not note else 3])
                for what, label, note in parts
            ],
        )
        for title, parts in rows
    ]
    return {
        "session": session, "response": session.response, "rows": shown, "slot": slot, "clock": rules.clock(slot) if slot is not None else "",
        "typed": typed, "faults": [FAULTS[name] for name, _limit in rules.faults(session.totals())],
        "minutes": rulebook.in_force("vaccination", "observation", session.happened_on)["minutes"],
    }  # fmt: skip


def _note(session: Session, one: Batch) -> dict[str, Any]:
    """What stands beside a batch: how much is left, until when it may be used, and whether not at all."""
    bad = (
        one.state_label() if one.state == BatchState.HELD else __("已过期") if one.expired(session.happened_on) else ""
    )
    return {"stock": one.stock, "bad": bad, "expires": one.expires_on}


def _totals(session: Session) -> dict[str, int]:
    """By what is tapped."""
    given = {f"dose:{row['batch']}": row["doses"] for row in queries.doses_of(session)}
    parts = {f"{kind}:{detail}": n for (kind, detail), n in queries.details(session).items()}
    return {name: getattr(session, name) for name in PLAIN} | parts | given
