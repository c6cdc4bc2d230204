"""Shapes of input: a report in half a minute, a verdict with its answer, and which rumour it is the same as."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MoveForm, RecordForm
from tongzhou.kernel.models import Unit
from tongzhou.modules.rumours import queries
from tongzhou.modules.rumours.models import Rumour
from tongzhou.modules.rumours.workflow import CHECK, READ


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameters at run time
    """What anyone fills in on a telephone; the unit is their own."""

    class Meta:
        model = Rumour
        fields = ("said", "where", "spread", "link")
        widgets: ClassVar[dict[str, Any]] = {
            "said": forms.Textarea(attrs={"rows": 4, "autofocus": True}), "where": forms.RadioSelect, "spread": forms.RadioSelect,
        }  # fmt: skip


class RumourForm(RecordForm):
    totals = False

    class Meta:
        model = Rumour
        fields = ("unit", "said", "where", "spread", "link")
        widgets: ClassVar[dict[str, Any]] = {"said": forms.Textarea(attrs={"rows": 4})}


class Judgement(MoveForm):
    verdict = forms.ChoiceField(label=_("结论"), choices=Rumour.Verdict.choices, widget=forms.RadioSelect)
    against = forms.CharField(
        label=_("核实依据"), max_length=300, help_text=_("向谁、据哪份文件核实，例如：市卫健委3月5日通报。")
    )
    answer = forms.CharField(label=_("回应（公开）"), widget=forms.Textarea(attrs={"rows": 5}), max_length=2000)
    answer_en = forms.CharField(
        label=_("英文回应"), widget=forms.Textarea(attrs={"rows": 3}), max_length=3000, required=False
    )
    addressed = forms.ModelMultipleChoiceField(
        label=_("发布时告知（含其下级单位的人员）"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rumour: Any = self.record
        self.fields["addressed"].queryset = access.units(self.by, CHECK)
        for name in ("verdict", "against", "answer", "answer_en"):
            self.initial.setdefault(name, getattr(rumour, name))
        self.initial.setdefault("addressed", list(rumour.addressed.values_list("pk", flat=True)))


class Merging(MoveForm):
    other: Any = forms.ModelChoiceField(label=_("与哪一条相同"), queryset=None, empty_label=_("请选择"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rumour: Any = self.record
        rows = Rumour.objects.filter(response=rumour.response).exclude(pk=rumour.pk)
        reached = access.visible(rows, self.by, READ).filter(same_as=None)
        likest = [one.pk for one in queries.alike(rumour.said, reached)]
        latest = list(reached.order_by("-filed_at").values_list("pk", flat=True)[:30])
        self.fields["other"].queryset = reached.filter(pk__in=[*likest, *latest])
        if likest:
            self.initial.setdefault("other", likest[0])

    def clean_other(self) -> Rumour:
        other: Rumour = self.cleaned_data["other"]
        if other.same_as_id:
            raise ValidationError(__("这一条已并入别处。"))
        return other
