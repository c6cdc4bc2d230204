"""Stations: set up with their refrigerators, opened when they can work, closed when nothing is left in them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as __

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination.models import Batch, Fridge, Session, Station
from tongzhou.modules.vaccination.workflow import BatchState, FridgeState, SessionState, StationState


@transaction.atomic
def file(station: Station, *, by: Person, fridges: str = "") -> tuple[Station, bool]:
    """Set up a station. `fridges` are the names of its refrigerators, one a line."""
    station, new = steps.file(station, by=by, data={"desks": station.desks})
    if new:
        for name in dict.fromkeys(filter(None, map(str.strip, fridges.splitlines()))):
            fridge = Fridge(
                pk=uuid5(station.pk, name), response=station.response, unit=station.unit, station=station, name=name,
                happened_on=station.happened_on, happened_precision=station.happened_precision,
            )  # fmt: skip
            steps.file(fridge, by=by)
    return station, new


def amend(station: Station, *, by: Person, version: int, changes: Mapping[str, Any], fridges: str = "") -> Station:
    """While it is open the number of desks is a decision of its own, and where it lies does not change under its records."""
    if station.state == StationState.OPEN and changes.get("desks", station.desks) != station.desks:
        raise ValidationError({"desks": __("接种点开放后，请用“增减接种台”办理，写明理由。")})
    if "unit" in changes and changes["unit"] != station.unit and station.fridges.exists():
        raise ValidationError({"unit": __("这个接种点已有冷藏设备，不能改到别的单位。")})
    return steps.amend(station, by=by, version=version, **changes)


def open_(station: Station, *, by: Person, note: str = "") -> Station:
    lacking = []
    if not station.fridges.filter(state=FridgeState.IN_USE).exists():
        lacking.append(__("冰箱或冷藏箱"))
    if not station.seats:
        lacking.append(__("留观座位"))
    if station.vaccinators < station.desks:
        lacking.append(__("每个接种台至少一名接种人员"))
    if lacking:
        raise ValidationError(__("还不能开放，缺：%(what)s。请先补上。") % {"what": __("、").join(lacking)})
    return steps.advance(station, "open", by=by, note=note, data={"desks": station.desks})


def set_desks(station: Station, *, by: Person, after: int = 0, note: str = "") -> Station:
    """Called by the decision only: raises where somebody else has changed the number meanwhile."""
    if not after:
        raise ValidationError(__("请用“增减接种台”办理，写明理由。"))
    return steps.advance(
        station, "desks", by=by, note=note, data={"before": station.desks, "after": after}, desks=after
    )


def close(station: Station, *, by: Person, note: str = "") -> Station:
    waiting = Session.objects.filter(station=station, state__in=[SessionState.PLANNED, SessionState.OPEN]).count()
    if waiting:
        raise ValidationError(__("还有 %(n)d 个场次没有结束或取消，请先处理。") % {"n": waiting})
    left = sum(
        Batch.objects.filter(station=station, state__in=[BatchState.USABLE, BatchState.HELD]).values_list(
            "stock", flat=True
        )
    )
    if left:
        raise ValidationError(__("还有 %(n)d 剂疫苗在库，请先调出、退回或报损。") % {"n": left})
    return steps.advance(station, "close", by=by, note=note)


def retire(fridge: Fridge, *, by: Person, note: str = "") -> Fridge:
    """Not while vaccine is kept in it."""
    held = [str(batch) for batch in Batch.objects.filter(fridge=fridge, stock__gt=0)[:5]]
    if held:
        raise ValidationError(__("里面还有疫苗：%(held)s。请先转移到其他设备。") % {"held": __("、").join(held)})
    return steps.advance(fridge, "retire", by=by, note=note)
