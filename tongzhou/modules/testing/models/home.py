"""Where people live and when they are called, as a plan decided it. Nobody is named: a building has a number of people."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Unit
from tongzhou.modules.testing.models.campaign import Campaign
from tongzhou.modules.testing.models.point import Point


class Home(models.Model):
    """A building or community of one campaign. Written with the points of a plan, never by hand.

    area   code of the campaign's unit: with the key it is the building's name for residents, the same from campaign to campaign
    calls  [[minute of the day, people], …], households whole, for each slot of `minutes`
    was    the point they were told before, once the campaign was open; `why` in the words of whoever decided
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="homes", verbose_name=_("检测轮次"))
    point = models.ForeignKey(Point, models.PROTECT, related_name="homes", verbose_name=_("采样点"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("街道（社区）"))
    area = models.CharField(max_length=64)
    key = models.CharField(_("编号"), max_length=60)
    name = models.CharField(_("楼栋或社区"), max_length=120)
    people = models.PositiveIntegerField(_("人数"))
    minutes = models.PositiveSmallIntegerField(default=15)
    calls = models.JSONField(default=list)
    was = models.CharField(_("原采样点"), max_length=80, blank=True, default="")
    why = models.CharField(_("改签原因"), max_length=80, blank=True, default="")
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "key"], name="testing_home_once")
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["area", "key"], name="testing_home_place")]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """How a resident's telephone names it."""
        return f"{self.area}/{self.key}"

    @property
    def day(self) -> date:
        return self.campaign.happened_on
