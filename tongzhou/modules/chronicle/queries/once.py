"""Record once: how many fields people filled in some days, and how many their returns, briefs, disclosures and lists would have asked for.

Typed is what a form asked for and is not empty, every part of a record, every move, and its reason. Asked for is what the papers of
today's practice hold, at the unit itself and at each above it, since each level fills in the same forms: every figure of a day that
is not zero (a brief tells it twice, for the day and in all), and every cell of the lists. A return of zeros, which offices file as
well, is left out; so are lists that several offices of one level keep beside each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from dataclasses import fields as columns_of
from typing import Any

from django.db.models import CASCADE, Count, Model, Q, QuerySet

from tongzhou.kernel import access, facts
from tongzhou.kernel.desk import Desk
from tongzhou.kernel.facts import Fact
from tongzhou.kernel.models import Entry, Kept, Person
from tongzhou.kernel.module import Module
from tongzhou.kernel.scope import Scope
from tongzhou.modules.chronicle.models import Chronicle, Kind
from tongzhou.modules.chronicle.queries.gathering import tellers

# what records carry without anybody giving it
PLUMBING = {"source", "happened_precision", "bound"}


@dataclass(frozen=True)
class Once:
    """Numbers of fields."""

    typed: int = 0
    returns: int = 0
    briefs: int = 0
    disclosures: int = 0
    lists: int = 0

    @property
    def asked(self) -> int:
        return self.returns + self.briefs + self.disclosures + self.lists

    @property
    def times(self) -> float:
        """How often each typed field would have been written again; 0 where nothing was typed."""
        return self.asked / self.typed if self.typed else 0.0

    def __add__(self, other: "Once") -> "Once":
        return Once(*(getattr(self, one.name) + getattr(other, one.name) for one in columns_of(Once)))


def once(scope: Scope, by: Person) -> list[tuple[Module, Once]]:
    """For each room that holds anything in the scope. The number of queries depends on the rooms only."""
    shown = _disclosed(scope, by)
    found = [(room, _of_room(room, scope, by, shown.get(room.name, 0))) for room in tellers()]
    return [(room, count) for room, count in found if count.typed or count.asked]


def _of_room(room: Module, scope: Scope, by: Person, disclosed: int) -> Once:
    typed = lists = 0
    for desk in room.desks:
        rows = access.visible(scope.of(desk.model._default_manager.all()), by, desk.reads)
        typed += _typed(desk, rows)
        by_unit = rows.order_by().values_list("unit__path").annotate(n=Count("pk"))
        lists += len(desk.columns) * sum(n * len(_above(path)) for path, n in by_unit)
    reported = [place for fact in room.facts for place in _reported(fact, scope, by)]
    briefs = sum(is_root for is_root in reported)
    return Once(typed, len(reported) - briefs, 2 * briefs, disclosed, lists)


def _typed(desk: Desk, rows: QuerySet[Any]) -> int:
    """Filled fields of the records that a form files, and of their parts; links to other records, moves and their reasons."""
    model, keys = desk.model, rows.order_by().values("pk")
    total = _filled(model, rows) if desk.form else 0
    for relation in model._meta.related_objects:
        part: type[Model] = relation.related_model
        if relation.one_to_many and not issubclass(part, Kept) and relation.on_delete is CASCADE:
            inner = part._default_manager.filter(**{f"{relation.field.name}__in": keys})
            total += _filled(part, inner, but=relation.field.name)
    for many in model._meta.many_to_many:
        through: type[Model] = many.remote_field.through
        total += through._default_manager.filter(**{f"{many.m2m_field_name()}__in": keys}).count()
    moves = Entry.objects.filter(table=model._meta.label_lower, record__in=keys).exclude(verb="file")
    made = moves.aggregate(n=Count("pk"), reasons=Count("pk", filter=~Q(note="")))
    return total + int(made["n"] + made["reasons"])


def _filled(model: type[Model], rows: QuerySet[Any], but: str = "") -> int:
    """Values that are neither empty nor what the field is born with. One query."""
    fields = [field for field in model._meta.concrete_fields if field.editable and not field.primary_key]
    asked = [field for field in fields if field.name not in PLUMBING | {but}]
    born = [None if callable(field.default) or not field.has_default() else field.default for field in asked]
    names = [field.attname for field in asked]
    return sum(
        value not in (None, "", default)
        for values in rows.order_by().values_list(*names).iterator(chunk_size=2000)
        for value, default in zip(values, born, strict=True)
    )


def _reported(fact: Fact, scope: Scope, by: Person) -> Iterator[bool]:
    """One for each unit, day and figure that is not zero, at the unit itself and each above it: whether the unit is a root."""
    to = f"{fact.via}__" if fact.via else ""
    split = replace(fact, each=(f"{to}unit__path", f"{to}happened_on", *fact.each), words=())
    places: set[tuple[Any, ...]] = set()
    for found in facts.nonzero(facts.measure(split, scope, by)):
        path, *rest = found.part
        places |= {(above, *rest) for above in _above(path)}
    return (place[0].count("/") <= ROOT for place in places)


ROOT = 2  # slashes in the path of a unit that stands under none: "/benxi/"


def _above(path: str) -> list[str]:
    """The unit and all above it: "/a/b/" gives "/a/" and "/a/b/"."""
    return [path[: at + 1] for at, letter in enumerate(path) if letter == "/" and at]


def _disclosed(scope: Scope, by: Person) -> dict[str, int]:
    """Figures of the disclosures published in these days, by room."""
    rows = access.visible(scope.of(Chronicle.objects.filter(kind=Kind.DISCLOSURE)), by, "chronicle.read")
    counted: dict[str, int] = {}
    for frozen in rows.filter(frozen__isnull=False).values_list("frozen", flat=True):
        for token in (frozen or {})["figures"]:
            room = token.strip("{}").partition(".")[0]
            counted[room] = counted.get(room, 0) + 1
    return counted
