"""A decision on its way: reported done, confirmed by somebody else or sent back, put off, passed on."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import attachments, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.meetings.actions import telling
from tongzhou.modules.meetings.models import Task
from tongzhou.modules.meetings.workflow import DO

EVIDENCE = "evidence"


@transaction.atomic
def report(
    task: Task, *, by: Person, done_text: str = "", picture: Any = None, document: Any = None, note: str = ""
) -> Task:
    """Say what was done, with a photograph or a document to show it. Chair and recorder are told."""
    if not done_text.strip():
        raise ValidationError({"done_text": __("请写明办了什么、结果怎样。")})
    data = {"done_text": done_text}
    steps.advance(
        task, "report", by=by, note=note, data=data, done_text=done_text, reported_by=by, reported_at=timezone.now()
    )
    if picture:
        attachments.attach_picture(task, picture, by=by, needs=DO, purpose=EVIDENCE)
    if document:
        attachments.attach_document(task, document, by=by, needs=DO, purpose=EVIDENCE)
    told = dict.fromkeys([task.meeting.chair, task.meeting.recorder])
    telling.about(task, [one for one in told if one != by], _("{who}报告办结：{task}。请确认。"), who=by.name)
    return task


def close(task: Task, *, by: Person, note: str = "") -> Task:
    """Confirm that it is done: neither the owner nor whoever reported it."""
    if by.pk in (task.owner_id, task.reported_by_id):
        raise ValidationError(__("责任人和报告办结的人不能自己确认办结，请由另一人确认。"))
    return steps.advance(task, "close", by=by, note=note, closed_by=by, closed_at=timezone.now())


@transaction.atomic
def send_back(task: Task, *, by: Person, note: str = "") -> Task:
    steps.advance(task, "send_back", by=by, note=note, reported_by=None, reported_at=None)
    telling.about(task, [task.owner], _("请继续办理：{task}。退回原因：{reason}。"), reason=note)
    return task


@transaction.atomic
def extend(task: Task, *, by: Person, due_on: date, note: str = "") -> Task:
    if due_on <= task.due_on:
        raise ValidationError({"due_on": __("新的期限须晚于 %(day)s。") % {"day": task.due_on}})
    data = {"old": str(task.due_on), "new_day": str(due_on)}
    steps.advance(task, "extend", by=by, note=note, data=data, due_on=due_on)
    telling.about(task, [task.owner], _("“{task}”的期限延长到{day}。"))
    return task


@transaction.atomic
def reassign(task: Task, *, by: Person, owner: Person | None = None, note: str = "") -> Task:
    """Pass it on; the one who had it and the one who has it now are told."""
    if owner is None or owner.pk == task.owner_id:
        raise ValidationError({"owner": __("请写另一位责任人的姓名。")})
    before = task.owner
    steps.advance(task, "reassign", by=by, note=note, data={"owner": owner.name}, owner=owner)
    telling.about(task, [owner], _("“{meeting}”议定的事项改由您办理：{task}，请于{day}前办结。"))
    text = _("“{task}”改由{owner}办理，您不用再办了。")
    telling.about(task, [before], text, owner=owner.name)
    return task


@transaction.atomic
def drop(task: Task, *, by: Person, note: str = "") -> Task:
    steps.advance(task, "drop", by=by, note=note)
    telling.about(task, [task.owner], _("“{task}”不再办理。原因：{reason}。"), reason=note)
    return task
