"""Who stands on a list: shown, brought in from Excel by the thousand, printed for where the network fails; and the export, taken once."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, sheets
from tongzhou.kernel.dates import When
from tongzhou.kernel.desk import inflow
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Unit
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.coverage import actions, queries, rules
from tongzhou.modules.coverage.actions.rolls import Named
from tongzhou.modules.coverage.forms import FILLED
from tongzhou.modules.coverage.models import Document, Release, Roll
from tongzhou.modules.coverage.workflow import LIST, READ, WORK

PAGE, PAPER = 50, 2000
COLUMNS = (
    sheets.Column("name", _("姓名"), required=True, example="张三"),
    sheets.Column("document", _("证件类型"), "choice", choices=tuple((str(v), label) for v, label in Document.choices), help=_("不填按身份证")),
    sheets.Column("number", _("证件号码"), aliases=("身份证号", "身份证号码"), help=_("没有证件的不填，须填电话")),
    sheets.Column("phone", _("电话"), aliases=("手机号", "联系电话")),
    sheets.Column("unit", _("街道（社区）"), aliases=("单位", "街道", "社区"), help=_("名称或代码；不填按名单所在单位")),
    sheets.Column("address", _("住址")),
    sheets.Column("begins_on", _("从哪天起"), "date", help=_("不填按名单")),
    sheets.Column("ends_on", _("到哪天止"), "date", help=_("不填按名单")),
)  # fmt: skip
CLEAR = (
    sheets.Column("name", _("姓名")), sheets.Column("number", _("证件号码")), sheets.Column("phone", _("电话")),
    sheets.Column("unit", _("街道（社区）")), sheets.Column("address", _("住址")), sheets.Column("last", _("最近一次"), "date"),
    sheets.Column("next", _("下次应在"), "date"),
)  # fmt: skip


@require_safe
def people(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Masked; the longest overdue first."""
    roll = _roll(request, response, key)
    part = Paginator(queries.on_roll(roll), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "coverage/people.html",
        {"roll": roll, "response": roll.response, "page": part, "day": timezone.localdate()},
    )


@require_safe
def sheet(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """What is due today as paper, to be ticked by hand and tapped in later. Masked as the list is."""
    roll, day = _roll(request, response, key), timezone.localdate()
    rows = list(queries.on_roll(roll).filter(next_due__lte=day).order_by("subject__unit__path", "key")[: PAPER + 1])
    page = {
        "roll": roll,
        "response": roll.response,
        "rows": rows[:PAPER],
        "cut": len(rows) > PAPER,
        "limit": PAPER,
        "now": timezone.localtime(),
    }
    return render(request, "coverage/sheet.html", page)


@require_safe
def template(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    return inflow.template(_inflow(request, response, key))


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    return inflow.upload(request, _inflow(request, response, key))


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedIn, response: str, key: UUID, upload: UUID) -> HttpResponse:
    return inflow.preview(request, upload, _inflow(request, response, key))


@require_POST
@never_cache
def take(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The approved list, unmasked, once."""
    rows = Release.objects.filter(response=response_or_404(request, response)).select_related(
        "roll", "unit", "response"
    )
    release = access.find(rows, request.user, READ, pk=key)
    try:
        clear = actions.releases.take(release, by=request.user)
    except (ValidationError, OutOfStep) as fault:
        messages.error(request, "；".join(getattr(fault, "messages", [str(fault)])))
        return redirect(release.get_absolute_url())
    lines = [
        {
            "name": one.name, "number": one.number, "phone": one.phone, "address": one.address, "unit": str(one.listing.subject.unit),
            "last": one.listing.last_on, "next": one.listing.next_due,
        }
        for one in clear
    ]  # fmt: skip
    note = __("用途：%(purpose)s；交给：%(to)s；%(by)s 申请，%(who)s 批准。用后销毁。") % {
        "purpose": release.purpose, "to": release.given_to, "by": release.filed_by.name, "who": release.decided_by.name if release.decided_by else "",
    }  # fmt: skip
    answer = HttpResponse(sheets.write(release.roll.name, CLEAR, lines, note=note), content_type=inflow.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="coverage-{timezone.localdate()}.xlsx"'
    return answer


def _inflow(request: SignedIn, response: str, key: UUID) -> inflow.Inflow:
    roll, by = _roll(request, response, key), request.user
    access.require(by, LIST, roll)
    if roll.state not in FILLED:
        raise Http404
    units = {name: unit for unit in access.units(by, WORK) for name in (unit.name, unit.code)}
    at = partial(reverse, args=[response, key])
    return inflow.Inflow(
        title=__("%(roll)s 人员") % {"roll": roll}, place=f"{response}/coverage.people/{roll.pk}", columns=COLUMNS,
        line=lambda values, row: _line(values, row, roll, units), home=roll.get_absolute_url(), upload=at("coverage.import"),
        template=at("coverage.import.template"), preview=lambda upload: reverse("coverage.import.check", args=[response, key, upload]),
        together=lambda lines: actions.rolls.add(roll, lines, by=by),
    )  # fmt: skip


def _line(values: dict[str, Any], key: UUID, roll: Roll, units: dict[str, Unit]) -> inflow.Line:
    faults: dict[str, list[str]] = {}
    document, number, phone = (
        values.get("document") or "id",
        values.get("number") or "",
        "".join((values.get("phone") or "").split()),
    )
    try:
        number = rules.document_number(document, number)
    except ValueError as fault:
        faults["number"] = [str(fault)]
    if not number and not phone:
        faults["phone"] = [__("没有证件号码的，请填写电话。")]
    named = values.get("unit") or ""
    unit = units.get(named) if named else roll.unit
    if unit is None:
        faults["unit"] = [__("没有“%(unit)s”，或不在您的范围内。") % {"unit": named[:40]}]
    days = {name: _day(values.get(name), name, faults) for name in ("begins_on", "ends_on")}
    if faults or unit is None:
        return None, faults
    made = Named(
        name=values["name"][:60], unit=unit, document=document, number=number[:40], phone=phone[:20], address=(values.get("address") or "")[:200], key=key,
        **days,
    )  # fmt: skip
    return (lambda: made), {}


def _day(value: Any, name: str, faults: dict[str, list[str]]) -> Any:
    if isinstance(value, When) and value.precision == "day":
        return value.day
    if value:
        faults[name] = [__("请写明哪一天。")]
    return None


def _roll(request: SignedIn, response: str, key: UUID) -> Roll:
    rows = Roll.objects.filter(response=response_or_404(request, response)).select_related("unit", "response")
    return access.find(rows, request.user, READ, pk=key)
