"""The pages every list has: list, detail with history, new, edit, moves, bulk moves, import, export, print.

A room describes a `Desk` as data in its views.py; the functions in this package are the pages.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from tongzhou.kernel import access, sheets
from tongzhou.kernel.models import Person, Response

if TYPE_CHECKING:
    from tongzhou.kernel.desk.forms import RecordForm
    from tongzhou.kernel.module import Module


@dataclass(frozen=True)
class Column:
    """One column of a list, on the page and in Excel alike.

    value  attribute path ("donor.name"), or a function of the record; default: the column's own name
    sort   the field the list can be ordered by (never null), "" if it cannot
    kind   how it is shown: text, when, state, number, money (fen), link (leads to the record), person, unit
    """

    name: str
    label: Any
    value: str | Callable[[Any], Any] = ""
    sort: str = ""
    kind: str = "text"

    def of(self, record: Any) -> Any:
        if callable(self.value):
            return self.value(record)
        value = record
        for part in (self.value or self.name).split("."):
            value = getattr(value, part, None)
            value = value() if callable(value) else value
        return value


@dataclass
class Desk:
    """One list of a room with its forms. `name` is "" for the room's front, else the word in the address.

    columns, sort, filters, search   the list; filters and search are field names
    fields                           what the detail page shows, as columns
    form                             for new and edit; None: records come only from elsewhere
    move_forms                       {move: form} for moves that need more than a note
    detail, slip                     templates: a part of the detail page, a printed sheet for one record
    detail_first                     the part stands before the fields: it is what people come for
    imports                          Excel columns that can be read in; each row is checked by `form`
    related                          select_related / prefetch for list and detail
    links                            [(label, url name, capability)] buttons to odd pages of the room; "" for whoever sees the list
    """

    model: type[Any]  # a subclass of Record
    title: Any
    columns: Sequence[Column]
    name: str = ""
    one: Any = ""
    intro: Any = ""
    sort: str = "-happened_on"
    filters: Sequence[str] = ()
    search: Sequence[str] = ()
    fields: Sequence[Column] = ()
    form: "type[RecordForm] | None" = None
    move_forms: Mapping[str, type[forms.Form]] = field(default_factory=dict)
    detail: str = ""
    detail_first: bool = False
    slip: str = ""
    imports: Sequence[sheets.Column] = ()
    related: Sequence[str] = ()
    prefetch: Sequence[Any] = ()
    links: Sequence[tuple[Any, str, str]] = ()
    context: Callable[[Any, Person], dict[str, Any]] | None = None
    room: "Module" = field(init=False)

    @property
    def reads(self) -> str:
        return f"{self.room.name}.read"

    def rows(self, response: Response) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(response=response)
        return rows.select_related("response", "unit", *self.related).prefetch_related(*self.prefetch)

    def visible(self, response: Response, person: Person) -> QuerySet[Any]:
        return access.visible(self.rows(response), person, self.reads)

    def open_to(self, person: Person) -> bool:
        """Whether the list exists for this person at all: some reach, or rows that may concern anyone."""
        return bool(access.reach(person, self.reads)) or "concerns" in self.model.__dict__

    def may_file(self, person: Person) -> bool:
        return self.form is not None and bool(access.reach(person, self.model.workflow.files))

    def url(self, page: str, response: Response, *args: Any) -> str:
        return reverse(f"{self.model._meta.label_lower}.{page}", args=[response.slug, *args])
