"""The roster a patient person would write by hand: shift after shift, always whoever has had least so far. The solver starts from it."""

from collections import Counter

from tongzhou.planning.rosters.case import ANYONE, Case, Person, Span
from tongzhou.planning.rosters.rest import breaches
from tongzhou.planning.rosters.scoring import Load, Pairs, load


def greedy(case: Case) -> Pairs:
    """(shift, person). Breaks no rule; leaves a place empty when nobody may take it."""
    duties: dict[str, list[Span]] = {person.key: list(person.busy) for person in case.people}
    loads = {person.key: load(case, person.busy) for person in case.people}
    rare = Counter(skill for person in case.people for skill in person.skills)
    pairs = []
    for shift in sorted(case.shifts, key=lambda one: (one.span, one.key)):
        own = load(case, [shift.span])
        for skill in sorted(shift.places, key=lambda one: (one == ANYONE, rare[one])):
            able = [person for person in case.people if person.may_take(skill)]
            order = sorted(able, key=lambda one: (_burden(case, one, shift.span, own, loads[one.key]), one.key))
            found = next((one for one in order if not breaches(case.rules, one, shift.span, duties[one.key])), None)
            if found:
                duties[found.key].append(shift.span)
                loads[found.key] += own
                pairs.append((shift.key, found.key))
    return pairs


def _burden(case: Case, person: Person, span: Span, own: Load, held: Load) -> float:
    """What the person has had so far of what this shift is, in points; a wish, and skills that may be wanted elsewhere, on top."""
    weights = case.weights
    had = weights.hour * held.minutes / 60
    had += 2 * weights.night * held.nights * own.nights + 2 * weights.weekend * held.weekends * own.weekends
    wished = sum(-wish.weight if wish.on else wish.weight for wish in person.wishes if wish.span.meets(span))
    return had + 4 * wished + len(person.skills)
