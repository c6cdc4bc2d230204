"""Kept beside the check-ins: what a supervisor decides, and the counters and tubes of what went in outside the great statement."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import groupby
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as __

from tongzhou.modules.testing.actions.ingest.reading import Row, Sheaf
from tongzhou.modules.testing.models import KINDS, CheckIn, Conflict, Count, Device, Tube
from tongzhou.modules.testing.rules import Counted, Kind, Verdict

SAMPLE, CORRECT = KINDS[Kind.SAMPLE], KINDS[Kind.CORRECT]
KIND_OF = Conflict.Kind
COUNTED = {KIND_OF.REPEAT: int(Verdict.REPEAT), KIND_OF.UNKNOWN_CODE: int(Verdict.UNKNOWN_CODE)}
# of a swab, stored or kept aside: its own table corrected it
TAKEN_BACK = Exists(
    CheckIn.objects.filter(campaign=OuterRef("campaign"), device=OuterRef("device"), of=OuterRef("seq"), kind=CORRECT)
)
type Place = tuple[bytes, int, str | int]


def keep(
    row: Row, kind: Conflict.Kind, text: str, *, stored: bool = False, other: tuple[int, int] | None = None
) -> None:
    """Into the conflicts, once; counted as what it is, and its swab as lying in its tube."""
    made = conflict(row, kind, text, stored=stored, other=other)
    if Conflict.objects.filter(pk=made.pk).exists():
        return
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # the same item by another way, at the same moment
        return
    if not stored and row.kind == SAMPLE and kind != KIND_OF.NUMBER:
        count(row, COUNTED.get(kind, row.verdict))
        in_tube(row)


def keep_repeats(rows: Sequence[tuple[Row, str, tuple[int, int]]]) -> None:
    """The same for people who were swabbed before: rows that are not kept yet, with their texts and the earlier swabs. Raises IntegrityError."""
    with transaction.atomic():
        Conflict.objects.bulk_create(conflict(row, KIND_OF.REPEAT, text, other=other) for row, text, other in rows)
        tubes, quarters = defaultdict[Place, list[Row]](list), defaultdict[Place, list[Row]](list)
        for row, _text, _other in rows:
            tubes[row.campaign, row.device, row.tube].append(row)
            quarters[row.campaign, row.device, row.at // Count.QUARTER].append(row)
        for _place, own in sorted(tubes.items()):
            in_tube(min(own, key=lambda row: row.at), len(own))
        for _place, own in sorted(quarters.items()):
            count(own[0], Verdict.REPEAT, len(own))


def withdraw(rows: Sequence[Row]) -> None:
    """What was kept aside and its own table took back needs no supervisor: it is decided in the name of whoever enrolled the device.

    `rows` are corrections and what may have been kept aside; either may come first. The swab has left its tube's count with the correction.
    """
    for campaign, own in groupby(sorted(rows, key=lambda row: row.campaign), key=lambda row: row.campaign):
        swabs = {(row.device, row.of or row.seq) for row in own}
        devices, seqs = {device for device, _seq in swabs}, {seq for _device, seq in swabs}
        kept = Conflict.objects.filter(campaign_id=UUID(bytes=campaign), device__number__in=devices, seq__in=seqs)
        kept = kept.filter(TAKEN_BACK, decision="", stored=False).exclude(kind__in=(KIND_OF.NUMBER, KIND_OF.BOX))
        taken = [one for one in kept.values_list("device__number", "seq", "pk") if one[:2] in swabs]
        for device, _seq, key in taken:
            by = Device.objects.values_list("filed_by", flat=True).get(number=device)
            said = {"decision": Conflict.Decision.DISMISSED, "note": __("采样台取消了这一位")}
            Conflict.objects.filter(pk=key, decision="").update(decided_by=by, decided_at=datetime.now(UTC), **said)


def conflict(
    row: Row, kind: Conflict.Kind, text: str, *, stored: bool = False, other: tuple[int, int] | None
) -> Conflict:
    return Conflict(
        pk=key_of(row), campaign_id=UUID(bytes=row.campaign), device_id=row.device, seq=row.seq, kind=kind, fact=row.kind, of=row.of, stored=stored,
        tube=row.tube, person=UUID(bytes=row.person) if row.person else None, at=time_of(row.at), text=text,
        other=other[0] if other else None, other_seq=(other[1] or None) if other else None,
    )  # fmt: skip


def count(row: Row, what: int, n: int = 1) -> None:
    Count.more(UUID(bytes=row.campaign), row.device, row.at, what, n)


def in_tube(row: Row, n: int = 1) -> None:
    """The row changes its tube; `n` swabs alike, of which it is the first."""
    at = {"campaign_id": UUID(bytes=row.campaign), "code": row.tube, "device_id": row.device}
    change, time = {SAMPLE: n, CORRECT: -n}.get(row.kind, 0), time_of(row.at)
    last, closed = (time if row.kind == SAMPLE else None), (time if row.kind == KINDS[Kind.CLOSE] else None)
    first = {"size": row.size, "people": change, "opened_at": time, "last_at": last, "closed_at": closed}
    tube, new = Tube.objects.get_or_create(**at, defaults=first)
    if new:
        count(row, Counted.OPENED)
    if closed and (new or tube.closed_at is None):
        count(row, Counted.CLOSED)
    if not new:
        closing = {"closed_at": closed} if closed and tube.closed_at is None else {}
        Tube.objects.filter(**at).update(people=F("people") + change, **closing)


def key_of(row: Row) -> UUID:
    """By which a conflict is one row, however often it is sent."""
    content = b"".join([row.campaign, row.device.to_bytes(8), row.seq.to_bytes(4), row.mark])
    return UUID(bytes=blake2b(content, digest_size=16).digest())


def text_of(sheaves: Sequence[Sheaf], row: Row) -> str:
    item = sheaves[row.sheaf].items[row.place]
    return item.text if item else ""


def time_of(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
