"""An option: asked for on a page, worked out in the background, adopted or let go.

The Option row is the job. A task claims it by a guarded update and beats while it works; killed, its next run takes it over from the
start. A first plan is kept within a fraction of a second and shown; the last one takes its place. Where the engine is at hand in the process
that is asked, and the case is not a city, that first plan is made before the page answers: it does not wait for its turn among the tasks.
"""

from datetime import timedelta
from json import loads
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
from tongzhou.modules.siting.actions import outcomes
from tongzhou.modules.siting.models import Option, Outcome, Study, Table
from tongzhou.modules.siting.workflow import PLAN, OptionState, StudyState

if TYPE_CHECKING:
    from tongzhou.planning.columns import Fault
    from tongzhou.planning.forecasting import Forecast
    from tongzhou.planning.plan import Plan

ALIVE = timedelta(seconds=30)  # a worker that has not beaten for so long is dead
FIRST = 0.3  # seconds of search after which a first plan is shown
GLANCE = 0.1  # the same where a page waits for it
AT_ONCE = 3_000_000  # buildings times sites up to which a page may wait for a first plan
LONGEST = 120
DAYS = 20  # replications of the forecast
WORKING = (StudyState.DRAFT, StudyState.ADOPTED)
UNEXPECTED = [
    {
        "zh": "计算时出了意外，请再试一次；仍不行请联系管理员。",
        "en": "Something went wrong; try again, and if it happens again tell the administrator.",
    }
]


def ask(study: Study, *, by: Person, key: UUID | None = None, seconds: float = 10, **changes: Any) -> Option:
    """Ask for an option, with what differs from the study. Asked again under the same key it is that one."""
    access.require(by, PLAN, study)
    base = {name: getattr(study, name, None) for name in rules.CHANGES}
    labs = study.sheets.filter(kind=Table.Kind.LABS).first()
    base["lanes"] = sum(row["lanes"] for row in labs.rows) if labs else None
    limit, changes = min(max(seconds, 0.1), LONGEST), rules.changed(changes, base)
    plan, faults = _at_once(study, changes)
    with transaction.atomic():
        option, new = _filed(study, by, key, limit=limit, changes=changes)
        if new and plan is not None:
            _shown(option, plan)
        if new and faults:
            _fail(option, [queries.cases.said(fault) for fault in faults[:20]])
    return option


def _at_once(study: Study, changes: dict[str, Any]) -> "tuple[Plan | None, list[Fault]]":
    """A first plan, or what stands in the way of any; neither where that would take long: then it is left to the task."""
    if not queries.engine.at_hand() or not 0 < queries.pairs(study) <= AT_ONCE:
        return None, []
    from tongzhou import planning as pl

    points = changes.get("points", study.points)
    try:
        case = queries.case_of(study, changes)
        if faults := pl.check(case, points):
            return None, faults
    except pl.Unfit as unfit:
        return None, unfit.faults
    try:
        return pl.solve(case, points=points, seconds=GLANCE, seed=1), []
    except pl.Unfit:  # not found so quickly
        return None, []


def close_points(
    option: Option, points: list[str], *, by: Person, key: UUID | None = None, at: str = "", reason: str = ""
) -> Option:
    """Ask who would move if these points closed, from the hour `at` on; nothing moves before that option is adopted."""
    known = {row["key"] for row in option.outcome.shown["points"] if not row.get("closed")}
    if not points or not set(points) <= known:
        raise ValidationError(__("请选择要关闭的采样点。"))
    if option.state not in (OptionState.READY, OptionState.ADOPTED):
        raise ValidationError(__("只有待采用和已采用的方案可以关闭采样点。"))
    access.require(by, PLAN, option.study)
    counted = queries.seen(option) if at else {}
    seen = {point: counted[point] for point in points if point in counted}
    at_once = queries.engine.at_hand() and queries.pairs(option.study) <= AT_ONCE
    with transaction.atomic():
        made, new = _filed(
            option.study, by, key, base=option, closing=points, closing_at=at, changes=option.changes, reason=reason, seen=seen
        )  # fmt: skip
        if new and at_once:
            _shown(made, *_moved(made))
    return made


def _shown(option: Option, plan: "Plan", before: "Plan | None" = None) -> None:
    """A first plan, to be looked at while the task goes on."""
    moved = {} if before is None else {"moved": sum(move["persons"] for move in plan.diff(before).moves)}
    Option.objects.filter(pk=option.pk).update(**outcomes.figures(option, plan, None), **moved)
    Outcome.objects.create(option=option, **outcomes.content(option, plan, None, before, called=False))


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

    now = timezone.now()
    free = Q(beat_at=None) | Q(beat_at__lt=now - ALIVE)
    if not Option.objects.filter(Q() if again else free, pk=key, state=OptionState.RUNNING).update(
        beat_at=now, seconds=0
    ):
        return ""
    option = Option.objects.select_related("study", "unit", "response", "filed_by", "base__outcome").get(pk=key)
    try:
        plan, before = _moved(option) if option.base else (_searched(option), None)
        keep(option, plan, pl.simulate(plan, replications=DAYS, seed=option.seed), before)
    except pl.Unfit as unfit:
        _fail(option, [queries.cases.said(fault) for fault in unfit.faults[:20]])
    except Exception:
        _fail(option, UNEXPECTED)
        raise
    return option.state


def stop(option: Option, *, by: Person) -> None:
    """Be content with what has been found so far."""
    access.require(by, PLAN, option)
    Option.objects.filter(pk=option.pk, state=OptionState.RUNNING).update(stop=True)


def _searched(option: Option) -> "Plan":
    from tongzhou import planning as pl
    from tongzhou.planning.keeping import revived

    case = queries.case_of(option.study, option.changes)
    points = option.changes.get("points", option.study.points)
    weight = float(case.weight.sum()) or 1.0
    mine, begun = Option.objects.filter(pk=option.pk, state=OptionState.RUNNING), monotonic()

    def watch(progress: Any) -> bool:
        mine.update(
            beat_at=timezone.now(),
            seconds=monotonic() - begun,
            value=progress.value if progress.value < 1e300 else None,
            least=max(progress.bound, 0),
            points=points,
            walk=progress.value / weight if progress.value < 1e300 else None,
        )
        return mine.filter(stop=False).exists()

    first: Plan | None = None
    if there := Outcome.objects.filter(option=option).first():
        first = revived(loads(there.plan))
    else:
        first = pl.solve(case, points=points, seconds=min(FIRST, option.limit), seed=option.seed, watch=watch)
        if option.limit > FIRST and first.stopped != "proven" and mine.update(**outcomes.figures(option, first, None)):
            Outcome.objects.update_or_create(
                option=option, defaults=outcomes.content(option, first, None, None, called=False)
            )
    if first.stopped == "proven" or (there is None and option.limit <= FIRST):
        return first
    found: Plan = pl.solve(case, points=points, seconds=option.limit, seed=option.seed, watch=watch)
    return found if found.value <= first.value else first


def _moved(option: Option) -> "tuple[Plan, Plan]":
    from tongzhou.planning.keeping import revived

    assert option.base is not None
    before = revived(loads(option.base.outcome.plan))
    return before.close(*option.closing, at=option.closing_at or None, seen=option.seen), before


@transaction.atomic
def keep(option: Option, plan: "Plan", forecast: "Forecast | None" = None, before: "Plan | None" = None) -> Option:
    """Put down what came out and tell whoever asked. Stopped or discarded meanwhile, nothing is written."""
    made = outcomes.content(option, plan, forecast, before)
    Outcome.objects.update_or_create(option=option, defaults=made)
    figures = outcomes.figures(option, plan, forecast) | outcomes.burden(option, made["shown"])
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
