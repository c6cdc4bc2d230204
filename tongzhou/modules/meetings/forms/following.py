"""The end of a meeting, and what becomes of a decision."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import MomentField, MoveForm, day_input
from tongzhou.kernel.desk.naming import PersonField
from tongzhou.modules.meetings import queries
from tongzhou.modules.meetings.forms.calling import ListedField


class Conclusion(MoveForm):
    ends_at = MomentField(
        label=_("实际结束时间"), required=False, help_text=_("没有签到的人会记为未到会；之后还可以更正。")
    )
    chair = ListedField(label=_("实际主持人"), required=False, help_text=_("改由他人主持的，写其姓名；主持人算到会。"))
    note = None  # type: ignore[assignment]  # Django's way to do without a field of the base

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting: Any = self.record
        self.initial.update({"ends_at": timezone.localtime(), "chair": meeting.chair})
        people = [row.person for row in queries.roll(meeting)]
        self.fields["chair"].also = tuple(person for person in people if person)


class Report(MoveForm):
    """What was done, with something to show for it."""

    done_text = forms.CharField(label=_("办了什么，结果怎样"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    picture = forms.FileField(
        label=_("照片"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("手机可以直接拍照；照片里的位置等信息会去掉。"),
    )  # fmt: skip
    document = forms.FileField(
        label=_("文件"), required=False, widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx"}),
        help_text=_("PDF、Word（.docx）或 Excel（.xlsx）。"),
    )  # fmt: skip
    note = None  # type: ignore[assignment]  # Django's way to do without a field of the base


class Extension(MoveForm):
    due_on = forms.DateField(label=_("新的完成期限"), widget=day_input())

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(__("请填写今天或以后的日期。"))
        return day


class Passing(MoveForm):
    owner = PersonField(label=_("新的责任人"))
