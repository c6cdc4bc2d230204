"""What a resident is told without being known: communities and buildings to choose from, and where and when to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Response, Unit
from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import AREAS, Campaign, Home, Point
from tongzhou.modules.testing.workflow import CampaignState, PointState

UNDER_WAY = (CampaignState.DRAFT, CampaignState.OPEN, CampaignState.CLOSED)
SHOWN = 12  # buildings offered at once

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Where:
    """Where a family lives as its telephone says it (the community's mark, the building's place), and its running number there."""

    zone: int = 0
    home: str = ""
    turn: int = 0


@dataclass(frozen=True)
class Place:
    """A point in a campaign that goes on: its window, and the slot in it that is proposed. `was` is the point told before, `why` it changed."""

    campaign: str
    point: str
    where: str
    window: Span | None
    slot: Span | None
    home: str = ""
    was: str = ""
    why: str = ""

    @property
    def elsewhere(self) -> bool:
        return bool(self.was) and self.was != self.point


def communities(response: Response) -> QuerySet[Unit]:
    """Streets and communities of the area that answers."""
    paths = list(response.roots.values_list("path", flat=True))
    within = reduce(or_, (Q(path__startswith=path) for path in paths), Q(pk__in=[]))
    return Unit.objects.filter(within, kind__in=AREAS).order_by("path")


def homes(response: Response) -> QuerySet[Home]:
    """Buildings of the campaigns that are prepared or under way."""
    states = (CampaignState.DRAFT, CampaignState.OPEN)
    return Home.objects.filter(campaign__response=response, campaign__state__in=states)


def homes_like(response: Response, text: str, unit: Unit | None = None) -> list[Home]:
    """Buildings whose name has these words, each once; those of the community first. Nothing typed: none."""
    words = text.split()
    if not words:
        return []
    rows = homes(response).filter(*(Q(name__icontains=word) for word in words)).select_related("unit")
    rows = rows.order_by("name", "area", "key", "-campaign__happened_on")[: SHOWN * 4]
    each = {one.place: one for one in reversed(list(rows))}
    best = sorted(each.values(), key=lambda one: (one.name != text.strip(), unit is None or one.unit_id != unit.pk))
    return best[:SHOWN]


def home_at(response: Response, place: str) -> Home | None:
    area, _slash, key = place.rpartition("/")
    rows = homes(response).filter(area=area, key=key).select_related("unit").order_by("-campaign__happened_on")
    return rows.first() if key else None


def places(response: Response, told: Where, now: datetime) -> list[Place]:
    """Where and when to come, for each campaign that goes on: as the plan says for the building; else for the community; else points of
    the community and of what lies around it, at a quarter of an hour that their tables can take.
    """
    areas = list(communities(response))
    unit = next((one for one in areas if rules.mark(one.code) == told.zone), None)
    goes_on = Q(ends_at=None) | Q(ends_at__gt=now)
    found: list[Place] = []
    for campaign in Campaign.objects.filter(goes_on, response=response, state=CampaignState.OPEN).order_by(
        "begins_at", "name"
    ):
        own = _own(campaign, told, unit)
        found += _planned(campaign, own, told, now) if own else _around(campaign, unit, areas, told, now)
    return found


def _own(campaign: Campaign, told: Where, unit: Unit | None) -> list[Home]:
    """The building; or all of the community, by the plan."""
    area, _slash, key = told.home.rpartition("/")
    rows = campaign.homes.select_related("point")
    building = list(rows.filter(area=area, key=key)) if key else []
    return building or (list(rows.filter(unit=unit)) if unit else [])


def _planned(campaign: Campaign, own: list[Home], told: Where, now: datetime) -> list[Place]:
    """A place for each point to which these buildings go."""
    found = []
    for point in {one.point_id: one.point for one in own}.values():
        here = [one for one in own if one.point_id == point.pk]
        only = here[0] if len(own) == 1 else None
        begin = rules.called(told.turn, _together(here))
        slot = _span(campaign.happened_on, begin, here[0].minutes) if begin is not None else None
        found.append(Place(
            str(campaign), point.name, point.place, _window(campaign), _ahead(slot, now), only.name if only else "",
            only.was if only else "", only.why if only else "",
        ))  # fmt: skip
    return found


def _together(own: Iterable[Home]) -> list[rules.Call]:
    found: dict[int, int] = {}
    for begin, people in (call for one in own for call in one.calls):
        found[begin] = found.get(begin, 0) + people
    return sorted(found.items())


def _around(campaign: Campaign, unit: Unit | None, areas: list[Unit], told: Where, now: datetime) -> list[Place]:
    if unit is None:
        return []
    around = [unit.path[: i + 1] for i, letter in enumerate(unit.path) if letter == "/" and i]
    rows = campaign.points.filter(unit__path__in=around).exclude(state=PointState.CLOSED).select_related("unit")
    window = _window(campaign)
    return [
        Place(str(campaign), point.name, point.place, window, _ahead(_quarter(campaign, point, unit, areas, told), now))
        for point in rows.order_by("name")
    ]


def _quarter(campaign: Campaign, point: Point, unit: Unit, areas: list[Unit], told: Where) -> Span | None:
    """From what the point's tables take, since no plan says."""
    window = _window(campaign)
    if window is None:
        return None
    sharing = [one.pk for one in areas if one.path.startswith(point.unit.path)]
    per_hour = rulebook.in_force("testing", "hours", campaign.happened_on)["people_per_table"]
    quarters = max(1, (window[1] - window[0]) // rules.QUARTER)
    calls = rules.shares(
        quarters, rules.room(point.tables, per_hour), point.expected, sharing.index(unit.pk) if unit.pk in sharing else 0, max(1, len(sharing))
    )  # fmt: skip
    begin = window[0] + (rules.called(told.turn, calls) or 0) * rules.QUARTER
    return begin, min(begin + rules.QUARTER, window[1])


def _window(campaign: Campaign) -> Span | None:
    return (campaign.begins_at, campaign.ends_at) if campaign.begins_at and campaign.ends_at else None


def _span(day: date, minute: int, length: int) -> Span:
    begin = datetime.combine(day, time(), timezone.get_current_timezone()) + timedelta(minutes=minute)
    return begin, begin + timedelta(minutes=length)


def _ahead(slot: Span | None, now: datetime) -> Span | None:
    """Once it is over they come when they can."""
    return slot if slot and slot[1] > now else None


def under_way() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state__in=UNDER_WAY, response__ended_on=None)


def in_use(since: date) -> bool:
    """Whether the register of residents still serves: a campaign is under way, or was settled since that day, in a response that goes on."""
    settled = Campaign.objects.filter(state=CampaignState.RECONCILED, source="", happened_on__gte=since)
    return under_way().exists() or settled.filter(response__ended_on=None).exists()
