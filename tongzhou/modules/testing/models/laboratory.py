"""Results tube by tube, and what follows where one is not negative."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Record
from tongzhou.modules.testing.models.campaign import Campaign
from tongzhou.modules.testing.models.point import Point
from tongzhou.modules.testing.workflow import pool_workflow


class Result(models.Model):
    """What a laboratory found in a tube. Never changed: a second look is another row, and the last one counts."""

    class Value(models.TextChoices):
        NEGATIVE = "negative", _("阴性")
        POSITIVE = "positive", _("阳性")
        GREY = "grey", _("灰区")
        SINGLE_TARGET = "single_target", _("单靶标阳性")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="results")
    tube = models.CharField(_("管码"), max_length=24)
    look = models.PositiveSmallIntegerField(_("第几次检测"), default=1)
    value = models.CharField(_("结果"), max_length=14, choices=Value)
    laboratory = models.CharField(_("实验室"), max_length=60)
    tested_at = models.DateTimeField(_("出结果时间"))
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("检测结果")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "tube", "look"], name="testing_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.tube} {self.get_value_display()}"


class Pool(Record):
    """A tube that is not negative. Its unit is that of the point it came from, so that the community sees it."""

    workflow = pool_workflow

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="pools", verbose_name=_("检测轮次"))
    point = models.ForeignKey(Point, models.PROTECT, related_name="pools", verbose_name=_("采样点"))
    tube = models.CharField(_("管码"), max_length=24)
    value = models.CharField(_("结果"), max_length=14, choices=Result.Value)
    people = models.PositiveSmallIntegerField(_("管内人数"))
    due_at = models.DateTimeField(_("复采期限"))
    positives = models.PositiveSmallIntegerField(_("复核阳性人数"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("异常管")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["campaign", "tube"], name="testing_pool_once"),
        ]

    def __str__(self) -> str:
        return self.tube


class PoolPerson(models.Model):
    """A person whose swab lies in the tube. Resampled singly: `retest` is the tube of their own, whose result is theirs."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="persons")
    person = models.UUIDField()
    retest = models.CharField(_("复采管码"), max_length=24, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["pool", "person"], name="testing_poolperson_once")
        ]
