"""A batch: what the papers say, what was counted, and what becomes of it."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MoveForm, day_input
from tongzhou.modules.vaccination.forms.places import AtStation
from tongzhou.modules.vaccination.models import Batch, Fridge, Station
from tongzhou.modules.vaccination.workflow import WORK, FridgeState, StationState


def whole(label: Any, least: int = 1, **kwargs: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=least, max_value=1_000_000, widget=widget, **kwargs)


class BatchForm(AtStation):
    class Meta:
        model = Batch
        fields = ("unit", "station", "vaccine", "maker", "number", "expires_on", "announced", "code_first", "code_last")
        widgets: ClassVar[dict[str, Any]] = {"expires_on": day_input()}
        help_texts: ClassVar[dict[str, Any]] = {
            "announced": _("随货单据上的剂数；验收时再实点。"),
            "code_first": _("最小包装单元上的追溯码，扫码或照抄。"),
        }


class Accept(MoveForm):
    counted = whole(_("实点剂数"))
    celsius = forms.DecimalField(
        label=_("到货时温度（℃）"),
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    fridge = forms.ModelChoiceField(label=_("存放设备"), queryset=Fridge.objects.none(), empty_label=_("请选择"))
    papers = forms.BooleanField(
        label=_("已收到批签发证明、全程温度记录"),
        required=False,
        help_text=_("缺一不可（疫苗管理法第三十八、三十九条）。没有的请选“拒收”。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Fridge.objects.filter(station=self.record.station_id, state=FridgeState.IN_USE)
        self.fields["fridge"].queryset = rows.select_related("station").order_by("name")
        only = list(rows[:2])
        self.fields["fridge"].initial = only[0].pk if len(only) == 1 else None
        self.fields["note"].help_text = __("实点与单据不一致时必填。")


class Doses(MoveForm):
    doses = whole(_("剂数"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doses"].help_text = __("在库 %(n)d 剂。") % {"n": self.record.stock}


class Transfer(Doses):
    to = forms.ModelChoiceField(label=_("调往"), queryset=Station.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Station.objects.filter(response=self.record.response).exclude(state=StationState.CLOSED)
        rows = access.visible(rows, self.by, WORK).exclude(pk=self.record.station_id)
        self.fields["to"].queryset = rows.order_by("name", "pk")
        self.order_fields(["to", "doses", "note"])


class Counted(MoveForm):
    counted = whole(_("实点在库剂数"), 0)


class Hold(MoveForm):
    everywhere = forms.BooleanField(
        label=_("我管辖范围内同一批号的全部停用"), required=False, help_text=_("接到召回或暂停使用的通知时勾选。")
    )


class Release(MoveForm):
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("疾控机构或药品监管部门的评估意见、文号。"))
