"""Odd pages of the whole room: who still waits, and doses by batch and day."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, charts, rulebook, sheets
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.models import Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.vaccination import queries
from tongzhou.modules.vaccination.forms import Totals
from tongzhou.modules.vaccination.forms.places import groups
from tongzhou.modules.vaccination.workflow import READ

WEEK, QUARTER = 6, 92  # days before the last


@require_safe
def waiting(request: SignedIn, response: str) -> HttpResponse:
    """Registered, served and still waiting, by street, age group and dose."""
    found = _open_to(request, response)
    named = dict(groups(rulebook.in_force("vaccination", "age_groups", timezone.localdate())))
    rows = [(row, named.get(row.age_group, row.age_group)) for row in queries.waiting(found, request.user)]
    page = {"response": found, "rows": rows, "total": sum(row.waiting for row, _name in rows)}
    return render(request, "vaccination/waiting.html", page)


@require_safe
def doses(request: SignedIn, response: str) -> HttpResponse:
    """The return: doses of each batch on each day, on the screen or on paper."""
    found = _open_to(request, response)
    form, first, last = _days(request)
    rows = queries.doses_by_batch(found, request.user, first, last)
    page = {
        "response": found, "form": form, "first": first, "last": last, "rows": rows, "total": sum(row["doses"] for row in rows),
        "chart": _chart(rows), "now": timezone.localtime(),
    }  # fmt: skip
    return render(request, "vaccination/doses_print.html" if "print" in request.GET else "vaccination/doses.html", page)


@require_safe
def doses_excel(request: SignedIn, response: str) -> HttpResponse:
    found = _open_to(request, response)
    _form, first, last = _days(request)
    columns = [
        sheets.Column("day", __("日期"), "date"), sheets.Column("station", __("接种点")), sheets.Column("vaccine", __("疫苗名称"), width=30),
        sheets.Column("maker", __("上市许可持有人（厂家）"), width=36), sheets.Column("number", __("批号")),
        sheets.Column("expires_on", __("有效期至"), "date"), sheets.Column("doses", __("接种（剂）"), "integer"),
    ]  # fmt: skip
    note = __("%(name)s 于 %(time)s 导出") % {
        "name": request.user.name,
        "time": moment(timezone.now()),
    }
    book = sheets.write(__("接种日报"), columns, queries.doses_by_batch(found, request.user, first, last), note=note)
    answer = HttpResponse(book, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="doses-{first}-{last}.xlsx"'
    return answer


def _open_to(request: SignedIn, response: str) -> Response:
    found = response_or_404(request, response)
    if not access.reach(request.user, READ):
        raise Http404
    return found


def _days(request: SignedIn) -> tuple[Totals, date, date]:
    """The days asked for, by default the last week, at most a quarter. What does not parse is shown as a fault and left out."""
    form = Totals(request.GET)
    form.is_valid()
    last = form.cleaned_data.get("last") or timezone.localdate()
    far = date.fromordinal(max(1, last.toordinal() - QUARTER))
    first = form.cleaned_data.get("first") or max(far, last - timedelta(days=min(WEEK, last.toordinal() - 1)))
    return form, max(first, far), last


def _chart(rows: list[dict[str, Any]]) -> charts.Chart | None:
    by_day: dict[date, int] = {}
    for row in rows:
        by_day[row["day"]] = by_day.get(row["day"], 0) + row["doses"]
    series = [charts.Series(__("接种"), list(by_day.values()), "bar")]
    return charts.Chart(__("每天接种"), list(by_day), series, __("日期"), __("剂")) if by_day else None
