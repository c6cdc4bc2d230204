"""Reads that join: items alike, what came of an item, points and rates by author and unit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.models import Person, Response, Unit
from tongzhou.modules.proposals import rules
from tongzhou.modules.proposals.models import Case, Gram, Item, Jotting, Outcome, Submission
from tongzhou.modules.proposals.workflow import READ, CaseState, ItemState

SHOWN = 5  # items alike that are shown
LOOKED_AT = 40  # those that share most, among which the likeness is worked out


def visible(response: Response, person: Person) -> QuerySet[Item]:
    return access.visible(Item.objects.filter(response=response), person, READ)


def alike(texts: Iterable[str], rows: QuerySet[Item]) -> list[tuple[Item, int]]:
    """Earlier ones among these rows that speak of much the same, the likest first, with the likeness in percent."""
    asked = rules.grams(*texts)
    rows = rows.exclude(state__in=(ItemState.DRAFT, ItemState.DROPPED))
    hits = Gram.objects.filter(text__in=asked, item__in=rows.values("pk")).order_by().values("item", "item__gram_count")
    found = hits.annotate(shared=Count("pk")).order_by("-shared", "item")[:LOOKED_AT]
    likest = {one["item"]: rules.likeness(one["shared"], len(asked), one["item__gram_count"]) for one in found}
    close = sorted((pk for pk, much in likest.items() if much >= rules.ALIKE), key=lambda pk: -likest[pk])[:SHOWN]
    kept = {item.pk: item for item in rows.filter(pk__in=close).select_related("response", "unit", "author")}
    return [(kept[pk], round(likest[pk] * 100)) for pk in close]


@dataclass
class Score:
    """What one author or one unit did in a time: items sent out, of these adopted, leaders' notes, points."""

    who: Any
    submitted: int = 0
    adopted: int = 0
    notes: int = 0
    points: Fraction = field(default_factory=Fraction)
    quota: int | None = None

    @property
    def rate(self) -> int | None:
        return rules.rate(self.adopted, self.submitted)

    @property
    def points_shown(self) -> str:
        return rules.shown(self.points)

    @property
    def is_short(self) -> bool:
        return self.quota is not None and self.submitted < self.quota


@dataclass(frozen=True)
class Life:
    """An item in a time: whether it went out, what came of it, and its points by the table in force on the day of each outcome."""

    item: Item
    submitted: bool
    outcomes: list[tuple[str, str, date]]

    @property
    def adopted(self) -> bool:
        return any(kind in ("alone", "merged", "admitted") for kind, _level, _on in self.outcomes)

    @property
    def notes(self) -> int:
        return sum(kind == "note" for kind, _level, _on in self.outcomes)

    @property
    def points(self) -> Fraction:
        total, rewarded = Fraction(), False
        for kind, level, on in sorted(self.outcomes, key=lambda one: one[2]):
            table = rulebook.in_force("proposals", "scoring", on)
            first = self.item.is_commissioned and not rewarded and kind in ("alone", "merged")
            total += rules.points([(kind, level)], table.values, commissioned=first)
            rewarded = rewarded or first
        return total

    @property
    def points_shown(self) -> str:
        return rules.shown(self.points)


def lives(items: QuerySet[Item], first: date, last: date) -> list[Life]:
    """Items of these rows that went out, or of which something came, in these days. Five queries however many there are."""
    went: set[Any] = set()
    came: dict[Any, list[tuple[str, str, date]]] = defaultdict(list)
    days = Q(happened_on__range=(first, last))
    keys = items.order_by().values("pk")
    for model in (Submission, Case):
        went |= set(model._default_manager.filter(days, item__in=keys).values_list("item", flat=True))
    outcomes = Outcome.objects.filter(submission__item__in=keys, on__range=(first, last))
    for item, kind, level, on in outcomes.values_list("submission__item", "kind", "level", "on"):
        came[item].append((kind, level, on))
    admitted = Case.objects.filter(days, item__in=keys).exclude(
        state__in=(CaseState.FILED, CaseState.REFERRED, CaseState.WITHDRAWN)
    )
    for item, level, on in admitted.values_list("item", "level", "happened_on"):
        came[item].append(("admitted", level, on))
    rows = Item.objects.filter(pk__in=went | set(came)).select_related("author", "unit", "response")
    return [
        Life(item, item.pk in went, came[item.pk])
        for item in rows.prefetch_related("coauthors").order_by("-happened_on", "pk")
    ]


def by_author(found: Iterable[Life]) -> list[Score]:
    """Points of an item are shared evenly; the item itself counts for each of its authors."""
    scores: dict[Person, Score] = {}
    for life in found:
        for author, part in rules.shared(life.points, life.item.authors).items():
            _add(scores.setdefault(author, Score(author)), life, part)
    return sorted(scores.values(), key=lambda one: (-one.points, -one.submitted, str(one.who.pk)))


def by_unit(found: Iterable[Life], units: Iterable[Unit], day: date) -> list[Score]:
    """Every unit that has a quota, and every other that sent something."""
    quotas = rulebook.in_force("proposals", "quotas", day).values
    scores = {unit: Score(unit, quota=quotas[unit.kind]) for unit in units if unit.kind in quotas}
    for life in found:
        _add(scores.setdefault(life.item.unit, Score(life.item.unit)), life, life.points)
    return sorted(scores.values(), key=lambda one: (-one.points, -one.submitted, one.who.path))


def of_person(person: Person, response: Response) -> QuerySet[Item]:
    """What somebody wrote, alone or with others."""
    shared = Item.coauthors.through.objects.filter(person=person)
    rows = Item.objects.filter(Q(author=person) | Q(pk__in=shared.values("item")), response=response)
    return (
        rows.select_related("response", "unit", "author")
        .prefetch_related("submissions__outcomes", "cases")
        .order_by("-filed_at", "pk")
    )


def unsaved(person: Person, response: Response) -> list[Jotting]:
    """What somebody wrote and never saved, the latest first; not changes to what was saved before."""
    rows = Jotting.objects.filter(person=person, response=response)
    return list(rows.exclude(item__in=Item.objects.filter(response=response).values("pk"))[:SHOWN])


def _add(score: Score, life: Life, part: Fraction) -> None:
    score.submitted += life.submitted
    score.adopted += life.adopted
    score.notes += life.notes
    score.points += part
