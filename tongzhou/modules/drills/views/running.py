"""The control desk: a page that shows the drill as the server has it, with one large button for the next inject."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as __
from django.views.decorators.http import require_http_methods

from tongzhou.kernel import access
from tongzhou.kernel.desk.views import find
from tongzhou.kernel.signed_in import SignedIn
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.drills import actions, forms, rules
from tongzhou.modules.drills.models import Drill, Inject
from tongzhou.modules.drills.views import drills
from tongzhou.modules.drills.workflow import EVALUATE, RUN, TIMED, DrillState


def _differed(drill: Drill, *, by: Any, number: int) -> bool:
    return actions.observe(drill, by=by, number=number, outcome=Inject.Outcome.DIFFERED)


TAPS = {
    "release": actions.release, "observe": actions.observe, "differ": _differed, "start_target": actions.start_target,
    "stop_target": actions.stop_target,
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def run(request: SignedIn, response: str, key: UUID) -> HttpResponse:
    """POST is one tap: `do` names it, `number` the inject or the target. Sent twice it is done once."""
    drill: Drill = find(request, response, key, drills)
    access.require(request.user, RUN, drill)
    if request.method == "POST":
        _tap(request, drill)
        return redirect(drill.page("run"))
    template = "drills/run.html" + ("#desk" if request.headers.get("HX-Request") else "")
    answer = render(request, template, _desk(drill, request))
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def inject(request: SignedIn, response: str, key: UUID, number: int) -> HttpResponse:
    """Put right when an inject was sent and its reaction seen; write down what was seen."""
    drill = _timed(request, response, key)
    found = next((one for one in drill.injects.all() if one.number == number), None)
    if found is None:
        raise Http404
    form = forms.InjectTimes(request.POST or None, inject=found)
    return _corrected(request, drill, form, actions.correct_inject, number, found)


@require_http_methods(["GET", "HEAD", "POST"])
def target(request: SignedIn, response: str, key: UUID, number: int) -> HttpResponse:
    """Put in the time used, a score, a remark."""
    drill = _timed(request, response, key)
    found = next((one for one in drill.targets.all() if one.number == number), None)
    if found is None:
        raise Http404
    form = forms.TargetTime(request.POST or None, target=found)
    return _corrected(request, drill, form, actions.correct_target, number, found)


def _desk(drill: Drill, request: SignedIn) -> dict[str, Any]:
    injects, now = list(drill.injects.all()), timezone.now()
    elapsed = int(((drill.ended_at or now) - drill.begun_at).total_seconds()) if drill.begun_at else 0
    return {
        "drill": drill, "response": drill.response, "injects": injects, "targets": list(drill.targets.all()),
        "next": next((one for one in injects if one.released_at is None), None), "now": now,
        "running": drill.state == DrillState.RUNNING, "timed": drill.state in TIMED,
        "elapsed": elapsed, "clock": rules.clock(elapsed),
        "may_find": access.may(request.user, EVALUATE, drill),
    }  # fmt: skip


def _tap(request: SignedIn, drill: Drill) -> None:
    tapped, number = TAPS.get(request.POST.get("do", "")), request.POST.get("number", "")
    if tapped is None or not (number.isascii() and number.isdigit() and len(number) < 5):
        messages.error(request, __("没有这个操作，请刷新页面后再试。"))
        return
    try:
        if not tapped(drill, by=request.user, number=int(number)):
            messages.info(request, __("这一步先前已记下，时间没有改变。"))
    except OutOfStep:
        messages.error(request, __("演练不在进行中，没有记下。"))
    except ValidationError as fault:
        messages.error(request, "；".join(fault.messages))


def _timed(request: SignedIn, response: str, key: UUID) -> Drill:
    drill: Drill = find(request, response, key, drills)
    access.require(request.user, RUN, drill)
    if drill.state not in TIMED:
        raise PermissionDenied(__("只能在演练进行中、评估之前更正时间。"))
    return drill


def _corrected(request: SignedIn, drill: Drill, form: Any, correct: Any, number: int, found: Any) -> HttpResponse:
    sent = request.method == "POST"
    if sent and form.is_valid():
        try:
            correct(drill, by=request.user, number=number, **form.cleaned_data)
            messages.success(request, __("已保存。"))
            return redirect(drill.page("run"))
        except OutOfStep:
            messages.error(request, __("演练已经评估，时间不能再改。"))
            return redirect(drill.get_absolute_url())
        except ValidationError as fault:
            for name, said in getattr(fault, "error_dict", {None: fault}).items():
                form.add_error(name if name in form.fields else None, said)
    context = {"drill": drill, "response": drill.response, "form": form, "found": found}
    return render(request, "drills/correct.html", context, status=422 if sent else 200)
