"""What moves and buttons ask for."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.desk.forms import MoveForm
from tongzhou.kernel.desk.naming import PersonField, give_by
from tongzhou.kernel.models import Person
from tongzhou.modules.rosters.models import Duty


class HandOver(MoveForm):
    note = None  # type: ignore[assignment]  # the matters handed over are the note
    handover = forms.CharField(
        label=_("交班事项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("没有的留空。不写过往人员的姓名。"),
    )


class PutForm(forms.Form):
    """Someone for a shift: one of those the page offers, or anybody by name."""

    person = PersonField(label=_("姓名"))
    reason = forms.CharField(label=_("原因"), required=False, max_length=200)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_by(self, by)


class SwapForm(forms.Form):
    """With whom: one of those who could take the duty, perhaps for one of theirs. A choice is "<person>" or "<person>/<duty>"."""

    choice = forms.ChoiceField(label=_("换给谁"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("原因"), required=False, max_length=200)

    def __init__(self, *args: Any, offers: "list[tuple[Person, list[Duty]]]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str]] = []
        for person, theirs in offers:
            choices.append((str(person.pk), __("%(person)s 代班，不换回") % {"person": person}))
            choices += [
                (
                    f"{person.pk}/{duty.pk}",
                    __("与%(person)s互换：换回 %(shift)s") % {"person": person, "shift": duty.what},
                )
                for duty in theirs
            ]
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def chosen(self) -> tuple[UUID, UUID | None]:
        person, _slash, duty = self.cleaned_data["choice"].partition("/")
        return UUID(person), UUID(duty) if duty else None


class LetterForm(forms.Form):
    body = forms.CharField(label=_("签字的社区、单位"), max_length=100)
    people = forms.IntegerField(label=_("接收人数"), min_value=1, max_value=99, initial=1)
