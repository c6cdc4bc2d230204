"""A promise with its lines, and a disclosure."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import RecordForm
from tongzhou.kernel.lang import lang
from tongzhou.kernel.measures import MEASURES
from tongzhou.kernel.models import Unit
from tongzhou.modules.donations import rules
from tongzhou.modules.donations.models import Disclosure, Gift, Line

GOODS_MEASURES = [
    "瓶", "袋", "套", "箱", "盒", "包", "桶", "个", "件", "只", "支", "副", "双", "台", "辆", "顶", "床", "卷", "张", "份", "本",
    "公斤", "斤", "吨", "升", "毫升", "米",
]  # fmt: skip


BASES = [
    (basis.value, basis.label)
    for basis in (Line.Basis.NONE, Line.Basis.INVOICE, Line.Basis.MARKET, Line.Basis.STATEMENT)
]


# too many to choose from, and no donors
PLACES = (
    Unit.Kind.CITY,
    Unit.Kind.DISTRICT,
    Unit.Kind.STREET,
    Unit.Kind.COMMUNITY,
)


def spoken(measure: str) -> str:
    """A measure word for choosing: 瓶, or "bottle (瓶)"."""
    english = (MEASURES[measure][0] or "unit") if measure in MEASURES else ""
    return f"{english} ({measure})" if lang() == "en" and english else measure


def measures() -> list[tuple[str, str]]:
    """With none chosen at first, so that a row nobody touched is a blank row."""
    return [("", "———"), *((measure, spoken(measure)) for measure in (*GOODS_MEASURES, rules.YUAN))]


class LineForm(forms.Form):
    """One kind of goods, or money: then the measure is 元 and the quantity may have 角 and 分."""

    item = forms.CharField(label=_("品名"), max_length=60)
    item_en = forms.CharField(label=_("英文品名"), max_length=80, required=False)
    quantity = forms.DecimalField(
        label=_("数量"), max_digits=14, decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    measure = forms.ChoiceField(label=_("计量单位"), choices=measures)
    value = forms.DecimalField(
        label=_("价值（元）"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    basis = forms.ChoiceField(label=_("作价依据"), required=False, choices=BASES, initial=Line.Basis.NONE)
    batch = forms.CharField(label=_("批号"), max_length=60, required=False)
    expires_on = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_item(self) -> str:
        name: str = self.cleaned_data["item"]
        if set(name) & set("{}|"):
            raise ValidationError(__("品名里不能有 { } | 这几个符号。"))
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        money = data.get("measure") == rules.YUAN
        if (quantity := data.get("quantity")) is not None:
            try:
                data["quantity"] = whole(quantity, money)
            except ValidationError as fault:
                self.add_error("quantity", fault)
            else:
                if not data["quantity"]:
                    self.add_error("quantity", __("数量须大于 0。"))
        value, basis = data.pop("value", None), data.get("basis") or Line.Basis.NONE
        data |= {"value_fen": None if value is None or money else int(value * 100), "basis": basis}
        if not money and value is None and basis != Line.Basis.NONE:
            self.add_error("value", __("选了作价依据，请填写价值；没有作价的请选“未作价”。"))
        if not money and value is not None and basis == Line.Basis.NONE:
            self.add_error("basis", __("填了价值，请选择作价依据。"))
        return data


class GiftForm(RecordForm):
    line_form = LineForm
    line_title = _("捐赠明细")

    class Meta:
        model = Gift
        fields = (
            "unit", "donor_unit", "donor_person", "donor_name", "anonymous", "donor_contact", "naming", "public_name", "designated", "purpose", "place",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {"designated": forms.Textarea(attrs={"rows": 2})}
        help_texts: ClassVar[dict[str, Any]] = {
            "unit": _("经办这笔捐赠的单位。"),
            "donor_name": _("捐赠单位、捐赠人、其他名称、匿名，只填一种。"),
            "anonymous": _("捐赠人不愿透露身份时勾选；不要在别处写下其身份。"),
            "naming": _("按捐赠人的意愿；没有表示的，不公布。"),
            "designated": _("捐赠人指定的受捐单位，每行一个；没有指定的留空。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        donors = self.fields["donor_unit"].queryset
        self.fields["donor_unit"].queryset = donors.exclude(kind__in=PLACES)
        people = self.fields["donor_person"].queryset
        self.fields["donor_person"].queryset = people.filter(unit__in=self.fields["unit"].queryset)


class DisclosureForm(RecordForm):
    totals = False

    class Meta:
        model = Disclosure
        fields = ("unit", "first_on", "last_on")
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("first_on", "last_on")
        }


def whole(value: Decimal, money: bool) -> int:
    """Fen of yuan, or a whole number of pieces."""
    scaled = value * 100 if money else value
    if scaled != int(scaled):
        raise ValidationError(__("请填写整数；不足一个计量单位的，请换用更小的计量单位。"))
    if scaled < 0:
        raise ValidationError(__("数量不能为负。"))
    return int(scaled)
