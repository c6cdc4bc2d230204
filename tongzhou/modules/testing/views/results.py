"""Results from a laboratory's sheet, line by line; and the key with which a laboratory hands them in by program."""

from collections import defaultdict
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tongzhou.kernel import access, sheets
from tongzhou.kernel.desk import inflow
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.testing import actions, forms
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Campaign, Device, Result
from tongzhou.modules.testing.rules import MOST_ITEMS
from tongzhou.modules.testing.views.pages import reached
from tongzhou.modules.testing.workflow import RESULT, RUN, DeviceState

COLUMNS = [
    sheets.Column("tube", _("管码"), required=True),
    sheets.Column("value", _("结果"), kind="choice", required=True, choices=tuple(Result.Value.choices)),
    sheets.Column("tested_at", _("出结果时间"), kind="moment", required=True),
    sheets.Column("laboratory", _("实验室"), required=True),
    sheets.Column("look", _("第几次检测"), kind="integer", help=_("不填即第 1 次")),
]


@require_safe
def template(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    return inflow.template(_inflow(request, response, key))


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    return inflow.upload(request, _inflow(request, response, key))


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedIn, response: str, key: UUID, upload: UUID) -> HttpResponse:
    return inflow.preview(request, upload, _inflow(request, response, key))


@require_http_methods(["GET", "HEAD", "POST"])
def laboratory(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The laboratories' keys of this campaign, and a new one, shown once."""
    campaign = _resulting(request, response, key)
    access.require(request.user, RUN, campaign)  # a key is a device: a laboratory makes none for itself
    form = forms.LaboratoryForm(request.POST if request.method == "POST" else None)
    page: dict[str, Any] = {"campaign": campaign, "response": campaign.response, "form": form, "key": uuid4()}
    if request.method == "POST" and form.is_valid():
        try:
            page["enrolled"] = actions.devices.laboratory(campaign, by=request.user, **form.cleaned_data)
        except actions.devices.Known as fault:
            messages.warning(request, fault.message)
            return redirect(request.path)
    keys = campaign.devices.filter(use=Device.Use.LABORATORY).select_related("filed_by", "response", "unit")
    page |= {
        "address": f"{settings.PUBLIC_URL}/testing/device",
        "values": Result.Value.choices,
        "most": MOST_ITEMS,
    }
    page["keys"] = [(one, _may_revoke(request, one)) for one in keys.order_by("-enrolled_at", "label")]
    refused = request.method == "POST" and "enrolled" not in page
    answer = render(request, "testing/laboratory.html", page, status=422 if refused else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _may_revoke(request: SignedIn, device: Device) -> bool:
    return device.state != DeviceState.REVOKED and access.may(request.user, RUN, device)


def _resulting(request: SignedIn, response: str, key: UUID) -> Campaign:
    campaign = reached(request, response, key)
    access.require(request.user, RESULT, campaign)
    return campaign


def _inflow(request: SignedIn, response: str, key: UUID) -> inflow.Inflow:
    campaign = _resulting(request, response, key)
    ahead: dict[str, list[Result]] = defaultdict(list)  # of each tube, what the lines before it will have said

    def line(values: dict[str, Any], row: UUID) -> inflow.Line:
        form = forms.ResultForm(values)
        if not form.is_valid():
            return None, {name: [str(said) for said in found] for name, found in form.errors.items()}
        made = Line(**form.cleaned_data | {"look": form.cleaned_data["look"] or 1})
        try:
            result = actions.results.check(campaign, made, ahead[made.tube])
        except ValidationError as fault:
            return None, {name: [str(said) for said in found] for name, found in fault.message_dict.items()}
        if result is None:
            return None, {}
        ahead[made.tube].append(result)
        return partial(actions.results.take, campaign, made, by=request.user), {}

    def to(name: str, *more: Any) -> str:
        return reverse(f"testing.{name}", args=[campaign.response.slug, campaign.pk, *more])

    return inflow.Inflow(
        title=str(_("检测结果")), place=f"{campaign.response.slug}/testing.result/{campaign.pk}", columns=COLUMNS, line=line,
        home=campaign.get_absolute_url(), upload=to("results"), template=to("results.template"), preview=lambda one: to("results.check", one),
        apart=True,
    )  # fmt: skip
