"""A round with its inspectors, and what its moves ask."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MoveForm, RecordForm, day_input
from tongzhou.kernel.desk.naming import PersonField, give_by
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.inspections.models import Assignment, Place, Round
from tongzhou.modules.inspections.workflow import PLAN

TOO_MANY = (Unit.Kind.COMMUNITY, Unit.Kind.PARTNER)  # hundreds: their street is chosen


def choosable(by: Person) -> QuerySet[Unit]:
    return access.units(by, PLAN).exclude(kind__in=TOO_MANY)


class AssignmentForm(forms.Form):
    person = PersonField(label=_("检查人"))
    area = forms.ModelChoiceField(
        label=_("负责范围"), queryset=Unit.objects.none(), required=False, empty_label=_("全部范围")
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_by(self, by)
        self.fields["area"].queryset = choosable(by)  # type: ignore[attr-defined]  # a ModelChoiceField


class RoundForm(RecordForm):
    line_form = AssignmentForm
    line_title = _("检查分工")

    types = forms.MultipleChoiceField(
        label=_("检查哪些类型的场所"), choices=Place.Type.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("都不勾选，就是没有场所名单的督导，请写明内容。"),
    )  # fmt: skip
    areas = forms.ModelMultipleChoiceField(
        label=_("检查范围"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Round
        fields = ("unit", "name", "unannounced", "first_on", "last_on", "types", "areas", "acts", "name_en", "acts_en")
        labels: ClassVar[dict[str, Any]] = {"unit": _("检查单位")}
        widgets: ClassVar[dict[str, Any]] = {
            "first_on": day_input(),
            "last_on": day_input(),
            "acts": forms.Textarea(attrs={"rows": 3}),
            "acts_en": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "unit": _("由谁检查。检查记录归检查单位，被检查的街道看不到。"),
            "unannounced": _("勾选后，结束之前被检查一方看不到这一轮，也收不到任何消息。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("拟定日期")
        self.fields["areas"].queryset = choosable(self.by)
        if not self.instance._state.adding:
            self.initial["areas"] = list(self.instance.areas.values_list("pk", flat=True))

    def line_kwargs(self) -> dict[str, Any]:
        return {"by": self.by}


class Assigning(MoveForm):
    person = PersonField(label=_("检查人"))
    area = forms.ModelChoiceField(
        label=_("负责范围"), queryset=Unit.objects.none(), required=False, empty_label=_("全部范围")
    )
    instead = forms.ModelChoiceField(
        label=_("替换"), queryset=Assignment.objects.none(), required=False, empty_label=_("不替换，增加一人")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = choosable(self.by)
        mine = Assignment.objects.filter(round=self.record.pk).select_related("person", "unit")
        self.fields["instead"].queryset = mine


class Summary(MoveForm):
    summary = forms.CharField(label=_("总结"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))
