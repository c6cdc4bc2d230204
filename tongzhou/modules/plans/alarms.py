"""What must be told in time: a task within the hour of its deadline or past it, and a consultation about to end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.alarms import Alarm
from tongzhou.kernel.models import Person
from tongzhou.modules.plans import queries
from tongzhou.modules.plans.actions.agreeing import speakers
from tongzhou.modules.plans.models import Opinion, Task
from tongzhou.modules.plans.workflow import ACTIVATE, OPEN


def alarms(now: datetime) -> Iterator[Alarm]:
    yield from _tasks(now)
    yield from _consultations(now)


def _tasks(now: datetime) -> Iterator[Alarm]:
    """Before the hour its owner is told; once it is past, those too who may order and close tasks there."""
    soon = now + timedelta(minutes=queries.clock("warn_minutes"))
    rows = Task.objects.filter(state__in=OPEN, due_at__lte=soon).select_related("response", "unit", "person")
    for task in rows.order_by("due_at", "pk"):
        clock = f"{timezone.localtime(task.due_at):%H:%M}"
        if task.due_at >= now:
            text = format_lazy(_("任务“{task}”将于{clock}到期。"), task=task.name, clock=clock)
            yield Alarm(task, "soon", text, list(queries.owners(task)))
        else:
            people = {one.pk: one for one in [*queries.owners(task), *access.holders(ACTIVATE, task.unit)]}
            text = format_lazy(_("任务“{task}”已逾期（时限{clock}），请办理或说明。"), task=task.name, clock=clock)
            yield Alarm(task, "late", text, list(people.values()), units=[task.unit])


def _consultations(now: datetime) -> Iterator[Alarm]:
    """Whoever has not spoken is reminded the day before the last day."""
    soon = timezone.localdate(now) + timedelta(days=queries.clock("consult_days"))
    rows = queries.silent().filter(plan__consult_by__lte=soon, plan__consult_by__gte=timezone.localdate(now))
    for one in rows.select_related("plan__response", "plan__unit", "unit", "person").order_by("pk"):
        text = format_lazy(_("请于{day}前对《{plan}》提出意见。"), day=str(one.plan.consult_by), plan=one.plan.name)
        yield Alarm(one.plan, f"opinion/{one.pk}", text, _speakers(one))


def _speakers(one: Opinion) -> list[Person]:
    return [one.person] if one.person else list(speakers(one.unit)) if one.unit else []
