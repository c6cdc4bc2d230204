"""Reads over coverage: what is due, who is overdue where, who is already known, what has expired."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Response, Unit
from tongzhou.modules.coverage import rules
from tongzhou.modules.coverage.models import Declaration, Evidence, Excuse, Kind, Listing, Roll, Subject
from tongzhou.modules.coverage.workflow import LIST, READ, WORK, DeclarationState, ExcuseState, RollState, SubjectState

MANY = 500  # keys in one statement
COUNTS = ("people", "covered", "due", "overdue", "spared")


def standing() -> QuerySet[Evidence]:
    """Evidence that was not undone."""
    return Evidence.objects.exclude(what=Evidence.What.UNDONE).filter(undone=None)


def due(rows: QuerySet[Subject], on: date) -> QuerySet[Subject]:
    """Those of whom something is due by this day, the longest overdue first; `due_on` says since when."""
    asked = Listing.objects.filter(subject=OuterRef("pk"), next_due__lte=on)
    found = rows.filter(Exists(asked)).annotate(due_on=Min("listings__next_due", filter=Q(listings__next_due__lte=on)))
    return found.order_by("due_on", "pk")


def to_reach(person: Person, on: date) -> QuerySet[Subject]:
    """Whom this person is to test, get in touch with or visit."""
    rows = Subject.objects.filter(access.within(access.reach(person, WORK)), response__ended_on=None)
    return due(rows, on)


def mine(person: Person, on: date) -> QuerySet[Subject]:
    """The person and their family, as far as something is due of them."""
    return due(Subject.objects.filter(declarant=person, response__ended_on=None), on)


def with_listings(rows: QuerySet[Subject]) -> QuerySet[Subject]:
    listed = Listing.objects.select_related("roll", "declaration").order_by("next_due", "key")
    return rows.select_related("unit", "response").prefetch_related(Prefetch("listings", queryset=listed))


def known(response: Response, indexes: Iterable[str]) -> dict[str, Subject]:
    """Subjects by the blind index of who they are."""
    found: dict[str, Subject] = {}
    for part in batched(indexes, MANY):
        rows = Subject.objects.filter(response=response, identity_index__in=part).select_related("unit", "response")
        found |= {str(row.identity_index): row for row in rows}
    return found


def lasts(subjects: Iterable[UUID]) -> dict[UUID, dict[str, date]]:
    """{subject: {what: day of the latest}}."""
    found: dict[UUID, dict[str, date]] = {}
    for part in batched(subjects, MANY):
        rows = standing().filter(subject__in=part).order_by().values_list("subject", "what").annotate(last=Max("day"))
        for subject, what, last in rows:
            found.setdefault(subject, {})[what] = last
    return found


def spared(subjects: Iterable[UUID]) -> dict[UUID, dict[str, date]]:
    """{subject: {kind: until when a reason was accepted}}."""
    found: dict[UUID, dict[str, date]] = {}
    for part in batched(subjects, MANY):
        rows = Excuse.objects.filter(subject__in=part, state__in=(ExcuseState.ACCEPTED, ExcuseState.ENDED)).order_by(
            "until"
        )
        for subject, reason, until in rows.values_list("subject", "reason", "until"):
            found.setdefault(subject, {}).update(dict.fromkeys(rules.EXCUSES[reason], until))
    return found


# -- who is overdue, by kind and unit


@dataclass
class Row:
    """One unit with everything below it, or all: {kind: {count}}."""

    unit: Unit | None
    depth: int = 0
    kinds: dict[str, dict[str, int]] = field(default_factory=lambda: {kind: dict.fromkeys(COUNTS, 0) for kind in Kind})

    def add(self, kind: str, counts: dict[str, int]) -> None:
        for name in COUNTS:
            self.kinds[kind][name] += counts[name]

    def total(self, name: str) -> int:
        return sum(counts[name] for counts in self.kinds.values())

    @property
    def overdue(self) -> int:
        return self.total("overdue")

    @property
    def today(self) -> int:
        return self.total("due")

    @property
    def indent(self) -> range:
        return range(self.depth)

    @property
    def cells(self) -> list[tuple[Kind, dict[str, int], int | None]]:
        """(kind, counts, share covered in percent, rounded down so that 100 means all)."""
        return [
            (kind, counts, counts["covered"] * 100 // counts["people"] if counts["people"] else None)
            for kind, counts in ((kind, self.kinds[kind]) for kind in Kind)
        ]


def progress(response: Response, person: Person, on: date) -> tuple[Row, list[Row]]:
    """All, and each unit with those below it, as the person reaches. Today from the indexed column; a past day is derived again.

    Two or three queries, whatever the number of people. "covered" counts who was reached at least once and is not overdue.
    """
    rows = access.visible(
        Listing.objects.filter(subject__response=response, begins_on__lte=on), person, READ, "subject"
    )
    counted = _now(rows, on) if on >= timezone.localdate() else _then(rows, on)
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={pk for pk, _kind in counted})}
    whole, by_path = Row(None), dict[str, Row]()
    for (pk, kind), counts in counted.items():
        whole.add(kind, counts)
        for path in _above(units[pk].path):
            by_path.setdefault(path, Row(None)).add(kind, counts)
    reach = access.reach(person, READ)
    shown = {unit.path: unit for unit in Unit.objects.filter(path__in=by_path) if unit.path.startswith(reach)}
    least = min((unit.depth for unit in shown.values()), default=0)
    for path, unit in shown.items():
        by_path[path].unit, by_path[path].depth = unit, unit.depth - least
    return whole, [by_path[path] for path in sorted(shown)]


def _now(rows: QuerySet[Listing], on: date) -> dict[tuple[UUID, str], dict[str, int]]:
    """A person on several lists of one kind counts once, by the worst of them."""
    same = Listing.objects.filter(subject=OuterRef("subject"), kind=OuterRef("kind"))
    late, asked, kept = same.filter(next_due__lt=on), same.filter(next_due__lte=on), Q(spared_until__gte=on)
    grouped = rows.annotate(is_late=Exists(late), is_asked=Exists(asked)).order_by().values("subject__unit", "kind").annotate(
        people=Count("subject", distinct=True),
        covered=Count("subject", distinct=True, filter=Q(last_on__isnull=False, is_asked=False) & ~kept),
        due=Count("subject", distinct=True, filter=Q(is_asked=True, is_late=False)),
        overdue=Count("subject", distinct=True, filter=Q(is_late=True)),
        spared=Count("subject", distinct=True, filter=kept),
    )  # fmt: skip
    return {(row["subject__unit"], row["kind"]): {name: row[name] for name in COUNTS} for row in grouped}  # type: ignore[literal-required]  # the names of the annotations


def _then(rows: QuerySet[Listing], on: date) -> dict[tuple[UUID, str], dict[str, int]]:
    """The same for a past day: from the evidence there was by then. Reasons count with the days they cover."""
    seen: dict[UUID, dict[str, date]] = {}
    done = standing().filter(subject__in=rows.order_by().values("subject"), day__lte=on).order_by()
    for subject, what, last in done.values_list("subject", "what").annotate(last=Max("day")):
        seen.setdefault(subject, {})[what] = last
    people: dict[tuple[UUID, str, str], set[UUID]] = {}
    fields = ("subject", "subject__unit", "kind", "schedule", "proof", "begins_on", "ends_on", "spared_until", "over")
    for subject, unit, kind, schedule, proof, begins, ends, until, over in rows.values_list(*fields).iterator(
        chunk_size=2000
    ):
        last = max((day for what, day in seen.get(subject, {}).items() if what in proof), default=None)
        past = over and ends < on
        due_on = None if past else rules.next_due(rules.Schedule.of(schedule), begins, ends, last)
        for name in ("people", rules.status(due_on, last, until, on)):
            people.setdefault((unit, kind, name), set()).add(subject)
    counted: dict[tuple[UUID, str], dict[str, int]] = {}
    for (unit, kind, name), found in people.items():
        late, asked = people.get((unit, kind, "overdue"), set()), people.get((unit, kind, "due"), set())
        worse = {"covered": late | asked, "due": late}.get(name, set())
        counted.setdefault((unit, kind), dict.fromkeys((*COUNTS, "ahead"), 0))[name] = len(found - worse)
    return counted


def _above(path: str) -> Iterator[str]:
    return (path[: i + 1] for i, letter in enumerate(path) if letter == "/" and i)


# -- lists


def counted(rolls: QuerySet[Roll]) -> QuerySet[Roll]:
    today = timezone.localdate()
    return rolls.annotate(
        people=Count("listings"), late=Count("listings", filter=Q(listings__next_due__lt=today)),
        reached=Count("listings", filter=Q(listings__last_on__isnull=False)),
    )  # fmt: skip


def on_roll(roll: Roll) -> QuerySet[Listing]:
    rows = Listing.objects.filter(roll=roll).select_related("subject__unit", "subject__response", "roll")
    return rows.order_by("next_due", "key")


def others(subject: Subject) -> int:
    return subject.listings.values("roll", "declaration").distinct().count()


def declared_by(response: Response, person: Person) -> list[Declaration]:
    """The latest valid declaration for each person this member declared for: themselves first."""
    rows = Declaration.objects.filter(response=response, filed_by=person, state=DeclarationState.VALID)
    rows = rows.filter(subject__state=SubjectState.KEPT).select_related(
        "subject__response", "subject__unit", "response"
    )
    latest = {row.subject_id: row for row in rows.prefetch_related("stays").order_by("happened_on", "filed_at")}
    return sorted(latest.values(), key=lambda row: (not row.subject.is_self, row.filed_at))


# -- expiry


def expired_rolls(on: date) -> QuerySet[Roll]:
    return Roll.objects.filter(keep_until__lt=on).exclude(state=RollState.ERASED)


def to_erase(person: Person, on: date) -> QuerySet[Roll]:
    return expired_rolls(on).filter(access.within(access.reach(person, LIST)))


def expired_subjects(on: date) -> QuerySet[Subject]:
    """Those whom no list and no declaration keeps any longer."""
    listed = Listing.objects.filter(subject=OuterRef("pk"), keep_until__gte=on)
    declared = Declaration.objects.filter(subject=OuterRef("pk"), keep_until__gte=on)
    return Subject.objects.filter(~Exists(listed), ~Exists(declared), state=SubjectState.KEPT)


def late_by_unit(response: Response, person: Person, on: date) -> Sequence[Any]:
    rows = Listing.objects.filter(subject__response=response, next_due__lt=on)
    late = (
        access.visible(rows, person, READ, "subject")
        .order_by()
        .values("subject__unit", "subject__unit__name", "subject__unit__name_en", "subject__unit__code")
    )
    return list(late.annotate(n=Count("subject", distinct=True)).order_by("-n", "subject__unit__path"))
