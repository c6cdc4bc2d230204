"""Places and people of one time: who can fill which."""

from collections import Counter
from collections.abc import Sequence

from tongzhou.planning.rosters.case import ANYONE


def short(places: Sequence[str], people: Sequence[frozenset[str]]) -> dict[str, int]:
    """How many places of each skill stay empty when these people fill as many as they can; skilled places are filled first."""
    taken = set(seated(places, people).values())
    return dict(Counter(skill for place, skill in enumerate(places) if place not in taken))


def seated(places: Sequence[str], people: Sequence[frozenset[str]]) -> dict[int, int]:
    """{person: place}, as many places filled as can be, skilled ones first."""
    holder: dict[int, int] = {}
    for place in sorted(range(len(places)), key=lambda i: places[i] == ANYONE):
        _seat(place, places, people, holder, set())
    return holder


def _seat(
    place: int, places: Sequence[str], people: Sequence[frozenset[str]], holder: dict[int, int], asked: set[int]
) -> bool:
    """Find someone for the place, moving others to places they can take as well."""
    able = [one for one, skills in enumerate(people) if places[place] == ANYONE or places[place] in skills]
    free = next((one for one in able if one not in holder), None)
    if free is not None:
        holder[free] = place
        return True
    for one in able:
        if one not in asked:
            asked.add(one)
            if _seat(holder[one], places, people, holder, asked):
                holder[one] = place
                return True
    return False
