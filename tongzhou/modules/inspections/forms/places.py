"""A place of the register."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import RecordForm, WhenField
from tongzhou.kernel.desk.naming import PersonField
from tongzhou.modules.inspections.models import Place


class PlaceForm(RecordForm):
    totals = False

    when = WhenField(label=_("登记日期"), required=False)
    owner = PersonField(
        label=_("场所方账号"), required=False, help_text=_("场所方能登录时填写：只看到本场所的问题和整改通知。")
    )

    class Meta:
        model = Place
        fields = ("unit", "type", "name", "address", "lat", "lon", "contact", "phone", "owner")
        labels: ClassVar[dict[str, Any]] = {"unit": _("所在街道（社区）")}
        widgets: ClassVar[dict[str, Any]] = {
            "contact": forms.TextInput(),
            "phone": forms.TextInput(attrs={"inputmode": "tel"}),
            "lat": forms.TextInput(attrs={"inputmode": "decimal"}),
            "lon": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "address": _("经营场所的地址，不是负责人的住址。"),
            "lat": _("WGS-84 坐标，用于排路线，可不填。网上地图给出的多是加偏坐标，会差几百米。"),
            "contact": _("加密保存，只用于联系检查和整改。"),
        }

    def clean_when(self) -> When:
        return self.cleaned_data["when"] or When(timezone.localdate())
