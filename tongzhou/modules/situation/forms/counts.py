from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import RecordForm
from tongzhou.modules.situation import queries, rules
from tongzhou.modules.situation.models import DayCount
from tongzhou.modules.situation.rules.counts import FOUND


class CountForm(RecordForm):
    """One area and day. A line of a spreadsheet is checked by it as if it had been typed: an empty cell is 0."""

    totals = False
    reason = forms.CharField(label=_("更正原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = DayCount
        fields = ("unit", "confirmed", "asymptomatic", *FOUND, "origin")
        labels: ClassVar[dict[str, Any]] = {"unit": _("区域")}
        help_texts: ClassVar[dict[str, Any]] = {
            "origin": _("例如：疾控中心日报、发热门诊直报。"),
            "quarantine": _("每一例都归入一种发现途径；五项之和等于确诊与无症状之和。"),
        }

    field_order = ("unit", "when")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("日期")
        self.fields["when"].help_text = ""
        for name in ("confirmed", "asymptomatic", *FOUND):
            self.fields[name].required = False
        if self.instance._state.adding:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ("confirmed", "asymptomatic", *FOUND):
            if name in data and data[name] is None:
                data[name] = 0
        if not self.errors:
            self._matches(data)
        if not self.errors and self.instance._state.adding and (other := self._other(data)):
            self.add_error("when", other)
        return data

    def _other(self, data: dict[str, Any]) -> str:
        there = DayCount(pk=self.instance.pk, response=self.instance.response)
        there.unit, there.happened_on = data["unit"], data["when"].day
        return "" if DayCount.objects.filter(pk=there.pk).exists() else queries.overlapping(there)

    def _matches(self, data: dict[str, Any]) -> None:
        when = data["when"]
        if when.precision != "day":
            self.add_error("when", __("日报数须写明哪一天。"))
        elif when.day > timezone.localdate():
            self.add_error("when", __("日期不能晚于今天。"))
        if unmatched := rules.counts.unmatched(data):
            cases, found = unmatched
            self.add_error(
                "asymptomatic",
                __("确诊与无症状共%(cases)d例，五种发现途径之和是%(found)d例，对不上。")
                % {"cases": cases, "found": found},
            )
