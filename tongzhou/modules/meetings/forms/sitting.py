"""What is said to an invitation, who is put down at the door, and the minutes with their decisions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongzhou.kernel.desk.forms import BaseLines, MomentField, MoveForm, day_input
from tongzhou.kernel.desk.naming import PersonField, give_by
from tongzhou.kernel.models import Person
from tongzhou.modules.meetings import queries
from tongzhou.modules.meetings.forms.calling import ListedField, UnitsField
from tongzhou.modules.meetings.models import Item, Meeting


class AnswerForm(forms.Form):
    """Three large buttons; a name where somebody is sent, a reason where nobody comes."""

    answer = forms.ChoiceField(
        label=_("能否参加"), widget=forms.RadioSelect, error_messages={"required": _("请选择一项。")},
        choices=[("confirm", _("参加")), ("delegate", _("派人代会")), ("decline", _("请假"))],
    )  # fmt: skip
    proxy = PersonField(label=_("代会人姓名（派人代会时填）"), required=False)
    reason = forms.CharField(label=_("原因（请假时填）"), max_length=200, required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_by(self, by)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == "delegate" and not data.get("proxy") and "proxy" not in self.errors:
            self.add_error("proxy", __("请写代会人的姓名。"))
        if data.get("answer") == "decline" and not data.get("reason"):
            self.add_error("reason", __("请写明原因。"))
        return data


class Marking(MoveForm):
    """That somebody came without signing, and why."""

    signed_at = MomentField(label=_("到会时间"), required=False, help_text=_("不填就是现在；会后补登的，按准时计。"))
    proxy = PersonField(label=_("代会人"), required=False, help_text=_("本人到会的不填。"))


class Admission(forms.Form):
    """Somebody at the door who was not invited."""

    person = PersonField(label=_("列席人姓名"))
    note = forms.CharField(label=_("说明"), max_length=200, initial=_("现场列席"))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_by(self, by)


class DecisionForm(forms.Form):
    """One decision: a person, or a unit for which its head answers."""

    text = forms.CharField(
        label=pgettext_lazy("one", "议定事项"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = ListedField(label=_("责任人"), required=False)
    owner_unit = UnitsField(label=_("责任单位"), required=False, widget=forms.TextInput)
    due_on = forms.DateField(label=_("完成期限"), widget=day_input())

    def __init__(self, *args: Any, by: Person, also: tuple[Person, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_by(self, by)
        self.fields["owner"].also = also  # type: ignore[attr-defined]  # a ListedField
        self.fields["owner_unit"].by = by  # type: ignore[attr-defined]  # a UnitsField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        units = data.get("owner_unit") or []
        if len(units) > 1:
            self.add_error("owner_unit", __("请只写一个责任单位；几家共办的，写牵头的一家。"))
        data["owner_unit"] = unit = units[0] if units else None
        if unit and not data.get("owner") and "owner" not in self.errors:
            data["owner"] = queries.heads([unit]).get(unit.pk)
            if data["owner"] is None:
                self.add_error("owner", __("%(unit)s没有登记负责人，请写责任人姓名。") % {"unit": unit})
        elif not data.get("owner") and not self.errors:
            self.add_error("owner", __("请写责任人，或责任单位。"))
        return data


class DecisionLines(BaseLines):
    """A meeting may decide nothing."""

    def clean(self) -> None:
        return None


class MinutesForm(forms.Form):
    """What was said, item by item."""

    opening = forms.CharField(
        label=_("会议概况"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=_("时间、地点、主持人和到会人员由系统写，不用重复。"),
    )  # fmt: skip

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items: list[Item] = list(meeting.items.all())
        self.initial.update({"opening": meeting.opening, "internal": meeting.internal})
        for item in self.items:
            label = __("%(number)s. %(title)s") % {"number": item.number, "title": item.title}
            area = forms.Textarea(attrs={"rows": 5})
            self.fields[f"said_{item.number}"] = forms.CharField(
                label=label, required=False, widget=area, max_length=8000, initial=item.said
            )
        self.fields["internal"] = forms.BooleanField(label=_("纪要只给到会人员看"), required=False)

    def said(self) -> dict[int, str]:
        return {item.number: self.cleaned_data[f"said_{item.number}"] for item in self.items}


def decisions(data: Any, meeting: Meeting, by: Person, extra: int) -> Any:
    """The formset of decisions, filled with what was written before."""
    made = forms.formset_factory(
        DecisionForm, formset=DecisionLines, extra=extra, can_delete=True, max_num=100, absolute_max=200
    )
    before = [
        {
            "text": one.text,
            "owner": one.owner,
            "owner_unit": [one.owner_unit] if one.owner_unit else [],
            "due_on": one.due_on,
        }
        for one in meeting.decisions.select_related("owner__unit", "owner_unit")
    ]
    also = tuple(row.person for row in queries.roll(meeting) if row.person)
    return made(data, initial=before, prefix="lines", form_kwargs={"by": by, "also": also})


def seen_version(text: str) -> int:
    """The version a form was opened on. Raises ValidationError for what no form of ours sends."""
    if len(text) < 10 and text.isascii() and text.isdigit():
        return int(text)
    raise ValidationError(__("请重新打开页面再试。"))
