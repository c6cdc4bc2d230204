"""What is asked for about people and their roles."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.seal import Sealed
from tongzhou.web.accounts import may_manage_account
from tongzhou.web.signin import PHONE

USERNAME = re.compile(r"[\w.@-]{2,60}")
LANDLINE = re.compile(r"\d{7,12}")


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameters at run time
    """`by` fills it in: units they do not keep are not offered, nor the account of someone who may do more."""

    class Meta:
        model = Person
        fields = ("name", "name_en", "unit", "posts", "phone", "email", "username", "is_active")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset, unit.required, unit.empty_label = access.units(by, "people.manage"), True, _("请选择")
        self.fields["username"].help_text = _("登录时使用；留空则用手机号登录。")
        self.fields["is_active"].help_text = _("不在册的人不能登录，也不再收到通知。")
        if not self.instance._state.adding and not may_manage_account(by, self.instance):
            for name in ("username", "email", "is_active"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("此人担任角色，账号由有权授予这些角色的人管理。")

    def clean_username(self) -> str | None:
        name: str = self.cleaned_data["username"] or ""
        if name and (not USERNAME.fullmatch(name) or PHONE.fullmatch(name)):
            raise ValidationError(__("用户名用 2 至 60 个字母、数字、汉字或 . @ - _，不要用手机号。"))
        return name or None

    def clean_phone(self) -> Any:
        """A mobile number without country code and spaces, by which its owner can sign in; or a landline."""
        given = self.cleaned_data["phone"]
        if not given or isinstance(given, Sealed):
            return given
        digits = re.sub(r"[\s()（）-]", "", given)
        if mobile := PHONE.fullmatch(digits):
            return mobile[1]
        if not LANDLINE.fullmatch(digits):
            raise ValidationError(__("请填写 11 位手机号，或带区号的固定电话。"))
        return digits


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *access.ROLES.items()])
    unit = forms.ModelChoiceField(label=_("单位"), queryset=Unit.objects.none(), empty_label=_("请选择"))
    until = forms.DateField(label=_("止"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = access.units(by, "grants.manage")
