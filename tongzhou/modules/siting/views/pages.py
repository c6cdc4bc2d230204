"""Lists coming in, options asked for, stopped, compared, and points closed."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as __
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access, sheets
from tongzhou.kernel.desk.inflow import XLSX
from tongzhou.kernel.desk.views import response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.modules.siting import actions, forms, queries, rules
from tongzhou.modules.siting.models import Option, Outcome, Study, Table
from tongzhou.modules.siting.views import options, studies
from tongzhou.modules.siting.workflow import PLAN, READ


def study_of(request: SignedIn, response: str, key: UUID) -> Study:
    found: Study = access.find(studies.rows(response_or_404(request, response)), request.user, READ, pk=key)
    return found


def option_of(request: SignedIn, response: str, key: UUID) -> Option:
    found: Option = access.find(options.rows(response_or_404(request, response)), request.user, READ, pk=key)
    return found


def to_plan(request: SignedIn, record: Any) -> Any:
    if not access.may(request.user, PLAN, record):
        raise PermissionDenied(access.explain(request.user, PLAN, record))
    return record


@require_http_methods(["GET", "HEAD", "POST"])
def tables(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The lists: what is there, a template for each, and a new one in its place; every fault with its row and remedy."""
    study = to_plan(request, study_of(request, response, key))
    faults: list[str] = []
    if request.method == "POST":
        kind, file = request.POST.get("kind", ""), request.FILES.get("file")
        faults = _taken(request, study, kind, file)
        if not faults:
            return redirect("siting.tables", response, study.pk)
    shown = {
        "study": study,
        "response": study.response,
        "tables": queries.tables_of(study),
        "faults": faults,
        "columns": queries.COLUMNS,
    }
    return render(request, "siting/tables.html", shown, status=422 if faults else 200)


def _taken(request: SignedIn, study: Study, kind: str, file: Any) -> list[str]:
    if kind not in Table.Kind.values or file is None:
        return [__("请选择一个文件。")]
    if file.size > sheets.MAX_BYTES:
        return [__("文件太大，请分成几个测算。")]
    found = sheets.read(file.read(), queries.COLUMNS[kind])
    if found.faults:
        return [str(fault) for fault in found.faults[:20]]
    try:
        table = actions.tables.take(study, kind, found.rows, by=request.user)
    except ValidationError as fault:
        return list(fault.messages)[:20]
    said = ngettext("已导入%(kind)s%(n)d行。", "已导入%(kind)s%(n)d行。", table.number)
    messages.success(request, said % {"kind": table.get_kind_display(), "n": table.number})
    for words in [*_alike(table), *queries.faults_of(study)][:20]:
        messages.warning(request, words)
    return []


def _alike(table: Table) -> list[str]:
    """Sites of one name are told apart by their keys; said at once, so that whoever wants better names gives them now."""
    if table.kind != Table.Kind.SITES:
        return []
    said = __("第%(rows)s行都叫“%(name)s”：用时在名称后加编号，如“%(told)s”；要好认，请改成不同名称再导入。")
    there = rules.alike(enumerate(table.rows, start=2))
    return [
        said % {"rows": __("、").join(map(str, lines)), "name": name, "told": f"{name}（{table.rows[lines[0] - 2]['key']}）"}
        for name, lines in there.items()
    ]  # fmt: skip


@require_POST
def registered(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The people of the residents' list as they have registered."""
    study = to_plan(request, study_of(request, response, key))
    try:
        table = actions.tables.from_register(study, by=request.user)
        told = {"n": table.registered["people"], "rows": table.registered["rows"]}
        messages.success(request, __("已按居民登记取%(rows)d处的人数，共%(n)d人。") % told)
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
    return redirect("siting.tables", response, study.pk)


@require_safe
def template(request: SignedIn, response: str, key: UUID, kind: str) -> HttpResponse:
    to_plan(request, study_of(request, response, key))
    if kind not in Table.Kind.values:
        raise Http404
    answer = HttpResponse(sheets.template(str(Table.Kind(kind).label), queries.COLUMNS[kind]), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="siting-{kind}.xlsx"'
    return answer


@require_POST
def ask(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """An option with what the what-if bar says; `curve` asks for several numbers of points at once."""
    study = to_plan(request, study_of(request, response, key))
    sites = study.sheets.filter(kind=Table.Kind.SITES).first()
    form = forms.WhatIf(request.POST, study=study, sites=sites.rows if sites else [], labs=queries.labs_of(study))
    if not form.is_valid():
        messages.error(request, "；".join(str(said) for found in form.errors.values() for said in found))
        return redirect(study.get_absolute_url())
    asked = form.asked()
    seconds = asked.pop("seconds", 10)
    try:
        if "curve" in request.POST:
            for points in rules.around(asked.get("points", study.points), 1, sites.number if sites else 0):
                actions.planning.ask(
                    study, by=request.user, seconds=min(seconds, 5), at_once=False, **asked | {"points": points}
                )
            return redirect(study.get_absolute_url())
        return redirect(
            actions.planning.ask(
                study, by=request.user, key=_key(request.POST.get("key")), seconds=seconds, **asked
            ).get_absolute_url()
        )
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
        return redirect(study.get_absolute_url())


@require_safe
def cover(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """How many points would do, and how many people so many reach: asked again with other numbers."""
    study = to_plan(request, study_of(request, response, key))
    form = forms.Cover(request.GET if "within" in request.GET else None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = {
        "study": study, "response": study.response, "form": form,
        "found": queries.covers.told(study, asked["within"], asked["points"]) if asked else [],
    }  # fmt: skip
    return render(request, "siting/cover.html", page)


@require_safe
def state(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """How far the option is: asked again by htmx while it is worked out. The page is drawn anew when there is more than it has `seen`."""
    option = option_of(request, response, key)
    there = Outcome.objects.filter(option=option).defer("plan", "shown").first()
    if not option.is_running or (there and str(there.days) != request.GET.get("seen")):
        answer = HttpResponse(headers={"HX-Refresh": "true"})
    else:
        page = {
            "record": option,
            "response": option.response,
            "outcome": there,
            "may_plan": access.may(request.user, PLAN, option),
        }
        answer = render(request, "siting/progress.html", page)
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


@require_POST
def stop(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    option = to_plan(request, option_of(request, response, key))
    actions.planning.stop(option, by=request.user)
    return redirect(option.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedIn, response: str, key: UUID, kind: str) -> HttpResponse:
    """Who would move if points closed, had fewer tables or opened, and what comes of laboratories that fail: an option of its own, that moves
    nobody before it is adopted. `point` is the one tapped on the map.
    """
    option = to_plan(request, option_of(request, response, key))
    if not hasattr(option, "outcome") or kind not in Option.Step.values:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form = forms.Step(given, option=option, kind=kind, initial={"points": request.GET.getlist("point")})
    if request.method != "POST":
        page = {"record": option, "response": option.response, "form": form, "kind": kind, "key": uuid4()}
        return render(request, "siting/step.html", page | {"label": Option.Step(kind).label})
    if not form.is_valid():
        messages.error(request, "；".join(str(said) for found in form.errors.values() for said in found))
        return redirect(option.get_absolute_url())
    try:
        made = actions.planning.step(option, kind, by=request.user, key=_key(request.POST.get("key")), **form.asked())
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))
        return redirect(option.get_absolute_url())
    return redirect(made.get_absolute_url())


@require_safe
def point(request: SignedIn, response: str, key: UUID, point: str) -> HttpResponse:
    """One point by itself: where the row in the table leads."""
    option = option_of(request, response, key)
    shown = option.outcome.shown if hasattr(option, "outcome") else {"points": [], "units": []}
    row = next((row for row in shown["points"] if row["key"] == point), None)
    if row is None:
        raise Http404
    queries.engine.fetch()
    chart = queries.points.queue(option, row)
    page = {
        "option": option, "response": option.response, "row": row, "map": queries.points.around(option, row), "charts": [chart] if chart else [],
        "units": [unit for unit in shown["units"] if unit["point"] == point and unit["persons"]],
        "loading": not row.get("closed") and not queries.engine.at_hand(),
    }  # fmt: skip
    return render(request, "siting/point.html", page)


@require_safe
def compare(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Two options of one study side by side; `with` is the other."""
    option = option_of(request, response, key)
    other = queries.options_of(option.study).filter(pk=_key(request.GET.get("with"))).select_related("outcome").first()
    if other is None or not hasattr(other, "outcome") or not hasattr(option, "outcome"):
        raise Http404
    pair = [(one, queries.line(one), queries.drawing(one.outcome.shown)) for one in (option, other)]
    columns = [*options.columns[1:10], next(one for one in options.fields if one.name == "changed")]
    rows = [(column.label, column.of(option), column.of(other)) for column in columns]
    shown = {
        "option": option,
        "other": other,
        "response": option.response,
        "pair": pair,
        "rows": rows,
        "difference": queries.difference(option.outcome.shown, other.outcome.shown),
    }
    return render(request, "siting/compare.html", shown)


def _key(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        return uuid4()
