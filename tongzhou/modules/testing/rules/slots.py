"""When to come. Everyone who registers has a running number in their building or community; a family comes by the number of its first.

A plan says how many people of a building are called in which slot; where there is none, the slots are cut from what a point's tables can
take. Either way the numbers fill slot after slot, so that nobody's answer depends on who else registers later.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2b

QUARTER = timedelta(minutes=15)
# where the slot begins (minute of the day, or number of the quarter); people who are called then
Call = tuple[int, int]


def called(turn: int, calls: Sequence[Call]) -> int | None:
    """Where the slot begins of the person with this number; None where nobody is called.

    More people than were planned for are spread over the same slots again, as evenly as before.
    """
    total = sum(people for _begin, people in calls)
    if total <= 0:
        return None
    left = turn % total
    for begin, people in calls:
        if left < people:
            return begin
        left -= people
    return None


def shares(quarters: int, room: int, expected: int | None, place: int = 0, places: int = 1) -> list[Call]:
    """The quarters of an hour of one of the `places` that share a point, in the order in which it fills them.

    room      people whom the point's tables take in a quarter
    expected  people who are to come to the point; unknown: as many as it can take
    Level: each quarter is for as many people as the others. Never over `room` while the whole window has room for those expected.
    Places begin at different quarters, so that those who come from the first are not all there at once.
    """
    quarters = max(1, quarters)
    level = max(1, -(-expected // quarters) if expected else room)
    each = max(1, level // places)
    first = place * quarters // places
    return [((first + n) % quarters, each) for n in range(quarters)]


def room(tables: int, per_hour: int) -> int:
    """People whom so many tables take in a quarter of an hour."""
    return tables * per_hour // 4


def place_mark(place: str) -> int:
    """63 bits by which a building or community is known in the register without its name."""
    return int.from_bytes(blake2b(place.encode(), digest_size=8).digest()) >> 1
