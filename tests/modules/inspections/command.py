"""A command post that inspects a street: two inspectors, the street's chief, and the owner of a pharmacy, who has no role."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.modules.inspections import inspecting
from tests.world import World, person
from tongzhou.kernel.models import Person
from tongzhou.modules.inspections import actions
from tongzhou.modules.inspections.models import Finding, Place, Round, Visit


@dataclass
class Scene:
    cast: World
    du: Person
    ding: Person
    ke: Person
    owner: Person
    place: Place
    others: list[Place]
    round: Round

    def visit(self, *wrong: str, at: Place | None = None, by: Person | None = None, **fields: Any) -> Visit:
        return inspecting.visit(self.cast, self.round, at or self.place, wrong, by or self.ding, **fields)

    def finding(self, **fields: Any) -> Finding:
        return inspecting.again(self.visit("G06", **fields).findings.get())

    def noticed(self) -> Finding:
        return actions.findings.issue(self.finding(), by=self.ding)

    def rectified(self) -> Finding:
        return actions.findings.rectify(self.noticed(), by=self.ke, measure="已补齐", pictures=[inspecting.photo()])


def scene(cast: World, unannounced: bool = True) -> Scene:
    """An unannounced round that goes on over the east street, with three pharmacies."""
    units = cast.units
    du, ding = (
        person(name, called, units.command, ("inspector", units.command))
        for name, called in (("du", "杜督导"), ("ding", "丁督导"))
    )
    ke = person("ke", "柯点位", units.street1, ("chief", units.street1))
    owner = person("owner", "店主", units.street1)
    places = [
        inspecting.place(cast, units.street1, name=f"药店{n}", lat=41.0 + n * n / 100, lon=123.0) for n in range(1, 4)
    ]
    Place.objects.filter(pk=places[0].pk).update(owner=owner)
    first = Place.objects.get(pk=places[0].pk)
    usual: dict[str, Any] = {
        "name": "夜间暗访",
        "types": ["pharmacy"],
        "unannounced": unannounced,
        "last_on": timezone.localdate() + timedelta(days=1),
    }
    draft = Round(pk=uuid4(), response=cast.response, unit=units.command, **usual)
    lines = [{"person": one, "area": None} for one in (du, ding)]
    round, _new = actions.rounds.file(draft, by=du, areas=[units.street1], lines=lines)
    return Scene(cast, du, ding, ke, owner, first, places[1:], actions.rounds.begin(round, by=du))
