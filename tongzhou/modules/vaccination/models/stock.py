from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Entry, Person, Record
from tongzhou.modules.vaccination import rules
from tongzhou.modules.vaccination.models.cold import CELSIUS, Fridge
from tongzhou.modules.vaccination.models.station import Station
from tongzhou.modules.vaccination.workflow import batch_workflow


class Batch(Record):
    """Vaccine of one delivery to one station. `announced` is what the papers say, `received` what was counted.

    The columns change only together with a `Movement`; the constraint refuses any change that loses or makes doses.
    """

    workflow = batch_workflow

    station = models.ForeignKey(Station, models.PROTECT, related_name="batches", verbose_name=_("接种点"))
    fridge = models.ForeignKey(
        Fridge, models.PROTECT, null=True, related_name="batches", verbose_name=_("存放设备"), editable=False
    )
    vaccine = models.CharField(_("疫苗名称"), max_length=80)
    maker = models.CharField(_("上市许可持有人（厂家）"), max_length=100)
    number = models.CharField(_("批号"), max_length=40)
    expires_on = models.DateField(
        _("有效期至"), validators=[MinValueValidator(date(2020, 1, 1)), MaxValueValidator(date(2099, 12, 31))]
    )
    code_first = models.CharField(_("最小包装单元追溯码：起"), max_length=40, blank=True, default="")
    code_last = models.CharField(_("最小包装单元追溯码：止"), max_length=40, blank=True, default="")
    announced = models.PositiveIntegerField(
        _("单据剂数"), validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="sent_on", verbose_name=_("调自"), editable=False
    )
    arrived_celsius = models.DecimalField(
        _("到货温度（℃）"), max_digits=4, decimal_places=1, null=True, editable=False, validators=CELSIUS
    )
    accepted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("验收人"), editable=False
    )
    hold_reason = models.CharField(_("停用原因"), max_length=300, blank=True, default="", editable=False)
    received = models.PositiveIntegerField(_("入库"), default=0, editable=False)
    stock = models.PositiveIntegerField(_("在库"), default=0, editable=False)
    used = models.PositiveIntegerField(_("已接种"), default=0, editable=False)
    wasted = models.PositiveIntegerField(_("报损、销毁"), default=0, editable=False)
    sent = models.PositiveIntegerField(_("调出"), default=0, editable=False)
    returned = models.PositiveIntegerField(_("退回"), default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("疫苗批次")
        constraints: ClassVar[list[Any]] = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(received=F("stock") + F("used") + F("wasted") + F("sent") + F("returned")), name="vaccination_batch_conserved"
            ),
            models.CheckConstraint(condition=~Q(state="finished") | Q(stock=0), name="vaccination_batch_finished_empty"),
            models.CheckConstraint(
                condition=~Q(state="held") | ~Q(hold_reason=""), name="vaccination_batch_hold_reason", violation_error_message=_("请写明停用原因。")
            ),
            models.CheckConstraint(
                condition=(Q(code_first="") & Q(code_last="")) | (~Q(code_first="") & ~Q(code_last="")),
                name="vaccination_batch_code_range", violation_error_message=_("追溯码的起、止请一起填写；只有一个单元的填同一个码。"),
            ),
        ]  # fmt: skip

    def clean(self) -> None:
        if self.station_id and self.unit_id:
            self.station.hold(self)

    def __str__(self) -> str:
        return f"{self.vaccine} {self.number}"

    def codes(self) -> str:
        return f"{self.code_first} – {self.code_last}" if self.code_first != self.code_last else self.code_first

    def expired(self, day: date) -> bool:
        """The day printed on it is the last on which it may be used."""
        return self.expires_on < day

    def expires_within(self, day: date, days: int) -> bool:
        return self.expires_on <= day + timedelta(days=days)

    @property
    def kept_until(self) -> date:
        years = rulebook.in_force("vaccination", "keeping", self.expires_on)["years_after_expiry"]
        return rules.kept_until(self.expires_on, years)


class Movement(models.Model):
    """One change of stock, tied to the entry or the count that tells of it. Database triggers refuse change and removal."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("入库")
        USED = "used", _("接种")
        UNUSED = "unused", _("接种更正")
        WASTED = "wasted", _("报损、销毁")
        SENT = "sent", _("调出")
        RETURNED = "returned", _("退回")
        CORRECTED = "corrected", _("盘点更正")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    doses = models.IntegerField(_("剂数"))
    reason = models.TextField(_("原因"), blank=True, default="")
    happened_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    tally = models.OneToOneField("vaccination.Tally", models.PROTECT, null=True, related_name="movement")

    class Meta:
        ordering = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(doses__gt=0) | (Q(kind="corrected") & ~Q(doses=0)), name="vaccination_movement_something"
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=False, tally=None) | Q(entry=None, tally__isnull=False), name="vaccination_movement_told"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return __("{kind}{doses}剂").format(kind=self.get_kind_display(), doses=self.doses)
