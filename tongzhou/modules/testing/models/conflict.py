"""What happened but does not fit. Kept whole; a supervisor says what it was, and the saying is an entry of the campaign.

A swab that its own table took back afterwards is decided by that: the correction is a fact itself.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person
from tongzhou.kernel.seal import SealedField
from tongzhou.modules.testing.models.campaign import Campaign
from tongzhou.modules.testing.models.point import Device


class Conflict(models.Model):
    """`key` is made from campaign, device, number and content, so that a repeat is one row.

    `stored` says that the swab stands among the check-ins as well (a tube too full); else this row is where it is kept.
    """

    class Kind(models.TextChoices):
        REPEAT = "repeat", _("本轮已采，又采一次")
        NUMBER = "number", _("同一终端同一序号，内容不同")
        FULL = "full", _("采样管超员")
        USED = "used", _("采样管在别处用过或已封")
        REVOKED = "revoked", _("来自已吊销的终端")
        UNKNOWN_CODE = "unknown_code", _("采样码无法识别")
        BOX = "box", _("转运箱对不上")

    class Decision(models.TextChoices):
        KEPT = "kept", _("确有其事，计入")
        DISMISSED = "dismissed", _("误扫，不计")

    key = models.UUIDField(primary_key=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="conflicts")
    device = models.ForeignKey(
        Device, models.PROTECT, to_field="number", db_column="device", related_name="+", verbose_name=_("终端")
    )
    seq = models.IntegerField(_("序号"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    stored = models.BooleanField(default=False)
    person = models.UUIDField(null=True)
    tube = models.CharField(_("采样管"), max_length=24)
    at = models.DateTimeField(_("时间"))
    other = models.BigIntegerField(_("先前的终端"), null=True)
    other_seq = models.IntegerField(_("先前的序号"), null=True)
    text = SealedField(_("原文"), mask="text", purpose=_("核对终端上报的原文"), blank=True, default="")
    decision = models.CharField(_("处理"), max_length=10, choices=Decision, blank=True, default="")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("处理人"))
    decided_at = models.DateTimeField(_("处理时间"), null=True)
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("待核记录")
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["campaign", "decision", "at"], name="testing_conflict_open"),
            models.Index(fields=["campaign", "tube"], name="testing_conflict_tube"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.tube}"
