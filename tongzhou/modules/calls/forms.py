"""Shapes of input: a call with its requirements, a new deadline, and the answers of one addressee."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MoveForm, RecordForm, day_input
from tongzhou.kernel.models import Unit
from tongzhou.modules.calls.models import Answer, Call, Reply, Requirement
from tongzhou.modules.calls.workflow import DRAFT


class RequirementForm(forms.Form):
    title = forms.CharField(label=_("要求"), max_length=100)
    asks = forms.CharField(
        label=_("具体事项（每行一项）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    title_en = forms.CharField(label=_("英文"), max_length=200, required=False)
    follow_up = forms.ChoiceField(label=_("后续"), required=False, choices=Requirement.FollowUp.choices)


class CallForm(RecordForm):
    line_form = RequirementForm
    line_title = _("要求")
    totals = False

    addressed = forms.ModelMultipleChoiceField(
        label=_("发至（含其下级单位和社员）"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不勾选，就是发给发出单位以下的全部单位和社员。"),
    )

    class Meta:
        model = Call
        fields = (
            "unit", "name", "preface", "mandate_issuer", "mandate_title", "mandate_number", "mandate_on", "answer_by", "name_en", "mandate_en",
        )  # fmt: skip
        labels: ClassVar[dict[str, Any]] = {"unit": _("发出单位")}
        widgets: ClassVar[dict[str, Any]] = {
            "preface": forms.Textarea(attrs={"rows": 4}),
            "mandate_on": day_input(),
            "answer_by": day_input(),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "mandate_issuer": _("这份倡议落实上级哪份通知；没有就留空。"),
            "mandate_title": _("不写书名号。"),
            "answer_by": _("签发前必须填写。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("起草日期")
        self.fields["addressed"].queryset = access.units(self.by, DRAFT)
        if not self.instance._state.adding:
            self.initial.setdefault("addressed", list(self.instance.addressed.values_list("pk", flat=True)))

    def clean_mandate_title(self) -> str:
        return str(self.cleaned_data["mandate_title"]).strip().removeprefix("《").removesuffix("》")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("mandate_title") and not data.get("mandate_issuer"):
            self.add_error("mandate_issuer", __("请写明发文单位。"))
        return data


class Extension(MoveForm):
    answer_by = forms.DateField(label=_("新的答复期限"), widget=day_input())

    def clean_answer_by(self) -> Any:
        day = self.cleaned_data["answer_by"]
        if day < timezone.localdate():
            raise ValidationError(__("请填写今天或以后的日期。"))
        return day


class OneAnswer(forms.Form):
    """What is said to one requirement: three large buttons, and a line of words if wanted."""

    stance = forms.ChoiceField(
        label=_("表态"),
        choices=Answer.Stance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一项。")},
    )
    words = forms.CharField(label=_("补充一句（做不到的，请写原因）"), max_length=300, required=False)

    def __init__(self, *args: Any, requirement: Requirement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requirement = requirement

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("stance") == Answer.Stance.CANNOT and not data.get("words"):
            self.add_error("words", __("做不到的，请写明原因。"))
        return data

    def answer(self) -> dict[str, Any]:
        stance, words = self.cleaned_data["stance"], self.cleaned_data["words"]
        kind = "reason" if stance == Answer.Stance.CANNOT else "text"
        return {"requirement": self.requirement.name, "stance": stance, kind: words}


class Knowing(forms.Form):
    """How the words of someone else are known."""

    known = forms.CharField(label=_("如何得知"), max_length=100, help_text=_("例如：3月5日电话；当面。"))


def answers(reply: Reply, data: Any) -> list[OneAnswer]:
    """One form for each requirement of the call, filled with what was said before."""
    before = {one.requirement_id: one for one in reply.answers.all()}
    return [
        OneAnswer(data, prefix=one.name, requirement=one, initial=_said(before.get(one.pk)))
        for one in reply.call.requirements.all()
    ]


def _said(answer: Answer | None) -> dict[str, Any]:
    return {"stance": answer.stance, "words": answer.reason or answer.text} if answer else {}
