"""Reading pages: list, print, Excel out, detail, slip. Each takes its desk as data; see urls.py."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongzhou.kernel import access, handoff, ledger, sheets, steps
from tongzhou.kernel.dates import moment
from tongzhou.kernel.desk import Column, Desk
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.desk.lists import Listing, listing
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Record, Response
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.workflow import Move

PRINT_LIMIT = 2000
EXPORTED = _("{by}导出了“{list}”，共 {n} 条")


def response_or_404(request: SignedIn, slug: str) -> Response:
    return access.find_response(request.user, slug)


@require_safe
def list_page(request: SignedIn, response: str, desk: Desk) -> HttpResponse:
    found = _listing(request, response, desk)
    template = "desk/list.html"
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        template += "#table"
    records, after, before = found.page()
    rows, stands_for = found.count()
    page = _list_context(request, found) | {
        "records": records, "after": after, "before": before, "count": rows, "stands_for": stands_for,
        "bulk": [m for m in desk.model.workflow.moves if m.bulk and access.reach(request.user, m.needs)],
    }  # fmt: skip
    answer = render(request, template, page)
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


@require_safe
def print_page(request: SignedIn, response: str, desk: Desk) -> HttpResponse:
    found = _listing(request, response, desk)
    records = list(found.rows.order_by(found.order, "pk")[: PRINT_LIMIT + 1])
    cut = len(records) > PRINT_LIMIT
    page = _list_context(request, found) | {
        "records": records[:PRINT_LIMIT],
        "cut": cut,
        "limit": PRINT_LIMIT,
        "now": timezone.localtime(),
    }
    return render(request, "desk/print.html", page)


@require_safe
def export(request: SignedIn, response: str, desk: Desk) -> HttpResponse:
    """Excel of the list exactly as filtered: same rows, same columns, same order. Taking it away is an entry on the person."""
    found = _listing(request, response, desk)
    told = {"list": source_text(desk.title), "response": found.response.slug, "n": found.rows.count()}
    steps.note(request.user, "export", by=request.user, said=EXPORTED, data=told)
    columns = [sheets.Column(c.name, str(c.label), EXCEL_KINDS.get(c.kind, "text")) for c in desk.columns]
    rows = (
        {c.name: cell(c, record) for c in desk.columns}
        for record in found.rows.order_by(found.order, "pk").iterator(chunk_size=1000)
    )
    note = __("%(name)s 于 %(time)s 导出") % {
        "name": request.user.name,
        "time": moment(timezone.now()),
    }
    answer = HttpResponse(sheets.write(str(desk.title), columns, rows, note=note), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{desk.room.name}-{timezone.localdate()}.xlsx"'
    return answer


@require_safe
def detail(request: SignedIn, response: str, key: UUID, desk: Desk) -> HttpResponse:
    record = find(request, response, key, desk)
    return render(request, "desk/detail.html", detail_context(request, desk, record))


@require_safe
def slip(request: SignedIn, response: str, key: UUID, desk: Desk) -> HttpResponse:
    """The record as a printed sheet."""
    record = find(request, response, key, desk)
    return render(
        request, desk.slip or "desk/slip.html", detail_context(request, desk, record) | {"now": timezone.localtime()}
    )


def find(request: SignedIn, response: str, key: UUID, desk: Desk) -> Any:
    """The record in the person's reach, or not found."""
    return access.find(desk.rows(response_or_404(request, response)), request.user, desk.reads, pk=key)


def detail_context(request: SignedIn, desk: Desk, record: Any) -> dict[str, Any]:
    by = request.user
    workflow = record.workflow
    page: dict[str, Any] = {
        "desk": desk, "record": record, "response": record.response, "fields": desk.fields or desk.columns,
        "moves": moves(desk, record, by), "may_amend": may_amend(desk, record, by),
        "history": history(record), "came_from": reached(handoff.came_from(record), by), "went_to": reached(handoff.went_to(record), by),
        "state_label": workflow.states(record.state).label,
    }  # fmt: skip
    return page | (desk.context(record, by) if desk.context else {})


def moves(desk: Desk, record: Record, by: Any) -> list[tuple[Move, bool]]:
    """Moves from this state that this person may make, and whether each needs a page of its own first."""
    offered = [m for m in record.workflow.leaving(record.state) if not m.hidden and access.may(by, m.needs, record)]
    return [(m, m.reason or m.name in desk.move_forms) for m in offered]


def may_amend(desk: Desk, record: Record, by: Any) -> bool:
    needs, states = record.workflow.amends
    return desk.form is not None and record.state in states and access.may(by, needs, record)


def reached(records: list[Record], by: Any) -> list[Record]:
    """Those of other rooms that this person may open: the name of a record may be a person's."""
    return [one for one in records if access.visible(_alone(one), by, f"{one._meta.app_label}.read").exists()]


def history(record: Record) -> list[dict[str, Any]]:
    """Entries as sentences, newest first, with what was changed from what to what."""
    told = []
    for entry in ledger.entries(record).reverse():
        old, new = entry.data.get("old") or {}, entry.data.get("new") or {}
        changed = [(str(record._meta.get_field(n).verbose_name), old.get(n, ""), new[n]) for n in new]  # type: ignore[union-attr]  # own fields
        told.append({"entry": entry, "sentence": ledger.sentence(entry), "changed": changed})
    return told


def cell(column: Column, record: Any) -> Any:
    """The value as Excel takes it."""
    value = column.of(record)
    return value if value is None or isinstance(value, int | float) or column.kind in {"when", "date"} else str(value)


def _alone(record: Record) -> QuerySet[Any]:
    return type(record)._default_manager.filter(pk=record.pk)


EXCEL_KINDS: dict[str, sheets.Kind] = {"when": "date", "date": "date", "number": "integer", "money": "money"}


def _listing(request: SignedIn, response: str, desk: Desk) -> Listing:
    found = response_or_404(request, response)
    if not desk.open_to(request.user):
        raise Http404
    return listing(desk, found, request.user, request.GET)


def _list_context(request: SignedIn, found: Listing) -> dict[str, Any]:
    desk, by = found.desk, request.user
    columns = [(c, found.sort_address(c.sort) if c.sort else "", _sorted(found.order, c)) for c in desk.columns]
    links = [(label, name) for label, name, needs in desk.links if not needs or access.reach(by, needs)]
    return {
        "desk": desk, "response": found.response, "listing": found, "query": found.query, "columns": columns, "links": links,
        "may_file": desk.may_file(by), "may_import": desk.may_file(by) and bool(desk.imports),
    }  # fmt: skip


def _sorted(order: str, column: Column) -> str:
    if not column.sort or order.lstrip("-") != column.sort:
        return ""
    return "descending" if order.startswith("-") else "ascending"
