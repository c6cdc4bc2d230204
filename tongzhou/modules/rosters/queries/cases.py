"""A roster as plain values for the planner: people, their wishes, what they have already, and the places still to be filled."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from tongzhou.kernel import rulebook
from tongzhou.modules.rosters.models import Crew, Duty, Roster, Shift, Wish
from tongzhou.modules.rosters.models.duty import local
from tongzhou.modules.rosters.workflow import STANDING, CrewState, RosterState, ShiftState
from tongzhou.planning import rosters as planning
from tongzhou.planning.rosters import Case, Person, Rules, Span

# duties so long before and after a time still matter: seven days of hours, and a row of nights
AROUND = timedelta(days=8)
WEIGHTS = {Wish.Kind.RATHER_NOT: 6, Wish.Kind.RATHER: 3}  # points: hours of unfairness that a wish is worth


def rest_rules(day: date) -> Rules:
    """The rules of rest as they hold on this day."""
    values = dict(rulebook.in_force("rosters", "rest", day).values)
    return Rules(**{name: values[name] for name in Rules.__dataclass_fields__})


def crew_of(roster: Roster) -> QuerySet[Crew]:
    """Who may be put on the roster: the people in the pool of its unit and of the units below."""
    rows = Crew.objects.filter(response=roster.response_id, unit__path__startswith=roster.unit.path)
    return rows.filter(state=CrewState.ACTIVE, person__is_active=True).select_related("person", "unit")


def people_of(roster: Roster) -> list[Crew]:
    """Who may be put on the roster, each once: who is in the pools of two units is one person with the skills of both."""
    said = Prefetch("wishes", Wish.objects.filter(day__range=(roster.first_on, roster.last_on)))
    found: dict[UUID, Crew] = {}
    for one in crew_of(roster).prefetch_related(said).order_by("person__pinyin", "person_id", "unit__path"):
        if known := found.get(one.person_id):
            known.skills = f"{known.skills}、{one.skills}"
        else:
            found[one.person_id] = one
    return list(found.values())


def case_of(roster: Roster, shifts: Iterable[Shift] | None = None) -> Case:
    """What is left to plan. Duties that people have, here or in other rosters, stay; the places they take are no longer asked for."""
    rows = roster.shifts.filter(state=ShiftState.PLANNED).select_related("post", "unit") if shifts is None else shifts
    shifts = list(rows)
    crew = people_of(roster)
    there = Duty.objects.filter(shift__in=[shift.pk for shift in shifts], state__in=STANDING)
    taken = standing_skills(there)
    days = planning.Span(_midnight(roster.first_on), _midnight(roster.last_on + timedelta(days=1)))
    busy = busy_spans([one.person_id for one in crew], days)
    return Case(
        tuple(_person(one, busy.get(one.person_id, ())) for one in crew),
        tuple(_shift(shift, taken.get(shift.pk, [])) for shift in shifts),
        rest_rules(roster.first_on), within=days,
    )  # fmt: skip


def busy_spans(people: Iterable[UUID], span: Span) -> dict[UUID, tuple[Span, ...]]:
    """The duties of these people in and around a time, in rosters that stand: their times by person."""
    found: dict[UUID, list[Span]] = defaultdict(list)
    for person, starts, ends in _standing(people, span).values_list("person", "shift__starts_at", "shift__ends_at"):
        found[person].append(Span(local(starts), local(ends)))
    return {person: tuple(sorted(spans)) for person, spans in found.items()}


def _standing(people: Iterable[UUID], span: Span) -> QuerySet[Duty]:
    zone = timezone.get_current_timezone()
    first, last = ((moment + by).replace(tzinfo=zone) for moment, by in ((span.start, -AROUND), (span.end, AROUND)))
    rows = Duty.objects.filter(person__in=list(people), state__in=STANDING, shift__ends_at__gt=first)
    return rows.filter(shift__starts_at__lt=last).exclude(roster__state=RosterState.DISCARDED)


def short_of(shift: Shift, standing: Iterable[frozenset[str]]) -> dict[str, int]:
    """Empty places by skill, when people who can do these things stand the shift."""
    return planning.short(places(shift), list(standing))


def standing_skills(duties: Iterable[Duty]) -> dict[UUID, list[frozenset[str]]]:
    """For each shift what those can do who stand it. One query."""
    rows = [row for row in duties if row.person_id and row.shift_id]
    skills = skills_of({row.person_id for row in rows if row.person_id}, rows[0].response_id) if rows else {}
    found: dict[UUID, list[frozenset[str]]] = defaultdict(list)
    for row in rows:
        if row.shift_id and row.person_id:
            found[row.shift_id].append(row.can(skills[row.person_id]))
    return found


def places(shift: Shift) -> tuple[str, ...]:
    """The skill of each place."""
    return tuple(skill for skill, number in shift.places for _one in range(number))


def skills_of(people: Iterable[UUID], response: Any) -> dict[UUID, frozenset[str]]:
    """What each person can do, by all the pools they are in."""
    found: dict[UUID, frozenset[str]] = defaultdict(frozenset)
    for one in Crew.objects.filter(response=response, person__in=list(people)):
        found[one.person_id] |= one.skill_set()
    return found


def _person(crew: Crew, busy: tuple[Span, ...]) -> Person:
    cannot, wishes = [], []
    for wish in crew.wishes.all():
        span = Span(_midnight(wish.day), _midnight(wish.day + timedelta(days=1)))
        if wish.kind == Wish.Kind.CANNOT:
            cannot.append(span)
        else:
            weight = WEIGHTS[Wish.Kind(wish.kind)]
            wishes.append(planning.Wish(span, on=wish.kind == Wish.Kind.RATHER, weight=weight))
    return Person(str(crew.person_id), crew.skill_set(), tuple(cannot), tuple(wishes), busy, crew.unit.path)


def _shift(shift: Shift, taken: list[frozenset[str]]) -> planning.Shift:
    asked = places(shift)
    filled = set(planning.seated(asked, taken).values())
    left = [skill for place, skill in enumerate(asked) if place not in filled]
    needs = tuple((skill, left.count(skill)) for skill in dict.fromkeys(left))
    return planning.Shift(str(shift.pk), str(shift.post_id), shift.span, needs, shift.unit.path)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
