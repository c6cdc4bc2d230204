from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.figures import Figure, Language
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Entry, Person
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.models.gift import Gift, Item


class Line(models.Model):
    """One kind of goods in a gift, and where it is now. Quantities are whole: of the measure, or of fen for money.

    The columns change only together with a `Movement`; the constraint refuses any change that loses or makes goods.
    `value_fen` is what `quantity` is worth as promised, and what `received` is worth once it has been counted.
    """

    class Basis(models.TextChoices):
        INVOICE = "invoice", _("发票")
        MARKET = "market", _("市场价")
        STATEMENT = "statement", _("捐赠方说明")
        FACE = "face", _("款项面额")
        NONE = "none", _("未作价")

    gift = models.ForeignKey(Gift, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("品名"))
    quantity = models.PositiveBigIntegerField(_("意向数量"))
    counted = models.PositiveBigIntegerField(_("初点数量"), null=True)
    value_fen = models.PositiveBigIntegerField(_("价值"), null=True)
    basis = models.CharField(_("作价依据"), max_length=10, choices=Basis.choices, default=Basis.NONE)
    batch = models.CharField(_("批号"), max_length=60, blank=True, default="")
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    received = models.PositiveBigIntegerField(_("入账"), default=0)
    in_stock = models.PositiveBigIntegerField(_("在库"), default=0)
    allocated = models.PositiveBigIntegerField(_("已分配"), default=0)
    delivered = models.PositiveBigIntegerField(_("已送达"), default=0)
    lost = models.PositiveBigIntegerField(_("损耗"), default=0)
    returned = models.PositiveBigIntegerField(_("已退还"), default=0)

    class Meta:
        ordering = ["gift", "number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["gift", "number"], name="donations_line_place"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="donations_line_something"),
            models.CheckConstraint(
                condition=Q(received=F("in_stock") + F("allocated") + F("delivered") + F("lost") + F("returned")),
                name="donations_line_conserved",
            ),
            models.CheckConstraint(
                condition=Q(value_fen=None, basis="none") | Q(~Q(basis="none"), value_fen__isnull=False),
                name="donations_line_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.words()

    @property
    def scale(self) -> int:
        return 100 if self.item.is_money else 1

    def amount(self, quantity: int, language: Language | None = None) -> str:
        """A quantity of this line in the reader's language: 100瓶, 2.4万元, "100 bottles"."""
        return Figure(Decimal(quantity) / self.scale).text(self.item.measure, language or lang())

    def words(self, quantity: int | None = None) -> str:
        """消毒液100瓶 or "100 bottles of disinfectant"; by default of what was received, before that of what was promised."""
        shown = (
            quantity
            if quantity is not None
            else self.received or (self.quantity if self.counted is None else self.counted)
        )
        if lang() == "en":
            return self.amount(shown) if self.item.is_money else f"{self.amount(shown)} of {self.item}"
        return self.told(shown)

    def held(self) -> str:
        """How much was received, before that promised."""
        return self.amount(self.received or self.quantity)

    def told(self, quantity: int) -> str:
        """The same as the ledger keeps it, in Chinese whoever writes."""
        return f"{self.item.name}{self.amount(quantity, 'zh')}"

    def expired(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today

    def expires_soon(self, today: date) -> bool:
        soon = today + timedelta(days=rules.EXPIRY_WARNING_DAYS)
        return self.expires_on is not None and today <= self.expires_on <= soon

    def as_form(self) -> dict[str, Any]:
        return {
            "item": self.item.name, "item_en": self.item.name_en, "measure": self.item.measure, "quantity": Decimal(self.quantity) / self.scale,
            "value": None if self.value_fen is None else Decimal(self.value_fen) / 100, "basis": self.basis,
            "batch": self.batch, "expires_on": self.expires_on,
        }  # fmt: skip


class Movement(models.Model):
    """One change of stock, tied to the entry of the ledger that tells of it. Database triggers refuse change and removal."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("入账")
        ALLOCATED = "allocated", _("分配")
        RELEASED = "released", _("取消分配")
        DELIVERED = "delivered", _("送达")
        TAKEN_BACK = "taken_back", _("收回")
        LOST = "lost", _("损耗")
        RETURNED = "returned", _("退还捐赠人")
        CORRECTED = "corrected", _("更正")

    line = models.ForeignKey(Line, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    quantity = models.BigIntegerField(_("数量"))
    share = models.ForeignKey("donations.Share", models.PROTECT, null=True, related_name="movements")
    reason = models.TextField(_("原因"), blank=True, default="")
    happened_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | Q(Q(kind="corrected"), ~Q(quantity=0)),
                name="donations_movement_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.words()}"

    def words(self) -> str:
        return self.line.words(self.quantity)
