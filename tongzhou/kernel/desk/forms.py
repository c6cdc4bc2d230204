"""What every form of a record shares: unit, date, "only a total is known", and lines where a record has them."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.dates import When, parse_when, show
from tongzhou.kernel.desk.naming import give_by
from tongzhou.kernel.figures import Bound, Figure, parse
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record, Unit


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MomentField(forms.DateTimeField):
    """A day and a time of day, as the browser's own picker gives it, in the house's time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class WhenField(forms.CharField):
    """A day, a month or a year, as far as it is known."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, When):  # from a spreadsheet, already read
            return value
        text = super().to_python(value)
        if not text:
            return text
        try:
            return parse_when(text)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, When) and value.precision == "day":
            return value.day.isoformat()
        return show(value, lang()) if isinstance(value, When) else value


class TotalField(forms.CharField):
    """How many the record stands for, in words as reports give it: 20余次."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, tuple):  # from a spreadsheet, already read
            figure = value[0]
        elif text := super().to_python(value):
            try:
                figure, _measure = parse(text)
            except ValueError as fault:
                raise ValidationError(str(fault)) from fault
        else:
            return None
        if figure.value != int(figure.value) or figure.value < 1:
            raise ValidationError(__("请填写不小于 1 的整数，例如“20余次”。"))
        return figure

    def prepare_value(self, value: Any) -> Any:
        return value.text() if isinstance(value, Figure) else value


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameters at run time
    """Base of every room's form. Subclasses give `Meta.model`, `Meta.fields` and, for records with lines, `line_form`."""

    fields: dict[str, Any]  # of many kinds, each with what only its kind has
    line_form: ClassVar[type[forms.Form] | None] = None
    line_title: ClassVar[Any] = _("明细")
    row_line: Any = None
    lines_required: ClassVar[bool] = True  # whether a record without lines is refused
    totals: ClassVar[bool] = True  # whether "only a total is known" is offered
    # fields for what is seldom put down, or afterwards, folded away
    folded: ClassVar[tuple[str, ...]] = (
        "total",
        "source",
    )
    fold_title: ClassVar[Any] = _("只有总数，或按报告补录")

    when = WhenField(label=_("发生日期"), help_text=_("只知道月份时填“2022-03”，只知道年份时填“2022”。"))
    total = TotalField(
        label=_("只知道总数"), required=False, help_text=_("一般留空。只有总数时填写，如“20余次”，并写明来源。")
    )
    source = forms.CharField(
        label=_("来源"), required=False, help_text=_("只有总数或补录时必填：出自哪份报告、哪一天。")
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        record: Record = self.instance
        needs = record.workflow.files if record._state.adding else record.workflow.amends[0]
        if "unit" in self.fields:
            self.fields["unit"].queryset = access.units(by, needs)
            if record._state.adding and not self.initial.get("unit"):
                self.initial["unit"] = by.unit_id
        give_by(self, by)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
                field.empty_label = _("请选择")
        if not self.totals:
            del self.fields["total"], self.fields["source"]
        self.initial.setdefault("when", record.when)
        if record.is_summary:
            self.initial.setdefault("total", record.stands_for)
        self.initial.setdefault("source", record.source)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("total") and not data.get("source"):
            self.add_error("source", __("只有总数的记录须写明来源。"))
        return data

    def changes(self) -> dict[str, Any]:
        """Field values for the record, with the date and the total as the record stores them."""
        data = dict(self.cleaned_data)
        when, total = data.pop("when"), data.pop("total", None) or Figure(1)
        data |= {"happened_on": when.day, "happened_precision": when.precision}
        if self.totals:
            data |= {"quantity": int(total.value), "bound": Bound(total.bound).value}
        return data

    def settle(self) -> None:
        """Put what the valid form says on its record."""
        for name, value in self.record_changes().items():
            setattr(self.instance, name, value)

    def record_changes(self) -> dict[str, Any]:
        names = {field.name for field in self.instance._meta.fields}
        return {name: value for name, value in self.changes().items() if name in names}

    def extras(self) -> dict[str, Any]:
        """What the form asks beyond the record's own fields: handed to the room's action."""
        names = {field.name for field in self.instance._meta.fields}
        return {name: value for name, value in self.changes().items() if name not in names}

    @classmethod
    def from_row(cls, values: dict[str, Any], **kwargs: Any) -> "RecordForm":
        """The form as if the spreadsheet line had been typed. A unit is found by its code or name; a line of goods is checked too."""
        data = {name: "" if value is None else _day(cls, name, value) for name, value in values.items()}
        if named := data.get("unit"):
            data["unit"] = (
                Unit.objects.filter(Q(code=named) | Q(name=named)).values_list("pk", flat=True).first() or named
            )
        form = cls(data, **kwargs)
        # the sheet has columns for a line
        lined = cls.line_form is not None and bool(set(cls.line_form.base_fields) & set(values))
        form.row_line = cls.line_form(data, **form.line_kwargs()) if cls.line_form and lined else None
        if form.row_line is not None and not form.row_line.is_valid():
            for name, found in form.row_line.errors.items():
                form.errors[name] = found
        return form

    @property
    def has_fold(self) -> bool:
        return any(name in self.fields for name in self.folded)

    @property
    def is_unfolded(self) -> bool:
        """Whether something is put down, or at fault, in the part that is folded away."""
        shown = [self[name] for name in self.folded if name in self.fields]
        return any(field.errors or (field.name in {"total", "source"} and field.value()) for field in shown)

    def line_kwargs(self) -> dict[str, Any]:
        """What each line's form is made with: choices that depend on the person or the record."""
        return {}

    def row_extras(self) -> dict[str, Any]:
        return {"lines": [self.row_line.cleaned_data]} if self.row_line is not None else {}


def _day(form: type[RecordForm], name: str, value: Any) -> Any:
    """A day out of a spreadsheet for a field that takes whole days only; what is known less closely is left to the field to refuse."""
    if not isinstance(value, When) or isinstance(form.base_fields.get(name), WhenField):
        return value
    return value.day if value.precision == "day" else show(value)


class MoveForm(forms.Form):
    """Base of forms that a move asks for; `record` is the record about to move."""

    fields: dict[str, Any]
    record: Any  # of the one kind that has the move

    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, record: Record, by: Person, reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.by = record, by
        give_by(self, by)
        if "note" in self.fields:
            self.order_fields([name for name in self.fields if name != "note"] + ["note"])
            if reason:
                self.fields["note"].required = True
                self.fields["note"].label = _("原因")


class BaseLines(forms.BaseFormSet):  # type: ignore[type-arg]  # Django's forms take no parameters at run time
    """Lines of a record. Blank rows are ignored; a row with anything in it is checked. Lines that were there stay unless deleted."""

    def rows(self) -> list[dict[str, Any]]:
        written = [f for f in self.forms if f in self.initial_forms or f.has_changed()]
        kept = [f.cleaned_data for f in written if not f.cleaned_data.get("DELETE")]
        return [{name: value for name, value in line.items() if name != "DELETE"} for line in kept]

    def clean(self) -> None:
        if not any(self.errors) and not self.rows():
            raise ValidationError(__("请至少填写一行明细。"))


class SpareLines(BaseLines):
    """Lines that may be left out."""

    def clean(self) -> None:
        return None


def lines(form: RecordForm, data: Any, initial: list[dict[str, Any]], extra: int) -> Any:
    """The formset of a form's lines, or None where a record has none."""
    if form.line_form is None:
        return None
    made = forms.formset_factory(
        form.line_form,
        formset=BaseLines if form.lines_required else SpareLines,
        extra=extra,
        can_delete=True,
        max_num=200,
        absolute_max=400,
    )
    return made(data, initial=initial, prefix="lines", form_kwargs=form.line_kwargs())
