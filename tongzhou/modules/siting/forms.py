"""A study with its rules, a what-if, and what changes on a plan that stands."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import rulebook
from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import RecordForm, WhenField
from tongzhou.modules.siting import queries, rules
from tongzhou.modules.siting.models import Option, Study, Table

NO_SHOW = _("约了没来的占多少；只影响排队和管数的预计，点和台仍按全员安排。")
EARLY = _("0为时段内均匀到，100为大多赶在时段一开始到；越高排队越长。")
MOST_LANES = 500  # of one laboratory
ALL_FIELDS = ("points", "left", "at", "reason")
FIELDS_NOT_OF = {
    Option.Step.CLOSE: ("left",), Option.Step.REDUCE: (), Option.Step.REOPEN: ("left",), Option.Step.LABS: ("points", "left", "reason"),
    Option.Step.PROVE: ALL_FIELDS,
}  # fmt: skip
BEFORE_LABS = ("points", "tables", "an_hour", "utilisation", "slot_minutes", "pool")
FROM_RULES = ("person_seconds", "utilisation", "slot_minutes", "pool", "detour", "notice_minutes")


def clock_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class StudyForm(RecordForm):
    totals = False
    folded = ("person_seconds", "utilisation", "detour", "notice_minutes", "no_show", "early", "tables", "name_en")
    fold_title = _("更多设定")

    when = WhenField(label=_("采样日期"), initial=lambda: When(timezone.localdate()))

    class Meta:
        model = Study
        fields = (
            "unit", "name", "points", "opens", "closes", "slot_minutes", "pool", "max_walk_m", "people", "datum", "sites_datum", "tables",
            "person_seconds", "utilisation", "detour", "notice_minutes", "no_show", "early", "name_en",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {"unit": _("范围")}
        widgets: ClassVar[dict[str, Any]] = {
            "opens": clock_input(), "closes": clock_input(),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "points": _("通常每点2000—3000人。"), "max_walk_m": _("不限的留空。"), "tables": _("不限的留空。"),
            "people": _("只有总数、没有各楼栋人数时填写：由没填人数的行均摊，并标为假设。"),
            "datum": _("坐标从哪里来的：国内网络地图是 GCJ-02，手持 GPS 是 WGS-84；混用会差几百米。"),
            "slot_minutes": _("15分钟时排队最短；超过30分钟排队明显变长。"), "detour": _("没有步行路网时按直线估算，城市里一般1.2—1.4。"),
            "no_show": NO_SHOW, "early": EARLY,
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["unit", "name", "when"])
        if self.instance._state.adding:
            edition = rulebook.in_force("siting", "points", timezone.localdate())
            for name in FROM_RULES:
                self.initial[name] = edition[name]


class WhatIf(forms.Form):
    """What differs from the study; blank stays as it is. `sites` are the rows of its candidate sites, for those to be left out, `labs` those of
    its laboratories, each with a field for its lanes: 0 is one that has failed.
    """

    points = forms.IntegerField(label=_("采样点数"), min_value=1, max_value=100_000, required=False)
    tables = forms.IntegerField(label=_("采样台上限"), min_value=1, max_value=1_000_000, required=False)
    an_hour = forms.IntegerField(label=_("每台每小时（人）"), min_value=6, max_value=720, required=False)
    utilisation = forms.IntegerField(label=_("计划利用率（%）"), min_value=30, max_value=100, required=False)
    slot_minutes = forms.IntegerField(label=_("时段（分钟）"), min_value=5, max_value=240, required=False)
    pool = forms.IntegerField(label=_("每管人数"), min_value=1, max_value=20, required=False)
    max_walk_m = forms.IntegerField(label=_("步行上限（米）"), min_value=50, max_value=100_000, required=False)
    impaired_walk_m = forms.IntegerField(label=_("走不远的上限（米）"), min_value=50, max_value=100_000, required=False)
    opens = forms.TimeField(label=_("开始采样"), required=False, widget=clock_input())
    closes = forms.TimeField(label=_("结束采样"), required=False, widget=clock_input())
    no_show = forms.IntegerField(label=_("不来的（%）"), min_value=0, max_value=90, required=False)
    early = forms.IntegerField(label=_("赶早（%）"), min_value=0, max_value=100, required=False)
    prevalence = forms.IntegerField(label=_("预计阳性（每万人）"), min_value=0, max_value=5000, required=False)
    seconds = forms.IntegerField(label=_("最多计算（秒）"), min_value=1, max_value=120, required=False)
    without = forms.CharField(
        label=_("不用的候选点（下雨、没电等）"),
        max_length=2000,
        required=False,
        help_text=_("编号或名称，用逗号隔开。"),
    )

    def __init__(
        self, *args: Any, study: Study | None = None, sites: Sequence[dict[str, Any]] = (), labs: Sequence[dict[str, Any]] = (), **kwargs: Any
    ) -> None:  # fmt: skip
        hours = {name: getattr(study, name) for name in rules.HOURS if study}  # a field for a time shows no grey text
        given = {"auto_id": "if-%s"} | kwargs | {"initial": hours | (kwargs.get("initial") or {})}
        super().__init__(*args, **given)  # a page may have another form beside it
        self.study, self.sites, self.labs = study, sites, labs
        usual = {name: getattr(study, name, None) for name in rules.CHANGES} | {"seconds": 10}
        for i, lab in enumerate(labs):
            label = __("检测线：%(lab)s") % {"lab": lab["key"]}
            self.fields[f"lanes_{i}"] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST_LANES, required=False
            )
            usual[f"lanes_{i}"] = lab["lanes"]
        self.order_fields([*BEFORE_LABS, *(f"lanes_{i}" for i in range(len(labs)))])
        usual["an_hour"] = rules.an_hour(study.person_seconds) if study else None
        for name, field in self.fields.items():
            field.widget.attrs["placeholder"] = "" if usual.get(name) is None else str(usual[name])

    def clean_without(self) -> list[str]:
        found, unknown = rules.named(self.cleaned_data["without"], self.sites)
        if unknown:
            raise forms.ValidationError(
                __("候选点里没有“%(words)s”，请填编号或名称。") % {"words": __("、").join(unknown)}
            )
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        opens, closes = (found.get(name) or getattr(self.study, name, None) for name in rules.HOURS)
        if opens and closes and closes <= opens:
            self.add_error("closes", __("结束应晚于开始。"))
        return found

    def asked(self) -> dict[str, Any]:
        """What was said, as `actions.planning.ask` takes it."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, [], "")}
        hour = said.pop("an_hour", None)
        lanes = {lab["key"]: said.pop(f"lanes_{i}") for i, lab in enumerate(self.labs) if f"lanes_{i}" in said}
        return (
            said | ({"person_seconds": rules.an_hour(hour)} if hour else {}) | ({rules.LANES: lanes} if lanes else {})
        )

    @staticmethod
    def of(changes: dict[str, Any], labs: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
        """What an option was asked with, as the fields show it."""
        shown = dict(changes)
        lanes = shown.pop(rules.LANES, {})
        shown |= {f"lanes_{i}": lanes[lab["key"]] for i, lab in enumerate(labs) if lab["key"] in lanes}
        if seconds := shown.pop("person_seconds", None):
            shown["an_hour"] = rules.an_hour(seconds)
        if left_out := shown.pop(rules.WITHOUT, None):
            shown[rules.WITHOUT] = __("、").join(left_out)
        return shown


class Cover(forms.Form):
    """How many points, before any plan: the fewest with one near everybody, and how many people a number of points has near."""

    within = forms.IntegerField(label=_("走多少米以内"), min_value=50, max_value=20_000)
    points = forms.IntegerField(label=_("设多少个点（可留空）"), min_value=1, max_value=100_000, required=False)


class Step(forms.Form):
    """What changes on a plan that stands, and from when; before the day begins the hour is left out."""

    points = forms.MultipleChoiceField(label=_("哪些采样点"), widget=forms.SelectMultiple(attrs={"size": 6}))
    left = forms.IntegerField(label=_("只剩几张台"), min_value=1, max_value=200)
    at = forms.TimeField(
        label=_("从几点起"),
        required=False,
        widget=clock_input(),
        help_text=_("开始采样前就变的留空。"),
    )
    reason = forms.CharField(
        label=_("为什么"), max_length=80, required=False, help_text=_("写给居民看，如“下雨，操场积水”。")
    )

    def __init__(self, *args: Any, option: Option, kind: str = Option.Step.CLOSE, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "step-%s"} | kwargs)
        self.labs = option.outcome.shown.get("places", ()) if kind == Option.Step.LABS else ()
        for name in FIELDS_NOT_OF[Option.Step(kind)]:
            del self.fields[name]
        if "points" in self.fields:
            if kind == Option.Step.REDUCE:
                self.fields["points"].label = __("哪个采样点（选一个）")
            self.fields["points"].choices = queries.steps.choices(option, kind)  # type: ignore[attr-defined]  # Django's stubs do not know it: a reverse relation, or the choices of a field
        for i, lab in enumerate(self.labs):
            label = __("检测线：%(lab)s") % {"lab": lab["name"]}
            self.fields[f"lanes_{i}"] = forms.IntegerField(
                label=label, min_value=0, max_value=MOST_LANES, required=False, initial=lab["lanes"]
            )
        self.order_fields([f"lanes_{i}" for i in range(len(self.labs))])

    def asked(self) -> dict[str, Any]:
        """As `actions.planning.step` takes it."""
        said = self.cleaned_data
        at = said.get("at")
        lanes = {lab["name"]: said[f"lanes_{i}"] for i, lab in enumerate(self.labs) if said[f"lanes_{i}"] is not None}
        return {
            "points": said.get("points", []), "left": said.get("left"), "at": rules.clock(rules.minutes(at)) if at else "",
            "reason": said.get("reason", "").strip(), "lanes": lanes,
        }  # fmt: skip


class PlaceForm(forms.Form):
    """One building or one site. Tapped on the map, the coordinates fill themselves; typed, they do as well."""

    key = forms.CharField(label=_("编号（留空自动编）"), max_length=40, required=False)
    name = forms.CharField(label=_("名称"), max_length=80)
    persons = forms.IntegerField(label=_("人数"), min_value=0, max_value=1_000_000)
    tables = forms.IntegerField(label=_("可设采样台"), min_value=0, max_value=200)
    use = forms.ChoiceField(
        label=_("用不用"),
        choices=[("", _("由测算决定")), ("kept", _("必须设点")), ("banned", _("不得设点"))],
        required=False,
    )
    lon = forms.FloatField(
        label=_("经度"), min_value=-180, max_value=180, widget=forms.NumberInput(attrs={"step": "any"})
    )
    lat = forms.FloatField(
        label=_("纬度"), min_value=-85, max_value=85, widget=forms.NumberInput(attrs={"step": "any"})
    )

    def __init__(self, *args: Any, kind: str, row: dict[str, Any] | None = None, **kwargs: Any) -> None:
        given = dict(row or {})
        given["use"] = next((name for name in ("kept", "banned") if given.get(name)), "")
        super().__init__(*args, **{"auto_id": "place-%s", "initial": given} | kwargs)
        for name in ("tables", "use") if kind == Table.Kind.DEMAND else ("persons",):
            del self.fields[name]

    def values(self) -> dict[str, Any]:
        """The row as the list keeps it."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        use = said.pop("use", "")
        flags = {"kept": use == "kept", "banned": use == "banned"} if "use" in self.fields else {}
        return said | flags | {"lon": round(said["lon"], 6), "lat": round(said["lat"], 6)}
