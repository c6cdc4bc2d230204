"""The screen at the door, and what happens when a telephone scans it."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, codes
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.meetings import actions, queries, rules
from tongzhou.modules.meetings.actions.attending import DOOR
from tongzhou.modules.meetings.models import Meeting
from tongzhou.modules.meetings.views.pages import find
from tongzhou.modules.meetings.workflow import RECORD, AttendanceState, MeetingState


@never_cache
@require_safe
def door(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The code as it is now, large, with how many have signed in. The page fetches itself anew every few seconds."""
    meeting = find(request, response, key)
    access.require(request.user, RECORD, meeting)
    if meeting.state != MeetingState.CALLED or meeting.starts_at is None:
        messages.info(request, __("签到只在会议通知发出之后、结束之前进行。"))
        return redirect(meeting.get_absolute_url())
    now = timezone.now()
    opens = rules.door_opens(meeting.starts_at, meeting.custom["opens_minutes"])
    address = settings.PUBLIC_URL + meeting.door_url(codes.at_door(meeting, DOOR, now))
    page = {
        "meeting": meeting, "response": meeting.response, "now": timezone.localtime(now), "came": queries.turnout(queries.roll(meeting)),
        "opens": timezone.localtime(opens), "is_open": now >= opens, "address": address, "drawing": codes.drawn(address),
    }  # fmt: skip
    return render(request, "meetings/door.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: SignedIn, response: str, key: UUID, code: str) -> HttpResponse:
    """One button. Who is not on the list sees the meeting's name only with a code that is on show: they stand at the door."""
    found = response_or_404(request, response)
    rows = Meeting.objects.select_related("response", "unit", "chair", "recorder")
    meeting = get_object_or_404(rows, pk=key, response=found, called_at__isnull=False)
    mine = queries.mine(meeting, request.user)
    now = timezone.now()
    if not mine and not codes.holds(meeting, DOOR, code, now):
        raise Http404
    fault = _fault(meeting, code, now) if mine else ""
    signed = [row for row in mine if row.state == AttendanceState.PRESENT]
    waiting = [row for row in mine if row.state != AttendanceState.PRESENT]
    if request.method == "POST" and waiting and not fault:
        try:
            for row in waiting:
                row.meeting = meeting
                actions.attending.sign(row, by=request.user, code=code, now=now)
            return redirect(request.path)
        except (ValidationError, OutOfStep) as refused:
            fault = "；".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
    page = {
        "meeting": meeting,
        "response": found,
        "signed": signed,
        "waiting": waiting,
        "listed": bool(mine),
        "fault": fault,
    }
    return render(request, "meetings/sign.html", page, status=422 if request.method == "POST" else 200)


def _fault(meeting: Meeting, code: str, now: datetime) -> str:
    """Why nobody can sign in with this code now, and what to do; "" if they can."""
    try:
        actions.attending.may_sign(meeting, code, now)
    except ValidationError as refused:
        return "；".join(refused.messages)
    return ""
