"""Writing the minutes on one page, and the minutes as an official paper."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, paper
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.meetings import actions, forms, queries
from tongzhou.modules.meetings.models import Meeting
from tongzhou.modules.meetings.views import WRITTEN, papers
from tongzhou.modules.meetings.views.pages import find
from tongzhou.modules.meetings.workflow import RECORD, MeetingState

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FINISHED = (MeetingState.HELD, MeetingState.SUBMITTED, MeetingState.APPROVED)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """What was said to each item, and the decisions."""
    meeting = find(request, response, key)
    access.require(request.user, RECORD, meeting)
    if meeting.state not in WRITTEN or meeting.is_reported:
        messages.info(request, __("现在不能写纪要：纪要在会议开始之后、提交审定之前写。"))
        return redirect(meeting.get_absolute_url())
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None and "more_lines" in sent:
        sent["lines-TOTAL_FORMS"] = str(_count(sent.get("lines-TOTAL_FORMS", "")) + 3)
    form = forms.MinutesForm(sent, meeting=meeting)
    rows = forms.decisions(sent, meeting, request.user, extra=1 if meeting.decisions.exists() else 2)
    saving = sent is not None and "more_lines" not in sent
    if saving and all([form.is_valid(), rows.is_valid()]) and _kept(request, meeting, form, rows):
        return redirect(meeting.get_absolute_url())
    page = {"meeting": meeting, "response": meeting.response, "form": form, "lines": rows, "version": meeting.version}
    return render(request, "meetings/minutes.html", page, status=422 if saving else 200)


@require_safe
def pdf(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    try:
        return _printed(request, response, key, paper.pdf, "pdf", "application/pdf")
    except paper.NoFont as fault:
        messages.error(request, str(fault))
        return redirect(find(request, response, key).get_absolute_url())


@require_safe
def docx(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    return _printed(request, response, key, paper.docx, "docx", DOCX)


def _kept(request: SignedIn, meeting: Meeting, form: forms.MinutesForm, rows: Any) -> bool:
    try:
        meeting.version = forms.sitting.seen_version(request.POST.get("version", ""))
        data = form.cleaned_data
        actions.minutes.write(
            meeting,
            by=request.user,
            said=form.said(),
            opening=data["opening"],
            internal=data["internal"],
            decisions=rows.rows(),
        )
    except OutOfStep:
        meeting.refresh_from_db(fields=["version"])
        form.add_error(
            None, __("您打开页面之后，他人改动了这次会议。您填写的内容都在下面；核对后再次保存即以您的为准。")
        )
    except ValidationError as fault:
        form.add_error(None, fault.messages)
    else:
        messages.success(request, __("纪要已保存。"))
        return True
    return False


def _printed(
    request: SignedIn, response: str, key: UUID, make: Callable[..., bytes], ending: str, media: str
) -> HttpResponse:
    meeting = find(request, response, key)
    if meeting.state not in FINISHED or meeting.is_reported or not queries.reads_minutes(meeting, request.user):
        raise Http404
    made = make(papers.minutes(meeting, list(queries.roll(meeting))), base=settings.PUBLIC_URL)
    answer = HttpResponse(made, content_type=media)
    day = timezone.localtime(meeting.starts_at).date() if meeting.starts_at else meeting.happened_on
    answer["Content-Disposition"] = f'inline; filename="minutes-{day}.{ending}"'
    return answer


def _count(text: str) -> int:
    return int(text) if len(text) < 4 and text.isascii() and text.isdigit() else 0
