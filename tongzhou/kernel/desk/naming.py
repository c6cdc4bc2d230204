"""Naming people in a form: by typing a name, with suggestions while typing where there is JavaScript.

A list to choose from would hold thousands, and would be a register handed to everyone who may fill the form.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext as __

from tongzhou.kernel import access
from tongzhou.kernel.models import Person

MOST = 15  # suggestions
_NAMED = re.compile(r"\s*(?P<name>[^()（）]+?)\s*(?:[(（](?P<unit>[^()（）]+)[)）])?\s*")
_APART = re.compile(r"[\n\r、，,；;]+")


def nameable(by: Person) -> QuerySet[Person]:
    """Whom this person may name in forms: active people within reach, and themselves."""
    reached = access.within(access.reach(by, "people.name"))
    return Person.objects.filter(reached | Q(pk=by.pk), is_active=True).select_related("unit")


def suggestions(by: Person, typed: str) -> list[str]:
    """ "张伟（城东支社）" for what was typed: a name, or pinyin or its initials."""
    if not typed.strip():
        return []
    found = nameable(by).filter(Q(name__icontains=typed.strip()) | Q(pinyin__icontains=typed.strip().lower()))
    return [called(person) for person in found.order_by("pinyin", "pk")[:MOST]]


def called(person: Person) -> str:
    """The name as a form takes it."""
    return f"{person.name}（{person.unit.name}）" if person.unit else person.name


def named(by: Person, text: str) -> Person:
    """The one person meant. Raises ValidationError for nobody, and for several with how to tell them apart."""
    read = _NAMED.fullmatch(text)
    rows = nameable(by).filter(name=read["name"]) if read else nameable(by).none()
    if read and read["unit"]:
        rows = rows.filter(Q(unit__name=read["unit"]) | Q(unit__name_en=read["unit"]) | Q(unit__code=read["unit"]))
    found = list(rows.order_by("unit__code", "pk")[:5])
    if not found:
        raise ValidationError(
            __("没有找到“%(text)s”。请写全名，例如“张伟”或“张伟（第一支社）”。") % {"text": text[:40]}
        )
    if len(found) > 1:
        ways = __("、").join(called(person) for person in found)
        raise ValidationError(__("有几位“%(text)s”，请写明是哪一位：%(ways)s。") % {"text": text[:40], "ways": ways})
    return found[0]


class NameInput(forms.TextInput):
    template_name = "desk/name_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> Any:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggest"] = reverse_lazy("people.names")
        return context


class PersonField(forms.CharField):
    """One person, by name. Gives the Person, or None. The form hands its `by` on: `give_by`."""

    widget = NameInput
    by: Person

    def clean(self, value: Any) -> Any:
        if isinstance(value, Person):
            return value
        text = super().clean(value)
        return named(self.by, text) if text else None

    def prepare_value(self, value: Any) -> Any:
        person = value if isinstance(value, Person) or not _is_key(value) else Person.objects.filter(pk=value).first()
        return called(person) if isinstance(person, Person) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


class PeopleField(forms.CharField):
    """Several people, one a line or set apart by 、. Gives a list without repeats."""

    widget = forms.Textarea(attrs={"rows": 4})
    by: Person

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found, faults = [], []
        for part in filter(None, map(str.strip, _APART.split(text))):
            try:
                found.append(named(self.by, part))
            except ValidationError as fault:
                faults += fault.messages
        if faults:
            raise ValidationError(faults)
        return list(dict.fromkeys(found))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(called(one) for one in value) if isinstance(value, list | tuple | QuerySet) else value


def give_by(form: forms.BaseForm, by: Person) -> None:
    """Fields that name people look among those whom this person may name."""
    for field in form.fields.values():
        if isinstance(field, PersonField | PeopleField):
            field.by = by


def _is_key(value: Any) -> bool:
    return len(str(value or "")) in {32, 36} and str(value).replace("-", "").isalnum() and str(value).isascii()
