"""An option on paper and in Excel: sheets for points, slips for buildings in both languages, staff, van rounds, who moves."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongzhou.kernel import sheets, steps
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.siting.models import Option
from tongzhou.modules.siting.queries.books import BOOKS, TITLES
from tongzhou.modules.siting.views.pages import option_of

EXPORTED = _("{by}导出了“{list}”，共 {n} 条")


@require_safe
def paper(request: SignedIn, response: str, key: UUID, what: str) -> HttpResponse:
    """`slips` is a page for each building's door, Chinese and English; `point` leaves only those of one point."""
    option, shown = _opened(request, response, key, what)
    rows, columns = BOOKS[what][0](shown), BOOKS[what][1]
    page: dict[str, Any] = {
        "option": option,
        "response": option.response,
        "title": TITLES[what],
        "what": what,
        "now": timezone.localtime(),
    }
    if what == "slips":
        point = request.GET.get("point", "")
        places = {row["key"]: row for row in shown["points"]}
        page["slips"] = [
            (unit | {"was_name": places.get(unit.get("was", ""), {}).get("name", "")}, places[unit["point"]])
            for unit in shown["units"] if unit["persons"] and point in ("", unit["point"])
        ]  # fmt: skip
    elif what == "points":
        page["sheets"] = [
            (row, [unit for unit in shown["units"] if unit["point"] == row["key"] and unit["persons"]])
            for row in shown["points"]
            if not row.get("closed")
        ]
    else:
        page |= {
            "columns": columns,
            "rows": [[sheets.shown(row.get(column.name), column) for column in columns] for row in rows],
        }
    return render(request, "siting/paper.html", page)


@require_safe
def excel(request: SignedIn, response: str, key: UUID, what: str) -> HttpResponse:
    """The same as a spreadsheet. Taking it away is an entry on the person."""
    option, shown = _opened(request, response, key, what)
    rows, columns = BOOKS[what][0](shown), BOOKS[what][1]
    steps.note(
        request.user,
        "export",
        by=request.user,
        said=EXPORTED,
        data={"list": source_text(TITLES[what]), "response": response, "n": len(rows)},
    )
    answer = HttpResponse(sheets.write(str(TITLES[what]), columns, rows, note=str(option)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="siting-{what}.xlsx"'
    return answer


def _opened(request: SignedIn, response: str, key: UUID, what: str) -> tuple[Option, dict[str, Any]]:
    option = option_of(request, response, key)
    if what not in TITLES or not hasattr(option, "outcome"):
        raise Http404
    return option, option.outcome.shown
