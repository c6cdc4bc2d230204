"""What the steps of a finding ask. Photographs are taken on the spot: on a telephone the field opens the camera."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import MoveForm, day_input
from tongzhou.modules.inspections import rules
from tongzhou.modules.inspections.forms.pictures import PicturesField
from tongzhou.modules.inspections.models import Finding


class Issue(MoveForm):
    text = forms.CharField(label=_("问题"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    task = forms.CharField(label=_("整改要求"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    severity = forms.ChoiceField(label=_("轻重"), choices=Finding.Severity.choices)
    due_on = forms.DateField(label=_("整改期限"), widget=day_input(), help_text=_("按轻重给出的期限，可以改。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        finding: Any = self.record
        due = rules.deadline(finding.severity, timezone.localdate())
        self.initial = {"text": finding.text, "task": finding.task, "severity": finding.severity, "due_on": due}


class Rectification(MoveForm):
    measure = forms.CharField(label=_("整改情况"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    pictures = PicturesField(
        label=_("整改后的照片"),
        required=False,
        help_text=_("照片中的位置、设备信息会被去掉。不要拍到购药登记等个人信息。"),
    )


class Recheck(MoveForm):
    pictures = PicturesField(label=_("复查照片"), required=False)


class Reopening(Recheck):
    due_on = forms.DateField(label=_("新的整改期限"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        finding: Any = self.record
        self.initial["due_on"] = rules.deadline(finding.severity, timezone.localdate())


class Handing(MoveForm):
    authority = forms.CharField(label=_("移送单位"), max_length=100, help_text=_("例如：区市场监督管理局、公安分局。"))
    letter = forms.CharField(label=_("移送函号"), max_length=60)
    handed_on = forms.DateField(label=_("移送日期"), widget=day_input(), initial=timezone.localdate)


class Reply(MoveForm):
    answer = forms.CharField(label=_("回复内容"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    answered_on = forms.DateField(label=_("回复日期"), widget=day_input(), initial=timezone.localdate)
