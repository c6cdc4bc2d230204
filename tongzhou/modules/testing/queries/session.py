"""What the server knows of a device while it sends. Read once, then kept for some seconds by the gate."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import Count, Max

from tongzhou.kernel import rulebook
from tongzhou.kernel.models import Unit
from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import Campaign, CheckIn, Conflict, Device
from tongzhou.modules.testing.rules import mark
from tongzhou.modules.testing.workflow import DeviceState


@dataclass(frozen=True, slots=True)
class Session:
    """What the server knows of a device while it sends: enough to take a batch without asking the database anything."""

    device: int
    campaign: UUID
    point: UUID | None
    where: str
    station: rules.Station
    enrolled: int  # milliseconds since 1970
    state: str
    secret_hash: str


def session(number: int) -> Session | None:
    """The session of a device, or None where no such device was enrolled."""
    return sessions([number]).get(number)


def sessions(numbers: Collection[int]) -> dict[int, Session]:
    """Those of them that were enrolled at a point. The number of queries grows with units and not with devices: a morning begins with all at once.

    Plain columns and no models: read every few seconds beside the batches, which wait for the interpreter meanwhile.
    """
    rows = Device.objects.filter(number__in=numbers, point__isnull=False).exclude(use=Device.Use.LABORATORY)
    found = list(rows.order_by().values_list(*_COLUMNS, named=True))
    campaigns = Campaign.objects.prefetch_related("zones__unit").in_bulk({one.campaign for one in found})
    station = cache(lambda campaign, path: rules.Station(size(campaigns[campaign], path), marks(path)))
    return {
        one.number: Session(
            one.number, one.campaign, one.point, f"{one.point__name} {one.table}", station(one.campaign, one.point__unit__path),
            int(one.enrolled_at.timestamp() * 1000), one.state, one.secret_hash,
        )
        for one in found
    }  # fmt: skip


_COLUMNS = (
    *("number", "campaign", "point", "point__name", "point__unit__path"),
    *("table", "enrolled_at", "state", "secret_hash"),
)


def laboratory(number: int) -> Device | None:
    """A laboratory whose key is in use."""
    rows = Device.objects.select_related("campaign__unit", "campaign__response", "filed_by")
    return rows.filter(number=number, use=Device.Use.LABORATORY, state=DeviceState.ACTIVE).first()


def size(campaign: Campaign, path: str) -> int:
    """Swabs in one tube where the unit with this path lies: as the smallest zone around it says, else as the campaign does."""
    around = [zone for zone in campaign.zones.all() if path.startswith(zone.unit.path)]
    mode = max(around, key=lambda zone: len(zone.unit.path)).mode if around else campaign.mode
    return in_one_tube(mode, campaign.happened_on)


def in_one_tube(mode: str, day: date) -> int:
    return int(rulebook.in_force("testing", "modes", day)[mode])


def marks(path: str) -> frozenset[int]:
    """The marks of the communities that belong to a point of the unit with this path: its own and all below it."""
    return frozenset(mark(code) for code in Unit.objects.filter(path__startswith=path).values_list("code", flat=True))


def held(session: Session) -> tuple[int, int]:
    """How many facts of the device are kept, wherever, and the highest number among them: by which the device sees what is missing."""
    own = CheckIn.objects.filter(campaign_id=session.campaign, device__number=session.device)
    aside = Conflict.objects.filter(campaign_id=session.campaign, device__number=session.device, stored=False)
    aside = aside.exclude(kind=Conflict.Kind.NUMBER)
    n, last = own.aggregate(n=Count("seq"), last=Max("seq")).values()
    n_aside, last_aside = aside.aggregate(n=Count("seq", distinct=True), last=Max("seq")).values()
    return n + n_aside, max(last or 0, last_aside or 0)
