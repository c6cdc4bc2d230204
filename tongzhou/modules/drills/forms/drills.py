"""A drill, its script line by line, and the evaluation."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import BaseLines, MoveForm, RecordForm
from tongzhou.kernel.desk.naming import PeopleField, PersonField
from tongzhou.modules.drills import rules
from tongzhou.modules.drills.models import Drill
from tongzhou.modules.drills.rules import library

ORDER = [
    "unit", "scenario", "name", "kind", "when", "begins_at", "place", "lead", "evaluators", "participants", "people", "setting", "plan",
]  # fmt: skip
MOST_LINES = 60
MOST_MINUTES = 7 * 24 * 60


class LengthField(forms.CharField):
    """A length of time in words, in seconds: 10分钟, 1小时30分, 20秒."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return rules.seconds(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def prepare_value(self, value: Any) -> Any:
        return rules.length(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()


class DrillForm(RecordForm):
    lead = PersonField(label=_("演练负责人"), required=False)
    evaluators = PeopleField(
        label=_("评估人"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一位，不能是演练负责人；须有评估权限，例如督导员。"),
    )
    participants = forms.CharField(
        label=_("参演单位和人数"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个，例如“桥头街道 12人”。"),
    )
    people = PeopleField(
        label=_("点名通知的参演人员"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一位；安排之后都会收到通知。"),
    )

    class Meta:
        model = Drill
        fields = ("unit", "scenario", "name", "kind", "begins_at", "place", "lead", "setting", "plan")
        labels: ClassVar[dict[str, Any]] = {"unit": _("组织单位")}
        widgets: ClassVar[dict[str, Any]] = {
            "begins_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "setting": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "scenario": _("选情景库里的情景，保存后带出注入和时限指标，再按本地情况修改。"),
            "plan": _("写明检验的是哪一份预案。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("演练日期")
        self.fields["name"].required = True
        self.order_fields(ORDER)
        if self.instance._state.adding:
            self._prefill()
        else:
            self.initial.setdefault("evaluators", list(self.instance.evaluators.all()))
            self.initial.setdefault("people", list(self.instance.people.all()))
            heads = [(one.name, one.people) for one in self.instance.participants.all()]
            self.initial.setdefault("participants", rules.heads_text(heads))

    def _prefill(self) -> None:
        """With what the library says of the scenario that the address names."""
        chosen = library.scenario(str(self.initial.get("scenario") or ""), timezone.localdate())
        if chosen:
            for name, words in {"name": chosen.title, "setting": chosen.setting, "plan": chosen.plan}.items():
                if not self.initial.get(name):
                    self.initial[name] = words

    def clean_participants(self) -> str:
        text: str = self.cleaned_data["participants"]
        try:
            rules.heads(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("lead") and data["lead"] in (data.get("evaluators") or []):
            self.add_error("evaluators", __("演练负责人不能同时是评估人。"))
        if data.get("source") and data.get("when") and data["when"].day > timezone.localdate():
            self.add_error("when", __("写了来源的演练按已举行补录，日期不能在今天之后。"))
        return data


class InjectForm(forms.Form):
    minute = forms.IntegerField(label=_("第几分钟"), min_value=0, max_value=MOST_MINUTES)
    to = forms.CharField(label=_("发给"), max_length=100)
    text = forms.CharField(label=_("内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    expected = forms.CharField(
        label=_("预期反应"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class TargetForm(forms.Form):
    name = forms.CharField(label=_("指标"), max_length=100, widget=forms.Textarea(attrs={"rows": 2}))
    limit = LengthField(label=_("时限"), max_length=40)
    starts = forms.IntegerField(label=_("从第几条注入发出起"), required=False, min_value=1, max_value=MOST_LINES)
    ends = forms.IntegerField(label=_("到第几条注入的反应止"), required=False, min_value=1, max_value=MOST_LINES)
    basis = forms.CharField(
        label=_("时限依据"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    code = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)


class _Lines(BaseLines):
    """Injects by the place in which they stand; a script may have no targets."""

    def clean(self) -> None:
        return

    def placed(self) -> list[dict[str, Any]]:
        """The rows that are filled in, each with its number as shown on the page."""
        rows = []
        for place, form in enumerate(self.forms, 1):
            written = form in self.initial_forms or form.has_changed()
            if written and not form.cleaned_data.get("DELETE"):
                rows.append({"place": place, **{k: v for k, v in form.cleaned_data.items() if k != "DELETE"}})
        return rows


def script_lines(drill: Drill, data: Any, extra: int) -> tuple[Any, Any]:
    """The formsets of a drill's injects and targets."""
    both = []
    for prefix, made, rows in (
        ("injects", InjectForm, drill.injects.values("minute", "to", "text", "expected")),
        ("targets", TargetForm, drill.targets.values("name", "limit", "starts", "ends", "basis", "code")),
    ):
        formset = forms.formset_factory(
            made, formset=_Lines, extra=extra, can_delete=True, max_num=MOST_LINES, absolute_max=MOST_LINES
        )
        both.append(formset(data, initial=list(rows), prefix=prefix))
    return both[0], both[1]


class Evaluation(MoveForm):
    evaluation = forms.CharField(
        label=_("评估意见"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("做得好的、没做到的、预案要改的。具体问题请逐条登记，指定责任人和期限。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]
