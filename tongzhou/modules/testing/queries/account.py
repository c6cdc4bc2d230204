"""The account of a campaign, and whose swabs lie in a tube."""

from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import Box, Campaign, CheckIn, Conflict, Pool, Result, Tube
from tongzhou.modules.testing.queries.differences import TOTALS, TUBES, nameless, odd_boxes, totals
from tongzhou.modules.testing.queries.standing import SAMPLE, aside, taken_back
from tongzhou.modules.testing.workflow import BoxState


def account(campaign: Campaign) -> rules.Account:
    """What the system holds of the campaign, counted now: from the tubes and check-ins themselves, not from the counters of the board."""
    tubes = Tube.objects.filter(campaign=campaign)
    boxes = Box.objects.filter(point__campaign=campaign)
    found = totals(campaign, TOTALS | TUBES)
    counted = boxes.aggregate(in_hand=Sum("in_hand", default=0), received=Sum("received", default=0))
    undecided = Conflict.objects.filter(campaign=campaign, decision="")
    resulted = Result.objects.filter(campaign=campaign).values("tube")
    return rules.Account(
        system=found["system"], boxed=found["boxed"], counted=counted["in_hand"], received=counted["received"],
        people=_people(tubes), resulted=_people(tubes.filter(code__in=resulted)),
        differences={kind: found[kind] for kind in TUBES} | {"boxes": odd_boxes(campaign).count(), "nameless": nameless(campaign).count()},
        over_full=tubes.filter(people__gt=F("size")).count(), used_twice=used_twice(campaign).count(),
        undecided=undecided.count(), unclosed_boxes=boxes.filter(state=BoxState.OPEN).count(),
    )  # fmt: skip


def used_twice(campaign: Campaign) -> QuerySet[Any]:
    """Codes of tubes that more than one device used."""
    codes = Tube.objects.filter(campaign=campaign).values("code").annotate(devices=Count("device"))
    return codes.filter(devices__gt=1).values("code")


def _people(tubes: QuerySet[Tube]) -> int:
    return int(tubes.aggregate(n=Sum("people"))["n"] or 0)


def tube_device(campaign: Campaign, tube: str) -> int:
    """The device that opened the tube first."""
    return (
        Tube.objects.filter(campaign=campaign, code=tube)
        .order_by("opened_at")
        .values_list("device__number", flat=True)[0]
    )


def persons_in(campaign: Campaign, tube: str) -> set[UUID]:
    """Whose swabs lie in the tube: check-ins that were not taken back, and those kept aside unless they were dismissed.

    Read along the devices that used the tube, each of which holds some thousands of check-ins: no index is kept for it.
    """
    devices = list(Tube.objects.filter(campaign=campaign, code=tube).values_list("device", flat=True))
    gone = taken_back(campaign, devices)
    own = CheckIn.objects.filter(campaign=campaign, device__in=devices, tube=tube, kind=SAMPLE)
    swabs = own.values_list("device", "seq", "person")
    stored = {person for device, seq, person in swabs if person and (device, seq) not in gone}
    return stored | {person for person, _tube, _at in aside(campaign, gone, doubtful=True, tube=tube)}


def retests(pool: Pool) -> dict[UUID, str]:
    """The tubes in which the people of a pool were swabbed again."""
    again = CheckIn.objects.filter(campaign=pool.campaign, person__in=pool.persons.values("person"), turn__gt=0)
    return {person: tube for person, tube in again.order_by("turn").values_list("person", "tube") if person}
