"""Reads that join or aggregate: what a round has to visit and who does, coverage, repeat offenders, who answers for a place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from tongzhou.kernel import access
from tongzhou.kernel.models import Person, Response, Unit
from tongzhou.modules.inspections import rules
from tongzhou.modules.inspections.models import Assignment, Finding, Place, Round, Stop, Visit
from tongzhou.modules.inspections.workflow import READ, RECTIFY, FindingState, PlaceState, RoundState, VisitState


@dataclass(frozen=True)
class Call:
    """One place of a round: who inspects it, and the visit that was made, if one was."""

    place: Place
    people: list[Person]
    visit: Visit | None

    @property
    def result(self) -> str:
        return self.visit.result if self.visit else ""


def calls(round: Round) -> list[Call]:
    """Every place of the round, in the register's order. Three queries."""
    stops = round.stops.select_related("place", "place__unit")
    made = round.visits.filter(repeat=False, state=VisitState.MADE).select_related("response")
    visits = {visit.place_id: visit for visit in made}
    areas = assigned(round)
    return [Call(stop.place, rules.reaching(stop.place.unit.path, areas), visits.get(stop.place_id)) for stop in stops]


def assigned(round: Round) -> dict[str, list[Person]]:
    """Inspectors by the path of the area they have in this round."""
    areas: dict[str, list[Person]] = defaultdict(list)
    for one in round.assignments.select_related("person", "unit"):
        areas[one.unit.path].append(one.person)
    return areas


def mine(round: Round, person: Person) -> list[Call]:
    return [call for call in calls(round) if person in call.people]


def cover(found: Iterable[Call]) -> rules.Cover:
    return rules.cover(call.result for call in found)


@dataclass(frozen=True)
class Row:
    """Coverage of one street, or of one type of place."""

    label: Any
    cover: rules.Cover


def by_street(found: Sequence[Call]) -> list[Row]:
    groups: dict[Unit, list[Call]] = defaultdict(list)
    for call in found:
        groups[call.place.unit].append(call)
    return [Row(unit, cover(rows)) for unit, rows in sorted(groups.items(), key=lambda pair: pair[0].path)]


def by_type(found: Sequence[Call]) -> list[Row]:
    kinds = [(kind, [call for call in found if call.place.type == kind]) for kind in Place.Type]
    return [Row(kind.label, cover(rows)) for kind, rows in kinds if rows]


def to_visit(types: Sequence[str], areas: Sequence[Unit], response: Response) -> QuerySet[Place]:
    """Places of these types in these areas that are open today."""
    inside = access.within([unit.path for unit in areas])
    return Place.objects.filter(inside, response=response, state=PlaceState.OPEN, type__in=types)


def rounds_to_walk(person: Person) -> QuerySet[Round]:
    """Rounds that go on in which a place of this person's areas has not been visited."""
    areas = Assignment.objects.filter(person=person, round__state=RoundState.BEGUN).select_related("unit")
    found = Q(pk__in=())
    for one in areas:
        seen = Visit.objects.filter(
            round=OuterRef("round"), place=OuterRef("place"), repeat=False, state=VisitState.MADE
        )
        left = Stop.objects.filter(~Exists(seen), round=one.round_id, place__unit__path__startswith=one.unit.path)
        found |= Q(pk__in=left.values("round"))
    return Round.objects.filter(found)


# -- findings


@dataclass(frozen=True)
class Repeat:
    """A place at which the same thing was found again."""

    place: Place
    code: str
    times: int
    last: Any
    words: str


def repeats(response: Response, person: Person) -> list[Repeat]:
    """Places with the same item found on two days or more, worst first, as far as the person reaches. Two queries."""
    rows = access.visible(Finding.objects.filter(response=response), person, READ)
    rows = rows.exclude(state=FindingState.WITHDRAWN).exclude(code=rules.FREE)
    found = (
        rows.order_by()
        .values("place", "code")
        .annotate(times=Count("visit", distinct=True), last=Max("happened_on"), words=Max("text"))
    )
    worst = list(found.filter(times__gte=2).order_by("-times", "-last", "place", "code")[:200])
    places = Place.objects.select_related("unit", "response").in_bulk([row["place"] for row in worst])
    return [Repeat(places[row["place"]], row["code"], row["times"], row["last"], row["words"]) for row in worst]


def of_round(round: Round, person: Person) -> QuerySet[Finding]:
    """The round's findings as the lists show them."""
    rows = access.visible(Finding.objects.filter(round=round), person, READ).exclude(state=FindingState.WITHDRAWN)
    return rows.select_related(
        "place", "place__unit", "visit", "response", "unit", "found_by", "rectified_by", "rechecked_by"
    ).order_by("place__unit__path", "place__name", "code", "pk")


def answerable(place: Place) -> list[Person]:
    """Who is told of a notice to this place: its owner and those who answer for its street, not everybody above it."""
    parent = place.unit.parent_id
    near = Q(grants__unit=place.unit_id) | (Q(grants__unit=parent) if place.unit.kind == Unit.Kind.COMMUNITY else Q())
    held = access.holders(RECTIFY, place.unit).filter(near, grants__role__in=access.CAPABILITIES[RECTIFY].roles)
    owner = [place.owner] if place.owner else []
    return list(dict.fromkeys([*owner, *held]))


def persistent(rows: QuerySet[Finding], today: Any) -> QuerySet[Finding]:
    """Findings under notice that may be handed to an authority; `rules.is_persistent` as a question to the database."""
    limit = rules.persistence(today)
    late = today - limit.overdue
    return rows.filter(Q(reopened__gte=limit.reopened) | Q(due_on__lt=late), state=FindingState.NOTICED)
