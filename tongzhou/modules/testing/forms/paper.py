"""A sheet of paper as it is typed in."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import MomentField
from tongzhou.modules.testing.actions.paper import Line
from tongzhou.modules.testing.models import Point, Resident
from tongzhou.modules.testing.rules import is_id_number, read_code
from tongzhou.modules.testing.rules.paper import LINES, is_sheet

BARCODE = re.compile(r"[A-Za-z0-9]{1,24}", re.ASCII)


class SheetForm(forms.Form):
    sheet = forms.IntegerField(label=_("表号"), help_text=_("印在表的右上角。"))
    at = MomentField(label=_("采样时间"), help_text=_("表上写的开始时间。"))
    close = forms.BooleanField(label=_("表上的管都已封"), required=False, initial=True)

    def __init__(self, *args: Any, point: Point, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.point = point

    def clean_sheet(self) -> int:
        number: int = self.cleaned_data["sheet"]
        if not is_sheet(number, self.point.pk, self.point.sheets):
            raise ValidationError(
                __("%(point)s没有印过这个表号。请核对右上角的数字；别的采样点的表，在那个采样点的页面补录。")
                % {"point": self.point}
            )
        return number

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at > timezone.now():
            raise ValidationError(__("采样时间不能晚于现在。"))
        return at


class LineForm(forms.Form):
    """Name and document, or the resident's code; the tube where it is another than on the line above."""

    tube = forms.CharField(label=_("管码"), max_length=24, required=False)
    name = forms.CharField(label=_("姓名"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("证件"), choices=Resident.Document)
    number = forms.CharField(label=_("证件号码或采样码"), max_length=60, required=False)

    def clean_tube(self) -> str:
        tube: str = self.cleaned_data["tube"].strip()
        if tube and not BARCODE.fullmatch(tube):
            raise ValidationError(__("管码只有字母和数字。"))
        return tube

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        name, number = data.get("name", "").strip(), data.get("number", "").strip()
        data["filled"] = bool(name or number)
        if not data["filled"] or self.errors:
            return data
        if read_code(number):
            data["who"] = {"code": number}
        elif not name:
            self.add_error("name", __("请填写姓名。"))
        elif data["kind"] == Resident.Document.NONE:
            data["who"] = {"person": {"name": name, "kind": "none", "number": ""}}
        elif not number or (data["kind"] == Resident.Document.ID and not is_id_number(number.upper())):
            self.add_error("number", __("证件号码有误。"))
        else:
            data["who"] = {"person": {"name": name, "kind": data["kind"], "number": number.upper()}}
        return data


Lines = forms.formset_factory(LineForm, extra=LINES, max_num=LINES, absolute_max=LINES)


def lines_of(sheet: int, formset: Any) -> list[Line]:
    """The filled lines; each without a tube of its own goes into that of the line above. Who has no document is known by sheet and line."""
    found, tube = [], ""
    for place, form in enumerate(formset):
        data = form.cleaned_data
        tube = data.get("tube") or tube
        if not data.get("filled"):
            continue
        if not tube:
            form.add_error("tube", __("请填写管码。"))
            continue
        who = data["who"]
        if who.get("person", {}).get("kind") == "none":
            who["person"]["number"] = f"{sheet}-{place + 1}"
        found.append(Line(place, tube, who))
    return found
