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

from tongzhou.kernel import sheets
from tongzhou.kernel.models import Upload
from tongzhou.kernel.signed_in import SignedIn

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Line = tuple[Callable[[], Any] | None, dict[str, list[str]]]  # how to file it, or its faults by column name


@dataclass(frozen=True)
class Inflow:
    """Where rows come in: `place` names the list for good, `line(values, key)` checks one row; the addresses lead around.

    `together`, where there is one, is given what the rows' functions returned, to write thousands of small rows at once.
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
    """What the file holds, with every fault; POST commits it if there is none."""
    kept = get_object_or_404(Upload, pk=key, place=inflow.place)  # whoever uploads the same file is led here too
    sheet = sheets.Sheet(kept.digest) if kept.committed_at else sheets.read(bytes(kept.content), inflow.columns)
    ready, faults = _check(inflow, kept, sheet)
    if request.method == "POST" and ready and not faults and not kept.committed_at:
        try:
            messages.success(request, __("已登记 %(n)d 条。") % {"n": _commit(kept, ready, inflow)})
            return redirect(inflow.home)
        except (ValidationError, PermissionDenied) as fault:
            faults = [sheets.Fault(0, "", "；".join(getattr(fault, "messages", [str(fault)])))]
    rows = [(row.number, [sheets.shown(row.values.get(c.name), c) for c in inflow.columns]) for row in sheet.rows[:200]]
    context = {
        "inflow": inflow, "upload": kept, "faults": faults, "warnings": sheet.warnings, "rows": rows, "count": len(sheet.rows),
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


def _check(inflow: Inflow, kept: Upload, sheet: sheets.Sheet) -> tuple[list[Callable[[], Any]], list[sheets.Fault]]:
    """Every line tried. Returns how to file each, and all faults, the sheet's and the lines'."""
    ready, faults = [], list(sheet.faults)
    labels = {c.name: str(c.label) for c in inflow.columns}
    for row in sheet.rows:
        file, wrong = inflow.line(row.values, uuid5(kept.pk, str(row.number)))
        if file:
            ready.append(file)
        faults += [
            sheets.Fault(row.number, labels.get(name, ""), said) for name, found in wrong.items() for said in found
        ]
    return ready, sorted(faults, key=lambda fault: fault.row)


@transaction.atomic
def _commit(kept: Upload, ready: list[Callable[[], Any]], inflow: Inflow) -> int:
    """All lines or none; the upload is marked by a guarded update, so two clicks commit once.

    What the file said is in the records now, personal data sealed: the file itself, which is not, goes. Its hash stays.
    """
    done = {"committed_at": timezone.now(), "rows": len(ready), "content": b""}
    if not Upload.objects.filter(pk=kept.pk, committed_at=None).update(**done):
        return 0
    made = [file() for file in ready]
    if inflow.together:
        inflow.together(made)
    return len(ready)
