"""Boxes that a laboratory's program has received, each for itself: what became of it, as of results line by line."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __

from tongzhou.kernel.models import Person
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.testing.actions import boxes, results
from tongzhou.modules.testing.models import Box, Device
from tongzhou.modules.testing.workflow import BoxState


@dataclass(frozen=True)
class Arrival:
    """`received` tubes were counted in it; `note` says why, where that is another number than was sealed."""

    box: str
    received: int
    note: str = ""


def take_from(laboratory: Device, arrivals: Iterable[Arrival]) -> list[str]:
    """ "stored", "duplicate", or why it was refused. Raises PermissionDenied."""
    by = results.use(laboratory)
    return [_taken(laboratory, one, by) for one in arrivals]


def _taken(laboratory: Device, told: Arrival, by: Person) -> str:
    rows = Box.objects.filter(point__campaign=laboratory.campaign, code=told.box)
    box = rows.select_related("response", "unit", "point").first()
    if box is None:
        return __("没有这个转运箱。")
    if box.state == BoxState.RECEIVED:
        same = (box.received, box.laboratory) == (told.received, laboratory.label)
        return (
            "duplicate"
            if same
            else __("这一箱已登记：%(where)s实收 %(n)s 管。") % {"where": box.laboratory, "n": box.received}
        )
    try:
        boxes.receive(box, by=by, received=told.received, laboratory=laboratory.label, note=told.note)
    except ValidationError as fault:
        return "；".join(fault.messages)
    except OutOfStep:
        return __("这一箱还没有登记交转运，请采样点补登记后再报。")
    return "stored"
