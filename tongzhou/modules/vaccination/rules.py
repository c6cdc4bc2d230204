"""Rules of a vaccination station that need no database: stock that is conserved, queues, temperatures out of range, counts that fit, keeping.

The queue is a deterministic fluid (Newell, Applications of Queueing Theory, ch. 2): people arrive evenly within a half hour and are served
at the desks' rate. It says what the measured arrivals would have waited with so many desks; it knows nothing of chance within a slot.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

SLOT = 30  # minutes

# What each kind of movement does to the columns of a batch, for one dose. Each keeps
# received = stock + used + wasted + sent + returned; the database checks that too.
EFFECTS: dict[str, dict[str, int]] = {
    "received": {"received": 1, "stock": 1},
    "used": {"stock": -1, "used": 1},
    "unused": {"used": -1, "stock": 1},  # a count set right
    "wasted": {"stock": -1, "wasted": 1},
    "sent": {"stock": -1, "sent": 1},
    "returned": {"stock": -1, "returned": 1},
    "corrected": {"received": 1, "stock": 1},  # the only kind whose quantity may be negative
}
HELD = ("stock", "used", "wasted", "sent", "returned")

KINDS = ("arrived", "passed", "deferred", "consented", "dose", "observed", "left_early", "adverse")


def column(kind: str, detail: str = "") -> str:
    """The total of a session that a count of this kind goes to."""
    return {"dose": "doses", "adverse": f"adverse_{detail}"}.get(kind, kind)


# -- queues


@dataclass(frozen=True)
class Slot:
    """People in one half hour: who came, and who left the queue, vaccinated or deferred."""

    arrived: int
    left: int = 0


@dataclass(frozen=True)
class Wait:
    """`minutes` are the mean over all who came, waited within the hours counted; `slots` the mean queue (people) in each half hour.

    `unserved` still stood there at the end: what they wait afterwards is in nobody's count, and so in no forecast it is held against.
    """

    minutes: float
    longest: float
    unserved: float
    slots: tuple[float, ...] = ()


def measured(slots: Sequence[Slot]) -> Wait | None:
    """The wait as it was counted; None where nobody was counted arriving or leaving.

    Mean wait = area between arrivals and departures / arrivals. `slots` are the half hours in which something was counted, in order: one in
    which nobody counted says nothing, and would pass for people standing there unserved. The queue is never below nobody: a departure
    counted in an earlier slot than its arrival would otherwise lend its time to others.
    """
    came = sum(slot.arrived for slot in slots)
    if not came or not sum(slot.left for slot in slots):
        return None
    queue, area, held, longest = 0, 0.0, [], 0.0
    for slot in slots:
        after = max(queue + slot.arrived - slot.left, 0)
        mean = (queue + after) / 2
        area += mean * SLOT
        held.append(mean)
        if slot.left:
            longest = max(longest, after / slot.left * SLOT)
        queue = after
    return Wait(area / came, longest, queue, tuple(held))


def forecast(arrivals: Sequence[int], desks: int, minutes_per_dose: float) -> Wait | None:
    """What these arrivals would wait with so many desks. Raises ValueError for no desk or a service that takes no time."""
    if desks < 1 or minutes_per_dose <= 0:
        raise ValueError("a queue needs at least one desk, and a service that takes time")
    came = sum(arrivals)
    if not came:
        return None
    rate = desks / minutes_per_dose  # people a minute
    queue, area, held, longest = 0.0, 0.0, [], 0.0
    for arrived in arrivals:
        queue, part, peak = _pass(queue, arrived, rate)
        area += part
        held.append(part / SLOT)
        longest = max(longest, peak / rate)
    return Wait(area / came, longest, queue, tuple(held))


def minutes_per_dose(slots: Sequence[Slot], desks: int) -> float | None:
    """As measured: desk minutes for each who left, in the half hours in which people stood waiting all the time. None without such a slot."""
    queue, busy, left = 0, 0, 0
    for slot in slots:
        after = max(queue + slot.arrived - slot.left, 0)
        if queue and after and slot.left:
            busy, left = busy + SLOT, left + slot.left
        queue = after
    return desks * busy / left if left and desks else None


def _pass(queue: float, arrived: float, rate: float) -> tuple[float, float, float]:
    """One half hour: (queue after it, person-minutes waited in it, the most who waited)."""
    after = queue + arrived - rate * SLOT
    if after >= 0:
        return after, (queue + after) / 2 * SLOT, max(queue, after)
    growth = arrived / SLOT - rate  # negative here
    empty = queue / -growth  # minutes until nobody waits
    return 0.0, queue * empty / 2, queue


# -- temperatures


@dataclass(frozen=True)
class Episode:
    """From the first reading out of range to the first one back in it; `ended` is None while it lasts."""

    began: datetime
    ended: datetime | None
    worst: Decimal


def episodes(readings: Iterable[tuple[datetime, Decimal]], low: Decimal, high: Decimal) -> list[Episode]:
    """Readings in the order of their time. `worst` is the reading furthest from the range, the first of equals."""
    found: list[Episode] = []
    for at, celsius in readings:
        off = away(celsius, low, high)
        running = bool(found) and found[-1].ended is None
        if off and not running:
            found.append(Episode(at, None, celsius))
        elif off and off > away(found[-1].worst, low, high):
            found[-1] = Episode(found[-1].began, None, celsius)
        elif not off and running:
            found[-1] = Episode(found[-1].began, at, found[-1].worst)
    return found


def away(celsius: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """How far out of range; 0 within it. Both limits belong to the range."""
    return max(low - celsius, celsius - high, Decimal(0))


def halves_due(now: datetime, morning_by: str, afternoon_by: str) -> list[str]:
    """Which readings of the day are overdue at this local time: "morning", "afternoon"."""
    limits = {"morning": time.fromisoformat(morning_by), "afternoon": time.fromisoformat(afternoon_by)}
    return [half for half, limit in limits.items() if now.time() >= limit]


def half(at: datetime) -> str:
    return "morning" if at.hour < 12 else "afternoon"


def far_enough(times: Sequence[datetime], hours: int) -> bool:
    """Whether the first and the last reading of a day are so many hours apart."""
    return len(times) > 1 and times[-1] - times[0] >= timedelta(hours=hours)


# -- counts of a session


def faults(totals: Mapping[str, int]) -> list[tuple[str, str]]:
    """Pairs (more, fewer): a count that is larger than the one it comes from. Empty when the counts fit."""
    adverse = sum(number for name, number in totals.items() if name.startswith("adverse_"))
    pairs = [
        ("processed", totals["passed"] + totals["deferred"], "arrived"), ("consented", totals["consented"], "passed"),
        ("doses", totals["doses"], "consented"), ("watched", totals["observed"] + totals["left_early"], "doses"), ("adverse", adverse, "doses"),
    ]  # fmt: skip
    return [(name, limit) for name, number, limit in pairs if number > totals[limit]]


# -- demand and keeping


def waiting(registered: int, served: int) -> int:
    """Never negative: people come who were not registered."""
    return max(registered - served, 0)


def kept_until(expires_on: date, years: int) -> date:
    """The last day on which the record must still be there. 29 February becomes the last of that month."""
    try:
        return expires_on.replace(year=expires_on.year + years)
    except ValueError:
        return expires_on.replace(year=expires_on.year + years, day=28)


def slot_of(at: datetime) -> int:
    """The half hour of a local time, as minutes since midnight."""
    return (at.hour * 60 + at.minute) // SLOT * SLOT


def slots(opens: time, closes: time) -> list[int]:
    """The half hours of a day's work."""
    first, last = (moment.hour * 60 + moment.minute for moment in (opens, closes))
    return list(range(first // SLOT * SLOT, max(last, first + 1), SLOT))


def clock(slot: int) -> str:
    """540 as 09:00."""
    return f"{slot // 60:02}:{slot % 60:02}"
