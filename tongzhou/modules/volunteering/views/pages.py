"""For whoever runs an activity: its list with hours to confirm, signing up on somebody's word, asking people, a sheet for paper."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.volunteering import actions, forms, queries, rules
from tongzhou.modules.volunteering.models import Activity, Volunteer
from tongzhou.modules.volunteering.views import activities
from tongzhou.modules.volunteering.workflow import READ, RUN, ActivityState, SignupState

MOST, SPARE = 500, 6


@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The list. POST confirms the hours of those who are ticked, or puts down that they were trained."""
    activity = _read_by(request, response, key)
    runs = access.may(request.user, RUN, activity)
    if request.method == "POST":
        access.require(request.user, RUN, activity)
        _done(request, activity)
        return redirect(activity.url("roll"))
    rows = queries.roll(activity)
    page = {
        "activity": activity, "response": activity.response, "rows": rows, "runs": runs, "posts": list(activity.posts.all()),
        "confirms": [row for row in rows if row.state == SignupState.LEFT and row.person_id != request.user.pk] if runs else [],
        "trains": [row for row in rows if row.state == SignupState.SIGNED and not row.trained_at and row.person_id != request.user.pk]
        if runs and activity.training else [],
        "form": forms.OnWordForm(activity=activity, by=request.user) if runs and activity.state == ActivityState.OPEN else None,
    }  # fmt: skip
    return render(request, "volunteering/roll.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def on_word(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Put down somebody who offered by telephone or in person."""
    activity = run_by(request, response, key)
    sent = request.method == "POST"
    form = forms.OnWordForm(request.POST if sent else None, activity=activity, by=request.user)
    if sent and form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.joining.join(activity, data["post"], data["person"], by=request.user, on_word=data["on_word"])
            messages.success(
                request, __("已登记：%(name)s，%(state)s。") % {"name": row.who, "state": row.state_label()}
            )
            return redirect(activity.url("roll"))
        except ValidationError as fault:
            forms.refuse(fault, form)
        except PermissionDenied as fault:
            form.add_error(None, str(fault))
    page = {"activity": activity, "response": activity.response, "form": form}
    return render(request, "volunteering/on_word.html", page, status=422 if sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Volunteers who are free then, those with the skills looked for first. To be asked obliges to nothing."""
    activity = run_by(request, response, key)
    if activity.state != ActivityState.OPEN or not access.reach(request.user, READ):
        raise Http404
    found = queries.suited(activity, request.user)
    if request.method == "POST":
        wanted = set(request.POST.getlist("keys")[:MOST])
        people = [one.person for one in found if str(one.pk) in wanted]
        try:
            sent = actions.activities.invite(activity, people, by=request.user)
            messages.success(request, __("已邀请 %(n)d 人。参加与否由本人决定，不必催促。") % {"n": sent})
        except OutOfStep as fault:
            messages.error(request, str(fault))
        return redirect(activity.get_absolute_url())
    rows: list[tuple[Volunteer, str]] = [(one, queries.fits(one, activity)) for one in found]
    page = {"activity": activity, "response": activity.response, "rows": rows}
    return render(request, "volunteering/invite.html", page)


@require_safe
def sheet(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The list as paper, to be signed by hand where the network fails."""
    activity = _read_by(request, response, key)
    page = {
        "activity": activity, "response": activity.response, "rows": queries.roll(activity), "spare": range(SPARE), "now": timezone.localtime(),
    }  # fmt: skip
    return render(request, "volunteering/sheet.html", page)


def run_by(request: SignedIn, response: str, key: UUID) -> Activity:
    activity = _seen(request, response, key)
    access.require(request.user, RUN, activity)
    return activity


def _read_by(request: SignedIn, response: str, key: UUID) -> Activity:
    """Names are for whoever reads the room or runs the activity; for others who may sign up the list is not there."""
    activity = _seen(request, response, key)
    if activity.is_reported or not (
        access.may(request.user, READ, activity) or access.may(request.user, RUN, activity)
    ):
        raise Http404
    return activity


def _seen(request: SignedIn, response: str, key: UUID) -> Activity:
    found: Activity = access.find(activities.rows(response_or_404(request, response)), request.user, READ, pk=key)
    return found


def _done(request: SignedIn, activity: Activity) -> None:
    keys = [key for key in map(_key, request.POST.getlist("keys")[:MOST]) if key]
    try:
        if "train" in request.POST:
            n = _trained(activity, keys, request.user)
            messages.success(request, __("已登记 %(n)d 人接受培训。") % {"n": n})
            return
        given = {key: _minutes(request.POST.get(f"minutes-{key}", "")) for key in keys}
        n = actions.hours.confirm_many(
            activity, given, by=request.user, note=request.POST.get("note", "").strip()[:300]
        )
        if n:
            messages.success(request, __("已确认 %(n)d 人的服务时长。") % {"n": n})
        else:
            messages.warning(request, __("请先勾选。"))
    except (ValidationError, OutOfStep) as fault:
        for said in getattr(fault, "messages", [str(fault)]):
            messages.error(request, said)


def _trained(activity: Activity, keys: list[UUID], by: Any) -> int:
    rows = activity.signups.filter(pk__in=keys, state=SignupState.SIGNED, trained_at=None).exclude(person=by)
    found = list(rows.select_related("person", "unit", "response"))
    for row in found:
        row.activity = activity
        actions.doors.train(row, by=by)
    return len(found)


def _minutes(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else rules.MOST_MINUTES + 1


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
