"""What a resident fills in: four fields, and none that is not needed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Response, Unit
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.actions.residents import Given
from tongzhou.modules.testing.models import Home, Resident
from tongzhou.modules.testing.rules import is_number, plain_number, tail
from tongzhou.modules.testing.rules.codes import LENGTH
from tongzhou.modules.testing.rules.documents import TAIL

NONE = Resident.Document.NONE
OFF = {"autocomplete": "off", "spellcheck": "false"}
CAPITALS = OFF | {"autocapitalize": "characters"}


class ResidentForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs=OFF))
    document = forms.ChoiceField(label=_("证件"), choices=Resident.Document)
    number = forms.CharField(
        label=_("证件号码"), max_length=40, required=False, help_text=_("孩子用户口簿上的号码；暂无证件的不填。"),
        widget=forms.TextInput(attrs=CAPITALS),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=_("居住的街道（社区）"), queryset=Unit.objects.none(), required=False, empty_label=_("不在其中，或不清楚"),
        help_text=_("用来告诉您到哪里采样；不作别用。"),
    )  # fmt: skip

    near = forms.CharField(
        label=_("居住的楼栋"), max_length=60, required=False, help_text=_("写几个字，如“12号楼”，再点选；不清楚的不填。"),
        widget=forms.TextInput(attrs=OFF | {"type": "search", "enterkeyhint": "search"}),
    )  # fmt: skip
    home = forms.CharField(required=False, max_length=140, widget=forms.HiddenInput())

    def __init__(self, *args: Any, units: Any, response: Response, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response = response
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # it is a choice among rows
        self.asks_home = queries.homes(response).exists()
        if not self.asks_home:
            del self.fields["near"], self.fields["home"]

    def offered(self) -> list[Home]:
        """Buildings to tap on: those that the words may mean, or the one that was chosen."""
        if not self.asks_home:
            return []
        chosen = queries.home_at(self.response, self["home"].value() or "")
        return [chosen] if chosen else queries.homes_like(self.response, self["near"].value() or "")

    def look_for_home(self) -> None:
        """The building that was tapped on; typed only, it must be the one that the words mean."""
        data = self.cleaned_data
        near, chosen = data.get("near", "").strip(), data.get("home", "")
        data["home"] = ""
        if not self.asks_home or not near:
            return
        tapped = queries.home_at(self.response, chosen) if chosen else None
        if tapped and all(word in tapped.name for word in near.split()):  # else the words were changed afterwards
            data["home"] = tapped.place
            return
        found = queries.homes_like(self.response, near, data.get("unit"))
        exact = [one for one in found if one.name == near]
        if len(exact or found) == 1:
            data["home"] = (exact or found)[0].place
            return
        self.add_error(
            "near", __("请在下面点选您住的楼栋。") if found else __("没有找到这栋楼，请换几个字；不清楚的不填。")
        )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable() or any(letter.isdigit() for letter in name):
            raise ValidationError(__("请填写姓名，不带数字。"))
        return name

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        document = data.get("document", "")
        data["number"] = plain_number(data.get("number", "")) if document != NONE else ""
        self.look_at(document, data["number"])
        self.look_for_home()
        return data

    def look_at(self, document: str, number: str) -> None:
        if document and document != NONE and (said := wrong(document, number)):
            self.add_error("number", said)

    def given(self) -> Given:
        return Given(
            **{
                name: self.cleaned_data[name]
                for name in ("name", "document", "number", "unit", "home")
                if name in self.cleaned_data
            }
        )


def wrong(document: str, number: str) -> str:
    """What is wrong with a number of this kind; empty if nothing is."""
    if is_number(document, number):
        return ""
    if not number:
        return __("请填写证件号码。")
    if document == Resident.Document.ID:
        return __("身份证号码有误：应为18位，最后一位是校验码。请逐位核对。")
    return __("证件号码有误：只有字母和数字。")


class CorrectForm(ResidentForm):
    """The same with the proof in front. What is right already is not typed again, and the page does not tell it."""

    tail = forms.CharField(
        label=_("原来登记的证件号码后四位"), max_length=8, help_text=_("确认是本人或家人在改。暂无证件的，填查询号后四位。"),
        widget=forms.TextInput(attrs=CAPITALS),
    )  # fmt: skip
    first = forms.CharField(
        label=_("最早登记时的采样码"), max_length=80, required=False, widget=forms.TextInput(attrs=OFF),
        help_text=_("在最早登记的手机上不填；换了手机的，填那张码上的文字，以 TZ1 开头。"),
    )  # fmt: skip
    document = forms.ChoiceField(
        label=_("证件"), choices=[("", _("没有写错")), *Resident.Document.choices], required=False
    )
    field_order = ("tail", "name", "document", "number", "unit", "near", "home", "first")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = _("没有写错的不填。")

    def clean_first(self) -> str:
        return "".join(self.cleaned_data["first"].split())

    def look_at(self, document: str, number: str) -> None:
        """A number is held to its kind once it is known whose it is."""

    def settle(self, before: str) -> bool:
        """Whether what is given fits, for someone whose document is of this kind so far."""
        data = self.cleaned_data
        document = data["document"] = data["document"] or before
        if document != NONE and (data["number"] or document != before) and (said := wrong(document, data["number"])):
            self.add_error("number", said)
        return self.is_valid()


class LookUpForm(forms.Form):
    code = forms.CharField(
        label=_("采样码上的文字"), max_length=80, widget=forms.TextInput(attrs=OFF),
        help_text=_("以 TZ1 开头；用手机相机扫采样码，就能复制。"),
    )  # fmt: skip
    tail = forms.CharField(
        label=_("证件号码后四位"), max_length=8, help_text=_("暂无证件的，填查询号后四位。"), widget=forms.TextInput(attrs=CAPITALS)
    )  # fmt: skip

    def clean_code(self) -> str:
        code: str = "".join(self.cleaned_data["code"].split())
        if len(code) != LENGTH:
            raise ValidationError(__("采样码不完整，应有 %(n)d 个字符。") % {"n": LENGTH})
        return code

    def clean_tail(self) -> str:
        if len(found := tail(self.cleaned_data["tail"])) != TAIL:
            raise ValidationError(__("请填后四位。"))
        return found
