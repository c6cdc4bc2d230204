"""Stations, what is wanted of them, and changes of their desks."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.desk.forms import RecordForm
from tongzhou.kernel.lang import lang
from tongzhou.modules.vaccination import queries
from tongzhou.modules.vaccination.models import Demand, DeskChange, Station
from tongzhou.modules.vaccination.workflow import StationState


class AtStation(RecordForm):
    """Of a record that belongs to a station: its unit is the station's, and is not asked for."""

    totals = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, record = self.fields["unit"], self.instance
        unit.disabled, unit.required, unit.widget = True, False, forms.HiddenInput()
        self.initial["unit"] = record.unit_id if not record._state.adding else None
        needs = record.workflow.files if record._state.adding else record.workflow.amends[0]
        rows = Station.objects.filter(response=record.response).exclude(state=StationState.CLOSED)
        rows = access.visible(rows, self.by, needs).order_by("name", "pk")
        self.fields["station"].queryset = rows
        if record._state.adding and not self.initial.get("station"):
            only = list(rows[:2])
            self.initial["station"] = only[0].pk if len(only) == 1 else None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if station := data.get("station"):
            data["unit"] = station.unit
        return data

    @classmethod
    def from_row(cls, values: dict[str, Any], **kwargs: Any) -> "RecordForm":
        """A station is named in a spreadsheet; of two of one name within reach, neither is guessed."""
        named = Station.objects.filter(response=kwargs["instance"].response, name=values.get("station") or "")
        rows = access.visible(named, kwargs["by"], cls._meta.model.workflow.files)
        found = list(rows[:2])
        return super().from_row(
            values | {"station": found[0].pk if len(found) == 1 else values.get("station")}, **kwargs
        )


class StationForm(RecordForm):
    fridges = forms.CharField(
        label=_("冰箱、冷藏箱"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一台，写名称或编号，如“1号冰箱”。之后也可以单独登记。"),
    )  # fmt: skip

    class Meta:
        model = Station
        fields = (
            "unit", "name", "place", "opens", "closes", "desks", "vaccinators", "checkers", "recorders", "watchers", "stewards", "seats", "lat", "lon",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("opens", "closes")
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "unit": _("接种点所在的街道。"),
            "vaccinators": _("每个接种台至少一名。"),
            "lat": _("地图用，可以不填。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            del self.fields["fridges"]


class DemandForm(RecordForm):
    totals = False
    age_group = forms.ChoiceField(label=_("年龄组"))
    dose = forms.TypedChoiceField(label=_("剂次"), coerce=int)

    class Meta:
        model = Demand
        fields = ("unit", "age_group", "dose", "people")
        help_texts: ClassVar[dict[str, Any]] = {
            "unit": _("登记的街道或社区。"),
            "people": _("只登记人数，不登记姓名。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = rulebook.in_force("vaccination", "age_groups", timezone.localdate())
        self.fields["age_group"].choices = [("", "———"), *groups(rule)]
        self.fields["dose"].choices = [("", "———"), *((n, __("第%(n)d剂") % {"n": n}) for n in rule["doses"])]

    @classmethod
    def from_row(cls, values: dict[str, Any], **kwargs: Any) -> RecordForm:
        """The group by its name in either language, as the office writes it."""
        named = str(values.get("age_group") or "")
        rule = rulebook.in_force("vaccination", "age_groups", timezone.localdate())
        known = {name: code for code, *names in rule["groups"] for name in (code, *names)}
        return super().from_row(values | {"age_group": known.get(named, named)}, **kwargs)


class DeskChangeForm(AtStation):
    totals = True

    class Meta:
        model = DeskChange
        fields = ("unit", "station", "after", "why")
        help_texts: ClassVar[dict[str, Any]] = {"why": _("例如：昨天上午平均排队四十分钟，又有三百人登记。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["station"].required = False
        self.fields["station"].queryset = self.fields["station"].queryset.filter(state=StationState.OPEN)
        for name in ("station", "after", "why"):
            self.fields[name].required = False  # where only a total is known; see clean
        if self.instance._state.adding and (station := self._asked()):
            self.initial["after"] = self.initial.get("after") or station.desks + 1
            self.fields["after"].help_text = told(station)

    def _asked(self) -> Station | None:
        rows = self.fields["station"].queryset
        try:
            return rows.filter(pk=self.initial.get("station")).first()  # type: ignore[no-any-return]  # rows of stations
        except (TypeError, ValueError, forms.ValidationError):
            return None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("total"):
            for name in ("station", "after", "why"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, __("请填写。"))
        elif not data.get("station"):
            data["unit"] = self.by.unit
        return data


class Totals(forms.Form):
    """The days of a return."""

    first = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


def groups(rule: rulebook.Edition) -> list[tuple[str, str]]:
    """Age groups for choosing, in the reader's language."""
    return [(code, english if lang() == "en" else chinese) for code, chinese, english in rule["groups"]]


def told(station: Station) -> str:
    """What one more desk would do, in words, before anybody decides."""
    known = queries.outlook(station)
    if known is None:
        return __("现有 %(n)d 个接种台。还没有按半小时记过到达人数，不能测算排队。") % {"n": station.desks}
    now, then = known.wait(station.desks), known.wait(station.desks + 1)
    if now is None or then is None:
        return __("现有 %(n)d 个接种台。") % {"n": station.desks}
    return __("现有 %(n)d 个接种台。按 %(day)s 的到达人数测算：平均排队 %(now).0f 分钟，增设一台后约 %(then).0f 分钟。") % {
        "n": station.desks, "day": known.session.happened_on, "now": now.minutes, "then": then.minutes,
    }  # fmt: skip
