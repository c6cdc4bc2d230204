"""One task: who does it, the room it is handed over to, what was done."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import handoff, notices, steps
from tongzhou.kernel.lang import source_text
from tongzhou.kernel.models import Person
from tongzhou.modules.plans.models import Task


@transaction.atomic
def assign(task: Task, *, by: Person, person: Person, note: str = "") -> Task:
    steps.advance(task, "assign", by=by, note=note, data={"person": person.name}, person=person)
    if person != by:
        text = format_lazy(_("{by}请您办理任务：{task}。"), by=by.name, task=task.name)
        notices.tell([person], text, response=task.response, record=task, url=task.get_absolute_url())
    return task


def finish(task: Task, *, by: Person, did: str = "", note: str = "") -> Task:
    """Say what was done. When it was said counts as when it was done."""
    if not did.strip():
        raise ValidationError({"did": __("请写明做了什么。")})
    given = {"did": did.strip(), "done_at": timezone.now(), "done_by": by}
    return steps.advance(task, "finish", by=by, note=note, data={"did": did.strip()}, **given)


def send_back(task: Task, *, by: Person, note: str = "") -> Task:
    """To be done again: what was said of it stays in the ledger only."""
    return steps.advance(task, "send_back", by=by, note=note, did="", done_at=None, done_by=None)


@transaction.atomic
def hand_over(task: Task, *, by: Person, note: str = "") -> Task:
    """Let the room that does such things make its own draft of it. That room asks for its own capability."""
    room = handoff.accepted(task.kind) if task.kind else None
    if room is None:
        raise ValidationError(__("现在没有房间接收这类任务，请直接办理后报告办结。"))
    target = handoff.hand_over(task, task.kind, by=by)
    data = {"room": source_text(room.title), "target": source_text(target)}
    return steps.advance(task, "hand_over", by=by, note=note, data=data)


def pass_on(task: Task, *, by: Person) -> bool:
    """Hand it over at once where a room takes its kind from this person; where not, it stays a plain task for its owner."""
    if not task.kind or handoff.accepted(task.kind) is None:
        return False
    try:
        with transaction.atomic():
            hand_over(task, by=by)
    except (PermissionDenied, ValidationError):
        return False
    return True
