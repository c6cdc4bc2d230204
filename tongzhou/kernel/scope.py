"""Which records are meant: of one response, of a unit and all below it, of some days. Passed by hand, never kept in a context."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from django.core.validators import slug_re
from django.db.models import Model, Q, QuerySet

from tongzhou.kernel.models import Response, Unit

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Scope:
    response: Response
    unit: Unit | None = None
    first: date | None = None
    last: date | None = None

    def of(self, rows: QuerySet[M], via: str = "") -> QuerySet[M]:
        """The rows inside this scope. `via` is the path from a row to its record, for rows that are parts of a record."""
        return rows.filter(self.condition(via))

    def condition(self, via: str = "") -> Q:
        to = f"{via}__" if via else ""
        q = Q(**{f"{to}response": self.response})
        if self.unit:
            q &= Q(**{f"{to}unit__path__startswith": self.unit.path})
        if self.first:
            q &= Q(**{f"{to}happened_on__gte": self.first})
        if self.last:
            q &= Q(**{f"{to}happened_on__lte": self.last})
        return q

    def query(self) -> dict[str, str]:
        """As address parameters: the list behind a figure is opened with them."""
        parts = {"unit": self.unit and self.unit.code, "first": self.first, "last": self.last}
        return {name: str(value) for name, value in parts.items() if value}

    def as_data(self) -> dict[str, str]:
        return {"response": self.response.slug} | self.query()

    def narrowed(self, **changes: Any) -> "Scope":
        return replace(self, **changes)

    @classmethod
    def from_query(cls, response: Response, query: Mapping[str, Any]) -> "Scope":
        """From address parameters or stored data; what does not parse is left open."""
        return cls(response, _unit(query.get("unit")), _day(query.get("first")), _day(query.get("last")))


def _unit(code: str | None) -> Unit | None:
    """What is no code is not asked of the database: PostgreSQL fails on a NUL."""
    return Unit.objects.filter(code=code).first() if code and slug_re.match(code) else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
