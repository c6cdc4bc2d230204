"""Where people queue, and the telephones that sit at its tables."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person, Record
from tongzhou.modules.testing.models.campaign import Campaign
from tongzhou.modules.testing.workflow import device_workflow, point_workflow

MOST_TABLES = 60


class Point(Record):
    """Its unit is the street or community it serves. Without a campaign it is known from a report only."""

    workflow = point_workflow

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="points", verbose_name=_("检测轮次")
    )
    name = models.CharField(_("名称"), max_length=80)
    place = models.CharField(_("位置"), max_length=120, blank=True, default="")
    tables = models.PositiveSmallIntegerField(
        _("采样台数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_TABLES)]
    )
    expected = models.PositiveIntegerField(_("应检人数"), null=True, blank=True)
    staff = models.PositiveSmallIntegerField(_("工作人员数"), null=True, blank=True)
    lat = models.FloatField(
        _("纬度"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    lon = models.FloatField(
        _("经度"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    # so many bear a number, see rules/paper.py
    sheets = models.PositiveIntegerField(_("已印登记表"), default=0, editable=False)
    named = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("报告所说的人")
    )

    class Meta(Record.Meta):
        verbose_name = _("采样点")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["campaign", "name"],
                name="testing_point_once",
                violation_error_message=_("这一轮检测已有同名的采样点。"),
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__isnull=False, lon__isnull=False),
                name="testing_point_whole_point",
                violation_error_message=_("经度、纬度要么都填，要么都不填。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Device(Record):
    """One enrolment of a telephone at one table. Taken elsewhere, it is enrolled anew: place comes from here, never from the person.

    `number` is below 2^53, so that a browser counts with it exactly. Of the secret only its SHA-256 is kept.
    """

    class Use(models.TextChoices):
        STATION = "station", _("采样台")
        PAPER = "paper", _("纸质登记补录")
        LABORATORY = "laboratory", _("实验室")

    workflow = device_workflow

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="devices", verbose_name=_("检测轮次"))
    point = models.ForeignKey(
        Point, models.PROTECT, null=True, blank=True, related_name="devices", verbose_name=_("采样点")
    )
    use = models.CharField(_("用途"), max_length=10, choices=Use, default=Use.STATION)
    table = models.PositiveSmallIntegerField(_("采样台"), default=1, validators=[MinValueValidator(1)])
    label = models.CharField(_("名称"), max_length=60)
    number = models.BigIntegerField(_("终端号"), unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    enrolled_at = models.DateTimeField(_("启用时间"), editable=False)
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True, editable=False)  # of a laboratory's key

    class Meta(Record.Meta):
        verbose_name = _("终端")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(use="laboratory", point=None) | (~Q(use="laboratory") & Q(point__isnull=False)),
                name="testing_device_has_place",
                violation_error_message=_("采样台的终端须属于一个采样点。"),
            ),
        ]

    def __str__(self) -> str:
        return self.label
