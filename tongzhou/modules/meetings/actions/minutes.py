"""The end of a meeting and its minutes: written, submitted, approved by another hand; each decision becomes a task."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import ledger, steps
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.meetings import queries
from tongzhou.modules.meetings.actions import attending, telling
from tongzhou.modules.meetings.models import Decision, Meeting, Task
from tongzhou.modules.meetings.workflow import EXPECTED, MeetingState

WRITING = {MeetingState.CALLED: "jot", MeetingState.HELD: "write"}
BEGUN = _("会议还没有到开始时间。")


@transaction.atomic
def conclude(
    meeting: Meeting,
    *,
    by: Person,
    ends_at: datetime | None = None,
    chair: Person | None = None,
    note: str = "",
    now: datetime | None = None,
) -> Meeting:
    """The meeting is over: who chaired it was there, who has not signed in and was not excused is put down as absent.

    `chair` is who chaired it in fact. The recorder may still correct who was there.
    """
    now = now or timezone.now()
    if meeting.starts_at is None or now < meeting.starts_at:
        raise ValidationError(str(BEGUN))
    if ends_at and ends_at > now:
        raise ValidationError({"ends_at": __("结束时间不能在将来。")})
    chair = chair or meeting.chair
    if chair is not None:
        attending.seat(meeting, chair, by=by, now=now)
    rows = list(queries.roll(meeting))
    came = queries.turnout(rows)
    data = {"expected": came.expected, "present": came.present}
    steps.advance(meeting, "conclude", by=by, note=note, data=data, ends_at=ends_at or meeting.ends_at, chair=chair)
    for row in rows:
        row.meeting = meeting
    steps.advance_many([row for row in rows if row.state in EXPECTED], "miss", by=by)
    return meeting


@transaction.atomic
def write(
    meeting: Meeting, *, by: Person, said: Mapping[int, str], opening: str = "", internal: bool = False,
    decisions: Sequence[Mapping[str, Any]] = (), note: str = "", now: datetime | None = None,
) -> Meeting:  # fmt: skip
    """Put down the minutes: `said` by the number of the item; `decisions` have text, owner, owner_unit, due_on.

    The version on `meeting` is the one the writer saw. Raises OutOfStep, ValidationError.
    """
    move = WRITING.get(MeetingState(meeting.state))
    if move is None or meeting.is_reported:
        raise steps.OutOfStep
    if meeting.starts_at is None or (now or timezone.now()) < meeting.starts_at:
        raise ValidationError(str(BEGUN))
    made = [Decision(meeting=meeting, number=number, **row) for number, row in enumerate(decisions, 1)]
    for one in made:
        one.clean_fields(exclude=["meeting", "owner", "owner_unit"])
    steps.advance(meeting, move, by=by, note=note, data={"n": len(made)}, opening=opening, internal=internal)
    for item in meeting.items.all():
        item.said = said.get(item.number, item.said)
        item.save(update_fields=["said"])
    meeting.decisions.all().delete()
    Decision.objects.bulk_create(made)
    return meeting


def jot(meeting: Meeting, *, by: Person, note: str = "", **_data: Any) -> Meeting:
    """Minutes are written on their own page, which knows the agenda."""
    raise ValidationError(__("请在“写纪要”页面填写。"))


@transaction.atomic
def submit(meeting: Meeting, *, by: Person, note: str = "", now: datetime | None = None) -> Meeting:
    if meeting.is_reported:
        raise steps.OutOfStep
    if not meeting.opening and not any(item.said for item in meeting.items.all()):
        raise ValidationError(__("纪要还是空的。请先写纪要。"))
    today = timezone.localdate(now)
    if passed := [one for one in meeting.decisions.all() if one.due_on < max(today, meeting.happened_on)]:
        names = __("、").join(str(one.number) for one in passed)
        raise ValidationError(__("议定事项 %(names)s 的期限已过，请改为今天或以后。") % {"names": names})
    steps.advance(meeting, "submit", by=by, note=note, data={"n": meeting.decisions.count()}, submitted_by=by)
    telling.to_approve(meeting)
    return meeting


@transaction.atomic
def approve(meeting: Meeting, *, by: Person, note: str = "") -> Meeting:
    """Pass the minutes: they get a number, and each decision becomes a task of its owner, who is told. Whoever wrote does not pass."""
    if ledger.entries(meeting).filter(move__in=["jot", "write", "submit"], by=by).exists():
        raise ValidationError(__("写过、提交过这份纪要的人不能审定，请由另一人审定。"))
    number, decisions = _number(meeting), list(meeting.decisions.select_related("owner", "owner_unit"))
    changes = {"approved_by": by, "approved_at": timezone.now(), "minutes_number": number}
    steps.advance(meeting, "approve", by=by, note=note, data={"number": number, "n": len(decisions)}, **changes)
    given = {"response": meeting.response, "unit": meeting.unit, "meeting": meeting, "happened_on": meeting.happened_on}
    tasks = [
        Task(
            pk=uuid5(meeting.pk, f"task/{one.number}"), number=one.number, text=one.text, owner=one.owner,
            owner_unit=one.owner_unit, due_on=one.due_on, **given,
        )
        for one in decisions
    ]  # fmt: skip
    steps.file_many(tasks, by=by, data={task.pk: {"owner": task.owner.name, "due": str(task.due_on)} for task in tasks})
    for task in tasks:
        telling.about(task, [task.owner], _("“{meeting}”议定由您办理：{task}，请于{day}前办结。"))
    return meeting


def _number(meeting: Meeting) -> int:
    """The next number of the unit; the response's row is held so that two who approve at once get two numbers."""
    Response.objects.select_for_update().get(pk=meeting.response_id)
    rows = Meeting.objects.filter(response=meeting.response_id, unit=meeting.unit_id)
    return (rows.aggregate(last=Max("minutes_number"))["last"] or 0) + 1
