"""Who gets what, and who signed for it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import MoveForm, RecordForm
from tongzhou.modules.donations import queries
from tongzhou.modules.donations.actions.allocations import EVENLY, JOINTLY
from tongzhou.modules.donations.forms.gifts import whole
from tongzhou.modules.donations.models import Allocation, Line


class StockChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's fields take no parameters at run time
    def label_from_instance(self, line: Any) -> str:
        expires = __("，有效期至 %(day)s") % {"day": line.expires_on} if line.expires_on else ""
        directed = __("，定向") if line.gift.is_directed else ""
        return f"{line.words(line.in_stock)} · {line.gift.donor} {line.gift.slip_number}{expires}{directed}"


class ShareForm(forms.Form):
    line = StockChoice(label=_("物资"), queryset=Line.objects.none(), empty_label="———")
    quantity = forms.DecimalField(
        label=_("数量"), max_digits=14, decimal_places=2, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def __init__(self, *args: Any, stock: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = stock  # type: ignore[attr-defined]  # a ModelChoiceField

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
    line_form = ShareForm
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
