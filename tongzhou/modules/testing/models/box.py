"""Tubes under seal, from the point to the laboratory."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Record
from tongzhou.modules.testing.models.point import Point
from tongzhou.modules.testing.workflow import box_workflow


class Box(Record):
    """`system` tubes were named into it, `in_hand` were counted by hand; where they differ, the difference is explained."""

    workflow = box_workflow

    point = models.ForeignKey(Point, models.PROTECT, related_name="boxes", verbose_name=_("采样点"))
    code = models.CharField(_("箱码"), max_length=24)
    tubes = models.JSONField(_("管码"), default=list, blank=True, editable=False)
    in_hand = models.PositiveIntegerField(_("实物管数"), null=True, blank=True, editable=False)
    difference = models.CharField(_("差额说明"), max_length=200, blank=True, default="", editable=False)
    courier = models.CharField(_("转运员"), max_length=40, blank=True, default="", editable=False)
    sent_at = models.DateTimeField(_("交转运时间"), null=True, blank=True, editable=False)
    received = models.PositiveIntegerField(_("实验室实收管数"), null=True, blank=True, editable=False)
    laboratory = models.CharField(_("实验室"), max_length=60, blank=True, default="", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("转运箱")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["response", "code"],
                name="testing_box_once",
                violation_error_message=_("这个箱码已经用过。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["packed", "sent", "received"]) | Q(in_hand__isnull=False),
                name="testing_box_counted",
                violation_error_message=_("封箱前须清点实物管数。"),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def system(self) -> int:
        return len(self.tubes)
