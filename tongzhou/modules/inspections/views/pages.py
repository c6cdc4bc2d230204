"""Pages beyond the lists: the route of a round, one place on one screen, coverage, the four lists, repeat offenders, papers."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, maps, paper, sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.inspections import actions, queries
from tongzhou.modules.inspections.models import Finding, Round, Visit
from tongzhou.modules.inspections.views import device, findings, papers, rounds
from tongzhou.modules.inspections.workflow import INSPECT, READ, RoundState

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TONES: dict[str, maps.Tone] = {"": "wait", "inspected": "good", "refused": "bad", "shut": "off"}


@require_safe
def route(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The person's places of the round in the order of the way; `from` begins at one of them."""
    round = walked(request, response, key)
    page = device.stops_context(request, round)
    shapes = maps.outlines(
        one.unit for one in round.assignments.select_related("unit") if one.person_id == request.user.pk
    )
    marks = [
        maps.Place(call.place.lat, call.place.lon, call.place, TONES[call.result], address, number)
        for number, call, address in page["stops"]
        if call.place.lat is not None and call.place.lon is not None
    ]
    page |= {
        "map": maps.Map(__("检查路线"), shapes if marks else (), marks, route=True),
        "round": round,
        "response": round.response,
    }
    return render(request, "inspections/route.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: SignedIn, response: str, key: UUID, place: UUID) -> HttpResponse:
    """One place on one screen, for a browser that is online; a device sends the same fields to `device.sync`."""
    round = walked(request, response, key)
    stop = device.stop_or_404(round, place)
    sent = request.method == "POST"
    form = device.form_of(
        round, stop.place, request.user, request.POST if sent else None, request.FILES if sent else None
    )
    if sent and form.is_valid():
        made = Visit(
            pk=device.key_of(request.POST.get("key")) or uuid4(), round=round, place=stop.place, **form.visit_fields()
        )
        try:
            made, new = actions.visits.file(made, by=request.user, **form.report())
            messages.success(request, __("已登记检查。") if new else __("这次检查先前已登记，未重复登记。"))
            return redirect(round.route_url())
        except ValidationError as fault:
            form.add_error(None, fault)
    before = round.visits.filter(place=stop.place, state="made").select_related("response").first()
    page = {
        "round": round,
        "response": round.response,
        "place": stop.place,
        "form": form,
        "key": request.POST.get("key") or uuid4(),
        "before": before,
    }
    return render(request, "inspections/visiting.html", page, status=422 if sent else 200)


@require_safe
def coverage(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Which places were visited, and which nobody went to."""
    round = read(request, response, key)
    found = queries.calls(round)
    page = {
        "round": round, "response": round.response, "cover": queries.cover(found), "streets": queries.by_street(found),
        "types": queries.by_type(found), "left": [call for call in found if not call.visit], "found": found,
    }  # fmt: skip
    return render(request, "inspections/coverage.html", page)


@require_safe
def coverage_excel(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    round = read(request, response, key)
    columns = [
        sheets.Column("street", __("街道（社区）")), sheets.Column("type", __("类型")), sheets.Column("place", __("场所")),
        sheets.Column("people", __("检查人")), sheets.Column("result", __("结果")), sheets.Column("when", __("时间")),
    ]  # fmt: skip
    rows = [
        {
            "street": str(call.place.unit), "type": str(call.place.get_type_display()), "place": call.place.name,
            "people": "、".join(str(one) for one in call.people),
            "result": str(call.visit.get_result_display()) if call.visit else __("未到"),
            "when": moment(call.visit.ended_at) if call.visit else "",
        }
        for call in queries.calls(round)
    ]  # fmt: skip
    return _file(sheets.write(__("检查覆盖"), columns, rows, note=str(round)), XLSX, "coverage.xlsx")


@require_safe
def lists(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The lists of problems, tasks, responsibilities and deadlines."""
    round = read(request, response, key)
    rows = list(queries.of_round(round, request.user))
    page = {"round": round, "response": round.response, "lists": papers.lists(rows), "count": len(rows)}
    return render(request, "inspections/lists.html", page)


@require_safe
def lists_file(request: SignedIn, response: str, key: UUID, kind: str) -> HttpResponse:
    round = read(request, response, key)
    rows = list(queries.of_round(round, request.user))
    if kind != "xlsx":
        return _paper(request, papers.four_lists(round, rows), kind, "lists")
    parts = papers.lists(rows)
    columns, cells = [], [dict[str, Any]() for _row in rows]
    for part, (_title, header, _widths, lines) in enumerate(parts):
        for at, label in enumerate(header):
            if part and at < 2:  # number and place stand in the first list
                continue
            columns.append(sheets.Column(f"c{part}{at}", label, width=18))
            for cell, line in zip(cells, lines, strict=True):
                cell[f"c{part}{at}"] = line[at]
    return _file(sheets.write(__("四张清单"), columns, cells, note=str(round)), XLSX, "lists.xlsx")


@require_safe
def repeats(request: SignedIn, response: str) -> HttpResponse:
    """Places at which the same was found twice or more, as far as the person reaches."""
    found = response_or_404(request, response)
    if not access.reach(request.user, READ):
        raise Http404
    return render(
        request, "inspections/repeats.html", {"response": found, "repeats": queries.repeats(found, request.user)}
    )


@require_safe
def notice(request: SignedIn, response: str, key: UUID, kind: str) -> HttpResponse:
    """The notice this finding stands in, with all that the same visit gave notice of."""
    finding: Finding = access.find(findings.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if not finding.issued_on:
        raise Http404
    rows = access.visible(Finding.objects.filter(visit=finding.visit_id, number=finding.number), request.user, READ)
    rows = rows.exclude(state="withdrawn") if finding.state != "withdrawn" else rows.filter(pk=finding.pk)
    told = list(rows.select_related("place", "visit", "unit", "response").order_by("code"))
    return _paper(
        request,
        papers.notice(told, request.build_absolute_uri(finding.get_absolute_url())),
        kind,
        f"notice-{finding.number}",
    )


def read(request: SignedIn, response: str, key: UUID) -> Round:
    """A round of the reader's own side: whom it merely concerns does not see who was where."""
    round: Round = access.find(rounds.rows(response_or_404(request, response)), request.user, READ, pk=key)
    if not access.may(request.user, READ, round) or round.state == RoundState.DRAFT:
        raise Http404
    return round


def walked(request: SignedIn, response: str, key: UUID) -> Round:
    """A round that goes on, for somebody who inspects in it."""
    round = read(request, response, key)
    if not access.may(request.user, INSPECT, round):
        raise PermissionDenied(access.explain(request.user, INSPECT, round))
    if not round.is_open:
        raise Http404
    return round


def _paper(request: SignedIn, made: paper.Paper, kind: str, name: str) -> HttpResponse:
    base = request.build_absolute_uri("/")
    if kind == "pdf":
        return _file(paper.pdf(made, base=base), "application/pdf", f"{name}.pdf")
    return _file(paper.docx(made, base=base), DOCX, f"{name}.docx")


def _file(content: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'{"inline" if media == "application/pdf" else "attachment"}; filename="{name}"'
    return answer
