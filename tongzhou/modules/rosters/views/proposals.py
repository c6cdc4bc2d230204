"""Asking for a proposal, watching it being worked out, taking it or leaving it; and putting people on shifts by hand."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.http import require_POST, require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.rosters import actions, forms, queries
from tongzhou.modules.rosters.models import Proposal, Shift
from tongzhou.modules.rosters.views import shifts
from tongzhou.modules.rosters.views.calendar import find
from tongzhou.modules.rosters.workflow import PLAN, READ, RosterState


@require_safe
def page(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The latest proposal. While it is worked out htmx asks for the part again every other second; without script, the reader does."""
    roster = _roster(request, response, key)
    found = roster.proposals.exclude(state=Proposal.State.DROPPED).first()
    shown: dict[str, Any] = {"roster": roster, "response": roster.response, "proposal": found, "key": uuid4()}
    shown["may_propose"] = roster.state == RosterState.PROPOSED and not (found and found.is_under_way)
    if found and found.result:
        shown |= {"result": found.result, "unmet": _unmet(found), "percent": round(found.result["gap"] * 100, 1)}
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    answer = render(request, "rosters/proposal.html#state" if partial else "rosters/proposal.html", shown)
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


@require_POST
def propose(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The key is made with the page, so that pressing twice asks once."""
    roster = _roster(request, response, key)
    try:
        actions.planning.propose(roster, by=request.user, key=_key(request.POST.get("key")))
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
    return redirect("rosters.proposal", response, roster.pk)


@require_POST
def decide(request: SignedIn, response: str, key: UUID, what: str) -> HttpResponse:
    """stop, adopt or drop the proposal that the page showed."""
    roster = _roster(request, response, key)
    proposal = (
        roster.proposals.filter(pk=_key(request.POST.get("proposal")))
        .select_related("roster__unit", "roster__response")
        .first()
    )
    if proposal is None or what not in {"stop", "adopt", "drop"}:
        raise Http404
    try:
        if what == "stop":
            actions.planning.stop(proposal, by=request.user)
        elif what == "drop":
            actions.planning.drop(proposal, by=request.user)
        else:
            actions.planning.adopt(proposal, by=request.user)
            messages.success(request, __("已采用方案。可以在日历上继续调整，然后公布。"))
            return redirect("rosters.calendar", response, roster.pk)
    except (ValidationError, OutOfStep) as fault:
        messages.error(request, "；".join(fault.messages) if isinstance(fault, ValidationError) else str(fault))
    return redirect("rosters.proposal", response, roster.pk)


@require_POST
def put(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Somebody for a shift, as the page of the shift offers or by name."""
    shift: Shift = access.find(shifts.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if not access.may(request.user, PLAN, shift):
        raise PermissionDenied(access.explain(request.user, PLAN, shift))
    form = forms.PutForm(request.POST, by=request.user)
    if form.is_valid():
        person = form.cleaned_data["person"]
        try:
            actions.duties.put(shift, person, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, __("已安排%(person)s值班。") % {"person": person})
        except ValidationError as fault:
            messages.error(request, "；".join(fault.messages))
    else:
        messages.error(request, "；".join(str(said) for found in form.errors.values() for said in found))
    return redirect(shift.get_absolute_url())


def _roster(request: SignedIn, response: str, key: UUID) -> Any:
    """Only for whoever plans here: what is not decided yet is nobody else's."""
    roster = find(request, response, key)
    if not access.may(request.user, PLAN, roster):
        raise PermissionDenied(access.explain(request.user, PLAN, roster))
    return roster


def _unmet(proposal: Proposal) -> list[tuple[Shift, str]]:
    rows = {str(one.pk): one for one in proposal.roster.shifts.select_related("post", "response")}
    return [(rows[one["shift"]], queries.unmet_in_words(one, rows[one["shift"]])) for one in proposal.result["unmet"]]


def _key(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()
