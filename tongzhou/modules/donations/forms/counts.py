"""Numbers asked for line by line: counts, losses, corrections, deliveries; and the receipt."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import MoveForm, WhenField
from tongzhou.modules.donations.forms.gifts import spoken, whole
from tongzhou.modules.donations.models import Line


class Counts(MoveForm):
    """A whole number for each line of a gift (or share of an allocation). `counts` maps its key to the number, of the measure or fen."""

    blank_is_zero: ClassVar[bool] = True
    most: ClassVar[str] = "in_stock"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {f"part_{part.pk}": part for part in self.rows()}
        for name, part in self.parts.items():
            self.fields[name] = self.number(part)
        self.order_fields([*self.parts, *(name for name in self.fields if name not in self.parts)])

    def rows(self) -> Any:
        return self.record.lines.select_related("item")

    def number(self, part: Any) -> forms.Field:
        line: Line = getattr(part, "line", part)
        label = __("%(item)s（%(measure)s）") % {"item": line.item, "measure": spoken(line.item.measure)} + (
            f" {line.batch}" if line.batch else ""
        )
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        return forms.DecimalField(
            label=label,
            required=not self.blank_is_zero,
            min_value=0,
            max_digits=14,
            decimal_places=2,
            help_text=self.hint(part),
            widget=widget,
        )

    def hint(self, part: Any) -> str:
        return __("现有%(left)s") % {"left": part.amount(getattr(part, self.most))}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        counts = {}
        for name, part in self.parts.items():
            value = data.pop(name, None)
            line: Line = getattr(part, "line", part)
            if value is None and not self.blank_is_zero:
                continue
            try:
                counts[part.pk] = whole(value or Decimal(0), line.item.is_money)
            except ValidationError as fault:
                self.add_error(name, fault)
        return {name: value for name, value in data.items() if name not in self.parts} | {"counts": counts}


class FirstCount(Counts):
    blank_is_zero = False
    day = WhenField(label=_("收到日期"), initial=lambda: When(timezone.localdate()))
    place = forms.CharField(label=_("接收地点"), required=False, max_length=100)

    def hint(self, part: Line) -> str:
        return __("意向%(promised)s；没有收到的填 0") % {"promised": part.amount(part.quantity)}


class BlindCount(Counts):
    """The second person does not see what the first one counted."""

    blank_is_zero = False

    def hint(self, part: Line) -> str:
        return __("请独立清点后填写；没有收到的填 0")


class Correction(Counts):
    """Only what is filled in is set right; a blank leaves its line alone."""

    blank_is_zero = False

    def number(self, part: Line) -> forms.Field:
        field = super().number(part)
        field.required = False
        return field

    def hint(self, part: Line) -> str:
        return __("账上%(received)s；填正确的数量，不改的留空") % {"received": part.amount(part.received)}


class Delivery(Counts):
    handler = forms.CharField(label=_("送达经手人"), max_length=60)
    day = WhenField(label=_("送达日期"), initial=lambda: When(timezone.localdate()))

    def rows(self) -> Any:
        return self.record.shares.select_related("line__item")

    def number(self, part: Any) -> forms.Field:
        field = super().number(part)
        field.initial = Decimal(part.quantity) / part.line.scale
        return field

    def hint(self, part: Any) -> str:
        return __("分配%(quantity)s；少送的回到库存") % {"quantity": part.line.amount(part.quantity)}


class TakingBack(Counts):
    def rows(self) -> Any:
        return self.record.shares.select_related("line__item")

    def hint(self, part: Any) -> str:
        return __("对方现有%(delivered)s") % {"delivered": part.line.amount(part.delivered)}


class Receipt(MoveForm):
    receipt_issuer = forms.CharField(
        label=_("票据开具单位"),
        max_length=100,
        required=False,
        help_text=_("依法可以开具公益事业捐赠票据的单位，如红十字会、慈善总会。"),
    )
    receipt_number = forms.CharField(label=_("票据号码"), max_length=60, required=False)
    receipt_on = forms.DateField(label=_("开票日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    receipt_waived = forms.BooleanField(label=_("捐赠人不要票据"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("receipt_waived") and not (data.get("receipt_issuer") and data.get("receipt_number")):
            raise ValidationError(__("请填写开具单位和票据号码，或勾选“捐赠人不要票据”。"))
        return data
