"""Boxes, results, conflicts: what is said of tubes."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import MomentField, MoveForm, RecordForm, WhenField
from tongzhou.modules.testing.models import Box, Conflict, Point, Resident, Result
from tongzhou.modules.testing.rules import is_number, plain_number, read_code

NONE = Resident.Document.NONE
APART = re.compile(r"[\s,，、;；]+")


class BoxForm(RecordForm):
    totals = False

    when = WhenField(label=_("日期"), required=False)
    codes = forms.CharField(
        label=_("箱内采样管"), required=False, widget=forms.Textarea(attrs={"rows": 8, "inputmode": "numeric", "autofocus": True}),
        help_text=_("逐管扫码，扫一管自动换一行；也可粘贴。"),
    )  # fmt: skip

    class Meta:
        model = Box
        fields = ("unit", "point", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = Point.objects.filter(response=self.instance.response, campaign__isnull=False)
        self.fields["point"].queryset = points.filter(unit__in=self.fields["unit"].queryset).order_by("name")
        self.initial.setdefault("codes", "\n".join(self.instance.tubes))
        self.fields["unit"].required = False
        self.fields["unit"].widget = forms.HiddenInput()

    def clean_codes(self) -> list[str]:
        return [code for code in APART.split(self.cleaned_data["codes"]) if code]

    def clean_when(self) -> When:
        return self.cleaned_data["when"] or When(timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """The box is of its point's street."""
        data = super().clean()
        if data.get("point"):
            data["unit"] = data["point"].unit
        return data


class Packing(MoveForm):
    in_hand = forms.IntegerField(label=_("清点的实物管数"), min_value=0)
    difference = forms.CharField(label=_("差额说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["in_hand"].help_text = _("系统登记 {n} 管。请逐管清点，不要照抄。").format(n=len(self.record.tubes))


class Sending(MoveForm):
    courier = forms.CharField(label=_("转运员"), max_length=40)


class Receiving(MoveForm):
    received = forms.IntegerField(label=_("实验室实收管数"), min_value=0)
    laboratory = forms.CharField(label=_("实验室"), max_length=60)


class Confirming(MoveForm):
    positives = forms.IntegerField(label=_("复核阳性人数"), min_value=1)


class ResultForm(forms.Form):
    """One line of a laboratory's sheet."""

    tube = forms.CharField(max_length=24)
    value = forms.ChoiceField(choices=Result.Value)
    tested_at = MomentField()
    laboratory = forms.CharField(max_length=60)
    look = forms.IntegerField(min_value=1, max_value=9, required=False)


class Deciding(forms.Form):
    decision = forms.ChoiceField(label=_("处理意见"), choices=Conflict.Decision, widget=forms.RadioSelect)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class Naming(forms.Form):
    """Whose swab it was. A code that was shown again says who by itself."""

    document = forms.ChoiceField(label=_("证件"), choices=[one for one in Resident.Document.choices if one[0] != NONE])
    number = forms.CharField(
        label=_("证件号码或采样码"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=_("姓名"), max_length=60, required=False, help_text=_("登记过的不填。"))
    note = forms.CharField(label=_("怎么查明的"), max_length=200)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        number = data.get("number", "").strip()
        data["name"] = " ".join(data.get("name", "").split())
        if number and not read_code(number):
            number = plain_number(number)
            if not is_number(data.get("document", ""), number):
                self.add_error("number", __("证件号码有误。"))
        return data | {"number": number}


class LaboratoryForm(forms.Form):
    label = forms.CharField(label=_("实验室"), max_length=60)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
