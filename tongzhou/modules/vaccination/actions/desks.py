"""Desks added or taken away: proposed with a reason, decided by the command post, in force at once."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination import queries
from tongzhou.modules.vaccination.actions import stations
from tongzhou.modules.vaccination.models import DeskChange, Station
from tongzhou.modules.vaccination.workflow import StationState


def file(change: DeskChange, *, by: Person) -> tuple[DeskChange, bool]:
    """What it starts from is what the station has now. One known only as a total counts as that many desks."""
    if change.is_summary:
        change.added = change.quantity
    if change.station is not None:
        _start(change, change.station)
    return steps.file(change, by=by, data={"told": change.told()})


def amend(change: DeskChange, *, by: Person, version: int, changes: Mapping[str, Any]) -> DeskChange:
    wanted = DeskChange(station=changes.get("station", change.station), after=changes.get("after", change.after))
    if wanted.station is not None:
        _start(wanted, wanted.station)
    return steps.amend(change, by=by, version=version, **changes, before=wanted.before, added=wanted.added)


@transaction.atomic
def decide(change: DeskChange, *, by: Person, note: str = "") -> DeskChange:
    """In force at once, on the station as well. What the queue was and what is expected of it is kept with the decision."""
    if change.station_id is None or change.after is None:  # brought in afterwards, from a report
        return steps.advance(
            change, "decide", by=by, note=note, data={"told": change.told()}, decided_by=by, decided_at=timezone.now()
        )
    station = Station.objects.select_for_update().select_related("unit", "response").get(pk=change.station_id)
    if station.state != StationState.OPEN:
        raise ValidationError(__("接种点“%(station)s”现在没有开放。") % {"station": station})
    if station.desks != change.before:
        raise ValidationError(__("接种点现在有 %(n)d 个接种台，与提出时不同。请修改后再决定。") % {"n": station.desks})
    known = queries.outlook(station)
    now, then = (known.wait(station.desks), known.wait(change.after)) if known else (None, None)
    fields = {
        "decided_by": by, "decided_at": timezone.now(), "minutes_per_dose": known.minutes_per_dose if known else None,
        "wait_before": known.measured.minutes if known and known.measured else now and now.minutes, "wait_expected": then and then.minutes,
    }  # fmt: skip
    steps.advance(change, "decide", by=by, note=note, data={"told": change.told()}, **fields)
    stations.set_desks(station, by=by, after=change.after, note=change.why)
    return change


def _start(change: DeskChange, station: Station) -> None:
    now = Station.objects.values_list("desks", flat=True).get(pk=station.pk)  # as it is, not as the page had it
    if change.after is None:
        raise ValidationError({"after": __("请写明调整为几个接种台。")})
    if change.after == now:
        raise ValidationError({"after": __("现在就是 %(n)d 个接种台，没有变化。") % {"n": now}})
    change.before, change.added = now, max(change.after - now, 0)
