from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.models.base import Brief
from tongzhou.modules.plans.models.parts import PlannedTask
from tongzhou.modules.plans.models.plan import Plan
from tongzhou.modules.plans.workflow import DO, OPEN, ActivationState, activation_workflow, task_workflow


class Activation(Record):
    """One level of a plan in force, from `started_at` to `ended_at`. Raised or lowered, this one ends and another begins."""

    workflow = activation_workflow

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="activations", verbose_name=_("预案"))
    rank = models.PositiveSmallIntegerField(_("等级"))
    level = models.CharField(_("响应级别"), max_length=40)
    basis = models.CharField(_("依据"), max_length=300)
    observed = models.PositiveIntegerField(_("当时的数字"), null=True, editable=False)
    started_at = models.DateTimeField(_("启动时间"))
    ended_at = models.DateTimeField(_("终止时间"), null=True, editable=False)
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("结束人")
    )

    class Meta(Record.Meta):
        verbose_name = _("启动记录")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state=ActivationState.RUNNING), name="plans_activation_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state=ActivationState.RUNNING, ended_at=None)
                | Q(state=ActivationState.ENDED, ended_at__gte=models.F("started_at")),
                name="plans_activation_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return __("%(plan)s：%(level)s响应") % {"plan": self.plan, "level": self.level}


class Task(Record):
    """What an activation ordered. `unit` does it, or `person` where one was named; `happened_on` is the day it was ordered."""

    workflow = task_workflow

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tasks", verbose_name=_("预案"))
    activation = models.ForeignKey(Activation, models.PROTECT, related_name="tasks", verbose_name=_("启动记录"))
    kind = models.CharField(_("类别"), max_length=10, choices=PlannedTask.Kind.choices, blank=True, default="")
    name = models.CharField(_("任务"), max_length=100)
    text = models.TextField(_("要求"), blank=True, default="")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )
    due_at = models.DateTimeField(_("办结时限"))
    did = models.TextField(_("办理情况"), blank=True, default="", editable=False)
    done_at = models.DateTimeField(_("办结时间"), null=True, editable=False)
    done_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("办结人")
    )

    class Meta(Record.Meta):
        verbose_name = _("任务")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["state", "due_at"], name="plans_task_due"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(done_at=None) | (~Q(did="") & Q(done_by__isnull=False)),
                name="plans_task_says_what_was_done",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(person=person)

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({DO} if self.person_id == person.pk else ())

    def brief(self) -> Brief:
        return Brief(self.name, self.text, timezone.localdate(self.due_at))

    def is_overdue(self, now: datetime | None = None) -> bool:
        return self.state in OPEN and self.due_at < (now or timezone.now())

    @property
    def in_time(self) -> bool | None:
        """Whether it was done by its hour; nothing is said of one that was not done."""
        return self.done_at <= self.due_at if self.done_at else None
