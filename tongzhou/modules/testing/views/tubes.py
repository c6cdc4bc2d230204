"""Tubes of a campaign."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongzhou.kernel import sheets, steps
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.desk.views import EXPORTED
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.models import Campaign, Device, Result, Tube
from tongzhou.modules.testing.views.pages import reached

PAGE = 50
LONGEST = 24
SHOWN = {"": _("全部"), "over": _("超员"), "open": _("未封管"), "twice": _("两处使用"), "waiting": _("还没有结果")}


@require_safe
def tubes(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    campaign = reached(request, response, key)
    shown, asked = request.GET.get("show", ""), _plain(request.GET.get("q", ""))
    page = Paginator(_tubes(campaign, shown, asked), PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign, "response": campaign.response, "page": page, "lines": _lines(campaign, page.object_list), "shown": shown, "q": asked,
        "kinds": SHOWN,
    }  # fmt: skip
    return render(request, "testing/tubes.html", context)


@require_safe
def tubes_excel(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The tubes as filtered. Taking them away is an entry on the person."""
    campaign = reached(request, response, key)
    rows = list(_tubes(campaign, request.GET.get("show", ""), _plain(request.GET.get("q", "")))[: sheets.MAX_ROWS])
    told = {"list": "采样管", "response": campaign.response.slug, "n": len(rows)}
    steps.note(request.user, "export", by=request.user, said=EXPORTED, data=told)
    columns = [
        sheets.Column("code", __("管码")), sheets.Column("point", __("采样点")), sheets.Column("table", __("采样台"), "integer"),
        sheets.Column("people", __("管内人数"), "integer"), sheets.Column("size", __("每管人数"), "integer"),
        sheets.Column("closed", __("封管")), sheets.Column("result", __("结果")),
    ]  # fmt: skip
    content = sheets.write(__("采样管"), columns, _lines(campaign, rows), note=str(campaign))
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="tubes-{timezone.localdate()}.xlsx"'
    return answer


def _tubes(campaign: Campaign, shown: str, asked: str) -> QuerySet[Tube]:
    rows = Tube.objects.filter(campaign=campaign)
    if asked:
        rows = rows.filter(code__startswith=asked)
    if shown == "over":
        rows = rows.filter(people__gt=F("size"))
    elif shown == "open":
        rows = rows.filter(closed_at=None)
    elif shown == "twice":
        rows = rows.filter(code__in=queries.used_twice(campaign))
    elif shown == "waiting":
        rows = rows.exclude(code__in=Result.objects.filter(campaign=campaign).values("tube"))
    return rows.order_by("code", "device")


def _lines(campaign: Campaign, rows: Any) -> list[dict[str, Any]]:
    """Tubes with their place and their last result; three statements."""
    kept = list(rows)
    devices = {one.number: one for one in Device.objects.filter(campaign=campaign).select_related("point")}
    results = {
        one.tube: one
        for one in Result.objects.filter(campaign=campaign, tube__in=[row.code for row in kept]).order_by("look")
    }
    return [_line(row, devices[row.device_id], results.get(row.code)) for row in kept]


def _line(row: Tube, device: Device, result: Result | None) -> dict[str, Any]:
    closed = timezone.localtime(row.closed_at).strftime("%H:%M") if row.closed_at else ""
    return {
        "code": row.code, "point": str(device.point or ""), "table": device.table, "people": row.people, "size": row.size, "closed": closed,
        "result": str(result.get_value_display()) if result else "", "over": row.people > row.size,
    }  # fmt: skip


def _plain(text: str) -> str:
    """A code as tubes have them; anything else finds nothing, and is not asked of the database."""
    return text.strip()[:LONGEST] if text.isascii() and text.strip().isalnum() else ""
