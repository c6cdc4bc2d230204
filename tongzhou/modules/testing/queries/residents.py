"""What a resident is told without being known: communities to choose from, and where and when to come."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from tongzhou.kernel.models import Response, Unit
from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import Campaign, Point
from tongzhou.modules.testing.queries.session import mark
from tongzhou.modules.testing.workflow import CampaignState, PointState

UNDER_WAY = (CampaignState.DRAFT, CampaignState.OPEN, CampaignState.CLOSED)
AREAS = (Unit.Kind.STREET, Unit.Kind.COMMUNITY)


@dataclass(frozen=True)
class Place:
    """A point for the person's community in a campaign that goes on: its window, and the quarter of an hour in it that is proposed."""

    campaign: str
    point: str
    where: str
    window: tuple[datetime, datetime] | None
    slot: tuple[datetime, datetime] | None


def communities(response: Response) -> QuerySet[Unit]:
    """Streets and communities of the area that answers."""
    paths = list(response.roots.values_list("path", flat=True))
    within = reduce(or_, (Q(path__startswith=path) for path in paths), Q(pk__in=[]))
    return Unit.objects.filter(within, kind__in=AREAS).order_by("path")


def places(response: Response, zone: int, family: bytes, now: datetime) -> list[Place]:
    """Points that are for the community with this mark: those of the unit itself and of what lies around it."""
    unit = next((one for one in communities(response) if mark(one.code) == zone), None)
    if unit is None:
        return []
    around = [unit.path[: i + 1] for i, letter in enumerate(unit.path) if letter == "/" and i]
    goes_on = Q(campaign__ends_at=None) | Q(campaign__ends_at__gt=now)
    rows = Point.objects.filter(goes_on, response=response, campaign__state=CampaignState.OPEN, unit__path__in=around)
    rows = rows.exclude(state=PointState.CLOSED).select_related("campaign").order_by("campaign__begins_at", "name")
    return [_place(point, family, now) for point in rows]


def _place(point: Point, family: bytes, now: datetime) -> Place:
    campaign = point.campaign
    assert campaign is not None
    window = slot = None
    if campaign.begins_at and campaign.ends_at:
        window = campaign.begins_at, campaign.ends_at
        proposed = rules.slot(family, *window)
        slot = proposed if proposed[1] > now else None  # it is over: they come when they can
    return Place(str(campaign), point.name, point.place, window, slot)


def under_way() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state__in=UNDER_WAY, response__ended_on=None)


def in_use(since: date) -> bool:
    """Whether the register of residents still serves: a campaign is under way, or was settled since that day, in a response that goes on."""
    settled = Campaign.objects.filter(state=CampaignState.RECONCILED, source="", happened_on__gte=since)
    return under_way().exists() or settled.filter(response__ended_on=None).exists()
