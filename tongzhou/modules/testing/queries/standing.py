"""Which swabs stand: neither taken back by their device, nor of those of which a supervisor said that they never were."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from tongzhou.modules.testing.models import KINDS, Campaign, CheckIn, Conflict
from tongzhou.modules.testing.rules import Kind

SAMPLE, CORRECT = KINDS[Kind.SAMPLE], KINDS[Kind.CORRECT]
LINES = 5000  # fetched at once

# number of a device, seq: the stubs take a key by another field than the first for a key by the first
type Number = tuple[Any, Any]
type Swab = tuple[UUID, str, datetime]  # person, tube, at


def taken_back(campaign: Campaign, devices: Collection[Any] | None = None) -> set[Number]:
    """Swabs that do not stand; of all devices, or of these."""
    own: dict[str, object] = {"campaign": campaign} | ({} if devices is None else {"device__in": devices})
    corrections = CheckIn.objects.filter(**own, kind=CORRECT).values_list("device", "of")
    told = Conflict.objects.filter(**own)
    late = told.filter(fact=CORRECT, decision=Conflict.Decision.KEPT).values_list("device", "of")
    never = told.filter(stored=True, decision=Conflict.Decision.DISMISSED).values_list("device", "seq")
    return {*corrections, *late, *never}


def aside(campaign: Campaign, gone: Collection[Number], *, doubtful: bool, **within: object) -> Iterator[Swab]:
    """Swabs kept beside the check-ins that stand and have a person.

    Those that bear another's number are known by no number of their own. Until they are decided they are `doubtful`: looked for where
    a tube is not negative, told nobody else.
    """
    number = Conflict.Kind.NUMBER
    rows = Conflict.objects.filter(campaign=campaign, stored=False, fact=SAMPLE, person__isnull=False, **within)
    rows = rows.exclude(decision=Conflict.Decision.DISMISSED)
    if not doubtful:
        rows = rows.exclude(kind=number, decision="")
    for device, seq, kind, person, tube, at in rows.values_list(
        "device", "seq", "kind", "person", "tube", "at"
    ).iterator(LINES):
        if person and (kind == number or (device, seq) not in gone):
            yield person, tube, at
