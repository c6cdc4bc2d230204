from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.rosters import rules
from tongzhou.modules.rosters.models.post import Post
from tongzhou.modules.rosters.models.roster import Roster
from tongzhou.modules.rosters.workflow import (
    LOG,
    STAND,
    STANDING,
    DutyState,
    RosterState,
    ShiftState,
    duty_workflow,
    shift_workflow,
    swap_workflow,
)
from tongzhou.planning.rosters import Span


class Shift(Record):
    """One post at one time. `needs` are its places by skill, `short` how many of them nobody takes.

    The counts are those of a checkpoint: numbers of people by what was decided, and of vehicles; nobody who passes is written down.
    """

    workflow = shift_workflow

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="shifts", verbose_name=_("排班"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="shifts", verbose_name=_("岗位"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    needs = models.JSONField(default=list, editable=False)
    people = models.PositiveSmallIntegerField(_("应到"), default=0, editable=False)
    short = models.PositiveSmallIntegerField(_("缺人"), default=0, editable=False)
    checked = models.PositiveIntegerField(_("查验人次"), default=0, editable=False)
    passed = models.PositiveIntegerField(_("放行"), default=0, editable=False)
    turned_back = models.PositiveIntegerField(_("劝返"), default=0, editable=False)
    released = models.PositiveIntegerField(_("凭承诺书放行"), default=0, editable=False)
    referred = models.PositiveIntegerField(_("移交卫健部门"), default=0, editable=False)
    vehicles = models.PositiveIntegerField(_("查验车辆"), default=0, editable=False)
    handover = models.TextField(_("交班事项"), blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("班次")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["post", "starts_at"], name="rosters_shift_post"),
            models.Index(fields=["starts_at"], name="rosters_shift_starts"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["post", "starts_at"],
                condition=~Q(state=ShiftState.CANCELLED),
                name="rosters_shift_once",
                violation_error_message=_("这个岗位在这个时间已经有班次。"),
            ),
        ]

    def __str__(self) -> str:
        return __("%(post)s %(day)s %(clock)s") % {
            "post": self.post,
            "day": f"{self.span.start:%m-%d}",
            "clock": self.clock,
        }

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """Whoever stands it, once the roster is published."""
        mine = Duty.objects.filter(person=person, state__in=STANDING).values("shift")
        return Q(pk__in=mine, roster__state__in=(RosterState.PUBLISHED, RosterState.CLOSED))

    def lets(self, person: Person) -> frozenset[str]:
        """Whoever has signed in counts and hands over."""
        on = self.duties.filter(person=person, state__in=(DutyState.ON, DutyState.OFF)).exists()
        return frozenset({LOG} if on else ())

    @property
    def span(self) -> Span:
        """In local time, as the rules of rest want it."""
        return Span(local(self.starts_at), local(self.ends_at))

    @property
    def clock(self) -> str:
        return rules.clock(self.span)

    @property
    def places(self) -> rules.Places:
        return tuple((skill, number) for skill, number in self.needs)

    def asks(self) -> str:
        """3 人（医护 1、公安 1）"""
        named = __("、").join(f"{skill} {number}" for skill, number in self.places if skill)
        words = {"n": self.people, "named": named}
        return (__("%(n)d 人（%(named)s）") if named else __("%(n)d 人")) % words

    def is_now(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


class Duty(Record):
    """One person on one shift. Known only from a report it has no shift; `words` then tell an act of which no number is known."""

    workflow = duty_workflow

    roster = models.ForeignKey(
        Roster, models.PROTECT, null=True, related_name="duties", verbose_name=_("排班"), editable=False
    )
    shift = models.ForeignKey(
        Shift, models.PROTECT, null=True, related_name="duties", verbose_name=_("班次"), editable=False
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("值守人")
    )
    minutes = models.PositiveIntegerField(_("时长（分钟）"), default=0, editable=False)
    signed_in_at = models.DateTimeField(_("签到时间"), null=True, editable=False)
    signed_out_at = models.DateTimeField(_("签退时间"), null=True, editable=False)
    place = models.CharField(_("地点"), max_length=100, blank=True, default="")
    words = models.CharField(_("事迹（没有数字时）"), max_length=200, blank=True, default="")
    words_en = models.CharField(_("事迹的英文说法"), max_length=300, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("值班")
        indexes: ClassVar[list[Any]] = [
            *Record.Meta.indexes,
            models.Index(fields=["person", "state"], name="rosters_duty_mine"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["shift", "person"],
                condition=Q(state__in=[*STANDING, DutyState.MISSED]),
                name="rosters_duty_once",
                violation_error_message=_("这个人已经在这个班次上。"),
            ),
            models.CheckConstraint(
                condition=Q(shift__isnull=False, person__isnull=False, roster__isnull=False) | ~Q(source=""),
                name="rosters_duty_shift_or_source",
                violation_error_message=_("不在排班里的值守须写明来源。"),
            ),
        ]

    def __str__(self) -> str:
        return __("%(person)s · %(what)s") % {"person": self.person or self.unit, "what": self.what}

    @classmethod
    def concerns(cls, person: Person) -> Q:
        """One's own, once the roster is published; of what is still being arranged nobody is told."""
        return Q(person=person, roster__state__in=(RosterState.PUBLISHED, RosterState.CLOSED))

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({STAND} if self.person_id == person.pk else ())

    @property
    def is_told(self) -> bool:
        """Stated by a report without any number: told by name, never counted."""
        return bool(self.words)

    @property
    def told_as(self) -> str:
        return self.words_en if self.words_en and lang() == "en" else self.words

    @property
    def what(self) -> str:
        return str(self.shift) if self.shift else self.told_as or self.place or __("值守")

    @property
    def post(self) -> Post | None:
        return self.shift.post if self.shift else None

    @property
    def late(self) -> int:
        """Minutes after the start at which the person signed in."""
        return rules.late(self.shift.starts_at, self.signed_in_at) if self.shift and self.signed_in_at else 0

    @property
    def due(self) -> date:
        return self.happened_on

    def is_to_come(self, now: datetime) -> bool:
        """Whether it may still change hands."""
        published = self.roster is not None and self.roster.state == RosterState.PUBLISHED
        return published and self.state == DutyState.PLANNED and self.shift is not None and self.shift.starts_at > now


class Swap(Record):
    """One person asks another to take a duty, perhaps in exchange for one of theirs (`back`)."""

    workflow = swap_workflow

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="swaps", verbose_name=_("要换出的班"))
    asker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("请求人"))
    colleague = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("换给谁"))
    back = models.ForeignKey(
        Duty, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("换回对方的班")
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("换班")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(asker=models.F("colleague")), name="rosters_swap_two_people"),
        ]

    def __str__(self) -> str:
        return __("%(asker)s请%(colleague)s换班：%(shift)s") % {
            "asker": self.asker,
            "colleague": self.colleague,
            "shift": self.duty.what,
        }

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(asker=person) | Q(colleague=person)

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({STAND} if person.pk in {self.asker_id, self.colleague_id} else ())

    @property
    def due(self) -> date:
        return self.duty.happened_on


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)
