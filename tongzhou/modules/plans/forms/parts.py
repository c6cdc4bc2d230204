"""The parts of a plan: one text, or rows of one kind."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.desk.forms import BaseLines
from tongzhou.kernel.desk.naming import PersonField, give_by
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.plans import queries
from tongzhou.modules.plans.models import Plan, PlannedTask, Resource
from tongzhou.modules.plans.models.parts import PARTS
from tongzhou.modules.plans.workflow import DRAFT


def _ranks() -> list[tuple[str, str]]:
    return [("", "———"), *((str(rank), name) for rank, name in enumerate(queries.usual_levels(), 1))]


class TextForm(forms.Form):
    """The whole text at once, as it comes out of Word."""

    text = forms.CharField(
        label=_("正文"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false"}),
        help_text=_("可以从 Word 整篇粘贴。“一、”开头的行是一级标题，“（一）”开头的行是二级标题，其余每行一段；序号打印时自动重排。"),
    )  # fmt: skip


class PartForm(forms.Form):
    """A row. `key` says which one it was before; units and people are those whom the drafter may name."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Person, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["key", "name"])  # the name comes first, in the widest column
        give_by(self, by)
        self.units = {unit.code: unit for unit in units}
        for field in self.fields.values():
            if isinstance(field, UnitChoice):
                field.offer(self.units)


class UnitChoice(forms.ChoiceField):
    """Choices are read once for all rows of a page."""

    def offer(self, units: dict[str, Unit]) -> None:
        self.known = units
        self.choices = [("", "———"), *((code, str(unit)) for code, unit in units.items())]

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        return self.known.get(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class LevelForm(PartForm):
    rank = forms.TypedChoiceField(label=_("等级"), choices=_ranks, coerce=int)
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如：Ⅱ级（重大）"))
    trigger = forms.CharField(label=_("启动条件"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    figure = forms.CharField(
        label=_("对照的数字"),
        max_length=60,
        required=False,
        help_text=_("可不填。例如：24小时新增感染者；只作对照，不会自动启动。"),
    )
    threshold = forms.IntegerField(label=_("达到"), required=False, min_value=0, max_value=10**9)
    measure = forms.CharField(label=_("计量单位"), max_length=10, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("threshold") is None) != (not data.get("figure")):
            self.add_error("threshold", __("“对照的数字”和“达到”要么都填，要么都不填。"))
        return data


class PostForm(PartForm):
    name = forms.CharField(label=_("岗位"), max_length=60)
    at = UnitChoice(label=_("所在单位"), required=False)
    person = PersonField(label=_("岗位负责人"), required=False)
    deputy = PersonField(label=_("替补人"), required=False)
    phone = forms.CharField(
        label=_("电话"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("加密保存；已填的留空即不改动。"),
    )  # fmt: skip
    called_by = forms.CharField(
        label=_("由谁通知"), max_length=60, required=False, help_text=_("写本预案里的岗位名称；最先接到通知的留空。")
    )

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        if "•" in phone or "*" in phone:
            raise forms.ValidationError(__("请填写完整的电话，或留空。"))
        return phone


class ResourceForm(PartForm):
    kind = forms.ChoiceField(label=_("类别"), choices=[("", "———"), *Resource.Kind.choices])
    name = forms.CharField(label=_("名称"), max_length=80)
    quantity = forms.IntegerField(label=_("数量"), required=False, min_value=0, max_value=10**9)
    measure = forms.CharField(label=_("计量单位"), max_length=10, required=False)
    place = forms.CharField(label=_("存放或所在地点"), max_length=120, required=False)


class PlannedForm(PartForm):
    rank = forms.TypedChoiceField(label=_("哪一级启动时"), choices=_ranks, coerce=int)
    kind = forms.ChoiceField(
        label=_("类别"),
        required=False,
        choices=PlannedTask.Kind.choices,
        help_text=_("有相应房间接收的，启动时自动移交成草稿。"),
    )
    name = forms.CharField(label=_("任务"), max_length=100)
    text = forms.CharField(label=_("要求"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    unit = UnitChoice(label=_("承办单位"))
    person = PersonField(label=_("办理人（可不填）"), required=False)
    hours = forms.DecimalField(
        label=_("几小时内办结"), required=False, min_value=Decimal("0.1"), max_value=9999, max_digits=6, decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip

    def clean_hours(self) -> Decimal:
        hours: Decimal | None = self.cleaned_data["hours"]
        return Decimal(queries.clock("usual_hours")) if hours is None else hours


class Rows(BaseLines):
    """A part may be empty."""

    def clean(self) -> None:
        return None


PART_FORMS: dict[str, type[PartForm]] = {"levels": LevelForm, "posts": PostForm, "resources": ResourceForm, "tasks": PlannedForm}  # fmt: skip


def formset(plan: Plan, part: str, by: Person, data: Any) -> Any:
    """All rows of a part, with room for more."""
    form = PART_FORMS[part]
    made = forms.formset_factory(form, formset=Rows, extra=2, can_delete=True, max_num=200, absolute_max=400)
    units = list(access.units(by, DRAFT).filter(path__startswith=plan.unit.path))
    return made(data, initial=_initial(plan, part, form), prefix="lines", form_kwargs={"by": by, "units": units})


def _initial(plan: Plan, part: str, form: type[PartForm]) -> list[dict[str, Any]]:
    rows = getattr(plan, PARTS[part][1]).all()
    names = [name for name in form.base_fields if name not in ("phone", "called_by")]
    found: list[dict[str, Any]] = [{name: getattr(row, name) for name in names} for row in rows]
    if part == "posts":
        for row, initial in zip(rows, found, strict=True):
            initial["called_by"] = row.caller.name if row.caller else ""
    return found
