"""Odd pages of a refrigerator: a reading, a correction, a logger's file, the sheet of a month."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, rulebook, sheets
from tongzhou.kernel.desk import inflow
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.vaccination import queries
from tongzhou.modules.vaccination.actions import cold
from tongzhou.modules.vaccination.forms import CorrectionForm, ReadingForm
from tongzhou.modules.vaccination.models import Fridge
from tongzhou.modules.vaccination.workflow import READ, WORK, ExcursionState

TIMES = ("时间", "日期时间", "记录时间", "time", "datetime", "timestamp", "date time")
DEGREES = ("温度", "温度℃", "温度(°C)", "temperature", "temp", "temperature(°C)", "celsius", "°C")
LOGGED = (
    sheets.Column("at", _("测温时间"), kind="moment", required=True, aliases=TIMES),
    sheets.Column("celsius", _("温度（℃）"), kind="decimal", required=True, aliases=DEGREES),
)


@require_POST
def read(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """A temperature read at the refrigerator. Out of range, the person is led to where it is said what was done."""
    fridge = _at_work(request, response, key)
    form = ReadingForm(request.POST)
    try:
        _valid(form)
        data = form.cleaned_data
        cold.read(fridge, [(data["at"], data["celsius"], data["key"])], by=request.user)
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
        return redirect(fridge.get_absolute_url())
    running = fridge.excursions.filter(state=ExcursionState.OUT).select_related("response").first()
    if running is None:
        messages.success(request, __("已登记。"))
        return redirect(fridge.get_absolute_url())
    said = __("%(celsius)s℃，超出范围，已报警。请立即检查设备，转移或停用疫苗，然后登记处置。")
    messages.error(request, said % {"celsius": running.worst})
    return redirect(running.get_absolute_url())


@require_POST
def correct(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """A reading set right; the wrong one stays, struck through."""
    fridge = _at_work(request, response, key)
    rows = fridge.readings.select_related("fridge__station", "fridge__unit", "fridge__response")
    reading = get_object_or_404(rows, pk=_uuid(request.POST.get("reading")))
    form = CorrectionForm(request.POST)
    try:
        _valid(form)
        cold.correct(reading, by=request.user, **form.cleaned_data)
        messages.success(request, __("已更正；原读数保留可查。"))
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
    return redirect(fridge.get_absolute_url())


@require_safe
def month(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The sheet of a month, to hang by the refrigerator."""
    fridge = _fridge(request, response, key)
    first = _month(request.GET.get("month", ""))
    page = {
        "fridge": fridge, "response": fridge.response, "first": first, "lines": queries.month(fridge, first), "now": timezone.localtime(),
        "rule": rulebook.in_force("vaccination", "cold_chain", first),
    }  # fmt: skip
    return render(request, "vaccination/month.html", page)


@require_safe
def template(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    return inflow.template(_inflow(request, response, key))


@require_http_methods(["GET", "HEAD", "POST"])
def logger(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Excel, or the CSV file of a data logger."""
    return inflow.upload(request, _inflow(request, response, key))


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedIn, response: str, key: UUID, upload: UUID) -> HttpResponse:
    return inflow.preview(request, upload, _inflow(request, response, key))


def _inflow(request: SignedIn, response: str, key: UUID) -> inflow.Inflow:
    fridge = _at_work(request, response, key)
    at = partial(reverse, args=[response, key])

    def line(values: dict[str, Any], row: UUID) -> inflow.Line:
        form = ReadingForm({"key": row, "celsius": values["celsius"], "at": values["at"]})
        if not form.is_valid():
            return None, {name: [str(said) for said in found] for name, found in form.errors.items()}
        data = form.cleaned_data
        return (lambda: (data["at"], data["celsius"], data["key"])), {}

    return inflow.Inflow(
        title=__("%(fridge)s 温度记录") % {"fridge": fridge}, place=f"{response}/vaccination.fridge/{fridge.pk}", columns=LOGGED, line=line,
        home=fridge.get_absolute_url(), upload=at("vaccination.logger"), template=at("vaccination.logger.template"),
        preview=lambda upload: reverse("vaccination.logger.check", args=[response, key, upload]),
        together=lambda rows: cold.read(fridge, rows, by=request.user, from_file=True),
    )  # fmt: skip


def _fridge(request: SignedIn, response: str, key: UUID) -> Fridge:
    rows = Fridge.objects.filter(response=response_or_404(request, response)).select_related(
        "station", "unit", "response"
    )
    return access.find(rows, request.user, READ, pk=key)


def _at_work(request: SignedIn, response: str, key: UUID) -> Fridge:
    fridge = _fridge(request, response, key)
    access.require(request.user, WORK, fridge)
    return fridge


def _valid(form: Any) -> None:
    if not form.is_valid():
        raise ValidationError([said for found in form.errors.values() for said in found])


def _month(text: str) -> date:
    """The first of the month asked for, else of this one."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = date.min
    return found if 2018 <= found.year <= 2099 else timezone.localdate().replace(day=1)


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as fault:
        raise Http404 from fault
