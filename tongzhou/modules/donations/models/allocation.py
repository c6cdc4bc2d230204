from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Record, Unit
from tongzhou.kernel.seal import SealedField
from tongzhou.modules.donations.models.stock import Line
from tongzhou.modules.donations.workflow import allocation_workflow


class Recipient(models.Model):
    """Who receives: a unit of ours, or a body or group outside by its name. Never the name of a private person."""

    name = models.CharField(_("名称"), max_length=100, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True, default="")
    unit = models.OneToOneField(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        if self.unit:
            return str(self.unit)
        return self.name_en if self.name_en and lang() == "en" else self.name


class Allocation(Record):
    """What goes to one recipient, out of one gift or several. `happened_on` is the day of the decision, then of delivery.

    More than one recipient means that they received it jointly and that the source does not say how it was split.
    """

    workflow = allocation_workflow

    recipients = models.ManyToManyField(Recipient, related_name="allocations", verbose_name=_("受捐方"))
    basis = models.CharField(_("分配依据"), max_length=200, blank=True, default="")
    consent = models.CharField(_("捐赠人同意改变去向的凭据"), max_length=200, blank=True, default="")
    handler = models.CharField(_("送达经手人"), max_length=60, blank=True, default="", editable=False)
    signer_post = models.CharField(_("签收人职务"), max_length=60, blank=True, default="", editable=False)
    signer = SealedField(
        _("签收人"), mask="name", purpose=_("证明受捐方已收到"), blank=True, default="", editable=False
    )
    paper = models.CharField(_("签收单号"), max_length=60, blank=True, default="", editable=False)
    signed_on = models.DateField(_("签收日期"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("分配")

    def __str__(self) -> str:
        return __("分配给{recipients}").format(recipients=self.to())

    def to(self) -> str:
        return __("、").join(str(recipient) for recipient in self.recipients.all())

    @property
    def is_joint(self) -> bool:
        return len(self.recipients.all()) > 1

    def goods(self) -> str:
        return __("、").join(share.words() for share in self.shares.all())

    def line_values(self) -> list[dict[str, Any]]:
        return [share.as_form() for share in self.shares.all()]


class Share(models.Model):
    """How much of one line an allocation takes. `quantity` is what was decided, `delivered` what the recipient has now."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="shares")
    line = models.ForeignKey(Line, models.PROTECT, related_name="shares")
    quantity = models.PositiveBigIntegerField(_("分配数量"))
    delivered = models.PositiveBigIntegerField(_("送达数量"), default=0)

    class Meta:
        ordering = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["allocation", "line"], name="donations_share_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, delivered__lte=F("quantity")), name="donations_share_within"
            ),
        ]

    def __str__(self) -> str:
        return self.words()

    def words(self) -> str:
        """What was delivered; before delivery, what was decided."""
        waiting = self.allocation.state in {allocation_workflow.start, "cancelled"}
        return self.line.words(self.quantity if waiting else self.delivered)

    def as_form(self) -> dict[str, Any]:
        return {"line": self.line_id, "quantity": self.quantity / self.line.scale}
