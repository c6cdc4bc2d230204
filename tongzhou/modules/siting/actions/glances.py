"""What a page shows before any task has begun: a first plan and a forecast from few days, or what stands in the way of any plan."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tongzhou.modules.siting import queries, rules
from tongzhou.modules.siting.actions import outcomes
from tongzhou.modules.siting.models import Option, Outcome, Study
from tongzhou.modules.siting.workflow import OptionState

if TYPE_CHECKING:
    from tongzhou.planning.columns import Fault
    from tongzhou.planning.forecasting import Forecast
    from tongzhou.planning.plan import Plan

GLANCE = 0.1  # seconds of search that a page waits for
AT_ONCE = 3_000_000  # buildings times sites up to which a page may wait for a first plan
FEW = 3  # days played through for a first forecast
PLAYED = 150_000  # people times days that a page may wait for: a quarter of a second; beyond it, the task begins with the forecast


@dataclass(frozen=True)
class Glance:
    """`before` is the plan from which people move, where points close. Neither plan nor faults: it would take long and is left to the task."""

    plan: "Plan | None" = None
    before: "Plan | None" = None
    faults: "list[Fault]" = field(default_factory=list)


def guarded[T](look: Callable[[], T], instead: T) -> T:
    """A page is drawn whatever becomes of a first look: the task that follows finds the same and says so to whoever asked."""
    try:
        with transaction.atomic():
            return look()
    except Exception:
        logging.getLogger(__name__).exception("a first look failed")
        return instead


def first(study: Study, changes: dict[str, Any]) -> Glance:
    if not _may(study):
        return Glance()
    from tongzhou import planning as pl

    points = changes.get("points", study.points)
    try:
        case = queries.case_of(study, changes)
        if faults := pl.check(case, points):
            return Glance(faults=faults)
    except pl.Unfit as unfit:
        return Glance(faults=unfit.faults)
    try:
        return Glance(pl.solve(case, points=points, seconds=GLANCE, seed=1))
    except pl.Unfit:  # not found so quickly
        return Glance()


def stepping(option: Option) -> Glance:
    if option.step == Option.Step.PROVE or not _may(option.study):  # no proof is quick
        return Glance()
    from tongzhou import planning as pl

    try:
        return Glance(*stepped(option))
    except pl.Unfit as unfit:
        return Glance(faults=unfit.faults)


def stepped(option: Option) -> "tuple[Plan, Plan | None]":
    """The plan after this option's step, and the plan of its base from which people move; none where it is proven anew. Raises Unfit."""
    assert option.base is not None
    before, at, step = queries.plan_of(option.base), option.at or None, Option.Step
    if option.step == step.REDUCE:
        return before.reduce(option.spots[0], option.left or 1, at=at, seen=option.seen), before
    if option.step == step.REOPEN:
        return before.reopen(*option.spots, at=at), before
    if option.step == step.PROVE:
        from tongzhou import planning as pl

        return pl.prove(before, seconds=option.limit), None
    if option.step == step.LABS:
        labs, lanes = before.case.labs.key.tolist(), option.changes.get(rules.LANES, {})
        now = dict(zip(labs, before.case.lanes.tolist(), strict=True))
        return before.fail({key: n for key, n in lanes.items() if now.get(key, n) != n}, at), before
    return before.close(*option.spots, at=at, seen=option.seen), before


def _may(study: Study) -> bool:
    return queries.engine.at_hand() and 0 < queries.pairs(study) <= AT_ONCE


def played(plan: "Plan", *, waited_for: bool) -> "Forecast | None":
    """The forecast of a first plan; where a page waits for it, only if that is quick."""
    from tongzhou import planning as pl

    days = min(FEW, PLAYED // max(int(plan.case.demand.persons.sum()), 1)) if waited_for else FEW
    return pl.simulate(plan, replications=days, seed=1) if days else None


def keep(option: Option, plan: "Plan", forecast: "Forecast | None", before: "Plan | None" = None) -> bool:
    """Put a first plan down, to be looked at while the task goes on; not where the option has come to its end meanwhile."""
    moved = {} if before is None else {"moved": sum(move["persons"] for move in plan.diff(before).moves)}
    made = outcomes.content(option, plan, forecast, before, final=False)
    figures = outcomes.figures(plan, forecast, made["shown"])
    with transaction.atomic():
        still = Option.objects.filter(pk=option.pk, state=OptionState.RUNNING)
        if not still.update(**figures, **moved):
            return False
        Outcome.objects.update_or_create(option=option, defaults=made)
    return True
