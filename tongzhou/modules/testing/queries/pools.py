"""A tube that is not negative: whose swabs came late, of whom nobody knows who they are, and where its people live."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from tongzhou.kernel.models import Response, Unit
from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import Campaign, CheckIn, Conflict, Home, Pool, PoolPerson, Resident, Tube
from tongzhou.modules.testing.queries.residents import communities
from tongzhou.modules.testing.queries.standing import SAMPLE


@dataclass(frozen=True)
class Dwelling:
    """As far as the register says it: a person known from a card only has neither."""

    unit: Unit | None = None
    building: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.unit or ""), self.building)))


def unnamed(campaign: Campaign, tube: str) -> int:
    """Swabs in the tube that are nobody's: the code could not be read, and they were neither taken back nor dismissed."""
    rows = Conflict.objects.filter(campaign=campaign, tube=tube, fact=SAMPLE, person=None)
    return rows.exclude(decision=Conflict.Decision.DISMISSED).count()


def perhaps_late(campaign: Campaign) -> list[Pool]:
    """Pools whose tube holds a swab that is not on their list: of somebody who came late, was taken back, or is unknown.

    Five statements for all pools; read along the devices that used their tubes, as `persons_in` does.
    """
    pools = Pool.objects.filter(campaign=campaign)
    if not pools.exists():
        return []
    tubes = pools.values("tube")
    devices = list(Tube.objects.filter(campaign=campaign, code__in=tubes).values_list("device", flat=True).distinct())
    own = CheckIn.objects.filter(campaign=campaign, device__in=devices, tube__in=tubes, kind=SAMPLE)
    aside = Conflict.objects.filter(campaign=campaign, tube__in=tubes, stored=False)
    listed = set(PoolPerson.objects.filter(pool__campaign=campaign).values_list("pool__tube", "person"))
    found = {*own.values_list("tube", "person"), *aside.values_list("tube", "person")} - listed
    more = pools.filter(tube__in={tube for tube, _person in found}).select_related(
        "unit", "response", "campaign", "point"
    )
    return list(more.order_by("tube"))


def dwellings(response: Response, residents: Iterable[Resident]) -> dict[UUID, Dwelling]:
    """Where these people live: the register keeps one-way marks, which are compared with those of the places that the house knows."""
    known = list(residents)
    units = {rules.mark(one.code): one for one in communities(response)}
    homes = _homes(response, {one.home for one in known if one.home})
    return {one.key: _dwelling(one, units, homes) for one in known}


def _dwelling(resident: Resident, units: Mapping[int, Unit], homes: Mapping[int, Home]) -> Dwelling:
    home = homes.get(resident.home)
    return Dwelling(units.get(resident.zone) or (home.unit if home else None), home.name if home else "")


def _homes(response: Response, marks: set[int]) -> dict[int, Home]:
    """Buildings by mark, each as the last campaign has it."""
    if not marks:
        return {}
    places = Home.objects.filter(campaign__response=response).values_list("area", "key").distinct().order_by()
    wanted = {place for place in places if rules.place_mark("/".join(place)) in marks}
    rows = Home.objects.filter(campaign__response=response, key__in={key for _area, key in wanted})
    rows = rows.select_related("unit").order_by("campaign__happened_on")
    return {rules.place_mark(one.place): one for one in rows if (one.area, one.key) in wanted}
