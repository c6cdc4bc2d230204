"""A study with its rules, a what-if, and the closing of points."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import RecordForm, WhenField
from tongzhou.modules.siting import rules
from tongzhou.modules.siting.models import Option, Study

FROM_RULES = ("person_seconds", "utilisation", "slot_minutes", "pool", "detour", "notice_minutes")


class StudyForm(RecordForm):
    totals = False
    folded = ("person_seconds", "utilisation", "detour", "notice_minutes", "tables", "name_en")
    fold_title = _("更多设定")

    when = WhenField(label=_("采样日期"), initial=lambda: When(timezone.localdate()))

    class Meta:
        model = Study
        fields = (
            "unit", "name", "points", "opens", "closes", "slot_minutes", "pool", "max_walk_m", "people", "datum", "sites_datum", "tables",
            "person_seconds", "utilisation", "detour", "notice_minutes", "name_en",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {"unit": _("范围")}
        widgets: ClassVar[dict[str, Any]] = {
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "points": _("通常每点2000—3000人。"), "max_walk_m": _("不限的留空。"), "tables": _("不限的留空。"),
            "people": _("只有总数、没有各楼栋人数时填写：由没填人数的行均摊，并标为假设。"),
            "datum": _("坐标从哪里来的：国内网络地图是 GCJ-02，手持 GPS 是 WGS-84；混用会差几百米。"),
            "slot_minutes": _("15分钟时排队最短；超过30分钟排队明显变长。"), "detour": _("没有步行路网时按直线估算，城市里一般1.2—1.4。"),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["unit", "name", "when"])
        if self.instance._state.adding:
            edition = rulebook.in_force("siting", "points", timezone.localdate())
            for name in FROM_RULES:
                self.initial[name] = edition[name]


class WhatIf(forms.Form):
    """What differs from the study; blank stays as it is."""

    points = forms.IntegerField(label=_("采样点数"), min_value=1, required=False)
    slot_minutes = forms.IntegerField(label=_("时段（分钟）"), min_value=5, max_value=240, required=False)
    pool = forms.IntegerField(label=_("每管人数"), min_value=1, max_value=20, required=False)
    max_walk_m = forms.IntegerField(label=_("步行上限（米）"), min_value=50, required=False)
    tables = forms.IntegerField(label=_("采样台上限"), min_value=1, required=False)
    lanes = forms.IntegerField(label=_("检测线"), min_value=0, required=False)
    seconds = forms.IntegerField(label=_("最多计算（秒）"), min_value=1, max_value=120, required=False)

    def __init__(self, *args: Any, study: Study | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "if-%s"} | kwargs)  # a page may have the closing of points beside it
        usual = {name: getattr(study, name, None) for name in rules.CHANGES} | {"seconds": 10}
        for name, value in usual.items():
            self.fields[name].widget.attrs["placeholder"] = "" if value is None else str(value)


class Closing(forms.Form):
    """Which points close, and from when; before the day begins the hour is left out."""

    points = forms.MultipleChoiceField(label=_("关闭哪些采样点"), widget=forms.SelectMultiple(attrs={"size": 6}))
    at = forms.TimeField(
        label=_("几点关闭"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("开始采样前就关的留空。"),
    )
    reason = forms.CharField(
        label=_("为什么关闭"), max_length=80, required=False, help_text=_("写给居民看，如“下雨，操场积水”。")
    )

    def __init__(self, *args: Any, option: Option, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [row for row in option.outcome.shown["points"] if not row.get("closed")]
        self.fields["points"].choices = [(row["key"], f"{row['key']} {row['name']}") for row in rows]  # type: ignore[attr-defined]  # Django's stubs do not know it: a reverse relation, or the choices of a field

    def clock(self) -> str:
        at = self.cleaned_data["at"]
        return rules.clock(rules.minutes(at)) if at else ""
