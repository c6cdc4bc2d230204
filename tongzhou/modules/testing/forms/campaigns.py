"""A campaign with the zones that are sampled in a way of their own, and the account at its end."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MomentField, MoveForm, RecordForm
from tongzhou.kernel.models import Unit
from tongzhou.modules.testing.models import Campaign, Mode
from tongzhou.modules.testing.workflow import PLAN


class ZoneForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("区域"), queryset=Unit.objects.none())
    mode = forms.ChoiceField(label=_("采样方式"), choices=[("", "———"), *Mode.choices])

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # it is a choice among rows


class CampaignForm(RecordForm):
    line_form = ZoneForm
    line_title = _("与全区不同的采样方式（封控区、管控区等）")
    lines_required = False
    totals = False

    begins_at = MomentField(label=_("采样开始"), required=False)
    ends_at = MomentField(label=_("采样截止"), required=False)

    class Meta:
        model = Campaign
        fields = ("unit", "name", "called", "begins_at", "ends_at", "mode", "expected", "name_en")
        labels: ClassVar[dict[str, Any]] = {"unit": _("检测范围")}
        widgets: ClassVar[dict[str, Any]] = {"called": forms.Textarea(attrs={"rows": 2})}
        help_texts: ClassVar[dict[str, Any]] = {
            "called": _("哪些人要来，带什么，什么情况不来。"),
            "expected": _("按登记人口或上一轮人数填写；大屏据此算进度。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("采样日期")

    def line_kwargs(self) -> dict[str, Any]:
        return {"units": access.units(self.by, PLAN).order_by("path")}


class Reconciling(MoveForm):
    in_hand = forms.IntegerField(label=_("清点的实物采样管数"), min_value=0)
    differences = forms.CharField(
        label=_("差额说明"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("系统、封箱、实物、结果之间的每一项差额：是哪几管、哪些人、什么原因、怎么办。"),
    )  # fmt: skip
