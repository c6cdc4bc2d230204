"""One place on one screen: each item of its checklist, what else is wrong, who was met. The page and a device send the same fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.models import Person
from tongzhou.modules.inspections import rules
from tongzhou.modules.inspections.actions.visits import Said
from tongzhou.modules.inspections.forms.pictures import PicturesField
from tongzhou.modules.inspections.models import Answer, Finding, Visit

INSPECTED, NO = Visit.Result.INSPECTED, Answer.Verdict.NO
AHEAD = timedelta(minutes=5)  # by which a device's clock may be wrong


@dataclass(frozen=True)
class Part:
    """One item with its bound fields, for the template."""

    item: rules.Item
    verdict: Any
    words: Any
    severity: Any
    spot: Any
    pictures: Any
    fixed: Any

    @property
    def errors(self) -> list[str]:
        return [
            said
            for field in (self.verdict, self.words, self.severity, self.pictures, self.fixed)
            for said in field.errors
        ]


class VisitForm(forms.Form):
    """Fields of an item are named "<code>-<what>"; codes stay the same, so a draft outlives a new page."""

    result = forms.ChoiceField(
        label=_("结果"), choices=Visit.Result.choices, widget=forms.RadioSelect, initial=INSPECTED
    )
    words = forms.CharField(
        label=_("情况说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("拒绝检查、未营业的，请写明情况。"),
    )  # fmt: skip
    met_post = forms.CharField(
        label=_("在场负责人职务"), max_length=60, required=False, help_text=_("只写职务，不写姓名。")
    )
    started_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    ended_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Sequence[rules.Item], fellows: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.items, self.fellows_by_key = items, {str(one.pk): one for one in fellows}
        for item in items:
            self.fields[f"{item.code}-verdict"] = forms.ChoiceField(
                label=item.text, choices=Answer.Verdict.choices, required=False, widget=forms.RadioSelect
            )
            self._finding_fields(item.code, item.reading or _("具体情况"), item.severity)
        self._finding_fields(rules.FREE, _("清单之外的问题"), Finding.Severity.MINOR)
        if fellows:
            choices = [(key, str(one)) for key, one in self.fellows_by_key.items()]
            self.fields["fellows"] = forms.MultipleChoiceField(
                label=_("同行检查人"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )

    def _finding_fields(self, code: str, words: Any, severity: str) -> None:
        self.fields[f"{code}-words"] = forms.CharField(label=words, max_length=200, required=False)
        self.fields[f"{code}-severity"] = forms.ChoiceField(
            label=_("轻重"), choices=Finding.Severity.choices, required=False, initial=severity
        )
        self.fields[f"{code}-spot"] = forms.BooleanField(label=_("当场整改"), required=False)
        self.fields[f"{code}-pictures"] = PicturesField(label=_("问题照片"), required=False)
        self.fields[f"{code}-fixed"] = PicturesField(label=_("整改后的照片"), required=False)

    def parts(self) -> Iterator[Part]:
        for item in self.items:
            fields = [
                self[f"{item.code}-{name}"] for name in ("verdict", "words", "severity", "spot", "pictures", "fixed")
            ]
            yield Part(item, *fields)

    def free(self) -> dict[str, Any]:
        return {name: self[f"{rules.FREE}-{name}"] for name in ("words", "severity", "spot", "pictures", "fixed")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("result") != INSPECTED:
            if data.get("result") and not data.get("words"):
                self.add_error("words", __("请写明情况。"))
            return data
        for item in self.items:
            if not data.get(f"{item.code}-verdict"):
                self.add_error(f"{item.code}-verdict", __("请选择一项。"))
        for code in self._wrong(data):
            if data.get(f"{code}-spot") and not data.get(f"{code}-fixed"):
                self.add_error(f"{code}-fixed", __("当场整改的，请附整改后的照片。"))
        return data

    def visit_fields(self) -> dict[str, Any]:
        """When: as the device put it down, but never in the future."""
        now, data = timezone.now(), self.cleaned_data
        ended: datetime = data["ended_at"] if data["ended_at"] and data["ended_at"] < now + AHEAD else now
        started: datetime = data["started_at"] if data["started_at"] and data["started_at"] <= ended else ended
        return {
            "result": data["result"],
            "words": data["words"],
            "met_post": data["met_post"],
            "started_at": started,
            "ended_at": ended,
        }

    def report(self) -> dict[str, Any]:
        """What the action takes beside the visit itself."""
        data = self.cleaned_data
        fellows = [self.fellows_by_key[key] for key in data.get("fellows", [])]
        if data["result"] != INSPECTED:
            return {"fellows": fellows}
        answers = [(i.code, data[f"{i.code}-verdict"], data[f"{i.code}-words"]) for i in self.items]
        return {"fellows": fellows, "answers": answers, "said": [self._said(code) for code in self._wrong(data)]}

    def _wrong(self, data: dict[str, Any]) -> list[str]:
        codes = [item.code for item in self.items if data.get(f"{item.code}-verdict") == NO]
        return [*codes, rules.FREE] if data.get(f"{rules.FREE}-words") else codes

    def _said(self, code: str) -> Said:
        words, severity, spot, pictures, fixed = (
            self.cleaned_data.get(f"{code}-{name}") for name in ("words", "severity", "spot", "pictures", "fixed")
        )
        item = next((one for one in self.items if one.code == code), None)
        text = words if item is None or (words and not item.reading) else rules.unmet(item, words or "")
        task = item.tasks[0] if item else ""
        return Said(
            code,
            text or "",
            task,
            severity or (item.severity if item else "minor"),
            bool(spot),
            task,
            pictures or (),
            fixed or (),
        )


def first_fault(form: forms.Form) -> str:
    """The faults of a draft in one line, for the device that sent it."""
    found = [
        f"{form.fields[name].label}：{said}" if name in form.fields else str(said)
        for name, all_said in form.errors.items()
        for said in all_said
    ]
    return "；".join(found)[:500]


def refused(fault: ValidationError) -> str:
    return "；".join(fault.messages)[:500]
