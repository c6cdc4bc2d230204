"""Shapes of what is asked: a list, a person on it, a reason, an export, a declaration with its stays."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.desk.forms import RecordForm, day_input
from tongzhou.kernel.rulebook import spoken
from tongzhou.modules.coverage import rules
from tongzhou.modules.coverage.models import Area, Document, Excuse, Kind, Release, Roll, Subject
from tongzhou.modules.coverage.models.roll import groups
from tongzhou.modules.coverage.workflow import ASK, LIST, WORK, RollState, SubjectState

FILLED = (RollState.DRAFT, RollState.OPEN)


def refuse(fault: ValidationError, form: forms.Form) -> None:
    """A rule's refusal beside the field it names, or on top of the form."""
    if hasattr(fault, "error_dict"):
        for name, found in fault.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, fault)


class RollForm(RecordForm):
    totals = False
    folded = ()
    group = forms.ChoiceField(label=_("人群"))

    class Meta:
        model = Roll
        fields = ("unit", "name", "group", "purpose", "given_by", "begins_on", "ends_on", "keep_until")
        widgets = {name: day_input() for name in ("begins_on", "ends_on", "keep_until")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label, self.fields["when"].help_text = _("登记日期"), ""
        found = groups(self._begins())
        kinds = {kind: [(one["code"], spoken(one["name"])) for one in found if one["kind"] == kind] for kind in Kind}
        self.fields["group"].choices = [(kind.label, kinds[kind]) for kind in Kind]
        if self.instance._state.adding:
            days = rulebook.in_force("coverage", "limits", timezone.localdate())["keep_days"]
            self.initial["keep_until"] = timezone.localdate() + timedelta(days=days // 2)

    def _begins(self) -> date:
        """The rule is that of the day on which the list begins."""
        try:
            return date.fromisoformat(str(self.data.get("begins_on", "")))
        except ValueError:
            begins: date = self.instance.begins_on
            return begins


class SubjectForm(RecordForm):
    """A person put on a list by hand, or corrected. What is kept is never shown here; left empty it stays."""

    totals = False
    folded = ()
    roll = forms.ModelChoiceField(Roll.objects.none(), label=_("列入名单"))

    class Meta:
        model = Subject
        fields = ("unit", "name", "document", "number", "phone", "address")
        widgets = {"address": forms.TextInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label, self.fields["when"].help_text = _("登记日期"), ""
        if self.instance._state.adding:
            rows = Roll.objects.filter(response=self.instance.response, state__in=FILLED)
            self.fields["roll"].queryset = rows.filter(access.within(access.reach(self.by, LIST)))
            self.order_fields(["roll", *self.Meta.fields])
        else:
            del self.fields["roll"]
            if not access.reach(self.by, LIST):  # the member who declares corrects what is kept, not where
                del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        _document(self, data)
        return data


class ExcuseForm(RecordForm):
    totals = False
    folded = ()
    subject = forms.ModelChoiceField(
        Subject.objects.none(), widget=forms.HiddenInput, error_messages={"required": _("请从要办的人进入，再登记理由。")}
    )  # fmt: skip

    class Meta:
        model = Excuse
        fields = ("unit", "subject", "reason", "basis", "until")
        widgets = {"until": day_input(), "reason": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["unit"]  # the person's own
        self.fields["when"].label, self.fields["when"].help_text = _("从哪天起"), ""
        self.fields["reason"].choices = Excuse.Reason.choices
        rows = Subject.objects.filter(response=self.instance.response, state=SubjectState.KEPT)
        self.fields["subject"].queryset = rows.filter(access.within(access.reach(self.by, WORK)))
        self.order_fields(["subject", "reason", "when", "until", "basis"])

    def settle(self) -> None:
        super().settle()
        self.instance.unit = self.instance.subject.unit


class ReleaseForm(RecordForm):
    totals = False
    folded = ()

    class Meta:
        model = Release
        fields = ("unit", "roll", "purpose", "given_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["unit"]  # the list's own
        self.fields["when"].label, self.fields["when"].help_text = _("申请日期"), ""
        rows = Roll.objects.filter(response=self.instance.response).exclude(state=RollState.ERASED)
        self.fields["roll"].queryset = rows.filter(access.within(access.reach(self.by, ASK)))

    def settle(self) -> None:
        super().settle()
        self.instance.unit = self.instance.roll.unit


class DeclareForm(forms.Form):
    """One minute on a telephone. `known`: a person declared for before, of whom only what changed is typed."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    document = forms.ChoiceField(label=_("证件类型"), choices=Document.choices, required=False)
    number = forms.CharField(label=_("证件号码"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    address = forms.CharField(label=_("现在的住址"), max_length=200, required=False)
    arrived_on = forms.DateField(
        label=_("返回日期"), required=False, widget=day_input(), help_text=_("没有外出的不填。")
    )
    has_symptoms = forms.BooleanField(label=_("现在发热（37.3℃及以上）或有咳嗽、咽痛等症状"), required=False)
    tested_on = forms.DateField(label=_("最近一次核酸检测日期"), required=False, widget=day_input())
    vehicle = forms.CharField(label=_("交通方式和车次、航班、车牌"), max_length=200, required=False)
    companions = forms.CharField(label=_("同行人"), max_length=200, required=False)

    def __init__(self, *args: Any, known: Subject | None = None, is_self: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.is_self = known, is_self
        if known:
            for name in ("name", "number", "phone", "address"):
                self.fields[name].required = False
                self.fields[name].widget.attrs["placeholder"] = _("已保密存储，没有变化就不填")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["document"] = data.get("document") or Document.ID
        _document(self, data)
        for name in ("arrived_on", "tested_on"):
            if data.get(name) and data[name] > timezone.localdate():
                self.add_error(name, __("日期不能晚于今天。"))
        return data


class StayForm(forms.Form):
    place = forms.CharField(label=_("去过哪里"), max_length=100, required=False)
    area = forms.ChoiceField(label=_("当时属于"), choices=Area.choices, required=False)
    since = forms.DateField(label=_("从"), required=False, widget=day_input())
    until = forms.DateField(label=_("到"), required=False, widget=day_input())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["area"] = data.get("area") or Area.NONE
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", __("结束日期不能早于开始日期。"))
        return data

    @property
    def is_told(self) -> bool:
        data = self.cleaned_data
        return bool(
            data.get("place") or data.get("since") or data.get("until") or data.get("area", Area.NONE) != Area.NONE
        )


StayLines = forms.formset_factory(StayForm, extra=2, max_num=8, absolute_max=8)


def _document(form: forms.BaseForm, data: dict[str, Any]) -> None:
    """The number as it is kept; a citizen's is checked (GB 11643)."""
    text = data.get("number")
    if not isinstance(text, str) or not text:
        return
    try:
        data["number"] = rules.document_number(data.get("document") or "id", text)
    except ValueError as fault:
        form.add_error("number", str(fault))
