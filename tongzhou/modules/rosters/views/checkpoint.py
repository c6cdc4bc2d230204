"""The helper of a checkpoint: what is seen, what is done with it by which edition of the table, and one tap that counts it."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as __
from django.views.decorators.http import require_POST, require_safe

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.rosters import actions, forms, rules
from tongzhou.modules.rosters.models import Shift, Tap
from tongzhou.modules.rosters.views import shifts
from tongzhou.modules.rosters.workflow import LOG, READ, ShiftState


@require_safe
def helper(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The answers are in the address and nowhere else: asking keeps nothing. `day` asks by the table of another day."""
    shift = _shift(request, response, key)
    day = _day(request.GET.get("day", "")) or shift.happened_on
    asked = any(name in request.GET for name in forms.Sighting.base_fields)
    form = forms.Sighting(request.GET if asked else None)
    shown: dict[str, Any] = {
        "shift": shift, "response": shift.response, "form": form, "day": day, "replayed": day != shift.happened_on,
        "may_log": access.may(request.user, LOG, shift) and shift.state == ShiftState.PLANNED, "key": uuid4(), "undo_key": uuid4(),
        "counts": [(kind, label, getattr(shift, kind)) for kind, label in Tap.Kind.choices], "vehicle_key": uuid4(),
        "letter_form": forms.LetterForm(), "letters": list(shift.letters.all()[:10]), "last": shift.taps.filter(by=request.user).first(),
    }  # fmt: skip
    try:
        shown["edition"] = edition = rulebook.in_force("rosters", "checkpoint", day)
    except rulebook.NoRule as none:
        shown["no_rule"] = str(none)
    else:
        if asked and form.is_valid():
            decided = rules.decide(edition["rows"], form.seen(edition["fever_line"]))
            if decided:
                shown |= {
                    "verdict": decided[0],
                    "row": decided[1],
                    "words": rulebook.rule("rosters", "checkpoint").word(decided[0]),
                }
    return render(request, "rosters/helper.html", shown)


@require_POST
def tap(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """One more, or one less. The key comes with the page that was tapped."""
    shift = _shift(request, response, key)
    if not access.may(request.user, LOG, shift):
        raise PermissionDenied(access.explain(request.user, LOG, shift))
    kind, number = request.POST.get("kind", ""), -1 if request.POST.get("number") == "-1" else 1
    try:
        actions.checkpoints.tap(shift, by=request.user, kind=kind, key=_key(request.POST.get("key")), number=number)
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
    return redirect("rosters.helper", response, shift.pk)


@require_POST
def letter(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    shift = _shift(request, response, key)
    if not access.may(request.user, LOG, shift):
        raise PermissionDenied(access.explain(request.user, LOG, shift))
    form = forms.LetterForm(request.POST)
    if form.is_valid():
        try:
            actions.checkpoints.sign_letter(
                shift, by=request.user, key=_key(request.POST.get("key")), **form.cleaned_data
            )
            messages.success(request, __("已登记，按接收人数计入“凭承诺书放行”。"))
        except ValidationError as fault:
            messages.error(request, "；".join(fault.messages))
    else:
        messages.error(request, "；".join(str(said) for found in form.errors.values() for said in found))
    return redirect("rosters.helper", response, shift.pk)


def _shift(request: SignedIn, response: str, key: UUID) -> Shift:
    """A shift of a checkpoint in reach, or one that the person stands."""
    found: Shift = access.find(shifts.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if not found.post.is_checkpoint:
        raise Http404
    return found


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _key(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Http404 from None
