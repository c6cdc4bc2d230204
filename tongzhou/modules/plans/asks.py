"""What awaits whom: an opinion, the end of a round, an approval, a task with its hour, a task to be looked over."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.plans import queries
from tongzhou.modules.plans.models import Plan, Task
from tongzhou.modules.plans.models.plan import own_opinions
from tongzhou.modules.plans.workflow import ACTIVATE, DRAFT, PlanState, TaskState


def to_opine(person: Person) -> QuerySet[Plan]:
    mine = queries.silent().filter(own_opinions(person)).values("plan")
    return Plan.objects.filter(pk__in=mine).order_by("consult_by", "pk")


def to_conclude(person: Person) -> QuerySet[Plan]:
    """Rounds in which everybody has spoken, or whose last day is over."""
    waiting = Exists(queries.silent().filter(plan=OuterRef("pk")))
    rows = Plan.objects.filter(access.within(access.reach(person, DRAFT)), state=PlanState.CONSULTING)
    return rows.filter(Q(consult_by__lt=timezone.localdate()) | ~waiting).order_by("consult_by", "pk")


def to_confirm(person: Person) -> QuerySet[Task]:
    rows = Task.objects.filter(access.within(access.reach(person, ACTIVATE)), state=TaskState.DONE)
    return rows.order_by("done_at", "pk")


ASKS = (
    Ask("tasks", _("待您办理的任务"), queries.own_tasks, due="due_at"),
    Ask("to_opine", _("请您提出意见的方案预案"), to_opine, due="consult_by"),
    Ask("to_conclude", _("征求意见可以结束"), to_conclude, due="consult_by"),
    Ask("to_approve", _("待批准的方案预案"), queries.to_approve),
    Ask("to_confirm", _("待核销的任务"), to_confirm),
)
