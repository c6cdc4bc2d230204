"""The command post's screen: what is in force since when, and which tasks run late."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.board import Line, Tile
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.plans import queries
from tongzhou.modules.plans.models import Activation, Task
from tongzhou.modules.plans.workflow import OPEN, READ, ActivationState, TaskState

LINES = 5


def board(response: Response, person: Person, now: datetime) -> list[Tile]:
    return [*_active(response, person), *_tasks(response, person, now)]


def _active(response: Response, person: Person) -> list[Tile]:
    rows = access.visible(Activation.objects.filter(response=response, state=ActivationState.RUNNING), person, READ)
    running = list(rows.select_related("plan__response", "response").order_by("rank", "started_at"))
    if not running and not access.reach(person, READ):
        return []
    lines = [Line(_since(one), one.level, "wait", one.plan.get_absolute_url()) for one in running[:LINES]]
    url = f"{reverse('plans.activation.list', args=[response.slug])}?state={ActivationState.RUNNING}"
    return [
        Tile("active", _("启动中的预案"), len(running), url, "wait" if running else "plain", lines=lines, wide=True)
    ]


def _since(one: Activation) -> str:
    since = f"{timezone.localtime(one.started_at):%m-%d %H:%M}"
    return __("%(plan)s（%(since)s起）") % {"plan": one.plan, "since": since}


def _tasks(response: Response, person: Person, now: datetime) -> list[Tile]:
    rows = access.visible(Task.objects.filter(response=response, state__in=OPEN), person, READ)
    late = queries.overdue(rows, now)
    waiting, count = rows.count(), late.count()
    first = list(late.select_related("unit", "response").order_by("due_at", "pk")[:LINES])
    if not waiting:
        return []
    lines = [
        Line(task, f"{task.unit} {timezone.localtime(task.due_at):%m-%d %H:%M}", "bad", task.get_absolute_url())
        for task in first
    ]
    url = f"{reverse('plans.task.list', args=[response.slug])}?state={TaskState.TODO}&sort=due_at"
    note = __("共 %(n)d 项未办结") % {"n": waiting}
    return [Tile("overdue", _("逾期任务"), count, url, "bad" if count else "good", note, lines)]
