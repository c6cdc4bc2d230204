"""Whoever was swabbed before in this campaign: the conflict there is most of, so all of a group are settled by a few queries."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from django.db import IntegrityError
from msgspec.structs import replace

from tongzhou.modules.testing.actions.ingest.keeping import SAMPLE, TAKEN_BACK, keep_repeats, key_of, text_of
from tongzhou.modules.testing.actions.ingest.reading import Row, Sheaf
from tongzhou.modules.testing.models import CheckIn, Conflict, Device
from tongzhou.modules.testing.rules import Ack, Status, Verdict


def settle_repeats(sheaves: Sequence[Sheaf], acks: list[list[Ack]], rows: Sequence[Row]) -> list[Row]:
    """Keeps the swabs that another one stands before and answers them. Returns the others, to be looked at one by one."""
    earlier = before(rows)
    found = [(row, earlier[row.campaign, row.person]) for row in rows if (row.campaign, row.person) in earlier]
    if not found:
        return list(rows)
    there = set(Conflict.objects.filter(pk__in=[key_of(row) for row, _first in found]).values_list("pk", flat=True))
    fresh = {key_of(row): (row, text_of(sheaves, row), (first.device_id, first.seq)) for row, first in found}
    try:
        keep_repeats([one for key, one in fresh.items() if key not in there])
    except IntegrityError:  # one of them came by another way at the same moment: each by itself then
        return list(rows)
    names = tables(first.device_id for _row, first in found)
    for row, first in found:
        acks[row.sheaf][row.place] = repeat(acks[row.sheaf][row.place], first, names)
    settled = {id(row) for row, _first in found}
    return [row for row in rows if id(row) not in settled]


def before(rows: Iterable[Row]) -> dict[tuple[bytes, bytes | None], CheckIn]:
    """The earlier swab, in the same campaign, that still stands, of each person who has one."""
    found: dict[tuple[bytes, bytes | None], CheckIn] = {}
    for campaign, own in groupby(sorted(rows, key=lambda row: row.campaign), key=lambda row: row.campaign):
        people = {UUID(bytes=row.person) for row in own if row.person}
        kept = CheckIn.objects.filter(~TAKEN_BACK, campaign_id=UUID(bytes=campaign), person__in=people, kind=SAMPLE)
        found |= {(campaign, one.person.bytes): one for one in kept.order_by("-turn") if one.person}
    return found


def repeat(answer: Ack, first: CheckIn, names: Mapping[int, str]) -> Ack:
    """Where and when the person was swabbed before."""
    where, at = names.get(first.device_id, ""), int(first.at.timestamp() * 1000)
    return replace(answer, status=Status.CONFLICT, verdict=int(Verdict.REPEAT), where=where, at=at, reason="repeat")


def tables(numbers: Iterable[int]) -> dict[int, str]:
    """Point and table of devices, as a person reads it."""
    wanted = set(numbers)
    if not wanted:
        return {}
    rows = Device.objects.select_related("point").filter(number__in=wanted, point__isnull=False)
    return {one.number: f"{one.point.name} {one.table}" for one in rows if one.point}
