"""What may be counted. A figure and the list behind it come from the same rows, so they cannot differ.

A room's facts.py is a table of `Fact`. `gather` evaluates them in a scope, as far as a person reaches, into `Finding`s.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Max, Min, Model, Q, QuerySet, Sum, Value
from django.db.models.functions import NullIf
from django.urls import reverse

from tongzhou.kernel import access
from tongzhou.kernel.figures import Bound, Figure, weakest
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person, Record
from tongzhou.kernel.scope import Scope

if TYPE_CHECKING:
    from tongzhou.kernel.module import Module


@dataclass(frozen=True)
class Fact:
    """One thing that may be counted.

    rows     what is counted: records, or parts of records with `via` as the path from a part to its record ("gift")
    value    the field that is summed; "quantity" (default) counts records with what each stands for, "" counts rows plainly
    measure  the measure word ("笔"); or "{field}" to take it from a field of `each`
    nouns    what is counted in English, one and many ("gift", "gifts"), where the measure word would say little
    each     fields by which the rows are split, one finding for each combination ("item", "measure")
    scale    what the sum is divided by: 100 turns fen into yuan
    places   decimals kept after the division, where it need not come out even: 60 turns minutes into hours
    words    further fields a part's sentence may use, the same in all its rows; "<field>_en" stands in for <field> of `each` in English
    sentence the finding in words: {value} is the worded figure with its measure, and the fields of `each` and `words` by name
    """

    name: str
    sentence: Any
    rows: Callable[[], QuerySet[Any]]
    value: str = "quantity"
    measure: str = ""
    nouns: tuple[str, str] | tuple[()] = ()
    each: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    via: str = ""
    scale: int = 1
    places: int | None = None
    where: Callable[[Scope], Q] | None = None
    label: Any = ""  # for a tile; by default the sentence without its figure
    room: str = field(default="", compare=False)  # filled in when the room registers

    @property
    def bound(self) -> str:
        return f"{self.via}__bound" if self.via else "bound"

    def within(self, scope: Scope, by: Person) -> QuerySet[Any]:
        """The rows counted in this scope, as far as the person reaches."""
        rows = scope.of(self.rows(), self.via)
        if self.where:
            rows = rows.filter(self.where(scope))
        return access.visible(rows, by, f"{self.room}.read", self.via)


@dataclass(frozen=True)
class Finding:
    """A fact in a scope: the figure, and the way to the records behind it."""

    fact: Fact
    scope: Scope
    figure: Figure
    part: tuple[str, ...] = ()  # values of fact.each
    only: UUID | None = None  # narrowed to one record: "this gift"
    words: tuple[str, ...] = field(default=(), compare=False)  # values of fact.words

    @property
    def measure(self) -> str:
        name = self.fact.measure
        return dict(zip(self.fact.each, self.part, strict=True))[name[1:-1]] if name.startswith("{") else name

    @property
    def token(self) -> str:
        """Its name in prose: {donations.goods|消毒液|瓶}. Letters that a token is made of are percent-encoded in a part."""
        only = [f"={self.only}"] if self.only else []
        parts = [f"{self.fact.room}.{self.fact.name}", *(str(part).translate(_IN_TOKEN) for part in self.part), *only]
        return "{" + "|".join(parts) + "}"

    def text(self) -> str:
        """The figure in the active language: "100瓶", "100 bottles"."""
        here = lang()
        return self.figure.text(self.fact.nouns or self.measure if here == "en" else self.measure, here)

    def sentence(self, value: str = "") -> str:
        """The finding in words. `value` stands in for the worded figure: its token, in prose that is kept."""
        return str(self.fact.sentence).format(value=value or self.text(), **self._words())

    @property
    def label(self) -> str:
        """What is counted, without the figure: "收到捐赠", "gifts received"."""
        return str(self.fact.label or self.fact.sentence).format(value="", **self._words()).strip()

    def _words(self) -> dict[str, str]:
        further = {name: word for name, word in zip(self.fact.words, self.words, strict=False) if word}
        spoken = {name.removesuffix("_en"): word for name, word in further.items()} if lang() == "en" else {}
        return dict(zip(self.fact.each, self.part, strict=True)) | further | spoken

    def query(self) -> dict[str, str]:
        parts = {f"part{i}": value for i, value in enumerate(self.part)}
        only = {"only": str(self.only)} if self.only else {}
        return {"fact": self.fact.name, **parts, **only, **self.scope.query()}

    def url(self) -> str:
        """The list behind the figure."""
        return f"{reverse(f'{record_model(self.fact)._meta.label_lower}.list', args=[self.scope.response.slug])}?{urlencode(self.query())}"

    def rows(self, by: Person) -> QuerySet[Any]:
        rows = self.fact.within(self.scope, by).filter(**dict(zip(self.fact.each, self.part, strict=True)))
        return rows.filter(**{self.fact.via or "pk": self.only}) if self.only else rows

    def records(self, by: Person) -> QuerySet[Record]:
        """The records behind the figure: all that the list shows."""
        rows = self.rows(by)
        if not self.fact.via:
            return rows
        return record_model(self.fact)._default_manager.filter(pk__in=rows.values(self.fact.via))

    def again(self, by: Person) -> "Finding":
        """The same question asked now: what a frozen figure is held against."""
        return count(self.fact, self.scope, self.rows(by), self.part, self.only)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a chronicle. Its figures stand in the text as tokens ("{donations.goods|消毒液|瓶}"), one for each finding.

    With `who`, the text is a clause that follows this name ("参与制定应急方案"): an act of somebody, told together with their others.
    """

    text: str
    findings: tuple[Finding, ...] = ()
    who: str = ""

    def words(self) -> str:
        """The sentence as it reads, in the active language."""
        text = self.text
        for found in self.findings:
            text = text.replace(found.token, found.text())
        return text


def together(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Acts of one person, whichever rooms tell them, as one sentence; first the acts, in the order they came, then the rest."""
    acts: dict[str, list[Sentence]] = {}
    rest: list[Sentence] = []
    for sentence in sentences:
        (acts.setdefault(sentence.who, []) if sentence.who else rest).append(sentence)
    return [_acted(who, clauses) for who, clauses in acts.items()] + rest


def record_model(fact: Fact) -> type[Record]:
    model: type[Model] = fact.rows().model
    for step in filter(None, fact.via.split("__")):
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]  # a step goes along a relation
    assert issubclass(model, Record)
    return model


def measure(fact: Fact, scope: Scope, by: Person) -> list[Finding]:
    """The fact in the scope: one finding, or one for each combination of `fact.each`. One query."""
    rows = fact.within(scope, by)
    if not fact.each:
        return [count(fact, scope, rows)]
    grouped = rows.order_by(*fact.each).values(*fact.each).annotate(**_totals(fact))
    return [_finding(fact, scope, row, tuple(row[name] for name in fact.each), None) for row in grouped]


def one(fact: Fact, scope: Scope, by: Person, record: Record) -> list[Finding]:
    """The fact for one record only."""
    rows = fact.within(scope, by).filter(**{fact.via or "pk": record.pk})
    if not fact.each:
        return [count(fact, scope, rows, only=record.pk)]
    grouped = rows.order_by(*fact.each).values(*fact.each).annotate(**_totals(fact))
    return [_finding(fact, scope, row, tuple(row[name] for name in fact.each), record.pk) for row in grouped]


def count(
    fact: Fact, scope: Scope, rows: QuerySet[Any], part: tuple[str, ...] = (), only: UUID | None = None
) -> Finding:
    return _finding(fact, scope, rows.order_by().aggregate(**_totals(fact)), part, only)


def gather(scope: Scope, by: Person, rooms: Iterable["Module"]) -> dict[str, list[Finding]]:
    """All findings by "<room>.<fact>", in the rooms' order."""
    return {f"{room.name}.{fact.name}": measure(fact, scope, by) for room in rooms for fact in room.facts}


def nonzero(findings: Sequence[Finding]) -> list[Finding]:
    return [found for found in findings if found.figure.value]


def _acted(who: str, clauses: Sequence[Sentence]) -> Sentence:
    texts, found = [clause.text for clause in clauses], tuple(one for clause in clauses for one in clause.findings)
    if lang() == "en":
        last = texts.pop()
        told = f"{', '.join(texts)} and {last}" if texts else last
        return Sentence(f"{who} {told}.", found)
    return Sentence(f"{who}{'，'.join(texts)}。", found)


_IN_TOKEN = {ord(letter): f"%{ord(letter):02X}" for letter in "%|{}\r\n"}


def _totals(fact: Fact) -> dict[str, Any]:
    total = Sum(fact.value) if fact.value else Count("pk")
    inexact = NullIf(fact.bound, Value(Bound.EXACT.value))  # where first and last differ, there are several
    words = {f"word_{name}": Max(name) for name in fact.words}
    return {"total": total, "bound_first": Min(inexact), "bound_last": Max(inexact), **words}


def _finding(fact: Fact, scope: Scope, row: dict[str, Any], part: tuple[str, ...], only: UUID | None) -> Finding:
    return Finding(fact, scope, _figure(fact, row), part, only, tuple(row[f"word_{name}"] or "" for name in fact.words))


def _figure(fact: Fact, row: dict[str, Any]) -> Figure:
    total = row["total"] or 0
    value = total if fact.scale == 1 else Decimal(total) / fact.scale
    if fact.places is not None:
        value = Decimal(value).quantize(Decimal(1).scaleb(-fact.places), ROUND_HALF_UP)
    return Figure(value, weakest(Bound(row[name]) for name in ("bound_first", "bound_last") if row[name]))
