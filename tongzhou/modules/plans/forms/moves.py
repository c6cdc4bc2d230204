"""What moves ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import MoveForm, day_input
from tongzhou.kernel.desk.naming import PeopleField, PersonField
from tongzhou.kernel.models import Unit
from tongzhou.modules.plans.models import Opinion, Plan
from tongzhou.modules.plans.workflow import DRAFT


class Consulting(MoveForm):
    units = forms.ModelMultipleChoiceField(
        label=_("征求哪些单位的意见"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("由在该单位任职的人答复。"),
    )  # fmt: skip
    people = PeopleField(label=_("征求哪些人的意见"), required=False, help_text=_("每行一人，写全名。"))
    day = forms.DateField(label=_("答复期限"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = access.units(self.by, DRAFT).exclude(kind=Unit.Kind.COMMUNITY)
        self.fields["units"].queryset = rows

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise ValidationError(__("请填写今天或以后的日期。"))
        return day


class Saying(MoveForm):
    """An opinion; for whom is asked only of somebody who may speak for several."""

    addressee = forms.ModelChoiceField(label=_("代表谁答复"), queryset=Opinion.objects.none(), empty_label=None)
    stance = forms.ChoiceField(label=_("意见"), choices=Opinion.Stance.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("具体意见"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("有修改意见或不同意的必填：哪一条，怎么改，为什么。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]
        plan: Plan = self.record
        own = plan.asked_of(self.by)
        field: Any = self.fields["addressee"]
        field.queryset = plan.opinions.filter(pk__in=[one.pk for one in own]).select_related("unit", "person")
        field.label_from_instance = lambda one: one.addressee
        if len(own) < 2:
            del self.fields["addressee"]
        if len(own) == 1 and own[0].stance:
            self.initial = {**self.initial, "stance": own[0].stance, "text": own[0].text}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("stance") in (Opinion.Stance.REMARKS, Opinion.Stance.OBJECT) and not data.get("text", "").strip():
            self.add_error("text", __("有修改意见或不同意的，请写明具体意见。"))
        return data


class Approval(MoveForm):
    number = forms.CharField(label=_("文号"), max_length=60, required=False, help_text=_("没有就留空。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("number", self.record.number)


class Ordering(MoveForm):
    """At which level, on what ground. The thresholds stand beside the levels; a person decides."""

    rank = forms.TypedChoiceField(label=_("响应级别"), coerce=int, widget=forms.RadioSelect)
    basis = forms.CharField(
        label=_("依据"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("谁决定的，根据什么情况。"),
    )
    observed = forms.IntegerField(
        label=_("对照的数字现在是多少"),
        required=False,
        min_value=0,
        max_value=10**9,
        help_text=_("可不填；只作对照和记录。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan: Plan = self.record
        levels = [level for level in plan.levels.all() if level.rank != plan.rank]
        field: Any = self.fields["rank"]
        field.choices = [
            (level.rank, __("%(level)s——%(when)s") % {"level": level, "when": level.words()}) for level in levels
        ]
        if not any(level.threshold is not None for level in levels):
            del self.fields["observed"]


class Finish(MoveForm):
    did = forms.CharField(label=_("做了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note"]


class Assignment(MoveForm):
    person = PersonField(label=_("办理人"))
