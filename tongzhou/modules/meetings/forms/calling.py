"""A meeting with its agenda and its list, more guests, another time."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import MomentField, MoveForm, RecordForm, TotalField
from tongzhou.kernel.desk.naming import PeopleField, PersonField, called, named
from tongzhou.kernel.models import Person
from tongzhou.modules.meetings import queries
from tongzhou.modules.meetings.models import Meeting
from tongzhou.modules.meetings.workflow import MeetingState

PEOPLE_HELP = _("每行一个姓名，或用顿号隔开；重名的写明单位，如“张伟（第一支社）”。")
UNITS_HELP = _("每行一个单位名称，由其负责人参加。")


class UnitsField(forms.CharField):
    """Units by their names or codes, one a line or set apart by 、. The form sets `by`; gives a list of units within its reach."""

    widget = forms.Textarea(attrs={"rows": 2})
    by: Person

    def clean(self, value: Any) -> Any:
        names = [part.strip() for line in super().clean(value).splitlines() for part in line.split("、")]
        found, faults = [], []
        for name in filter(None, names):
            same = Q(name=name) | Q(name_en=name) | Q(code=name)
            units = list(access.units(self.by, "people.name").filter(same)[:2]) if "\x00" not in name else []
            if len(units) != 1:
                faults.append(__("没有找到单位“%(name)s”，或有几个同名，请写全称或代码。") % {"name": name[:40]})
            found += units[:1]
        if faults:
            raise ValidationError(faults)
        return list(dict.fromkeys(found))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(unit.name for unit in value) if isinstance(value, list) else value


class ListedField(PersonField):
    """A person on the list of the meeting (`also`), or whom the writer may name."""

    also: tuple[Person, ...] = ()

    def clean(self, value: Any) -> Any:
        if isinstance(value, Person):
            return value
        text = forms.CharField.clean(self, value).strip()
        same = [person for person in self.also if text in (person.name, called(person))]
        if len(same) == 1:
            return same[0]
        return named(self.by, text) if text else None


class ItemForm(forms.Form):
    title = forms.CharField(label=_("议题"), max_length=100)
    speaker = forms.CharField(label=_("汇报人"), max_length=60, required=False)
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=1, max_value=600, required=False)


class MeetingForm(RecordForm):
    """A draft; with a source, a meeting that took place and is put down afterwards."""

    line_form = ItemForm
    line_title = _("议程")
    lines_required = False
    folded = ("when", "named", "area", "present", "total", "source")

    people = PeopleField(label=_("参会人员"), required=False, help_text=PEOPLE_HELP)
    units = UnitsField(label=_("参会单位"), required=False, help_text=UNITS_HELP)
    observers = PeopleField(
        label=_("列席人员"), required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text=PEOPLE_HELP
    )
    chair = PersonField(label=_("主持人"), required=False, help_text=_("不填就是您自己。"))
    recorder = PersonField(label=_("会议记录人"), required=False, help_text=_("不填就是您自己。"))
    named = PersonField(label=_("来源点名的人"), required=False, help_text=_("来源说的是谁的会议；没有点名就留空。"))
    present = TotalField(label=_("到会人数"), required=False, help_text=_("可以写“30余人”。"))

    class Meta:
        model = Meeting
        fields = (
            "unit", "name", "kind", "starts_at", "ends_at", "place", "link", "chair", "recorder", "words", "internal", "named", "area",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {"unit": _("召集单位")}
        field_classes: ClassVar[dict[str, Any]] = {"starts_at": MomentField, "ends_at": MomentField}
        widgets: ClassVar[dict[str, Any]] = {
            "starts_at": MomentField.widget, "ends_at": MomentField.widget, "words": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "words": _("写进通知的话，例如请带什么材料。"),
            "link": _("视频会议填写；开会地点和链接至少填一项。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting: Meeting = self.instance
        self.fields["when"].required = False
        self.fields["when"].label = _("日期")
        self.fields["units"].by = self.by
        self.order_fields(
            [name for name in self.Meta.fields if name not in {"words", "internal", "named", "area"}]
            + ["people", "units", "observers", "words", "internal", *self.folded]
        )
        if not meeting._state.adding:
            self._fill(meeting)

    def _fill(self, meeting: Meeting) -> None:
        rows = list(queries.roll(meeting))
        if meeting.state == MeetingState.DRAFT:
            self.initial.update({
                "people": [row.person for row in rows if row.person and not row.observer and not row.for_unit],
                "observers": [row.person for row in rows if row.person and row.observer],
                "units": [row.for_unit for row in rows if row.for_unit],
            })  # fmt: skip
            return
        for name in ("people", "observers", "units"):
            del self.fields[name]
        total = next((row.stands_for for row in rows if row.person is None), None)
        self.initial["present"] = total
        for name in self.folded if not meeting.is_reported else ():
            if name not in {"when", "total", "source"}:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("starts_at"):
            data["when"] = When(timezone.localdate(data["starts_at"]))
        elif not data.get("when"):
            data["when"] = self.instance.when
        if data.get("present") and not data.get("source"):
            self.add_error("present", __("到会人数由签到得出；按来源补录的才填写，并写明来源。"))
        return data


class Invitation(MoveForm):
    """Whom to invite besides."""

    people = PeopleField(label=_("参会人员"), required=False, help_text=PEOPLE_HELP)
    units = UnitsField(label=_("参会单位"), required=False, help_text=UNITS_HELP)
    observers = PeopleField(label=_("列席人员"), required=False, help_text=PEOPLE_HELP)
    note = None  # type: ignore[assignment]  # Django's way to do without a field of the base

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].by = self.by

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in ("people", "units", "observers")):
            raise ValidationError(__("请写要加邀的人或单位。"))
        return data


class Postponement(MoveForm):
    starts_at = MomentField(label=_("新的开始时间"))
    ends_at = MomentField(label=_("新的结束时间"), required=False)
    place = forms.CharField(label=_("地点"), max_length=100, required=False)
    link = forms.URLField(label=_("视频会议链接"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at", "place", "link"):
            self.initial[name] = getattr(self.record, name)
