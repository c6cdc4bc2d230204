"""Wishes day by day, and what one sees of a traveller at a checkpoint (which is never kept)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongzhou.modules.rosters import rules
from tongzhou.modules.rosters.models import Wish

NO_WISH = ("", _("可以值"))


class WishForm(forms.Form):
    """One choice for each day."""

    def __init__(self, *args: Any, days: Iterable[date], said: Mapping[date, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = list(days)
        for day in self.days:
            self.fields[day.isoformat()] = forms.ChoiceField(
                label=day.isoformat(), required=False, choices=[NO_WISH, *Wish.Kind.choices], initial=said.get(day, ""),
            )  # fmt: skip

    def rows(self) -> list[tuple[date, Any]]:
        return [(day, self[day.isoformat()]) for day in self.days]

    def wishes(self) -> dict[date, str]:
        return {day: kind for day in self.days if (kind := self.cleaned_data.get(day.isoformat()))}


YES_NO = [("yes", _("是")), ("no", _("否"))]
CODES = [("green", _("绿码")), ("yellow", _("黄码")), ("red", _("红码"))]


class Sighting(forms.Form):
    """What decides at a checkpoint. Nothing of it is stored."""

    code = forms.ChoiceField(label=_("健康码"), choices=CODES, widget=forms.RadioSelect, initial="green")
    temperature = forms.DecimalField(
        label=_("体温（℃）"), min_value=34, max_value=43, max_digits=3, decimal_places=1, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1"}),
    )  # fmt: skip
    star = forms.ChoiceField(label=_("行程带星号"), choices=YES_NO, widget=forms.RadioSelect, initial="no")
    tested = forms.ChoiceField(label=_("48 小时核酸阴性"), choices=YES_NO, widget=forms.RadioSelect, initial="yes")
    local = forms.ChoiceField(label=_("本地人员"), choices=YES_NO, widget=forms.RadioSelect, initial="yes")
    letter = forms.ChoiceField(
        label=_("社区（单位）已签承诺书"), choices=YES_NO, widget=forms.RadioSelect, initial="no"
    )

    def seen(self, fever_line: float) -> dict[str, Any]:
        """As the decision table asks."""
        data = self.cleaned_data
        answers = {name: data[name] == "yes" for name in ("star", "tested", "local", "letter")}
        heat = data["temperature"]
        return answers | {"code": data["code"], "fever": heat is not None and rules.feverish(float(heat), fever_line)}
