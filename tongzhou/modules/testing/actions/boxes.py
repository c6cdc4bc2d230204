"""Boxes: tubes in the system against tubes in hand, before the seal and again at the laboratory."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.modules.testing.models import Box, Device, Tube
from tongzhou.modules.testing.rules import Fact, Kind, tidy

NAMED = 8  # tubes named in a refusal


@transaction.atomic
def file(box: Box, *, by: Person, codes: Sequence[str] = ()) -> tuple[Box, bool]:
    box.tubes = _tubes(box, codes)
    return steps.file(box, by=by)


@transaction.atomic
def amend(box: Box, *, by: Person, version: int, changes: Any, codes: Sequence[str] = ()) -> Box:
    for name, value in changes.items():
        if name == "point":
            box.point = value
    return steps.amend(box, by=by, version=version, **changes, tubes=_tubes(box, codes))


@transaction.atomic
def pack(box: Box, *, by: Person, in_hand: int, difference: str = "", note: str = "") -> Box:
    """Counted by hand and sealed. A difference needs its explanation; the box goes with it."""
    if not box.tubes:
        raise ValidationError(__("箱内还没有登记采样管。"))
    if in_hand != box.system and not difference.strip():
        message = __("系统登记 %(system)d 管，实物 %(in_hand)d 管。请核对；确有差额的，写明是哪几管、什么原因。")
        raise ValidationError({"difference": message % {"system": box.system, "in_hand": in_hand}})
    told = {"system": box.system, "in_hand": in_hand}
    return steps.advance(
        box, "pack", by=by, note=note or difference, data=told, in_hand=in_hand, difference=difference.strip()
    )


def send(box: Box, *, by: Person, courier: str, note: str = "") -> Box:
    return steps.advance(
        box, "send", by=by, note=note, data={"courier": courier}, courier=courier, sent_at=timezone.now()
    )


def receive(box: Box, *, by: Person, received: int, laboratory: str, note: str = "") -> Box:
    """What the laboratory counted. Fewer or more than were sent needs a note."""
    if received != box.in_hand and not note.strip():
        raise ValidationError({"note": __("实收管数与封箱时不同，请写明原因。")})
    return steps.advance(
        box, "receive", by=by, note=note, data={"received": received}, received=received, laboratory=laboratory
    )


def told(number: int, fact: Fact, at: datetime) -> Box:
    """What a device says of a box, in the name of whoever enrolled it. Raises ValidationError, PermissionDenied, OutOfStep.

    Tubes of another table may not have arrived yet, so what the system does not know is no reason to refuse.
    """
    device = Device.objects.select_related("point__unit", "campaign", "response", "filed_by").get(number=number)
    assert device.point is not None
    by = device.filed_by
    if fact.kind is Kind.COURIER:
        box = Box.objects.filter(response=device.response, point__campaign=device.campaign, code=fact.box).first()
        if box is None:
            raise ValidationError(__("没有这个转运箱。"))
        courier = tidy(fact.courier)
        return steps.advance(box, "send", by=by, data={"courier": courier}, courier=courier, sent_at=at)
    box = Box(response=device.response, unit=device.point.unit, point=device.point, code=fact.box)
    box.happened_on = timezone.localdate(at)
    box.tubes = list(dict.fromkeys(fact.tubes))
    _in_no_other(box, box.tubes)
    steps.file(box, by=by)
    return pack(box, by=by, in_hand=fact.in_hand, difference=tidy(fact.note))


def _tubes(box: Box, codes: Sequence[str]) -> list[str]:
    """The codes without repeats. Refused are tubes the system does not know at this campaign, and tubes of another box."""
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    known = set(Tube.objects.filter(campaign=box.point.campaign, code__in=wanted).values_list("code", flat=True))
    if unknown := [code for code in wanted if code not in known]:
        raise ValidationError({"codes": __("系统里没有这些采样管：%(codes)s。") % {"codes": _named(unknown)}})
    _in_no_other(box, wanted)
    return wanted


def _in_no_other(box: Box, wanted: Sequence[str]) -> None:
    others = Box.objects.filter(response=box.response, point__campaign=box.point.campaign).exclude(pk=box.pk)
    elsewhere = {code for tubes in others.values_list("tubes", flat=True) for code in tubes}
    if twice := [code for code in wanted if code in elsewhere]:
        raise ValidationError({"codes": __("这些采样管已在别的箱里：%(codes)s。") % {"codes": _named(twice)}})


def _named(codes: Sequence[str]) -> str:
    return "、".join(codes[:NAMED]) + ("……" if len(codes) > NAMED else "")
