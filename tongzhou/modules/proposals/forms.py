"""Shapes of input: the text itself, the channels it goes to, what a channel or a conference made of it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.desk.forms import MoveForm, day_input
from tongzhou.kernel.desk.naming import PeopleField, PersonField, give_by, nameable
from tongzhou.kernel.models import Person
from tongzhou.modules.proposals.models import Case, Item
from tongzhou.modules.proposals.models.submission import How, Level
from tongzhou.modules.proposals.workflow import EDIT, WRITE

# what a device keeps and sends meanwhile
JOTTED = (
    "kind",
    "name",
    "situation",
    "analysis",
    "suggestions",
    "is_confidential",
)
LONGEST = 20_000  # characters of one part: far beyond what may be submitted, so that nothing typed is lost


class WriteForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no parameters at run time
    """The text. A member writes for themselves and their own unit; staff may write for others and name coauthors."""

    author = PersonField(label=_("作者"), required=False, help_text=_("单位集体建言的，留空。"))
    coauthors = PeopleField(label=_("合作者"), required=False, help_text=_("一行一位。分数在作者之间平分。"))

    class Meta:
        model = Item
        fields = (
            "kind", "name", "situation", "analysis", "suggestions", "is_confidential", "is_commissioned", "unit", "author",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "kind": forms.RadioSelect,
            "situation": forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST}),
            "analysis": forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
            "suggestions": forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("一事一议。例如：关于……的建议"),
            "situation": _("发生了什么，在哪里，影响多少人。"),
            "suggestions": _("一行一条，写明由谁做什么。"),
            "is_confidential": _("勾选后，只有作者和指定的保密人员能看到。"),
        }

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, item = by, self.instance
        give_by(self, by)
        units = access.units(by, WRITE)
        self.is_staff = units.exists()
        if not self.is_staff:
            for name in ("unit", "author", "coauthors", "is_commissioned"):
                del self.fields[name]
        elif item._state.adding:
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a ModelChoiceField
            self.initial = {"unit": by.unit_id, "author": by, **self.initial}
        else:
            for name in ("unit", "author", "is_commissioned"):
                if name != "is_commissioned" or not access.may(by, EDIT, item):
                    del self.fields[name]
            self._keep_unnameable(item)

    def clean(self) -> dict[str, Any]:
        """Written down for somebody else, an item is of their unit, unless another than one's own was chosen."""
        data = super().clean() or {}
        author, unit = data.get("author"), data.get("unit")
        own = unit is not None and unit.pk == self.by.unit_id
        if author and author.unit and author != self.by and own and access.may(self.by, WRITE, author.unit):
            data["unit"] = author.unit
        return data

    def _keep_unnameable(self, item: Item) -> None:
        """Coauthors this person cannot name are left as they are: the field is not offered."""
        there = list(item.coauthors.all())
        if nameable(self.by).filter(pk__in=[one.pk for one in there]).count() < len(there):
            del self.fields["coauthors"]
        else:
            self.initial["coauthors"] = there

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "coauthors"}

    def extras(self) -> dict[str, Any]:
        return {"coauthors": self.cleaned_data["coauthors"]} if "coauthors" in self.fields else {}


class Submitting(MoveForm):
    channels = forms.MultipleChoiceField(label=_("报送渠道"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item: Any = self.record
        gone = {*item.submissions.values_list("channel", flat=True), *item.cases.values_list("channel", flat=True)}
        known = rulebook.in_force("proposals", "channels", timezone.localdate())["channels"]
        self.fields["channels"].choices = [
            (one["code"], rulebook.spoken(one["name"])) for one in known if one["code"] not in gone
        ]


class OnDay(MoveForm):
    """When it happened: not in the future."""

    on = forms.DateField(label=_("日期"), widget=day_input(), initial=timezone.localdate)

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(__("日期不能晚于今天。"))
        return on


class Told(OnDay):
    told = forms.CharField(label=_("具体内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    note = None  # type: ignore[assignment]  # what is told is the note


class Adopting(OnDay):
    how = forms.ChoiceField(label=_("采用方式"), choices=How.choices, widget=forms.RadioSelect, initial=How.ALONE)
    told = forms.CharField(label=_("刊物、期号"), max_length=200, required=False)
    note = None  # type: ignore[assignment]  # the issue says it


class Noting(Told):
    level = forms.ChoiceField(
        label=_("批示领导的层级"), choices=[one for one in Level.choices if one[0] != Level.OWN], initial=Level.CITY
    )
    told = forms.CharField(
        label=_("谁批示，批示内容"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：副市长：请卫健委研究。"),
    )
    field_order = ("on", "level", "told")


class Admitting(MoveForm):
    number = forms.CharField(label=_("提案号"), max_length=30)


class Merging(MoveForm):
    into = forms.CharField(label=_("并入的提案号"), max_length=30)


class Assigning(OnDay):
    lead = forms.CharField(label=_("主办单位"), max_length=100)
    cohandlers = forms.CharField(
        label=_("会办单位"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一个。没有会办单位的留空。"),
    )
    field_order = ("on", "lead", "cohandlers", "note")

    def clean_cohandlers(self) -> list[str]:
        return [line.strip()[:100] for line in self.cleaned_data["cohandlers"].splitlines() if line.strip()]


class Opining(OnDay):
    cohandler: Any = forms.ModelChoiceField(label=_("会办单位"), queryset=None, empty_label=_("请选择"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case: Any = self.record
        self.fields["cohandler"].queryset = case.cohandlers.filter(opined_on=None)


class Answering(OnDay):
    result = forms.ChoiceField(label=_("办理结果"), choices=Case.Result.choices, widget=forms.RadioSelect)
    answer = forms.CharField(label=_("答复内容"), max_length=3000, widget=forms.Textarea(attrs={"rows": 6}))


class Rating(MoveForm):
    satisfaction = forms.ChoiceField(
        label=_("您的评价"),
        choices=[one for one in Case.Satisfaction.choices if one[0] != "none"],
        widget=forms.RadioSelect,
    )
