"""Pages beyond the lists: one's own part, the answer on one screen, the list of a meeting, papers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, attachments
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Person
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.meetings import actions, forms, queries
from tongzhou.modules.meetings.actions.calling import PAPER
from tongzhou.modules.meetings.actions.telling import reachable
from tongzhou.modules.meetings.models import Attendance, Meeting
from tongzhou.modules.meetings.views import attendances, meetings
from tongzhou.modules.meetings.workflow import OPEN, READ, RECORD, AttendanceState, MeetingState


@require_safe
def mine(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Where a notice leads: to the person's own answer while there is one to give, else to the meeting."""
    meeting = find(request, response, key)
    own = queries.mine(meeting, request.user)
    if own and meeting.state == MeetingState.CALLED:
        return redirect(own[0].answer_url())
    return redirect(meeting.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The notice and the answer to it on one screen: of the invited person, or put down for them by whoever keeps the list."""
    row: Attendance = access.find(attendances.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if row.person is None:
        raise Http404
    by: Person = request.user
    own = by.pk == row.person_id
    may = row.meeting.state == MeetingState.CALLED and (own or access.may(by, RECORD, row))
    may = may and row.state in OPEN
    sent = request.POST if request.method == "POST" else None
    form = forms.AnswerForm(sent, by=by, initial={"answer": _answered(row), "proxy": row.proxy})
    if sent is not None and not may:
        raise PermissionDenied(__("现在不能答复：只能由本人或记录人在会议结束之前答复。"))
    if sent is not None and form.is_valid():
        try:
            _say(row, form.cleaned_data, by)
            messages.success(request, __("已答复，谢谢。会议开始之前都可以修改。"))
            return redirect(row.answer_url())
        except ValidationError as fault:
            form.add_error(None, fault)  # beside the field it names, or on top
        except OutOfStep as fault:
            form.add_error(None, str(fault))
    page = {
        "row": row, "meeting": row.meeting, "response": row.response, "form": form, "may": may, "own": own,
        "may_name": bool(access.reach(by, "people.name")), "items": list(row.meeting.items.all()),
        "papers": list(attachments.of(row.meeting, PAPER)),
    }  # fmt: skip
    return render(request, "meetings/answer.html", page, status=422 if sent is not None else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The list of a meeting, for whoever keeps it. POST puts down those who signed on paper."""
    meeting = find(request, response, key)
    if not access.may(request.user, READ, meeting) or meeting.is_reported:
        raise Http404
    if request.method == "POST":
        access.require(request.user, RECORD, meeting)
        _mark(request, meeting)
        return redirect("meetings.roll", response, meeting.pk)
    rows = list(queries.roll(meeting))
    for row in rows:
        row.meeting = meeting
    page = {
        "meeting": meeting, "response": meeting.response, "rows": rows, "came": queries.turnout(rows),
        "may_record": access.may(request.user, RECORD, meeting), "admission": forms.Admission(by=request.user),
        "is_open": meeting.state in {MeetingState.CALLED, MeetingState.HELD}, "is_called": meeting.state == MeetingState.CALLED,
        "unreached": [row for row in rows if row.state == AttendanceState.INVITED and not reachable(row.person)],
    }  # fmt: skip
    return render(request, "meetings/roll.html", page)


@require_safe
def sheet(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The list as paper, to be signed by hand, or with the times at which people signed."""
    meeting = find(request, response, key)
    if not access.may(request.user, READ, meeting) or meeting.is_reported:
        raise Http404
    rows = list(queries.roll(meeting))
    for row in rows:
        row.meeting = meeting
    page = {
        "meeting": meeting,
        "response": meeting.response,
        "rows": rows,
        "spare": range(5),
        "now": timezone.localtime(),
    }
    return render(request, "meetings/sheet.html", page)


@require_POST
def chase(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Remind whoever has not answered."""
    meeting = find(request, response, key)
    try:
        sent, before, unreached = actions.calling.chase(meeting, by=request.user)
    except OutOfStep as fault:
        messages.error(request, str(fault))
        return redirect(meeting.get_absolute_url())
    messages.success(request, __("已提醒 %(n)d 人。") % {"n": sent})
    if before:
        messages.info(request, __("%(n)d 人今天已经提醒过，未重复提醒。") % {"n": before})
    if unreached:
        messages.warning(request, __("%(n)d 人没有账号和邮箱，请当面或电话告知。") % {"n": unreached})
    return redirect("meetings.roll", response, meeting.pk)


@require_POST
def admit(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Let somebody in who was not invited."""
    meeting = find(request, response, key)
    access.require(request.user, RECORD, meeting)
    form = forms.Admission(request.POST, by=request.user)
    if form.is_valid():
        try:
            data = form.cleaned_data
            row = actions.attending.admit(meeting, data["person"], by=request.user, note=data["note"])
            messages.success(request, __("已登记：%(name)s 列席。") % {"name": row.who})
        except (OutOfStep, ValidationError) as fault:
            _complain(request, fault)
    else:
        for said in [text for found in form.errors.values() for text in found]:
            messages.error(request, str(said))
    return redirect("meetings.roll", response, meeting.pk)


@require_POST
def withdraw(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Take somebody off the list."""
    row: Attendance = access.find(attendances.rows(response_or_404(request, response)), request.user, READ, pk=key)
    try:
        actions.calling.withdraw(row, by=request.user)
        messages.success(request, __("已从名单上去掉：%(name)s。") % {"name": row.who})
    except (OutOfStep, ValidationError) as fault:
        _complain(request, fault)
    return redirect("meetings.roll", response, row.meeting_id)


@require_POST
def papers(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Add a document to the notice."""
    meeting = find(request, response, key)
    access.require(request.user, RECORD, meeting)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise ValidationError(__("请选择文件。"))
        actions.calling.add_paper(meeting, sent, by=request.user)
        messages.success(request, __("已附上“%(name)s”。") % {"name": sent.name})
    except (OutOfStep, ValidationError) as fault:
        _complain(request, fault)
    return redirect(meeting.get_absolute_url())


def find(request: SignedIn, response: str, key: UUID) -> Meeting:
    found: Meeting = access.find(meetings.rows(response_or_404(request, response)), request.user, READ, pk=key)
    return found


def _say(row: Attendance, data: dict[str, Any], by: Person) -> None:
    if data["answer"] == "confirm":
        actions.attending.confirm(row, by=by)
    elif data["answer"] == "delegate":
        actions.attending.delegate(row, by=by, proxy=data["proxy"])
    else:
        actions.attending.decline(row, by=by, note=data["reason"])


def _answered(row: Attendance) -> str:
    """What was answered so far, as the form has it."""
    told = {AttendanceState.COMING: "confirm", AttendanceState.PROXY: "delegate", AttendanceState.DECLINED: "decline"}
    return told.get(AttendanceState(row.state), "")


def _mark(request: SignedIn, meeting: Meeting) -> None:
    note, keys = (
        request.POST.get("note", "").strip(),
        [key for key in request.POST.getlist("keys")[:500] if _is_key(key)],
    )
    if not keys or not note:
        messages.error(request, __("请勾选到会的人，并写明为何不是扫码签到，例如“纸质签到”。"))
        return
    try:
        n = actions.attending.mark_many(meeting, keys, by=request.user, note=note[:200])
        messages.success(request, __("已登记 %(n)d 人到会。") % {"n": n})
    except (OutOfStep, ValidationError) as fault:
        _complain(request, fault)


def _complain(request: SignedIn, fault: Exception) -> None:
    for said in fault.messages if isinstance(fault, ValidationError) else [str(fault)]:
        messages.error(request, said)


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
