"""The screen at the place, and what happens when a telephone scans it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, codes
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.volunteering import actions, queries
from tongzhou.modules.volunteering.actions.doors import DOOR
from tongzhou.modules.volunteering.models import Activity
from tongzhou.modules.volunteering.models.signup import LOST
from tongzhou.modules.volunteering.views.pages import run_by
from tongzhou.modules.volunteering.workflow import COMING, ActivityState, SignupState


@never_cache
@require_safe
def door(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The code as it is now, large, with who is there. Only whoever runs the activity opens it."""
    activity = run_by(request, response, key)
    if activity.state != ActivityState.OPEN:
        messages.info(request, __("签到只在招募之后、活动结束之前进行。"))
        return redirect(activity.get_absolute_url())
    now = timezone.now()
    address = f"{settings.PUBLIC_URL}{activity.url('sign')}?code={codes.at_door(activity, DOOR, now)}"
    rows = queries.roll(activity)
    page = {
        "activity": activity, "response": activity.response, "drawn": codes.drawn(address), "address": address, "now": timezone.localtime(now),
        "on": sum(row.state == SignupState.ON for row in rows), "expected": sum(row.state in COMING for row in rows),
        "warnings": queries.warnings(activity),
    }  # fmt: skip
    return render(request, "volunteering/door.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """One button: in, or out. Opening it signs nobody in. Who has not signed up sees nothing of the activity they could not see before."""
    found = response_or_404(request, response)
    rows = Activity.objects.select_related("response", "unit", "organiser")
    activity = get_object_or_404(rows, pk=key, response=found)
    own = activity.signups.filter(person=request.user).exclude(state__in=LOST)
    row = own.select_related("person", "unit", "response", "post").first()
    now, code = timezone.now(), request.POST.get("code") or request.GET.get("code", "")
    fresh = code.isascii() and codes.holds(activity, DOOR, code, now)
    fault = ""
    if row is not None:
        row.activity = activity
        if request.method == "POST":
            try:
                done = actions.doors.sign(row, by=request.user, code=code if code.isascii() else "", now=now)
                if done.state == SignupState.ON:
                    messages.success(request, __("已签到，辛苦了。离开时请再扫码签退。"))
                else:
                    messages.success(request, __("已签退，服务 %(hours)s，等现场负责人确认。") % {"hours": done.hours})
                return redirect("volunteering.mine", response)
            except (ValidationError, OutOfStep, PermissionDenied) as refused:
                fault = "；".join(getattr(refused, "messages", [str(refused)]))
        elif row.state == SignupState.SIGNED:
            fault = _fault(row, now)
    seen = (
        row is not None or access.visible(Activity.objects.filter(pk=key), request.user, "volunteering.read").exists()
    )
    page = {
        "activity": activity if seen else None, "response": found, "row": row, "code": code, "fresh": fresh, "fault": fault,
        "may_join": seen and activity.state == ActivityState.OPEN,
    }  # fmt: skip
    return render(request, "volunteering/sign.html", page, status=422 if request.method == "POST" else 200)


def _fault(row: Any, now: Any) -> str:
    try:
        actions.doors.may_begin(row, now)
    except ValidationError as refused:
        return "；".join(refused.messages)
    return ""
