from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.kernel.models.base import Brief
from tongzhou.modules.meetings import rules
from tongzhou.modules.meetings.models.meeting import Meeting
from tongzhou.modules.meetings.workflow import APPROVE, DO, FOLLOW, TaskState, task_workflow


class Task(Record):
    """A decision of approved minutes on its way to its end. `unit` is the meeting's, `happened_on` its day."""

    workflow = task_workflow

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="tasks", verbose_name=pgettext_lazy("one", "会议")
    )
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.CharField(pgettext_lazy("one", "议定事项"), max_length=300)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("责任人"))
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任单位")
    )
    due_on = models.DateField(_("完成期限"))
    done_text = models.CharField(_("办理情况"), max_length=500, blank=True, default="", editable=False)
    reported_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("报告人"), editable=False
    )
    reported_at = models.DateTimeField(_("报告办结的时间"), null=True, editable=False)
    closed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("确认人"), editable=False
    )
    closed_at = models.DateTimeField(_("确认时间"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = pgettext_lazy("one", "议定事项")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["meeting", "number"], name="meetings_task_once"),
            models.CheckConstraint(
                condition=Q(closed_by=None)
                | Q(reported_by__isnull=False) & ~Q(closed_by=F("reported_by")) & ~Q(closed_by=F("owner")),
                name="meetings_task_two_people",
                violation_error_message=_("责任人和报告办结的人不能自己确认办结，请由另一人确认。"),
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["owner", "state", "due_on"], name="meetings_task_owner"),
        ]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(owner=person) | Q(meeting__chair=person) | Q(meeting__recorder=person)

    def lets(self, person: Person) -> frozenset[str]:
        """The owner reports, chair and recorder follow it up; the chair's approval of the minutes is what files it."""
        as_owner = {DO} if self.owner_id == person.pk else set()
        as_chair = {FOLLOW, APPROVE} if self.meeting.chair_id == person.pk else set()
        return frozenset(as_owner | as_chair | ({FOLLOW} if self.meeting.recorder_id == person.pk else set()))

    @property
    def who(self) -> str:
        return (
            __("{unit}（{person}）").format(unit=self.owner_unit, person=self.owner)
            if self.owner_unit
            else str(self.owner)
        )

    @property
    def is_overdue(self) -> bool:
        return self.state == TaskState.TODO and rules.overdue(self.due_on, timezone.localdate())

    def brief(self) -> Brief:
        return Brief(self.text[:100], str(self.meeting), self.due_on)
