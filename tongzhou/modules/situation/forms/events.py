from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.dates import When
from tongzhou.kernel.desk.forms import MomentField, MoveForm, RecordForm
from tongzhou.modules.situation.models import Event


class EventForm(RecordForm):
    totals = False
    found_at = MomentField(label=_("发现时间"), help_text=_("时限从这一刻起算。"))

    class Meta:
        model = Event
        fields = ("unit", "name", "found_at", "place", "text")
        labels: ClassVar[dict[str, Any]] = {"unit": _("发现单位")}
        widgets: ClassVar[dict[str, Any]] = {"text": forms.Textarea(attrs={"rows": 4})}
        help_texts: ClassVar[dict[str, Any]] = {"text": _("不写患者姓名、身份证号、电话、住址门牌。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["when"]  # the day is that of the finding
        self.initial["found_at"] = self.initial.get("found_at") or timezone.localtime()
        if not self.instance._state.adding:
            self.fields["found_at"].disabled = True

    def changes(self) -> dict[str, Any]:
        self.cleaned_data["when"] = When(timezone.localdate(self.cleaned_data["found_at"]))
        return super().changes()


class TellForm(MoveForm):
    """The next step, ticked off."""

    done_at = MomentField(label=_("报告时间"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_at"].initial = timezone.localtime()
        assert isinstance(self.record, Event)
        self.fields["done_at"].help_text = _("报给：{receiver}").format(receiver=self.record.next_step)
        self.fields["note"].help_text = _("如何报告、谁接报；超过时限须写原因。")
