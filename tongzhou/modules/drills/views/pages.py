"""Pages beyond the lists: the library with what is due to be practised, the script, the next of a series, the comparison over time."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongzhou.kernel import access
from tongzhou.kernel.charts import Chart, Series
from tongzhou.kernel.desk.views import find, response_or_404
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.drills import actions, forms, queries, rules
from tongzhou.modules.drills.models import Drill, Target
from tongzhou.modules.drills.rules import library
from tongzhou.modules.drills.views import drills
from tongzhou.modules.drills.workflow import HOLD, PREPARING, READ

IN_SECONDS = 180  # a chart of less than three minutes counts seconds
SPARE = 1  # empty lines offered below a script


@require_safe
def library_page(request: SignedIn, response: str) -> HttpResponse:
    """Every scenario with its script, when it was last practised here and by when it should be again."""
    found = response_or_404(request, response)
    if not access.reach(request.user, READ):
        raise Http404
    today = timezone.localdate()
    practised = {one.name: one for one in queries.practices(found, request.user, today)}
    shown = [(one, practised[one.name], _limits(one)) for one in library.scenarios(today)]
    context = {"response": found, "scenarios": shown, "may_file": drills.may_file(request.user)}
    return render(request, "drills/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def script(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """Injects and targets line by line, until the drill begins."""
    drill: Drill = find(request, response, key, drills)
    access.require(request.user, HOLD, drill)
    if drill.state not in PREPARING:
        raise PermissionDenied(__("演练开始之后不能再改脚本。"))
    data = _more(request)
    injects, targets = forms.script_lines(drill, data, SPARE)
    sent, faults = request.method == "POST" and "more_lines" not in request.POST, []
    if sent and all([injects.is_valid(), targets.is_valid()]):
        try:
            version = _number(request.POST.get("version", ""), drill.version)
            rows = [{k: v for k, v in row.items() if k != "place"} for row in targets.placed()]
            actions.set_script(drill, by=request.user, version=version, injects=injects.placed(), targets=rows)
            messages.success(request, __("脚本已保存。"))
            return redirect(drill.get_absolute_url())
        except OutOfStep:
            faults = [__("您打开脚本之后，他人修改了这次演练。您填写的内容都在下面；核对后再次保存即以您的为准。")]
        except ValidationError as fault:
            faults = fault.messages
    drill = find(request, response, key, drills)
    context = {"drill": drill, "response": drill.response, "injects": injects, "targets": targets, "faults": faults}
    return render(request, "drills/script.html", context, status=422 if sent else 200)


@require_POST
def again(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The next of the series as a draft, opened to be changed."""
    drill: Drill = find(request, response, key, drills)
    access.require(request.user, HOLD, drill)
    try:
        made = actions.again(drill, by=request.user, key=_key(request.POST.get("key", "")))
    except OutOfStep:
        messages.error(request, __("只有本系统里办过的演练可以再练一次。"))
        return redirect(drill.get_absolute_url())
    messages.success(request, __("已复制为下一次演练，请核对日期和人员。"))
    return redirect(drills.url("edit", made.response, made.pk))


@require_safe
def compare(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """The same drill over time: its targets in rows, its drills in columns, and the findings that came back."""
    drill: Drill = find(request, response, key, drills)
    series = queries.in_series(drill, request.user)
    found = queries.findings_of(series, request.user)
    context = {
        "drill": drill, "response": drill.response, "series": series, "rows": compared(series), "charts": charts(series),
        "counts": [[one.drill_id for one in found].count(held.pk) for held in series],
        "back": [one for one in found if one.repeats_id],
    }  # fmt: skip
    return render(request, "drills/compare.html", context)


def compared(series: list[Drill]) -> list[dict[str, Any]]:
    """A row for each target of any drill, by its code: what it is called, and for each drill the timing and how it changed."""
    rows = []
    for code, name in _codes(series):
        cells, before = [], None
        for held in series:
            target = _of(held, code)
            timing = target.timing if target else None
            used = timing.used if timing else None
            cells.append(
                {"timing": timing, "limit": target and target.limit_words(), "change": rules.change(before, used)}
            )
            before = used if used is not None else before
        rows.append({"name": name, "cells": cells})
    return rows


def charts(series: list[Drill]) -> list[Chart]:
    """A chart for each target that was measured more than once: minutes, with the limit of the last drill as a line."""
    drawn = []
    for code, name in _codes(series):
        targets = [_of(held, code) for held in series]
        taken = [one.used if one else None for one in targets]
        if sum(value is not None for value in taken) < 2:
            continue
        limit = next(one.limit for one in reversed(targets) if one)
        small = max(limit, *(value for value in taken if value is not None)) < IN_SECONDS
        worth, unit = (1, __("秒")) if small else (60, __("分钟"))
        used = [None if value is None else round(value / worth, 2) for value in taken]
        days = [f"{held.happened_on:%Y-%m-%d}" for held in series]
        line = (round(limit / worth, 2), __("时限 %(limit)s") % {"limit": rules.length(limit)})
        drawn.append(Chart(name, days, [Series(__("用时"), used, "bar")], __("演练"), unit, [line]))
    return drawn


def _limits(scenario: library.Scenario) -> list[tuple[str, str, str]]:
    return [(row["name"], rules.length(row["limit"]), row["basis"]) for row in scenario.targets]


def _codes(series: list[Drill]) -> list[tuple[str, str]]:
    """Codes in the order of the latest drills, each with its latest name."""
    latest: dict[str, str] = {}
    for held in reversed(series):
        for target in held.targets.all():
            latest.setdefault(target.code, target.name)
    return list(latest.items())


def _of(drill: Drill, code: str) -> Target | None:
    return next((target for target in drill.targets.all() if target.code == code), None)


def _more(request: SignedIn) -> Any:
    """What was sent; with the button for more lines, as if some more blank ones had been there."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    asked = data.get("more_lines", "")
    if asked in ("injects", "targets"):
        data[f"{asked}-TOTAL_FORMS"] = str(_number(data.get(f"{asked}-TOTAL_FORMS", ""), 0) + 3)
    return data


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _number(text: str, otherwise: int) -> int:
    """A small number as our own forms send it."""
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else otherwise
