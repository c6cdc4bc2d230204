"""A plan in motion: activated at a level, raised or lowered, stood down; and the tasks this orders."""

from datetime import datetime
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import notices, steps
from tongzhou.kernel.dates import moment
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.plans import queries, rules
from tongzhou.modules.plans.actions.agreeing import successor, supersede
from tongzhou.modules.plans.actions.tasks import pass_on
from tongzhou.modules.plans.models import Activation, Level, Plan, Task
from tongzhou.modules.plans.workflow import OPEN, ActivationState


@transaction.atomic
def activate(
    plan: Plan, *, by: Person, rank: int, basis: str = "", observed: int | None = None, note: str = ""
) -> Plan:
    """Set the plan in motion at a level: its tasks are ordered, each once. `basis` says who ordered it and why."""
    if successor(plan):
        raise ValidationError(__("本版已有批准的新版，请启动新版。"))
    level = _level(plan, rank)
    return _begin(plan, "activate", level, by=by, basis=basis, observed=observed, note=note)


@transaction.atomic
def shift(plan: Plan, *, by: Person, rank: int, basis: str = "", observed: int | None = None, note: str = "") -> Plan:
    """Raise or lower the level. What the former level ordered goes on unless somebody closes it."""
    level, now = _level(plan, rank), _running(plan)
    if now.rank == rank:
        raise ValidationError({"rank": __("现在就是%(level)s。") % {"level": level}})
    _end(now, by=by, why=_why(level, now))
    return _begin(plan, "shift", level, by=by, basis=basis, observed=observed, note=note, former=now.level)


@transaction.atomic
def stand_down(plan: Plan, *, by: Person, note: str = "") -> Plan:
    """End the response; what is still open is closed with the same reason. A newer edition now takes this one's place."""
    now, open_tasks = _running(plan), list(plan.tasks.filter(state__in=OPEN).order_by("pk"))
    steps.advance(plan, "stand_down", by=by, note=note, data={"level": now.level, "tasks": len(open_tasks)}, rank=None)
    _end(now, by=by, why=note.strip())
    for task in open_tasks:
        steps.advance(task, "drop", by=by, note=note)
    if successor(plan):
        supersede(plan, by=by)
    return plan


def end(activation: Activation, *, by: Person, note: str = "") -> Activation:
    """An activation ends with its plan's move, which closes or orders tasks as well."""
    raise ValidationError(__("请在预案页面调整级别或终止响应。"))


def _begin(
    plan: Plan, move: str, level: Level, *, by: Person, basis: str, observed: int | None, note: str, former: str = ""
) -> Plan:
    if not basis.strip():
        raise ValidationError({"basis": __("请写明依据：谁决定的，根据什么情况。")})
    planned, now = list(queries.planned_for(plan, level.rank)), timezone.now()
    data = {"level": level.name, "basis": basis.strip(), "tasks": len(planned)} | ({"former": former} if former else {})
    steps.advance(plan, move, by=by, note=note, data=data, rank=level.rank)
    activation = Activation(
        pk=uuid5(plan.pk, f"activation/{plan.version}"), response=plan.response, unit=plan.unit, happened_on=timezone.localdate(now),
        plan=plan, rank=level.rank, level=level.name, basis=basis.strip(), observed=observed, started_at=now,
    )  # fmt: skip
    steps.file(activation, by=by, data={"level": level.name})
    tasks = [_task(plan, activation, one, now) for one in planned]
    steps.file_many(tasks, by=by, data={task.pk: {"due": moment(task.due_at)} for task in tasks})
    for task in tasks:
        text = format_lazy(_("任务：{task}，{due}前办结。"), task=task.name, due=moment(task.due_at))
        notices.tell(queries.owners(task), text, response=plan.response, record=task, url=task.get_absolute_url())
        pass_on(task, by=by)
    return plan


def _task(plan: Plan, activation: Activation, planned: Any, now: datetime) -> Task:
    return Task(
        pk=uuid5(activation.pk, str(planned.pk)), response=plan.response, unit=planned.unit, happened_on=activation.happened_on,
        plan=plan, activation=activation, kind=planned.kind, name=planned.name, text=planned.text, person=planned.person,
        due_at=rules.due(now, planned.hours),
    )  # fmt: skip


def _end(activation: Activation, *, by: Person, why: str) -> None:
    data = {"level": activation.level, "why": why}
    steps.advance(activation, "end", by=by, data=data, ended_at=timezone.now(), ended_by=by)


def _why(level: Level, now: Activation) -> str:
    return source_text(_("级别上调") if level.rank < now.rank else _("级别下调"))


def _level(plan: Plan, rank: int) -> Level:
    found = plan.levels.filter(rank=rank).first()
    if found is None:
        raise ValidationError({"rank": __("预案没有写明这一级。")})
    return found


def _running(plan: Plan) -> Activation:
    found = plan.activations.select_related("response", "unit").filter(state=ActivationState.RUNNING).first()
    if found is None:
        raise steps.OutOfStep
    return found
