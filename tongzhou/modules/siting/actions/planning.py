"""An option: asked for on a page, worked out in the background, adopted or let go.

The Option row is the job. A task claims it by a guarded update and beats while it works; killed, its next run takes it over from the
start. A first plan is kept within a fraction of a second and shown; the last one takes its place.
"""

from datetime import timedelta
from json import dumps, loads
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
from tongzhou.modules.siting.models import Option, Outcome, Study, Table
from tongzhou.modules.siting.workflow import PLAN, OptionState, StudyState

if TYPE_CHECKING:
    from tongzhou.planning.forecasting import Forecast
    from tongzhou.planning.plan import Plan

ALIVE = timedelta(seconds=30)  # a worker that has not beaten for so long is dead
FIRST = 0.3  # seconds of search after which a first plan is shown
LONGEST = 120
DAYS = 20  # replications of the forecast
WORKING = (StudyState.DRAFT, StudyState.ADOPTED)
UNEXPECTED = [
    {
        "zh": "计算时出了意外，请再试一次；仍不行请联系管理员。",
        "en": "Something went wrong; try again, and if it happens again tell the administrator.",
    }
]


@transaction.atomic
def ask(study: Study, *, by: Person, key: UUID | None = None, seconds: float = 10, **changes: Any) -> Option:
    """Ask for an option, with what differs from the study. Asked again under the same key it is that one."""
    base = {
        "points": study.points,
        "tables": study.tables,
        "slot_minutes": study.slot_minutes,
        "pool": study.pool,
        "max_walk_m": study.max_walk_m,
    }
    labs = study.sheets.filter(kind=Table.Kind.LABS).first()
    base["lanes"] = sum(row["lanes"] for row in labs.rows) if labs else None
    return _filed(study, by, key, limit=min(max(seconds, 0.1), LONGEST), changes=rules.changed(changes, base))


@transaction.atomic
def close_points(
    option: Option, points: list[str], *, by: Person, key: UUID | None = None, at: str = "", reason: str = ""
) -> Option:
    """Ask who would move if these points closed, from the hour `at` on; nothing moves before that option is adopted."""
    known = {row["key"] for row in option.outcome.shown["points"] if not row.get("closed")}
    if not points or not set(points) <= known:
        raise ValidationError(__("请选择要关闭的采样点。"))
    if option.state not in (OptionState.READY, OptionState.ADOPTED):
        raise ValidationError(__("只有待采用和已采用的方案可以关闭采样点。"))
    counted = queries.seen(option) if at else {}
    return _filed(
        option.study, by, key, base=option, closing=points, closing_at=at, changes=option.changes, reason=reason,
        seen={point: counted[point] for point in points if point in counted},
    )  # fmt: skip


def _filed(study: Study, by: Person, key: UUID | None, **fields: Any) -> Option:
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
    return option


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

    first: Plan = pl.solve(case, points=points, seconds=min(FIRST, option.limit), seed=option.seed, watch=watch)
    if option.limit <= FIRST or first.stopped == "proven":
        return first
    if mine.update(**_figures(option, first, None)):
        Outcome.objects.update_or_create(option=option, defaults=_content(option, first, None, None))
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
    Outcome.objects.update_or_create(option=option, defaults=_content(option, plan, forecast, before))
    for name, value in (figures := _figures(option, plan, forecast)).items():
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


def _content(option: Option, plan: "Plan", forecast: "Forecast | None", before: "Plan | None") -> dict[str, Any]:
    from tongzhou.planning.keeping import plain

    return {
        "plan": dumps(plain(plan), ensure_ascii=False, sort_keys=True),
        "shown": queries.shown(option.study, plan, forecast, before, _told_units(option) if before else ()),
    }


def _told_units(option: Option) -> list[dict[str, Any]]:
    assert option.base is not None
    units: list[dict[str, Any]] = option.base.outcome.shown["units"]
    return units


def _figures(option: Option, plan: "Plan", forecast: "Forecast | None") -> dict[str, Any]:
    edition = queries.settings_of(option.study)
    tables = int(
        plan.tables[plan.open].sum()
    )  # of a point that has closed, whom it has seen is kept, its tables are free
    found = {
        "value": plan.value, "least": plan.bound, "gap": None if plan.stopped == "moved" else plan.gap, "stopped": plan.stopped, "digest": plan.case.digest,
        "points": len(plan.open), "tables": tables, "staff": tables * edition["table_staff"] + len(plan.open) * edition["point_staff"], "walk": plan.mean_walk,
    }  # fmt: skip
    if forecast:
        last = forecast.last_result.middle if forecast.last_result else None
        found |= {"wait": round(forecast.wait_p95_min.middle, 1), "ends": forecast.swabs_end.middle, "results": last}
    return found
