from datetime import date
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.situation import rules
from tongzhou.modules.situation.workflow import ZoneState, zone_workflow


def named(edition: rulebook.Edition) -> str:
    """What an edition is called, in the reader's language."""
    return str(edition["called_en" if lang() == "en" else "called"])


class ZoneLevel(models.TextChoices):
    """All levels that any edition of the rule has; which of them exist on a day, the edition says."""

    LOCKDOWN = "lockdown", _("封控区")
    CONTROL = "control", _("管控区")
    PRECAUTION = "precaution", _("防范区")
    HIGH = "high", _("高风险区")
    MEDIUM = "medium", _("中风险区")
    LOW = "low", _("低风险区")


class Zone(Record):
    """A closed place. `happened_on` is its opening day; `due_on` the day on which the rule lets it end or step down."""

    workflow = zone_workflow

    level = models.CharField(_("级别"), max_length=12, choices=ZoneLevel.choices)
    edition = models.CharField(_("适用规则版本"), max_length=20, blank=True, default="")
    place = models.CharField(_("范围"), max_length=200)
    population = models.PositiveIntegerField(_("估计人口"), null=True, blank=True)
    reason = models.CharField(_("划定原因"), max_length=200, blank=True, default="")
    order_number = models.CharField(_("通告文号"), max_length=60, blank=True, default="")
    last_infection_on = models.DateField(_("最近一例感染日期"), null=True, blank=True)
    stepped_on = models.DateField(_("降级日期"), null=True, editable=False)
    due_on = models.DateField(_("可解除或降级的日期"), null=True, editable=False)
    lifted_on = models.DateField(_("解除日期"), null=True, editable=False)
    lifted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("解除人"), editable=False
    )
    lat = models.FloatField(
        _("纬度"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    lon = models.FloatField(
        _("经度"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    border = models.JSONField(_("边界"), null=True, blank=True)  # [[lat, lon], …], at least three

    class Meta(Record.Meta):
        verbose_name = _("风险区")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(lifted_by=None) | ~Q(lifted_by=F("filed_by")),
                name="situation_zone_two_people",
                violation_error_message=_("解除须由划定人以外的另一人进行。"),
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None) | Q(lifted_on__gte=F("happened_on")),
                name="situation_zone_order_of_days",
                violation_error_message=_("解除日期不能早于划定日期。"),
            ),
        ]

    def __str__(self) -> str:
        return __("{level}：{place}").format(level=self.get_level_display(), place=self.place)

    @property
    def rule(self) -> rulebook.Edition:
        """The edition it was opened under."""
        known = rulebook.rule("situation", "zones").editions
        return next(one for one in reversed(known) if one.version == self.edition)

    @property
    def rule_name(self) -> str:
        return named(self.rule)

    @property
    def rung(self) -> rules.zones.Level:
        """Its level, as that edition has it."""
        return rules.zones.levels(self.rule.values)[self.level]

    @property
    def quiet_since(self) -> date:
        """The day of the last infection; of the opening where none is known."""
        return self.last_infection_on or self.happened_on

    @property
    def is_drill(self) -> bool:
        """Opened under an edition that was not the one in force on its day."""
        return bool(self.edition) and rulebook.in_force("situation", "zones", self.happened_on).version != self.edition

    def settle(self) -> date:
        """Work out the day on which it may end."""
        self.due_on = rules.zones.due(self.rung, self.quiet_since, self.stepped_on)
        return self.due_on

    def ends(self) -> str:
        """What becomes of it when its day has come, in words."""
        return __("可降为{level}").format(level=ZoneLevel(self.rung.next).label) if self.rung.next else __("可解除")

    def countdown(self, today: date) -> str:
        """ "还有3天，2022-07-09可解除"; nothing for a zone that is no longer open."""
        if self.state != ZoneState.OPEN or self.due_on is None:
            return ""
        days = rules.zones.left(self.due_on, today)
        if not days:
            return __("已到期，{ends}").format(ends=self.ends())
        return __("还有{days}天，{day}{ends}").format(days=days, day=self.due_on, ends=self.ends())


class Turn(models.Model):
    """One change of a zone and the level it had from that day on. Written with the entry that tells of it, never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("划定")
        INFECTION = "infection", _("新增感染")
        STEPPED = "stepped", _("降级")
        LIFTED = "lifted", _("解除")

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="turns")
    kind = models.CharField(_("变化"), max_length=10, choices=Kind.choices)
    day = models.DateField(_("日期"))
    level = models.CharField(_("级别"), max_length=12, choices=ZoneLevel.choices)
    cases = models.PositiveIntegerField(_("新增感染"), default=0)

    class Meta:
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"
