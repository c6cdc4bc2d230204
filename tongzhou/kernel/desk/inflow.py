"""Excel in, for whatever takes it: a template to fill, upload, line-by-line check, preview, commit once.

The file's hash and the line's number make each row's key, so a file comes in once, however often it is sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import sheets
from tongzhou.kernel.models import Upload
from tongzhou.kernel.signed_in import SignedIn

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Line = tuple[Callable[[], Any] | None, dict[str, list[str]]]  # how to file it, or its faults by column name


Ready = list[tuple[int, Callable[[], Any]]]  # a line's number in the file, and how to file it


@dataclass(frozen=True)
class Inflow:
    """Where rows come in: `place` names the list for good, `line(values, key)` checks one row; the addresses lead around.

    `together`, where there is one, is given what the rows' functions returned, to write thousands of small rows at once.
    `apart`: each line is filed for itself and what is refused holds up no other. Its `line` answers (None, {}) for what is there
    already, and a row's function returns None where another was quicker, so that a file can be sent again and again.
    """

    title: str
    place: str
    columns: Sequence[sheets.Column]
    line: Callable[[dict[str, Any], UUID], Line]
    home: str
    upload: str
    template: str
    preview: Callable[[UUID], str]
    together: Callable[[list[Any]], Any] | None = None
    apart: bool = False


def template(inflow: Inflow) -> HttpResponse:
    answer = HttpResponse(sheets.template(inflow.title, inflow.columns), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="template.xlsx"'
    return answer


def upload(request: SignedIn, inflow: Inflow) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        kept, fault = _keep(request, inflow)
        if kept:
            return redirect(inflow.preview(kept.pk))
    return render(request, "desk/upload.html", {"inflow": inflow, "fault": fault}, status=422 if fault else 200)


def preview(request: SignedIn, key: UUID, inflow: Inflow) -> HttpResponse:
    """What the file holds, with every fault; POST commits it, all or nothing, or what has no fault where lines stand apart."""
    kept = get_object_or_404(Upload, pk=key, place=inflow.place)  # whoever uploads the same file is led here too
    sheet = sheets.Sheet(kept.digest) if kept.committed_at else sheets.read(bytes(kept.content), inflow.columns)
    ready, faults = _check(inflow, kept, sheet)
    if request.method == "POST" and not kept.committed_at and (not faults or inflow.apart):
        n, late = _commit_apart(ready, inflow) if inflow.apart else _commit(kept, ready, inflow)
        if n or not late:
            messages.success(request, __("已登记 %(n)d 条。") % {"n": n})
        if not (faults or late):
            _done(kept, len(sheet.rows))
            return redirect(inflow.home)
        ready, faults = [], sorted(faults + late, key=lambda fault: fault.row)
    refused = _refused(inflow, sheet, faults) if inflow.apart else []
    if refused and "refused" in request.GET:
        return _download(inflow, refused)
    apart = {row for row, _cells, _why in refused}
    listed = [row for row in sheet.rows if row.number not in apart][:200]
    rows = [(row.number, [sheets.shown(row.values.get(c.name), c) for c in inflow.columns]) for row in listed]
    context = {
        "inflow": inflow, "upload": kept, "faults": faults, "warnings": sheet.warnings, "rows": rows, "count": len(sheet.rows),
        "ready": len(ready), "refused": refused,
    }  # fmt: skip
    return render(request, "desk/preview.html", context, status=422 if request.method == "POST" else 200)


def _keep(request: SignedIn, inflow: Inflow) -> tuple[Upload | None, str]:
    """The file kept for its preview, or why it cannot be."""
    sent = request.FILES.get("file")
    if sent is None:
        return None, __("请选择一个 Excel 文件。")
    if (sent.size or 0) > sheets.MAX_BYTES:
        return None, __("文件太大，最多 %(n)d MB；请分成几个文件。") % {"n": sheets.MAX_BYTES // 2**20}
    data = sent.read()
    sheet = sheets.read(data, inflow.columns)
    if unreadable := [str(fault) for fault in sheet.faults if not fault.row]:
        return None, " ".join(unreadable)
    about = {"name": (sent.name or "")[:200], "content": data, "by": request.user}
    return Upload.objects.get_or_create(place=inflow.place, digest=sheet.digest, defaults=about)[0], ""


def _check(inflow: Inflow, kept: Upload, sheet: sheets.Sheet) -> tuple[Ready, list[sheets.Fault]]:
    """Every line tried. Returns how to file each, and all faults, the sheet's and the lines'."""
    ready, faults = [], list(sheet.faults)
    for row in sheet.rows:
        file, wrong = inflow.line(row.values, uuid5(kept.pk, str(row.number)))
        if file:
            ready.append((row.number, file))
        faults += _faults(inflow, row.number, wrong)
    return ready, sorted(faults, key=lambda fault: fault.row)


def _faults(inflow: Inflow, row: int, wrong: dict[str, list[str]]) -> list[sheets.Fault]:
    labels = {c.name: str(c.label) for c in inflow.columns}
    return [sheets.Fault(row, labels.get(name, ""), said) for name, found in wrong.items() for said in found]


def _said(inflow: Inflow, row: int, fault: ValidationError | PermissionDenied) -> list[sheets.Fault]:
    """What a door refused, by column where it says which."""
    if isinstance(fault, ValidationError) and hasattr(fault, "error_dict"):
        return _faults(inflow, row, fault.message_dict)
    return _faults(inflow, row, {"": getattr(fault, "messages", [str(fault)])})


def _commit(kept: Upload, ready: Ready, inflow: Inflow) -> tuple[int, list[sheets.Fault]]:
    """All lines or none, and then which line a door refused; the upload is marked by a guarded update, so two clicks commit once."""
    made, row = [], 0
    try:
        with transaction.atomic():
            if not _done(kept, len(ready)):
                return 0, []
            for row, file in ready:  # noqa: B007 -- it is told where one of them is refused
                made.append(file())
            row = 0
            if inflow.together:
                inflow.together(made)
    except (ValidationError, PermissionDenied) as fault:
        return 0, _said(inflow, row, fault)
    return len(ready), []


def _commit_apart(ready: Ready, inflow: Inflow) -> tuple[int, list[sheets.Fault]]:
    """Each line in a transaction of its own: one that is refused, or a process that is killed, takes no other with it."""
    filed, late = 0, []
    for row, file in ready:
        try:
            filed += file() is not None
        except (ValidationError, PermissionDenied) as fault:
            late += _said(inflow, row, fault)
    return filed, late


def _done(kept: Upload, rows: int) -> int:
    """Once only. What the file said is in the records now, personal data sealed: the file itself, which is not, goes. Its hash stays."""
    done = {"committed_at": timezone.now(), "rows": rows, "content": b""}
    return Upload.objects.filter(pk=kept.pk, committed_at=None).update(**done)


def _refused(inflow: Inflow, sheet: sheets.Sheet, faults: list[sheets.Fault]) -> list[tuple[int, list[str], str]]:
    """Of each line with a fault: its number, its cells, and why."""
    why: dict[int, list[str]] = {}
    for fault in faults:
        why.setdefault(fault.row, []).append(f"{fault.column}：{fault.message}" if fault.column else fault.message)
    cells = {row.number: row.values for row in [*sheet.rows, *sheet.refused]}
    return [
        (row, [sheets.shown(cells.get(row, {}).get(c.name), c) for c in inflow.columns], "；".join(said))
        for row, said in why.items()
    ]


def _download(inflow: Inflow, refused: list[tuple[int, list[str], str]]) -> HttpResponse:
    """The refused lines alone, each with its reason, to be put right and sent in again."""
    columns = [sheets.Column(c.name, c.label) for c in inflow.columns]
    rows = [dict(zip([c.name for c in columns], cells, strict=True)) | {"why": said} for _row, cells, said in refused]
    content = sheets.write(inflow.title, [*columns, sheets.Column("why", _("未登记的原因"), width=60)], rows)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="refused.xlsx"'
    return answer
