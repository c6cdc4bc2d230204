"""The campaign that is played, made through the house's own doors in a synthetic response; and what the database says at the end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import module, steps
from tongzhou.kernel.loading import house
from tongzhou.kernel.models import Response, Unit
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.actions import devices
from tongzhou.modules.testing.models import Campaign, CheckIn, Conflict, Point, Pool
from tongzhou.modules.testing.simulation.town import Arrival, Scenario, Table

HOLDS = timedelta(days=30)  # a resident's code

type Key = tuple[int, str]  # number and secret of a device


@dataclass(frozen=True)
class Place:
    """Where a point stands."""

    name: str
    lat: float | None = None  # WGS-84, as points have it
    lon: float | None = None
    tables: int = 0  # 0: as many as the scenario says
    persons: int = 0  # of whom it is planned; 0 everywhere: as many at each


def tables(places: Sequence[Place], scenario: Scenario) -> list[Table]:
    """Table after table, as telephones are counted."""
    found: list[Table] = []
    for number, (place, part) in enumerate(zip(places, shares(places), strict=True)):
        own = place.tables or scenario.tables
        found += [Table(number, part / own)] * own
    return found


def shares(places: Sequence[Place]) -> list[float]:
    """For each place: its part of all who come."""
    planned = sum(place.persons for place in places)
    return [place.persons / planned if planned else 1 / len(places) for place in places]


@dataclass
class Stage:
    campaign: Campaign
    communities: list[Unit] = field(default_factory=list)  # whose the points are, point after point
    telephones: list[Key] = field(default_factory=list)  # table after table, point after point
    laboratory: Key = (0, "")


def build(stage: Stage, scenario: Scenario, places: Sequence[Place]) -> Iterator[int]:
    """Points, each of a community of its own, tables and telephones; yields how many points stand. Every point opens, then sampling begins."""
    by, campaign = house(), stage.campaign
    stage.communities = _communities(campaign, len(places))
    for number, (place, part) in enumerate(zip(places, shares(places), strict=True)):
        own = place.tables or scenario.tables
        point: Any = Point(
            response=campaign.response, unit=stage.communities[number], campaign=campaign, name=place.name, lat=place.lat,
            lon=place.lon, tables=own, expected=round(scenario.people * part),
        )  # fmt: skip
        point, _new = module.file(point, by=by)
        module.perform(point, "open", by=by)
        for table in range(own):
            made = devices.register(point, by=by, table=table + 1)
            stage.telephones.append((made.device.number, made.secret))
        yield number + 1
    key = devices.laboratory(campaign, by=by, label=__("模拟实验室"))
    stage.laboratory = (key.device.number, key.secret)
    module.perform(campaign, "open", by=by)


def new_campaign(slug: str, scenario: Scenario) -> Campaign:
    """The next round in the response of this name, which is made if it is not there. Raises ValidationError for a real one."""
    response = Response.objects.filter(slug=slug).first() or _response(slug)
    if not response.synthetic:
        raise ValidationError(__("“%(name)s”是真实的响应：模拟只在推演的响应里进行。") % {"name": response})
    number = Campaign.objects.filter(response=response).count() + 1
    name, english = __("模拟第%(n)d轮") % {"n": number}, f"Simulated round {number}"
    made = Campaign(
        response=response, unit=response.lead, name=name, name_en=english, expected=scenario.people, mode=_mode(scenario.size)
    )  # fmt: skip
    return module.file(made, by=house())[0]


def _response(slug: str) -> Response:
    unit = Unit(code=slug, name=f"模拟区（{slug}）", name_en=f"Simulated district ({slug})", kind="district")
    unit.place()
    steps.file(unit, by=house(), needs="people.manage")
    name, english = f"核酸检测模拟（{slug}）", f"Simulated testing ({slug})"
    made = Response(slug=slug, name=name, name_en=english, lead=unit, began_on=timezone.localdate(), synthetic=True)
    steps.file(made, by=house(), needs="people.manage")
    made.roots.set([unit])
    return made


def _communities(campaign: Campaign, n: int) -> list[Unit]:
    """The first `n` of the response's made-up communities; those that an earlier round did not need are made."""
    codes = [f"{campaign.response.slug}-{number + 1:03}" for number in range(n)]
    there = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    for number, code in enumerate(codes, 1):
        if code not in there:
            name, english = f"模拟社区{number}", f"Simulated community {number}"
            there[code] = Unit(code=code, name=name, name_en=english, kind="community", parent=campaign.unit)
            there[code].place()
            steps.file(there[code], by=house(), needs="people.manage")
    return [there[code] for code in codes]


def _mode(size: int) -> str:
    """The way of sampling that puts so many swabs into a tube today."""
    for mode in ("single", "ten", "twenty"):
        if queries.in_one_tube(mode, timezone.localdate()) == size:
            return mode
    raise ValidationError(__("一管的人数应是现行规定中的一种：1、10 或 20。"))


def codes(communities: Sequence[Unit]) -> Callable[[Arrival], str]:
    """What the resident shows, as the resident's page makes it: who, until when, and from which community."""
    expires, zones = int((timezone.now() + HOLDS).timestamp() * 1000), [queries.mark(one.code) for one in communities]
    return lambda who: rules.make_code(rules.person_key("id", who.document), expires, zones[who.home])


@dataclass(frozen=True)
class Found:
    """What the database says."""

    rows: int  # facts stored or kept aside
    doubled: int  # facts there more than once
    conflicts: dict[str, int]
    elsewhere: int  # people whom a table told that they belong to another point
    pools: int
    account: rules.Account


def found(campaign: UUID) -> Found:
    played = Campaign.objects.select_related("response").get(pk=campaign)
    stored = CheckIn.objects.filter(campaign=played)
    aside = Conflict.objects.filter(campaign=played, stored=False).exclude(kind=Conflict.Kind.NUMBER)
    twice = stored.values("device", "seq").annotate(n=Count("seq")).filter(n__gt=1).count()
    both = len(set(aside.values_list("device", "seq")) & set(stored.values_list("device", "seq"))) if aside else 0
    kinds = Conflict.objects.filter(campaign=played).values_list("kind").annotate(n=Count("pk"))
    return Found(
        stored.count() + aside.values("device", "seq").distinct().count(), twice + both, dict(kinds.order_by("kind")),
        stored.filter(verdict=rules.Verdict.OTHER_ZONE).values("person").distinct().count(),
        Pool.objects.filter(campaign=played).count(), queries.account(played),
    )  # fmt: skip
