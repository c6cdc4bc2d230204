"""Buildings and candidate sites placed on the map, moved and taken off again; the same by typing coordinates."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods

from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.siting import actions, forms, queries
from tongzhou.modules.siting.models import Study, Table
from tongzhou.modules.siting.views.pages import study_of, to_plan
from tongzhou.modules.siting.workflow import StudyState

MOST = 100  # rows shown below the map; others are found by searching or on the map


@require_http_methods(["GET", "HEAD", "POST"])
def places(request: SignedIn, response: str, key: UUID, kind: str) -> HttpResponse:
    """The list `kind` on a map; `row` is the one being changed, `q` narrows the table."""
    study = to_plan(request, study_of(request, response, key))
    if kind not in queries.sketches.KINDS:
        raise Http404
    table = study.sheets.filter(kind=kind).first()
    rows = table.rows if table else []
    chosen = next((row for row in rows if row["key"] == request.GET.get("row")), None)
    form = forms.PlaceForm(request.POST or None, kind=kind, row=chosen)
    if request.method == "POST" and _done(request, study, kind, form):
        return redirect("siting.places", response, study.pk, kind)
    status = 422 if request.method == "POST" else 200
    return render(request, "siting/places.html", _page(request, study, kind, rows, chosen, form), status=status)


def _done(request: SignedIn, study: Study, kind: str, form: forms.PlaceForm) -> bool:
    """Whether the row was written; if not, the form or a message says why."""
    was = request.POST.get("was", "")
    try:
        if "remove" in request.POST:
            actions.tables.remove(study, kind, was, by=request.user)
            messages.success(request, __("已删去%(key)s。") % {"key": was})
            return True
        if form.is_valid():
            actions.tables.put(study, kind, form.values(), by=request.user, was=was)
            messages.success(request, __("已放好“%(name)s”。") % {"name": form.cleaned_data["name"]})
            return True
    except ValidationError as fault:
        form.add_error(None, fault)
    return False


def _page(
    request: SignedIn, study: Study, kind: str, rows: list[dict[str, Any]], chosen: dict[str, Any] | None, form: Any
) -> dict[str, Any]:
    q = request.GET.get("q", "").strip()
    found = [row for row in rows if q in str(row["key"]) or q in str(row.get("name") or "")]
    return {
        "study": study, "response": study.response, "kind": kind, "label": Table.Kind(kind).label, "form": form, "chosen": chosen, "q": q,
        "rows": found[:MOST], "found": len(found), "number": len(rows), "datum": queries.sketches.datum_of(study, kind),
        "map": queries.sketches.sketch(study, kind, request.path, chosen["key"] if chosen else ""),
        "kinds": [(name, Table.Kind(name).label) for name in queries.sketches.KINDS],
        "may_change": study.state == StudyState.DRAFT,
    }  # fmt: skip
