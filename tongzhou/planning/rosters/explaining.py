"""Why a place stays empty: of all who might take it, how many are kept from it by which rule."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongzhou.planning.rosters.case import Case, Person, Shift, Span
from tongzhou.planning.rosters.rest import Reason, breaches
from tongzhou.planning.rosters.scoring import Pairs
from tongzhou.planning.rosters.seats import short


@dataclass(frozen=True)
class Unmet:
    """`number` places of a shift that ask for `skill` are empty. `why` counts the people by what keeps them; one who is free is in none."""

    shift: str
    skill: str
    number: int
    why: tuple[tuple[Reason, int], ...]
    free: int = 0  # people whom no rule keeps from it: they would have to be spared elsewhere


def unmet(case: Case, pairs: Pairs) -> tuple[Unmet, ...]:
    """Every empty place of the roster, shift by shift, with its reasons."""
    people = {person.key: person for person in case.people}
    shifts = {shift.key: shift for shift in case.shifts}
    duties: dict[str, list[Span]] = {person.key: list(person.busy) for person in case.people}
    there: dict[str, list[Person]] = defaultdict(list)
    for shift, person in pairs:
        duties[person].append(shifts[shift].span)
        there[shift].append(people[person])
    found = []
    for one in sorted(case.shifts, key=lambda shift: (shift.span, shift.key)):
        for skill, number in sorted(short(one.places, [person.skills for person in there[one.key]]).items()):
            why, free = reasons(case, one, skill, duties)
            found.append(Unmet(one.key, skill, number, why, free))
    return tuple(found)


def reasons(
    case: Case, shift: Shift, skill: str, duties: Mapping[str, Sequence[Span]]
) -> tuple[tuple[tuple[Reason, int], ...], int]:
    """People by the first thing that keeps each from the place, the commonest first; and how many nothing keeps."""
    counts: Counter[Reason] = Counter()
    free = 0
    for person in case.people:
        kept = breaches(case.rules, person, shift.span, duties[person.key], skill)
        if kept:
            counts[kept[0].reason] += 1
        else:
            free += 1
    return tuple(counts.most_common()), free
