"""Who of those who work at one time stands at which post."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from tongzhou.planning.rosters.case import ANYONE, Case, Person, Shift, Span

IMPOSSIBLE, NOT_THE_SKILL, AWAY_FROM_HOME, ELSEWHERE_THAN_LAST = 10**6, 10, 3, 1


def place(case: Case, takers: Mapping[Span, Sequence[Person]]) -> tuple[tuple[str, str], ...]:
    """(shift, person) for everyone who works: at home before elsewhere, and where they were last before another post."""
    shifts: dict[Span, list[Shift]] = defaultdict(list)
    for shift in case.shifts:
        shifts[shift.span].append(shift)
    last: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    for time in sorted(takers):
        seats = [(shift, skill) for shift in shifts[time] for skill in shift.places]
        people = takers[time]
        cost = np.array([[_cost(person, *seat, last) for seat in seats] for person in people])
        for row, column in zip(*linear_sum_assignment(cost), strict=True) if people else ():
            if cost[row, column] < IMPOSSIBLE:
                shift = seats[column][0]
                pairs.append((shift.key, people[row].key))
                last[people[row].key] = shift.post
    return tuple(sorted(pairs))


def _cost(person: Person, shift: Shift, skill: str, last: Mapping[str, str]) -> int:
    if not person.may_take(skill):
        return IMPOSSIBLE
    away = AWAY_FROM_HOME if shift.home and not person.home.startswith(shift.home) else 0
    moved = ELSEWHERE_THAN_LAST if last.get(person.key, shift.post) != shift.post else 0
    wasted = NOT_THE_SKILL if skill == ANYONE and person.skills else 0
    return away + moved + min(wasted, 1)
