import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.desk.forms import MoveForm, RecordForm, day_input
from tongzhou.modules.situation.actions.zones import FIXED
from tongzhou.modules.situation.models import Zone
from tongzhou.modules.situation.models.zone import named

MOST_CORNERS = 200


class BorderField(forms.CharField):
    """Corners of a place, one a line as "latitude, longitude"; at least three."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) if not isinstance(value, list) else self.prepare_value(value)
        corners = [self._corner(line) for line in str(text or "").splitlines() if line.strip()]
        if corners and not 3 <= len(corners) <= MOST_CORNERS:
            raise ValidationError(__("边界至少要三个点。"))
        return corners or None

    def _corner(self, line: str) -> list[float]:
        found = re.fullmatch(r"\s*(-?\d{1,2}(?:\.\d{1,8})?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d{1,8})?)\s*", line, re.ASCII)
        if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
            raise ValidationError(__("“%(line)s”不是“纬度, 经度”，例如 41.2950, 123.7700。") % {"line": line[:40]})
        return [float(found[1]), float(found[2])]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{lat}, {lon}" for lat, lon in value) if isinstance(value, list) else value


class ZoneForm(RecordForm):
    totals = False
    edition = forms.ChoiceField(
        label=_("适用规则版本"), required=False,
        help_text=_("一般留空：按划定日期适用的版本。演练（模拟数据）可以另选，页面上会注明。"),
    )  # fmt: skip
    border = BorderField(
        label=_("边界（可不填）"), required=False, help_text=_("每行一个角：纬度, 经度。不填边界时，用下面的一个点。")
    )

    class Meta:
        model = Zone
        fields = (
            "unit", "level", "edition", "place", "population", "reason", "order_number", "last_infection_on", "border", "lat", "lon",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {"unit": _("所在街道、社区")}
        help_texts: ClassVar[dict[str, Any]] = {
            "place": _("写到楼栋，例如“居仁路23#、21#号楼”。"),
            "last_infection_on": _("倒计时从这一天算起；不填则从划定日期算起。"),
        }
        widgets: ClassVar[dict[str, Any]] = {"last_infection_on": day_input()}

    field_order = ("unit", "level", "place", "when", "last_infection_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label, self.fields["when"].help_text = _("划定日期"), ""
        known = rulebook.rule("situation", "zones").editions
        versions = {one.version: named(one) for one in known if one["levels"]}
        self.fields["edition"].choices = [("", _("按划定日期")), *versions.items()]
        if not self.instance._state.adding:
            for name in ("when", *(name for name in FIXED if name in self.fields)):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "when" in data and data["when"].precision != "day":
            self.add_error("when", __("须写明哪一天。"))
        if (data.get("lat") is None) != (data.get("lon") is None):
            self.add_error("lat", __("纬度、经度要么都填，要么都不填。"))
        return data


class InfectionForm(MoveForm):
    day = forms.DateField(label=_("感染日期"), widget=day_input(), initial=timezone.localdate)
    cases = forms.IntegerField(label=_("新增感染（例）"), min_value=1, max_value=100_000, initial=1)


class DayForm(MoveForm):
    """The day on which a zone is stepped down or lifted."""

    day = forms.DateField(label=_("自哪一天起"), widget=day_input(), initial=timezone.localdate)
