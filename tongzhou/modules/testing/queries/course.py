"""The campaign against its plan: who was to have come by now, and where tables are needed or may be spared."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as clock
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import override

from tongzhou.kernel import rulebook
from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import Campaign, Count, Point
from tongzhou.modules.testing.queries.live import CHANGE, MOST_KEPT, QUARTER, Live, PointLine, live
from tongzhou.modules.testing.workflow import CampaignState, PointState

KEPT_FOR = 30.0  # seconds: a plan changes when another is adopted
Awaited = dict[UUID, Counter[int]]  # of each point: people by quarter of an hour since 1970
_kept: dict[UUID, tuple[float, Awaited]] = {}


@dataclass(frozen=True, slots=True)
class PointCourse:
    """`due` were called before the quarter of an hour that runs, None at a point that no plan knows; `tables` are missing, or too many if
    negative.
    """

    line: PointLine
    due: int | None
    tables: int

    @property
    def late(self) -> int | None:
        """Called and not swabbed: they queue, or did not come. None where nobody knows."""
        return None if self.due is None else max(0, self.due - self.line.done)

    @property
    def spare(self) -> int:
        return -self.tables


@dataclass(frozen=True, slots=True)
class Course:
    """`plan` are people by quarter of an hour (its beginning) over all points, empty without a plan; `per_hour` what a table takes."""

    seen: Live
    points: list[PointCourse]
    plan: dict[datetime, int]
    per_hour: int

    @property
    def planned(self) -> bool:
        return bool(self.plan)

    @property
    def staffed(self) -> bool:
        return any(one.tables for one in self.points)


def course(campaign: Campaign) -> Course:
    with override(settings.LANGUAGE_CODE):  # what is kept for a second is shown to readers of either language
        seen = live(campaign)
        closed = {one.key for one in seen.points if one.state == str(PointState.CLOSED.label)}
    awaited, this = _awaited(campaign), int(seen.at.timestamp()) // QUARTER
    per_hour: int = rulebook.in_force("testing", "hours", campaign.happened_on)["people_per_table"]
    hours = _hours_left(campaign, seen.at)
    rows = [
        PointCourse(
            one,
            sum(n for quarter, n in awaited[one.key].items() if quarter < this) if one.key in awaited else None,
            0 if one.key in closed else rules.missing_tables(one.expected - one.done, one.devices, hours, per_hour),
        )
        for one in seen.points
    ]
    return Course(seen, rows, _by_time(sum(awaited.values(), Counter[int]())), per_hour)


def at_point(point: Point) -> tuple[dict[datetime, int], dict[datetime, int]]:
    """Swabbed at one point, and called there by the plan, by quarter of an hour (its beginning)."""
    assert point.campaign is not None
    rows = Count.objects.filter(campaign=point.campaign_id, device__point=point, verdict__in=CHANGE).order_by()
    done = Counter[int]()
    for quarter, verdict, n in rows.values_list("quarter", "verdict").annotate(total=Sum("n")):
        done[quarter] += n * CHANGE[verdict]
    return _by_time({quarter: n for quarter, n in done.items() if n}), _by_time(
        _awaited(point.campaign).get(point.pk, {})
    )


def _by_time(quarters: Mapping[int, int]) -> dict[datetime, int]:
    return {datetime.fromtimestamp(quarter * QUARTER, UTC): quarters[quarter] for quarter in sorted(quarters)}


def _hours_left(campaign: Campaign, now: datetime) -> float:
    """Until sampling ends; 0 where it has not begun or its end is not known."""
    going = campaign.state == CampaignState.OPEN and (campaign.begins_at is None or campaign.begins_at <= now)
    return max(0.0, (campaign.ends_at - now).total_seconds() / 3600) if going and campaign.ends_at else 0.0


def _awaited(campaign: Campaign) -> Awaited:
    when, found = _kept.get(campaign.pk, (0.0, None))
    if found is None or time.monotonic() - when > KEPT_FOR:
        midnight = datetime.combine(campaign.happened_on, clock(), timezone.get_current_timezone())
        first, found = int(midnight.timestamp()) // QUARTER, Awaited()
        for point, calls in campaign.homes.values_list("point", "calls"):
            here = found.setdefault(point, Counter())
            for minute, people in calls:
                here[first + minute * 60 // QUARTER] += people
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[campaign.pk] = time.monotonic(), found
    return found
