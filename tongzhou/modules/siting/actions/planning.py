"""An option: asked for on a page, worked out in the background, adopted or let go.

The Option row is the job. A task claims it by a guarded update and beats while it works; killed, its next run takes it over from the
start. A first plan is kept within a fraction of a second and shown; the last one takes its place. Where the engine is at hand in the process
that is asked, and the case is not a city, that first plan is made before the page answers: it does not wait for its turn among the tasks.
What was shown is never lost: where the search that follows finds no plan, or is stopped before it has one, the first plan is the answer.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.tasks import TaskContext, task
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, notices, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.siting import queries, rules
from tongzhou.modules.siting.actions import glances, outcomes
from tongzhou.modules.siting.models import Option, Outcome, Study
from tongzhou.modules.siting.workflow import PLAN, OptionState, StudyState

if TYPE_CHECKING:
    from tongzhou.planning.case import Case
    from tongzhou.planning.forecasting import Forecast
    from tongzhou.planning.plan import Plan

ALIVE = timedelta(seconds=30)  # a worker that has not beaten for so long is dead
FIRST = 0.3  # seconds of search after which a first plan is shown
LONGEST = 120
PROVING = 20  # seconds of HiGHS, within which a worker need not beat
DAYS = 20  # replications of the forecast
WORKING = (StudyState.DRAFT, StudyState.ADOPTED)
UNEXPECTED = [
    {
        "zh": "计算时出了意外，请再试一次；仍不行请联系管理员。",
        "en": "Something went wrong; try again, and if it happens again tell the administrator.",
    }
]


def ask(
    study: Study, *, by: Person, key: UUID | None = None, seconds: float = 10, at_once: bool = True, **changes: Any
) -> Option:
    """Ask for an option, with what differs from the study. Asked again under the same key it is that one.

    at_once  whether somebody waits for the page that shows it
    """
    access.require(by, PLAN, study)
    base = {name: getattr(study, name, None) for name in (*rules.CHANGES, *rules.HOURS)}
    base[rules.LANES] = {lab["key"]: lab["lanes"] for lab in queries.labs_of(study)}
    limit, changed = min(max(seconds, 0.1), LONGEST), rules.changed(changes, base)
    look = partial(glances.first, study, changed) if at_once else glances.Glance
    return _begun(study, by, key, look, limit=limit, changes=changed)


def close_points(
    option: Option, points: list[str], *, by: Person, key: UUID | None = None, at: str = "", reason: str = ""
) -> Option:
    """Ask who would move if these points closed, from the hour `at` on."""
    return step(option, Option.Step.CLOSE, points, by=by, key=key, at=at, reason=reason)


def step(
    option: Option, kind: str, points: list[str], *, by: Person, key: UUID | None = None, at: str = "", left: int | None = None,
    lanes: dict[str, int] | None = None, reason: str = "",
) -> Option:  # fmt: skip
    """Ask what comes of a step on this option: points that close, have only `left` tables or open, laboratories with other lanes, a proof.

    Only the people concerned would move, by whom has really been seen; nobody does before the option that this makes is adopted.
    """
    access.require(by, PLAN, option.study)
    if option.state not in (OptionState.READY, OptionState.ADOPTED):
        raise ValidationError(__("只有待采用和已采用的方案可以调整。"))
    if fault := queries.steps.fault(option, kind, points, left, lanes or {}):
        raise ValidationError(fault)
    counted = queries.seen(option) if at else {}
    fields = {
        "base": option, "step": kind, "spots": points, "at": at, "left": left, "reason": reason,
        "seen": {point: counted[point] for point in points if point in counted},
        "changes": option.changes | ({rules.LANES: option.changes.get(rules.LANES, {}) | lanes} if lanes else {}),
    }  # fmt: skip
    if kind == Option.Step.PROVE:
        fields["limit"] = PROVING
    look = partial(glances.stepping, Option(study=option.study, **fields))
    return _begun(option.study, by, key, look, **fields)


def _begun(study: Study, by: Person, key: UUID | None, look: Callable[[], glances.Glance], **fields: Any) -> Option:
    """The option filed, with what a page shows at once of it."""
    glance = glances.guarded(look, glances.Glance())
    plan = glance.plan
    forecast = glances.guarded(lambda: glances.played(plan, waited_for=True), None) if plan is not None else None
    with transaction.atomic():
        option, new = _filed(study, by, key, **fields)
        if new and plan is not None:
            glances.guarded(lambda: glances.keep(option, plan, forecast, glance.before), False)
        if new and glance.faults:
            _fail(option, [queries.cases.said(fault) for fault in glance.faults[:20]])
    return option


def _filed(study: Study, by: Person, key: UUID | None, **fields: Any) -> tuple[Option, bool]:
    access.require(by, PLAN, study)
    if not Study.objects.select_for_update().filter(pk=study.pk, state__in=WORKING).exists():
        raise ValidationError(__("这份测算已经结束。"))
    number = (study.options.aggregate(n=Max("number"))["n"] or 0) + 1
    made = Option(
        pk=key or uuid4(),
        response=study.response,
        unit=study.unit,
        study=study,
        happened_on=study.happened_on,
        number=number,
        **fields,
    )
    option, new = steps.file(made, by=by)
    if new:
        transaction.on_commit(lambda: run.enqueue(str(option.pk)))
    return option, new


@task(takes_context=True)
def run(context: TaskContext[Any, Any], key: str) -> str:
    """Run again, the worker that had it is dead: the house knows that before the beat is old."""
    return work(key, again=context.attempt > 1)


def work(key: str, *, again: bool = False) -> str:
    """Work the option out; returns the state it came to, or "" when it is another's or no longer wanted."""
    from tongzhou import planning as pl

    queries.engine.load()  # before the clock runs: what a process loads once is no part of anybody's seconds
    now = timezone.now()
    free = Q(beat_at=None) | Q(beat_at__lt=now - ALIVE)
    if not Option.objects.filter(Q() if again else free, pk=key, state=OptionState.RUNNING).update(
        beat_at=now, seconds=0
    ):
        return ""
    try:
        option = _option(key)
        plan, before = glances.stepped(option) if option.step else (_searched(option), None)
        return keep(option, plan, pl.simulate(plan, replications=DAYS, seed=option.seed), before).state
    except pl.Unfit as unfit:
        return _given_up(key, [queries.cases.said(fault) for fault in unfit.faults[:20]])
    except Exception:
        _given_up(key, UNEXPECTED)
        raise


def _given_up(key: str, why: list[dict[str, str]]) -> str:
    """Read anew: the option in hand may bear what was rolled back, or another may have ended it."""
    option = _option(key)
    if option.is_running:
        _fail(option, why)
    return option.state


def _option(key: str) -> Option:
    return Option.objects.select_related("study", "unit", "response", "filed_by", "base__outcome").get(pk=key)


def stop(option: Option, *, by: Person) -> None:
    """Be content with what has been found so far. One that nobody works on any more is taken up again, to be ended."""
    access.require(by, PLAN, option)
    running = Option.objects.filter(pk=option.pk, state=OptionState.RUNNING)
    if running.update(stop=True) and not running.filter(beat_at__gte=timezone.now() - ALIVE).exists():
        run.enqueue(str(option.pk))


def _searched(option: Option) -> "Plan":
    from tongzhou import planning as pl

    case = queries.case_of(option.study, option.changes)
    points = option.changes.get("points", option.study.points)
    watch = _watching(option, case, points)

    def searched(seconds: float, instead: "Plan | None") -> "Plan | None":
        """`instead` of nothing: a search that is cut short may not have a plan that keeps every rule."""
        try:
            found: Plan = pl.solve(case, points=points, seconds=seconds, seed=option.seed, watch=watch)
        except pl.Unfit:
            if instead is None and seconds >= option.limit:
                raise
            return instead
        return found if instead is None or found.value <= instead.value else instead

    there = Outcome.objects.filter(option=option).first()
    first = queries.plan_of(option) if there else searched(min(FIRST, option.limit), None)
    final = first is not None and (first.stopped == "proven" or (there is None and option.limit <= FIRST))
    if first is not None and not (there and there.days):  # proven or not: of a city the last forecast takes a while
        glances.keep(option, first, glances.played(first, waited_for=False))
    found = first if final else searched(option.limit, first)
    assert found is not None  # else Unfit was raised
    return found


def _watching(option: Option, case: "Case", points: int) -> Any:
    """What the search tells while it goes on, put down for the page where it is better than what stands there; False once somebody is content."""
    weight, begun = float(case.weight.sum()) or 1.0, monotonic()
    mine = Option.objects.filter(pk=option.pk, state=OptionState.RUNNING)
    value, least = option.value or inf, option.least

    def watch(progress: Any) -> bool:
        nonlocal value, least
        value, least = min(value, progress.value), max(least, progress.bound)
        so_far = {"value": value, "walk": value / weight, "points": points} if value < 1e300 else {}
        mine.update(beat_at=timezone.now(), seconds=monotonic() - begun, least=least, **so_far)
        return mine.filter(stop=False).exists()

    return watch


@transaction.atomic
def keep(option: Option, plan: "Plan", forecast: "Forecast | None" = None, before: "Plan | None" = None) -> Option:
    """Put down what came out and tell whoever asked. Stopped or discarded meanwhile, nothing is written."""
    made = outcomes.content(option, plan, forecast, before)
    Outcome.objects.update_or_create(option=option, defaults=made)
    figures = outcomes.figures(plan, forecast, made["shown"]) | outcomes.burden(option, made["shown"])
    for name, value in figures.items():
        setattr(option, name, value)
    if before is not None:
        option.moved = figures["moved"] = sum(move["persons"] for move in plan.diff(before).moves)
    steps.advance(
        option,
        "keep",
        by=option.filed_by,
        data={"points": option.points, "tables": option.tables, "walk": round(option.walk or 0)},
        **figures,
    )
    _tell(option, _("“{option}”已算好，请查看。"))
    return option


def _fail(option: Option, why: list[dict[str, str]]) -> None:
    steps.advance(option, "fail", by=option.filed_by, why=why)
    _tell(option, _("“{option}”没有算成，请看原因。"))


def _tell(option: Option, said: Any) -> None:
    text = format_lazy(said, option=option)
    notices.tell(
        [option.filed_by],
        text,
        response=option.response,
        record=option,
        url=option.get_absolute_url(),
        once=f"option/{option.pk}/{option.state}",
    )
