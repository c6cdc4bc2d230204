"""What is put right while a drill runs or before it is evaluated: times to the second, with a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongzhou.modules.drills.forms.drills import LengthField
from tongzhou.modules.drills.models import Inject, Target


class SecondField(forms.DateTimeField):
    """A day and a time of day to the second, as the browser's own picker gives it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")


class InjectTimes(forms.Form):
    released_at = SecondField(label=_("发出时间"), required=False)
    observed_at = SecondField(label=_("反应时间"), required=False)
    outcome = forms.ChoiceField(label=_("观察结果"), required=False, choices=Inject.Outcome.choices)
    seen = forms.CharField(
        label=_("实际反应"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = forms.CharField(label=_("更正时间的原因"), required=False, max_length=300)

    def __init__(self, *args: Any, inject: Inject, **kwargs: Any) -> None:
        names = ("released_at", "observed_at", "outcome", "seen")
        kwargs["initial"] = {name: getattr(inject, name) for name in names}
        super().__init__(*args, **kwargs)
        self.inject = inject

    def clean(self) -> dict[str, Any]:
        """The page shows whole seconds: a time that was not touched stays as the server kept it."""
        data = super().clean() or {}
        for name in ("released_at", "observed_at"):
            kept = getattr(self.inject, name)
            if kept and data.get(name) == kept.replace(microsecond=0):
                data[name] = kept
        return data


class TargetTime(forms.Form):
    used = LengthField(label=_("用时"), required=False, max_length=40, help_text=_("例如“12分30秒”；没有测到的留空。"))
    note = forms.CharField(label=_("更正用时的原因"), required=False, max_length=300)
    score = forms.IntegerField(label=_("评分（0—100，可不填）"), required=False, min_value=0, max_value=100)
    remark = forms.CharField(label=_("评语"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        names = ("used", "score", "remark")
        kwargs["initial"] = {name: getattr(target, name) for name in names}
        super().__init__(*args, **kwargs)
