from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import day_input
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Response, Unit
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation import queries
from tongzhou.modules.situation.queries.counting import LONGEST
from tongzhou.modules.situation.queries.outlook import Basis, presets
from tongzhou.modules.situation.workflow import READ

LARGE = (Unit.Kind.COMMAND, Unit.Kind.CITY, Unit.Kind.DISTRICT, Unit.Kind.STREET)  # communities only where they count
SHOWN = 60  # days shown where no beginning was asked for


def preset_choices() -> list[tuple[str, str]]:
    english = lang() == "en"
    return [(one["name"], one["called_en" if english else "called"]) for one in presets()]


class CurveForm(forms.Form):
    """What the curve and the estimates are asked for. Whatever does not parse is said and left at its default."""

    unit: Any = forms.ModelChoiceField(
        label=_("区域"), queryset=Unit.objects.none(), required=False, to_field_name="code", empty_label=_("全部")
    )
    first = forms.DateField(label=_("从"), required=False, widget=day_input())
    last = forms.DateField(label=_("到"), required=False, widget=day_input())
    preset = forms.ChoiceField(label=_("序列间隔"), required=False)
    window = forms.IntegerField(label=_("滑动窗口（天）"), required=False, min_value=2, max_value=28)
    counted = forms.ChoiceField(
        label=_("计入"), required=False, choices=[("", _("确诊和无症状")), ("confirmed", _("只计确诊"))]
    )

    def __init__(self, data: Any, *, by: Person, response: Response) -> None:
        super().__init__(data)
        self.response, self.by = response, by
        large = Q(kind__in=LARGE) | Q(pk__in=queries.kept(Scope(response), by).values("unit"))
        self.fields["unit"].queryset = access.units(by, READ).filter(large)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["preset"].choices = preset_choices()  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["preset"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and (first > last or (last - first).days > LONGEST):
            self.add_error("last", __("结束日期应在开始日期之后，最多%(n)d天。") % {"n": LONGEST})
        return data

    def asked(self) -> tuple[Scope, Basis]:
        """The scope and the basis: of an unbroken run of days that ends on the last day asked for, or on the last with a count."""
        self.is_valid()
        found = self.cleaned_data
        last = min(found.get("last") or timezone.localdate(), timezone.localdate())
        scope = Scope(self.response, found.get("unit"), None, last)
        last = last if found.get("last") else queries.latest_day(scope, self.by)
        first = found.get("first")
        if last and (first is None or first > last):
            first = last - timedelta(days=min(SHOWN, last.toordinal()) - 1)
        confirmed_only = found.get("counted") == "confirmed"
        return scope.narrowed(first=first, last=last), queries.basis(
            found.get("preset") or "", found.get("window"), confirmed_only=confirmed_only
        )
