"""Shapes of input: promises with lines, counts, allocations, delivery and signature."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import MoveForm, RecordForm, WhenField
from tongzhou.kernel.lang import lang
from tongzhou.kernel.measures import MEASURES
from tongzhou.kernel.models import Unit
from tongzhou.modules.donations import queries, rules
from tongzhou.modules.donations.actions.allocations import EVENLY, JOINTLY
from tongzhou.modules.donations.models import Allocation, Disclosure, Gift, Line

GOODS_MEASURES = [
    "瓶", "袋", "套", "箱", "盒", "包", "桶", "个", "件", "只", "支", "副", "双", "台", "辆", "顶", "床", "卷", "张", "份", "本",
    "公斤", "斤", "吨", "升", "毫升", "米",
]  # fmt: skip


BASES = [
    (basis.value, basis.label)
    for basis in (Line.Basis.NONE, Line.Basis.INVOICE, Line.Basis.MARKET, Line.Basis.STATEMENT)
]


PLACES = (
    Unit.Kind.CITY,
    Unit.Kind.DISTRICT,
    Unit.Kind.STREET,
    Unit.Kind.COMMUNITY,
)  # too many to choose from, and no donors


def spoken(measure: str) -> str:
    """A measure word for choosing: 瓶, or "bottle (瓶)"."""
    english = MEASURES[measure][0] if measure in MEASURES else ""
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
    line_form = LineForm  # type: ignore[assignment]
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
        donors = self.fields["donor_unit"].queryset  # type: ignore[attr-defined]
        self.fields["donor_unit"].queryset = donors.exclude(kind__in=PLACES)  # type: ignore[attr-defined]
        people = self.fields["donor_person"].queryset  # type: ignore[attr-defined]
        self.fields["donor_person"].queryset = people.filter(unit__in=self.fields["unit"].queryset)  # type: ignore[attr-defined]


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
        return self.record.lines.select_related("item")  # type: ignore[attr-defined]

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


class StockChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, line: Any) -> str:
        expires = __("，有效期至 %(day)s") % {"day": line.expires_on} if line.expires_on else ""
        directed = __("，定向") if line.gift.is_directed else ""
        return f"{line.words(line.in_stock)} · {line.gift.donor} {line.gift.slip_number}{expires}{directed}"


class ShareForm(forms.Form):
    line = StockChoice(label=_("物资"), queryset=Line.objects.none())
    quantity = forms.DecimalField(
        label=_("数量"), max_digits=14, decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def __init__(self, *args: Any, stock: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = stock  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("line") and data.get("quantity") is not None:
            try:
                data["quantity"] = whole(data["quantity"], data["line"].item.is_money)
            except ValidationError as fault:
                self.add_error("quantity", fault)
        if data.get("quantity") == 0:
            self.add_error("quantity", __("数量须大于 0。"))
        return data


class AllocationForm(RecordForm):
    line_form = ShareForm  # type: ignore[assignment]
    line_title = _("分配的物资（合计数）")
    totals = False
    recipients = forms.CharField(
        label=_("受捐方"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个单位、社区或群体的名称；不写个人姓名。"),
    )
    how = forms.ChoiceField(
        label=_("几家受捐方之间"),
        choices=[(EVENLY, _("平均分配，除不尽的依次多一件")), (JOINTLY, _("共同接收，不分开"))],
        initial=EVENLY,
    )

    class Meta:
        model = Allocation
        fields = ("unit", "basis", "consent")

    def line_kwargs(self) -> dict[str, Any]:
        return {"stock": queries.lines_in_stock(self.instance.response, self.by)}


class Delivery(Counts):
    handler = forms.CharField(label=_("送达经手人"), max_length=60)
    day = WhenField(label=_("送达日期"), initial=lambda: When(timezone.localdate()))

    def rows(self) -> Any:
        return self.record.shares.select_related("line__item")  # type: ignore[attr-defined]

    def number(self, part: Any) -> forms.Field:
        field = super().number(part)
        field.initial = Decimal(part.quantity) / part.line.scale
        return field

    def hint(self, part: Any) -> str:
        return __("分配%(quantity)s；少送的回到库存") % {"quantity": part.line.amount(part.quantity)}


class TakingBack(Counts):
    def rows(self) -> Any:
        return self.record.shares.select_related("line__item")  # type: ignore[attr-defined]

    def hint(self, part: Any) -> str:
        return __("对方现有%(delivered)s") % {"delivered": part.line.amount(part.delivered)}


class Signature(MoveForm):
    signer_post = forms.CharField(label=_("签收人职务"), max_length=60)
    signer = forms.CharField(
        label=_("签收人姓名"),
        max_length=60,
        required=False,
        help_text=_("加密保存，不公开。纸质单上已签名的可以不填。"),
    )
    paper = forms.CharField(label=_("签收单号"), max_length=60, required=False)
    day = forms.DateField(
        label=_("签收日期"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


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
