from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.lang import lang, source_text
from tongzhou.kernel.models import Person, Record
from tongzhou.modules.vaccination.models.station import Station
from tongzhou.modules.vaccination.workflow import demand_workflow, desk_workflow


class Demand(Record):
    """How many people of an area (the unit) and an age group want this dose, as registered on a day. Numbers only."""

    workflow = demand_workflow

    age_group = models.CharField(_("年龄组"), max_length=10)
    dose = models.PositiveSmallIntegerField(_("剂次"), validators=[MinValueValidator(1), MaxValueValidator(9)])
    people = models.PositiveIntegerField(
        _("登记人数"), validators=[MinValueValidator(1), MaxValueValidator(10_000_000)]
    )

    class Meta(Record.Meta):
        verbose_name = _("接种需求")

    def __str__(self) -> str:
        return __("{unit}，{group}第{dose}剂").format(unit=self.unit, group=self.group(), dose=self.dose)

    def group(self) -> str:
        return age_group(self.age_group, self.happened_on)


class DeskChange(Record):
    """From `before` desks to `after`, with the reason and who decided. `wait_before` and `wait_expected` are what was known when it was
    decided; what came of it is counted from the sessions since.

    One known only from a report may have no station and no numbers: then it is told by its `deed`, and counted nowhere.
    """

    workflow = desk_workflow

    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="desk_changes", verbose_name=_("接种点")
    )
    before = models.PositiveSmallIntegerField(_("原有接种台"), null=True, editable=False)
    after = models.PositiveSmallIntegerField(
        _("调整为"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    added = models.PositiveIntegerField(_("增设"), null=True, editable=False)
    why = models.CharField(_("理由"), max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"), editable=False
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, editable=False)
    minutes_per_dose = models.FloatField(_("测算用每剂分钟数"), null=True, editable=False)
    wait_before = models.FloatField(_("决定前平均排队（分钟）"), null=True, editable=False)
    wait_expected = models.FloatField(_("预计平均排队（分钟）"), null=True, editable=False)
    deed = models.CharField(_("报道所述"), max_length=200, blank=True, default="", editable=False)
    deed_en = models.CharField(_("报道所述（英文）"), max_length=300, blank=True, default="", editable=False)
    area = models.CharField(_("地区"), max_length=60, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("增减接种台")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(source="") | (Q(station__isnull=False, before__isnull=False, after__isnull=False) & ~Q(why="")),
                name="vaccination_desks_whole", violation_error_message=_("请写明接种点、接种台数和理由。"),
            ),
            models.CheckConstraint(
                condition=Q(before=None) | Q(after=None) | ~Q(before=F("after")), name="vaccination_desks_change",
                violation_error_message=_("接种台数没有变化。"),
            ),
        ]  # fmt: skip

    def clean(self) -> None:
        if self.station is not None and self.unit_id:
            self.station.hold(self)

    def __str__(self) -> str:
        if self.station is None or self.after is None:
            return self.deed_shown or __("增设接种台（补录）")
        return __("{station}：接种台 {before} → {after}").format(
            station=self.station, before=self.before, after=self.after
        )

    @property
    def deed_shown(self) -> str:
        return self.deed_en if self.deed_en and lang() == "en" else self.deed

    @property
    def is_reported(self) -> bool:
        """Known by the deed alone: never counted."""
        return self.added is None and bool(self.source)

    def told(self) -> str:
        """As the ledger keeps it."""
        if self.before is None or self.after is None:
            return self.deed or source_text(_("补录增设接种台{n}个")).format(n=self.stands_for.text())
        return source_text(_("接种台从{before}个调整为{after}个")).format(before=self.before, after=self.after)

    @property
    def change(self) -> int | None:
        return None if self.after is None or self.before is None else self.after - self.before


def age_group(code: str, day: Any) -> str:
    """What an age group is called; its code, where the rulebook of that day does not know it."""
    groups = rulebook.in_force("vaccination", "age_groups", day)["groups"]
    return next((english if lang() == "en" else chinese for known, chinese, english in groups if known == code), code)
