"""Which rows a list shows: filters from the address, search, a fact's drill-down, order, and one page by key."""

import base64
import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Q, QuerySet, Sum
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.figures import Figure
from tongzhou.kernel.models import Person, Response
from tongzhou.kernel.scope import Scope

PAGE = 50


class Query(forms.Form):
    """The query bar. Fields beyond these come from the desk's `filters`."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False)
    unit: Any = forms.ModelChoiceField(
        label=_("单位"), queryset=None, required=False, to_field_name="code", empty_label=_("全部单位")
    )
    first = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: QueryDict, *, desk: Desk, response: Response, person: Person) -> None:
        super().__init__(data)
        self.fields["state"].choices = [("", _("全部状态")), *desk.model.workflow.states.choices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["unit"].queryset = access.units(person, desk.reads)  # type: ignore[attr-defined]  # a ModelChoiceField
        for name in desk.filters:
            self.fields[name] = _filter_field(desk, name, desk.visible(response, person))

    def condition(self) -> Q:
        """What the bar asks for. Parts that do not parse are shown as faults and left out."""
        self.is_valid()
        found, q = self.cleaned_data, Q()
        if unit := found.get("unit"):
            q &= Q(unit__path__startswith=unit.path)
        q &= Q(happened_on__gte=found.get("first") or date.min) & Q(happened_on__lte=found.get("last") or date.max)
        for name in ["state", *(n for n in self.fields if n not in Query.base_fields)]:
            if found.get(name) not in (None, ""):
                q &= Q(**{name: found[name]})
        return q


@dataclass
class Listing:
    """A list as asked for: `rows` is everything (what Excel gets), `page()` one screenful."""

    desk: Desk
    response: Response
    rows: QuerySet[Any]
    query: Query
    params: QueryDict
    finding: facts.Finding | None = None

    @property
    def narrowed(self) -> bool:
        """Whether any condition beyond the search is set."""
        return any(self.params.get(name) for name in self.query.fields if name != "q")

    def count(self) -> tuple[int, int]:
        """(rows, what they stand for)"""
        n = self.rows.count()
        return n, self.rows.order_by().aggregate(n=Sum("quantity"))["n"] or 0

    def page(self) -> tuple[list[Any], str, str]:
        """(records, address of the next page, address of the page before); "" where there is none."""
        back = "before" in self.params
        rows = self.rows
        if token := self.params.get("before") or self.params.get("after"):
            rows = rows.filter(_beyond(self.desk, self.order, token, back))
        found = list(rows.order_by(*_direction(self.order, back))[: PAGE + 1])
        more, found = len(found) > PAGE, found[:PAGE]
        if back:
            found.reverse()
        ahead, behind = (back or more), (more if back else "after" in self.params)
        after = self._address(after=self._token(found[-1])) if ahead and found else ""
        before = self._address(before=self._token(found[0])) if behind and found else ""
        return found, after, before

    @property
    def order(self) -> str:
        asked = self.params.get("sort", "")
        return asked if asked.lstrip("-") in {c.sort for c in self.desk.columns if c.sort} else self.desk.sort

    def sort_address(self, column_sort: str) -> str:
        return self._address(sort=f"-{column_sort}" if self.order == column_sort else column_sort)

    def plain_query(self) -> str:
        """The filters without the page, for export and print."""
        return urlencode([(k, v) for k, v in self.params.items() if k not in {"after", "before"} and v])

    def _token(self, record: Any) -> str:
        value = record
        for part in self.order.lstrip("-").split("__"):
            value = getattr(value, part)
        value = value.isoformat() if hasattr(value, "isoformat") else value
        return base64.urlsafe_b64encode(json.dumps([value, str(record.pk)]).encode()).decode()

    def _address(self, **changes: str) -> str:
        kept = {k: v for k, v in self.params.items() if k not in {"after", "before"} and v}
        return f"?{urlencode(kept | changes)}"


def listing(desk: Desk, response: Response, person: Person, params: QueryDict) -> Listing:
    rows, finding = desk.visible(response, person), None
    if params.get("fact"):
        finding = drill(desk, response, params, person)
        rows = rows.filter(pk__in=finding.records(person).values("pk"))
    query = Query(params, desk=desk, response=response, person=person)
    rows = rows.filter(query.condition())
    if words := query.cleaned_data.get("q", "").split():
        for word in words:
            rows = rows.filter(_search(desk, word))
    return Listing(desk, response, rows, query, params, finding)


def drill(desk: Desk, response: Response, params: QueryDict, person: Person) -> facts.Finding:
    """The finding that an address speaks of; an unknown or forged one is not found."""
    fact = next((f for f in desk.room.facts if f.name == params["fact"]), None)
    if fact is None or facts.record_model(fact) is not desk.model:
        raise Http404
    try:
        part = tuple(_sendable(params.get(f"part{i}", "")) for i in range(len(fact.each)))
        only = desk.model._meta.pk.to_python(params.get("only") or None)
        return facts.Finding(fact, Scope.from_query(response, params), Figure(0), part, only).again(person)
    except (ValidationError, ValueError) as fault:
        raise Http404 from fault


def _search(desk: Desk, word: str) -> Q:
    q = Q()
    for name in desk.search:
        match = Q(**{f"{name}__icontains": word.lower() if name.endswith("pinyin") else word})
        first = desk.model._meta.get_field(name.split("__")[0])
        # a join would show a record once for each of its parts that match
        many = first.one_to_many or first.many_to_many
        q |= Q(pk__in=desk.model._default_manager.filter(match).values("pk")) if many else match
    return q


def _filter_field(desk: Desk, name: str, rows: QuerySet[Any]) -> forms.Field:
    """A choice among what the visible rows hold: a list of all people would tell who is out of reach."""
    field: Any = desk.model._meta.get_field(name)
    made: forms.Field = field.formfield(required=False)
    if field.choices:
        return forms.ChoiceField(label=made.label, required=False, choices=[("", "———"), *field.choices])
    if isinstance(made, forms.ModelChoiceField):
        made.queryset = field.related_model._default_manager.filter(pk__in=rows.order_by().values(name))
    return made


def _direction(order: str, back: bool) -> tuple[str, str]:
    falling = order.startswith("-") != back
    name = order.lstrip("-")
    return (f"-{name}", "-pk") if falling else (name, "pk")


def _beyond(desk: Desk, order: str, token: str, back: bool) -> Q:
    """Rows after the token's row in the order shown (before it, going back). A forged token is not found."""
    try:
        value, key = json.loads(base64.urlsafe_b64decode(token))
        value, key = _sendable(_field(desk, order.lstrip("-")).to_python(value)), desk.model._meta.pk.to_python(key)
    except (ValueError, TypeError, OverflowError, ValidationError) as fault:
        raise Http404 from fault
    name, sign = order.lstrip("-"), "lt" if order.startswith("-") != back else "gt"
    return Q(**{f"{name}__{sign}": value}) | Q(**{name: value, f"pk__{sign}": key})


def _sendable(value: Any) -> Any:
    """Refuses text that a database does not take: a NUL, half of a surrogate pair. Raises ValueError."""
    if isinstance(value, str) and "\x00" in value.encode().decode():
        raise ValueError("NUL")
    return value


def _field(desk: Desk, path: str) -> "Field[Any, Any]":
    model: Any = desk.model
    for part in path.split("__")[:-1]:
        model = model._meta.get_field(part).related_model
    try:
        found: Field[Any, Any] = model._meta.get_field(path.rsplit("__", maxsplit=1)[-1])
    except FieldDoesNotExist as fault:
        raise Http404 from fault
    return found
