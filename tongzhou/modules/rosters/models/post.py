from datetime import date, time
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.rosters import rules
from tongzhou.modules.rosters.workflow import STAND, crew_workflow, post_workflow


class Post(Record):
    """A place that must be manned, from `happened_on` to `until`, in a pattern of shifts that is the same every day."""

    workflow = post_workflow

    class Kind(models.TextChoices):
        COMMAND = "command", _("指挥部")
        CHECKPOINT = "checkpoint", _("卡口")
        SAMPLING = "sampling", _("采样点")
        LEADER = "leader", _("带班领导")
        OTHER = "other", _("其他")

    class Pattern(models.TextChoices):
        DAY = "24h", _("24 小时一班")
        HALF = "12h", _("12 小时两班")
        THIRD = "8h", _("8 小时三班")
        CUSTOM = "custom", _("自定时间")

    name = models.CharField(_("岗位"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True, default="")
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.CHECKPOINT)
    place = models.CharField(_("地点"), max_length=100, blank=True, default="")
    pattern = models.CharField(_("班制"), max_length=8, choices=Pattern.choices, default=Pattern.THIRD)
    begins = models.TimeField(_("第一班开始"), default=time(8))
    people = models.PositiveSmallIntegerField(_("每班人数"), default=2)
    skills = models.CharField(_("其中须有"), max_length=200, blank=True, default="")
    custom = models.TextField(_("自定各班"), blank=True, default="")
    until = models.DateField(_("设岗到"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("岗位")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=rules.MOST_PEOPLE),
                name="rosters_post_people",
                violation_error_message=_("每班人数在 1 到 99 之间。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and lang() == "en" else self.name

    def clean(self) -> None:
        """The pattern can be read, and ends after it begins."""
        super().clean()
        try:
            self.turns()
        except rules.Unreadable as fault:
            custom = self.pattern == self.Pattern.CUSTOM
            said = __("读不懂“%(part)s”。每行写一班，例如“20:00-08:00 2人 医护1”。") if custom else __(
                "读不懂“%(part)s”，或者超过了每班人数。请写成“医护1、公安1”。"
            )  # fmt: skip
            raise ValidationError({"custom" if custom else "skills": said % {"part": fault}}) from None
        if self.until and self.until < self.happened_on:
            raise ValidationError({"until": __("结束日期早于设岗日期。")})

    def turns(self) -> list[rules.Turn]:
        return rules.turns(self.pattern, self.begins, self.people, self.skills, self.custom)

    def is_open_on(self, day: date) -> bool:
        return self.happened_on <= day and (self.until is None or day <= self.until)

    @property
    def is_checkpoint(self) -> bool:
        return self.kind == self.Kind.CHECKPOINT

    @property
    def hours(self) -> str:
        """08:00–16:00、16:00–00:00、…"""
        return __("、").join(str(turn) for turn in self.turns())


class Crew(Record):
    """One person in the pool of a unit. Skills are the unit's to say, wishes their own; `wished_through` is the last day they spoke for."""

    workflow = crew_workflow

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    skills = models.CharField(_("技能"), max_length=200, blank=True, default="")
    wished_through = models.DateField(_("意愿已填到"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("值守人员")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["response", "unit", "person"],
                name="rosters_crew_once",
                violation_error_message=_("这个人已经在本单位的值守人员里。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @classmethod
    def concerns(cls, person: Person) -> Q:
        return Q(person=person)

    def lets(self, person: Person) -> frozenset[str]:
        return frozenset({STAND} if self.person_id == person.pk else ())

    def skill_set(self) -> frozenset[str]:
        return frozenset(rules.skills(self.skills))


class Wish(models.Model):
    """What someone says of one day: that they cannot, would rather not, or would like to."""

    class Kind(models.TextChoices):
        CANNOT = "cannot", _("不能值")
        RATHER_NOT = "rather_not", _("最好不排")
        RATHER = "rather", _("愿意值")

    crew = models.ForeignKey(Crew, models.CASCADE, related_name="wishes")
    day = models.DateField(_("日期"))
    kind = models.CharField(_("意愿"), max_length=10, choices=Kind.choices)

    class Meta:
        ordering = ["crew", "day"]
        constraints = [models.UniqueConstraint(fields=["crew", "day"], name="rosters_wish_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
