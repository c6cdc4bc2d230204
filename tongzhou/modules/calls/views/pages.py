"""Pages beyond the lists: answering on one screen, the tree of progress, chasing, handing a promise over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import slug_re
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, handoff
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Unit
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.calls import actions, forms, queries, rules
from tongzhou.modules.calls.models import Call, Reply, Requirement
from tongzhou.modules.calls.views import calls, has_promise, may_answer, replies
from tongzhou.modules.calls.workflow import FOLLOW, READ, CallState, ReplyState


@require_safe
def mine(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Where a notice leads: to the person's own reply, or for those who only watch, to the progress."""
    call = _call(request, response, key)
    own = call.replies.filter(person=request.user).select_related("response").first()
    if own:
        return redirect(own.answer_url())
    return redirect("calls.progress", call.response.slug, call.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The call and the answer to each requirement. For the addressee, opening it is reading it."""
    reply = access.find(replies.rows(response_or_404(request, response)), request.user, READ, pk=key)
    whom = may_answer(reply, request.user)
    if not whom:
        return redirect(reply.get_absolute_url())
    sent = request.POST if request.method == "POST" else None
    said, knowing = forms.answers(reply, sent), forms.Knowing(sent) if whom == "other" else None
    faults: list[str] = []
    if request.method == "GET":
        reply = _opened(reply, request.user)
    elif sent is not None and _valid(said, knowing):
        try:
            rows = [form.answer() for form in said]
            if knowing:
                actions.register(reply, by=request.user, answers=rows, known=knowing.cleaned_data["known"])
            else:
                actions.answer(reply, by=request.user, answers=rows)
            messages.success(request, __("已登记答复，谢谢。倡议结束之前都可以修改。"))
            return redirect(reply.get_absolute_url())
        except OutOfStep as fault:
            faults = [str(fault)]
        except ValidationError as fault:
            faults = fault.messages
    context = {
        "reply": reply,
        "call": reply.call,
        "response": reply.response,
        "said": said,
        "knowing": knowing,
        "faults": faults,
    }
    return render(request, "calls/answer.html", context, status=422 if sent else 200)


@require_POST
def follow_up(request: SignedIn, response: str, key: UUID, kind: str) -> HttpResponse:
    """Let the room that takes this kind of promise have this one."""
    reply = access.find(replies.rows(response_or_404(request, response)), request.user, READ, pk=key)
    known = kind in Requirement.FollowUp.values and has_promise(reply, Requirement.FollowUp(kind))
    if not known or handoff.accepted(kind) is None:
        raise Http404
    return redirect(actions.follow_up(reply, kind, by=request.user).get_absolute_url())


@require_safe
def progress(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The tree of units, each opened down to the person. `unit` names the one whose members are listed."""
    call = _call(request, response, key)
    if not access.reach(request.user, READ) or call.state not in (CallState.ISSUED, CallState.CLOSED):
        raise Http404
    opened = _unit(request, READ, request.GET.get("unit"))
    page: dict[str, Any] = {
        "call": call,
        "response": call.response,
        "opened": opened,
        "names_shown": queries.NAMES_SHOWN,
    }
    if opened:
        page["members"] = queries.members(call, request.user, opened)
        if request.headers.get("HX-Request"):
            return render(request, "calls/members.html", page)
    branches = queries.progress(call, request.user, timezone.localdate())
    total = _total(branches)
    page |= {
        "branches": branches,
        "total": total,
        "tiles": _tiles(total),
        "may_chase_all": access.may(request.user, FOLLOW, call) and call.is_open,
    }
    return render(request, "calls/progress.html", page)


@require_POST
def chase(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Remind whoever is missing, in one unit or in all of the call."""
    call = _call(request, response, key)
    unit = _unit(request, FOLLOW, request.POST.get("unit"))
    try:
        sent, before, unreached = actions.chase(call, by=request.user, unit=unit)
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
    else:
        messages.success(request, __("已提醒 %(n)d 人。") % {"n": sent})
        if before:
            messages.info(request, __("%(n)d 人今天已经提醒过，未重复提醒。") % {"n": before})
        if unreached:
            messages.warning(request, __("%(n)d 人没有账号和邮箱，请当面或电话告知。") % {"n": unreached})
    back = reverse("calls.progress", args=[call.response.slug, call.pk])
    return redirect(f"{back}?unit={unit.code}" if unit else back)


def _call(request: SignedIn, response: str, key: UUID) -> Call:
    found: Call = access.find(calls.rows(response_or_404(request, response)), request.user, READ, pk=key)
    return found


def _unit(request: SignedIn, capability: str, code: str | None) -> Unit | None:
    """The unit that was named, if any; one out of reach is not found, and what is no code is not asked of the database."""
    if not code:
        return None
    return get_object_or_404(access.units(request.user, capability), code=code if slug_re.match(code) else "")


def _opened(reply: Reply, by: Any) -> Reply:
    """A reply that someone else moved on in this very moment is shown as it now is."""
    try:
        return actions.opened(reply, by=by)
    except OutOfStep:
        reply.refresh_from_db()
        return reply


def _valid(said: list[forms.OneAnswer], knowing: forms.Knowing | None) -> bool:
    """Every form is checked, so that all faults are shown at once."""
    faulty = [form for form in [*said, knowing] if form is not None and not form.is_valid()]
    return not faulty


def _tiles(total: rules.Count) -> list[tuple[Any, int]]:
    """How many members in all, and in each state that a member can be in."""
    states = [state for state in ReplyState if state != ReplyState.SETTLED]
    return [(__("应答复"), total.called), *((state.label, getattr(total, state.value)) for state in states)]


def _total(branches: list[queries.Branch]) -> rules.Count:
    return sum((branch.node.total for branch in branches), rules.Count())
