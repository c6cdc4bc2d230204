"""The board of a campaign, from the counters alone: what it costs depends on devices and quarters of an hour, not on people."""

import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import Q, Sum

from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import Box, Campaign, Count, Pool
from tongzhou.modules.testing.models.conflict import Conflict
from tongzhou.modules.testing.models.point import Device, Point
from tongzhou.modules.testing.rules import Verdict
from tongzhou.modules.testing.rules.verdicts import SWABBED, Counted

QUARTER = 900  # seconds
CHANGE = dict.fromkeys(SWABBED, 1) | {Verdict.CORRECTED: -1}  # of the people swabbed
KEPT_FOR = 1.0  # seconds: however many look, the database is asked this often
MOST_KEPT = 50


@dataclass(slots=True)
class PointLine:
    """A point: swabs so far, those of the last whole quarter of an hour, and what is awaited."""

    name: str
    key: UUID
    state: str
    tables: int
    devices: int
    expected: int
    done: int = 0
    quarter: int = 0

    @property
    def percent(self) -> int:
        return self.done * 100 // self.expected if self.expected else 0


@dataclass(slots=True)
class Live:
    """What the board shows. `quarters` are (beginning, swabs); `ends` is the forecast, None where nothing can be said."""

    at: datetime
    done: int
    expected: int
    last_hour: int
    ends: datetime | None
    verdicts: dict[int, int]
    quarters: list[tuple[datetime, int]]
    points: list[PointLine]
    tubes: int
    closed: int
    boxes: dict[str, int] = field(default_factory=dict)
    resulted: int = 0
    pools: dict[str, int] = field(default_factory=dict)
    undecided: int = 0

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.expected) if self.expected else 0


_kept: dict[UUID, tuple[float, Live]] = {}


def live(campaign: Campaign) -> Live:
    """The board as of now, or as of a second ago."""
    when, found = _kept.get(campaign.pk, (0.0, None))
    if found is None or time.monotonic() - when > KEPT_FOR:
        found = _look(campaign, datetime.now(UTC))
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[campaign.pk] = time.monotonic(), found
    return found


def _look(campaign: Campaign, now: datetime) -> Live:
    """Six statements, whatever the size of the campaign; the counters are added up by the database, once by time and once by point."""
    lines, this = _points(campaign), int(now.timestamp()) // QUARTER
    rows = Count.objects.filter(campaign=campaign).order_by()
    swabs, counted = defaultdict[int, int](int), defaultdict[int, int](int)
    for quarter, verdict, n in rows.values_list("quarter", "verdict").annotate(total=Sum("n")):
        counted[verdict] += n
        swabs[quarter] += n * CHANGE.get(verdict, 0)
    by_point = rows.filter(verdict__in=CHANGE).values_list("device__point", "verdict")
    for point, verdict, n, last in by_point.annotate(total=Sum("n"), last=Sum("n", filter=Q(quarter=this - 1))):
        if point in lines:
            lines[point].done += n * CHANGE[verdict]
            lines[point].quarter += (last or 0) * CHANGE[verdict]
    by_quarter = {quarter: n for quarter, n in swabs.items() if n}
    done, hour = sum(by_quarter.values()), sum(n for quarter, n in by_quarter.items() if this - 4 < quarter <= this)
    # the quarter of an hour that runs is not over
    pace = round(hour / (0.75 + now.timestamp() % QUARTER / QUARTER / 4))
    expected = campaign.expected or sum(one.expected for one in lines.values())
    return Live(
        at=now, done=done, expected=expected, last_hour=hour, ends=rules.forecast_end(now, done, expected, pace),
        verdicts={one: counted[one] for one in Verdict if counted[one]},
        quarters=[(datetime.fromtimestamp(q * QUARTER, UTC), by_quarter[q]) for q in sorted(by_quarter)], points=list(lines.values()),
        tubes=counted[Counted.OPENED], closed=counted[Counted.CLOSED],
        boxes=_states(Box.objects.filter(point__campaign=campaign)), resulted=counted[Counted.RESULT],
        pools=_states(Pool.objects.filter(campaign=campaign)), undecided=Conflict.objects.filter(campaign=campaign, decision="").count(),
    )  # fmt: skip


def _points(campaign: Campaign) -> dict[UUID, PointLine]:
    devices = CountOf("devices", filter=Q(devices__state="active", devices__use=Device.Use.STATION))
    rows = Point.objects.filter(campaign=campaign).annotate(n=devices).order_by("name")
    return {
        one.pk: PointLine(one.name, one.pk, str(one.state_label()), one.tables, one.n, one.expected or 0)
        for one in rows
    }


def _states(rows: object) -> dict[str, int]:
    return dict(rows.order_by().values_list("state").annotate(n=CountOf("pk")))  # type: ignore[attr-defined]  # any of the rooms’ querysets
