"""Excel in: a template to fill, upload, line-by-line check, preview, commit once.

Each line is checked by the same form as typing it; the file's hash and the line's number make its key, so a file comes in once.
"""

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import module, sheets
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.desk.views import XLSX, response_or_404
from tongzhou.kernel.models import Response, Upload


def template(request: HttpRequest, response: str, desk: Desk) -> HttpResponse:
    _open(request, response, desk)
    answer = HttpResponse(sheets.template(str(desk.title), desk.imports), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{desk.room.name}-template.xlsx"'
    return answer


def upload(request: HttpRequest, response: str, desk: Desk) -> HttpResponse:
    found = _open(request, response, desk)
    sent = request.FILES.get("file")
    context: dict[str, Any] = {"desk": desk, "response": found, "columns": desk.imports}
    if request.method == "POST" and not sent:
        context["fault"] = __("请选择一个 Excel 文件。")
    elif sent and sent.size > sheets.MAX_BYTES:
        context["fault"] = __("文件太大，最多 %(n)d MB；请分成几个文件。") % {"n": sheets.MAX_BYTES // 2**20}
    elif sent:
        data = sent.read()
        sheet = sheets.read(data, desk.imports)
        unreadable = [fault for fault in sheet.faults if not fault.row]
        if unreadable:
            context["fault"] = " ".join(map(str, unreadable))
            return render(request, "desk/upload.html", context, status=422)
        place = f"{found.slug}/{desk.model._meta.label_lower}"
        kept, _new = Upload.objects.get_or_create(
            place=place, digest=sheet.digest, defaults={"name": (sent.name or "")[:200], "content": data, "by": request.user}
        )
        return redirect(desk.url("preview", found, kept.pk))
    return render(request, "desk/upload.html", context, status=422 if "fault" in context else 200)


def preview(request: HttpRequest, response: str, key: UUID, desk: Desk) -> HttpResponse:
    """What the file holds, with every fault; POST commits it if there is none."""
    found = _open(request, response, desk)
    place = f"{found.slug}/{desk.model._meta.label_lower}"
    kept = get_object_or_404(Upload, pk=key, place=place)  # whoever uploads the same file is led here too
    sheet = sheets.read(bytes(kept.content), desk.imports)
    checked, faults = _check(request, desk, found, kept, sheet)
    if request.method == "POST" and not faults and checked and not kept.committed_at:
        try:
            n = _commit(kept, checked, request.user)
            messages.success(request, __("已登记 %(n)d 条。") % {"n": n})
            return redirect(desk.url("list", found))
        except (ValidationError, PermissionDenied) as fault:
            faults = [sheets.Fault(0, "", "；".join(getattr(fault, "messages", [str(fault)])))]
    context = {
        "desk": desk, "response": found, "upload": kept, "columns": desk.imports, "faults": faults, "warnings": sheet.warnings,
        "rows": [(row.number, [sheets.shown(row.values.get(c.name), c) for c in desk.imports]) for row in sheet.rows[:200]], "count": len(sheet.rows),
    }  # fmt: skip
    return render(request, "desk/preview.html", context, status=422 if request.method == "POST" else 200)


def _open(request: HttpRequest, response: str, desk: Desk) -> Response:
    found = response_or_404(request, response)
    if not desk.imports or not desk.may_file(request.user):
        raise Http404
    return found


def _check(request: HttpRequest, desk: Desk, response: Response, kept: Upload, sheet: sheets.Sheet) -> tuple[list[Any], list[sheets.Fault]]:
    """Every line through the room's form. Returns the forms to commit and all faults, the sheet's and the forms'."""
    forms, faults = [], list(sheet.faults)
    labels = {c.name: c.label for c in desk.imports}
    assert desk.form is not None
    for row in sheet.rows:
        record = desk.model(pk=uuid5(kept.pk, str(row.number)), response=response)
        form = desk.form.from_row(row.values, instance=record, by=request.user)
        if form.is_valid():
            form.settle()
            forms.append(form)
        for name, found in form.errors.items():
            faults += [sheets.Fault(row.number, str(labels.get(name, "")), str(message)) for message in found]
    return forms, sorted(faults, key=lambda fault: fault.row)


@transaction.atomic
def _commit(kept: Upload, forms: list[Any], by: Any) -> int:
    """All lines or none; the upload is marked by a guarded update, so two clicks commit once."""
    if not Upload.objects.filter(pk=kept.pk, committed_at=None).update(committed_at=timezone.now(), rows=len(forms)):
        return 0
    for form in forms:
        module.file(form.instance, by=by, **form.extras(), **form.row_extras())
    return len(forms)
