"""The account of a campaign: what the system holds against what lies on the table, every difference named; and when it will be over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Account:
    """`system` are tubes with somebody in them, `boxed` those named into boxes, `counted` by hand before the seal, `received` by the laboratory;
    `people` swabbed persons, `resulted` those whose tube has a result. `differences`: how many of each kind (queries/differences.py)
    have to be named. Totals that agree say nothing: one tube missing and one strange make two differences.
    """

    system: int
    boxed: int
    counted: int
    received: int
    people: int
    resulted: int
    differences: Mapping[str, int] = field(default_factory=dict)
    over_full: int = 0
    used_twice: int = 0
    undecided: int = 0
    unclosed_boxes: int = 0

    @property
    def tested(self) -> int:
        """Tubes that have a result."""
        return self.system - self.differences.get("waiting", 0)

    @property
    def people_waiting(self) -> int:
        return self.people - self.resulted

    @property
    def balanced(self) -> bool:
        """Nothing is left to be explained."""
        return not (any(self.differences.values()) or self.people_waiting or self.undecided)


def forecast_end(now: datetime, done: int, expected: int, last_hour: int) -> datetime | None:
    """When all who are expected will have come, at the pace of the last hour; None when nobody came in it or nobody is awaited."""
    left = expected - done
    if left <= 0:
        return now if expected else None
    if last_hour <= 0:
        return None
    return now + timedelta(hours=left / last_hour)


def missing_tables(left: int, at_work: int, hours: float, per_hour: int) -> int:
    """Tables that a point is short of for swabbing all who are left in the hours that are left; negative: as many may help elsewhere.

    While anybody is awaited one stays. 0 where no time is left: nothing sensible can be said.
    """
    if hours <= 0:
        return 0
    needed = max(1, ceil(left / (hours * per_hour) - 1e-9)) if left > 0 else 0
    return needed - at_work
