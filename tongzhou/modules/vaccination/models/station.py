from datetime import time
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Record
from tongzhou.modules.vaccination.workflow import station_workflow


class Station(Record):
    """A place where people are vaccinated. `desks` is how many there are now; while it is open, only a `DeskChange` alters it."""

    workflow = station_workflow

    name = models.CharField(_("接种点"), max_length=80)
    place = models.CharField(_("地点"), max_length=120)
    lat = models.FloatField(
        _("纬度"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    lon = models.FloatField(
        _("经度"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    opens = models.TimeField(_("开始时间"), default=time(9))
    closes = models.TimeField(_("结束时间"), default=time(17))
    desks = models.PositiveSmallIntegerField(
        _("接种台"), default=1, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    checkers = models.PositiveSmallIntegerField(_("预检人员"), default=0)
    recorders = models.PositiveSmallIntegerField(_("信息录入人员"), default=0)
    vaccinators = models.PositiveSmallIntegerField(_("接种人员"), default=0)
    watchers = models.PositiveSmallIntegerField(_("留观与急救人员"), default=0)
    stewards = models.PositiveSmallIntegerField(_("秩序人员"), default=0)
    seats = models.PositiveSmallIntegerField(_("留观座位"), default=0)

    class Meta(Record.Meta):
        verbose_name = _("接种点")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(desks__gte=1), name="vaccination_station_a_desk"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="vaccination_station_hours", violation_error_message=_("结束时间须晚于开始时间。")
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False),
                name="vaccination_station_whole_place", violation_error_message=_("纬度和经度请一起填写，或都不填。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def hold(self, record: Record) -> None:
        """What belongs to a station belongs to its unit and its response, so that reach is the same for both. Raises ValidationError."""
        if (record.unit_id, record.response_id) != (self.unit_id, self.response_id):
            raise ValidationError(__("请登记在接种点所属的单位（%(unit)s）。") % {"unit": self.unit})

    @property
    def hours(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"

    @property
    def staff(self) -> int:
        return self.checkers + self.recorders + self.vaccinators + self.watchers + self.stewards

    def staffing(self) -> str:
        """Who works here, by role: 预检人员 2、接种人员 3."""
        names = ("checkers", "recorders", "vaccinators", "watchers", "stewards")
        parts = [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in names]  # type: ignore[union-attr]  # own fields
        return __("、").join(f"{label} {number}" for label, number in parts if number)
