import re
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import RecordForm, day_input
from tongzhou.kernel.desk.naming import PeopleField
from tongzhou.modules.situation.forms.curve import preset_choices
from tongzhou.modules.situation.models import Assessment

STRAY = re.compile(
    r"[0-9０-９][0-9０-９.,]*\s*(?:例|人|名|个|起|次|天|户|%|％|cases?|people|persons?|days?)", re.IGNORECASE
)


class AssessmentForm(RecordForm):
    totals = False
    participants = PeopleField(label=_("参加研判的人"), required=False, help_text=_("每行一人，写姓名。"))
    preset = forms.ChoiceField(label=_("序列间隔"), required=False)
    window = forms.IntegerField(
        label=_("滑动窗口（天）"), min_value=2, max_value=28, required=False, help_text=_("不填则用规则里的天数。")
    )

    class Meta:
        model = Assessment
        fields = ("unit", "name", "first_on", "last_on", "view", "preset", "window")
        labels: ClassVar[dict[str, Any]] = {"unit": _("研判的区域")}
        widgets: ClassVar[dict[str, Any]] = {
            "first_on": day_input(), "last_on": day_input(), "view": forms.Textarea(attrs={"rows": 8}),
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {"view": _("写判断和建议，不写数字：数字由记录生成，排在意见前面。")}

    field_order = ("unit", "name", "first_on", "last_on", "when", "participants", "view", "preset", "window")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label, self.fields["when"].help_text = _("研判日期"), ""
        self.fields["preset"].choices = preset_choices()
        for name in ("first_on", "last_on"):
            self.fields[name].required = True
        if self.instance._state.adding:
            self.initial["name"] = self.initial.get("name") or __("疫情研判报告")
        else:
            self.initial.setdefault("participants", list(self.instance.participants.select_related("unit")))

    def clean_view(self) -> str:
        text = str(self.cleaned_data["view"])
        if stray := STRAY.search(text):
            self.add_error("view", __("“%(text)s”：意见里不写数字，数字由记录生成。") % {"text": stray[0]})
        return text

    def clean_last_on(self) -> Any:
        day = self.cleaned_data["last_on"]
        if day > timezone.localdate():
            self.add_error("last_on", __("日期不能晚于今天。"))
        return day
