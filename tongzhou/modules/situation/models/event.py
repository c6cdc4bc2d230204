from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.situation import rules
from tongzhou.modules.situation.rules.clock import Tick
from tongzhou.modules.situation.workflow import EventState, event_workflow


class Event(Record):
    """An incident that must be reported upwards within hours of being found. `due_at` is when the next report is due."""

    workflow = event_workflow

    name = models.CharField(_("事件"), max_length=100)
    found_at = models.DateTimeField(_("发现时间"))
    place = models.CharField(_("地点"), max_length=100, blank=True, default="")
    text = models.TextField(_("情况"), blank=True, default="")
    edition = models.CharField(_("适用规则版本"), max_length=20, editable=False)
    # once the reporting has ended, that of the last step
    due_at = models.DateTimeField(_("下一步时限"), editable=False)

    class Meta(Record.Meta):
        verbose_name = _("突发事件报告")

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> rulebook.Edition:
        known = rulebook.rule("situation", "reporting").editions
        return next(one for one in reversed(known) if one.version == self.edition)

    def ticks(self, done: Sequence[datetime] | None = None) -> list[Tick]:
        """Every step of the clock in order, as far as it was done; or as if it had been done at these times."""
        told = [one.done_at for one in self.tellings.all()] if done is None else done
        return rules.clock.ticks(self.found_at, rules.clock.steps(self.rule.values), told)

    def next_tick(self) -> Tick | None:
        return next((tick for tick in self.ticks() if tick.done_at is None), None)

    @property
    def next_step(self) -> str:
        """To whom the next report goes, in the reader's language."""
        tick = self.next_tick() if self.state == EventState.OPEN else None
        return tick.step.receiver[lang() == "en"] if tick else ""

    @property
    def deadline(self) -> datetime | None:
        """When the next report is due; None once the reporting has ended."""
        return self.due_at if self.state == EventState.OPEN else None

    @property
    def due_on(self) -> date:
        return timezone.localdate(self.due_at)

    def is_late(self, now: datetime) -> bool:
        return self.state == EventState.OPEN and self.due_at < now


class Telling(models.Model):
    """One report that was made: the step, when, by whom, and when it was due. Never changed."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="tellings")
    number = models.PositiveSmallIntegerField(_("步骤"))
    due_at = models.DateTimeField(_("时限"))
    done_at = models.DateTimeField(_("报告时间"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("上报人"))
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")

    class Meta:
        ordering = ["event", "number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["event", "number"], name="situation_telling_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.done_at}"

    @property
    def late(self) -> bool:
        return self.done_at > self.due_at
