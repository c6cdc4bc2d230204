"""The few rows that did not simply go in. What happened is kept whatever it contradicts; who decides is a supervisor, later.

Everything here is named by what it was made from (device, number, content), so that a repeat of any of it changes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import groupby
from uuid import UUID

import msgspec
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from msgspec.structs import replace

from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.testing.actions.boxes import told
from tongzhou.modules.testing.actions.ingest.reading import Row, Sheaf
from tongzhou.modules.testing.actions.ingest.stored import Odd, Stored
from tongzhou.modules.testing.models import KINDS, CheckIn, Conflict, Count, Device, Tube
from tongzhou.modules.testing.rules import Ack, Counted, Fact, Kind, Status, Verdict

SAMPLE = KINDS[Kind.SAMPLE]
KIND_OF = Conflict.Kind
OUTRIGHT = {"revoked", "unknown_code"}


def settle(
    sheaves: Sequence[Sheaf], acks: list[list[Ack]], direct: Sequence[Row], left: Sequence[Row], stored: Stored
) -> None:
    """Puts the right answers in `acks`, once the database has the conflicts. Plain repeats, the most there are, cost a look only."""
    marks = _marks(left)
    contrary = [
        row for row in left if row.aside in OUTRIGHT or marks.get((row.campaign, row.device, row.seq)) != row.mark
    ]
    again = {id(row) for row in contrary}
    for row in left:
        if id(row) not in again:
            acks[row.sheaf][row.place] = _with(acks[row.sheaf][row.place], status=Status.DUPLICATE)
    bounced = {id(row) for row in left}
    odd = list(_odd_rows([row for row in direct if id(row) not in bounced], stored.odd))
    if not (contrary or odd):
        return
    with transaction.atomic():
        for row in contrary:
            answered = _boxed if row.aside == "box" else _contrary
            acks[row.sheaf][row.place] = answered(row, acks[row.sheaf][row.place], _text(sheaves, row))
        for row, kind, other in odd:
            _keep(row, kind, _text(sheaves, row), stored=True, other=other)
            verdict = Verdict.FULL if kind == KIND_OF.FULL else Verdict.USED
            acks[row.sheaf][row.place] = _with(acks[row.sheaf][row.place], verdict=int(verdict))


def _marks(rows: Iterable[Row]) -> dict[tuple[bytes, int, int], bytes]:
    """What is stored under the numbers of these rows; a query for each device among them."""
    found: dict[tuple[bytes, int, int], bytes] = {}
    ordered = sorted(rows, key=lambda row: (row.campaign, row.device))
    for (campaign, device), own in groupby(ordered, key=lambda row: (row.campaign, row.device)):
        kept = CheckIn.objects.filter(
            campaign_id=UUID(bytes=campaign), device_id=device, seq__in=[row.seq for row in own]
        )
        found |= {(campaign, device, seq): mark.bytes for seq, mark in kept.values_list("seq", "mark")}
    return found


def _contrary(row: Row, answer: Ack, text: str) -> Ack:
    if row.aside in OUTRIGHT:
        _keep(row, KIND_OF(row.aside), text)
        return _with(answer, status=Status.CONFLICT, reason=row.aside)
    if mark := _marks([row]).get((row.campaign, row.device, row.seq)):
        if mark == row.mark:
            return _with(answer, status=Status.DUPLICATE)
        _keep(row, KIND_OF.NUMBER, text, other=(row.device, row.seq))
        return _with(answer, status=Status.CONFLICT, reason="number")
    before = _before(row) if row.kind == SAMPLE else None
    if Conflict.objects.filter(pk=_key(row)).exists():
        return _repeat(answer, before) if before else _with(answer, status=Status.CONFLICT, reason="repeat")
    if before is None or row.turn:  # an earlier one that was taken back, or a retest's next turn
        return _again(row, answer, text)
    _keep(row, KIND_OF.REPEAT, text, other=(before.device_id, before.seq))
    return _repeat(answer, before)


def _boxed(row: Row, answer: Ack, text: str) -> Ack:
    """A box sealed or taken away: the fact and what follows from it, both or neither. What follows may be refused; the fact is kept then too."""
    try:
        with transaction.atomic():
            _insert(row)
            told(row.device, msgspec.json.decode(text, type=Fact), _time(row.at))
    except (ValidationError, PermissionDenied, OutOfStep, IntegrityError):
        if _marks([row]):  # sent before, or by another way at the same moment
            return _contrary(row, answer, text)
        _keep(row, KIND_OF.BOX, text)
        return _with(answer, status=Status.CONFLICT, reason="box")
    return answer


def _before(row: Row) -> CheckIn | None:
    """The person's earlier swab in this campaign that still stands."""
    taken_back = CheckIn.objects.filter(
        campaign=OuterRef("campaign"), device=OuterRef("device"), of=OuterRef("seq"), kind=KINDS[Kind.CORRECT]
    )
    rows = CheckIn.objects.filter(~Exists(taken_back), campaign_id=UUID(bytes=row.campaign))
    rows = rows.filter(person=UUID(bytes=row.person) if row.person else None, kind=SAMPLE)
    return rows.order_by("turn").first()


def _again(row: Row, answer: Ack, text: str) -> Ack:
    """The same person once more, for a reason: stored under the next turn."""
    turn = row.turn
    if row.person:
        others = CheckIn.objects.filter(campaign_id=UUID(bytes=row.campaign), person=UUID(bytes=row.person))
        turn = 1 + max(others.values_list("turn", flat=True), default=-1)
    try:
        with transaction.atomic():
            _insert(replace(row, turn=turn))
    except IntegrityError:  # another writer was quicker, with this very item or with the same person
        return _contrary(row, answer, text)
    return answer


def _insert(row: Row) -> None:
    """One row outside the great statement, with its counters."""
    campaign = UUID(bytes=row.campaign)
    person = UUID(bytes=row.person) if row.person else None
    CheckIn.objects.create(
        campaign_id=campaign, device_id=row.device, seq=row.seq, kind=row.kind, verdict=row.verdict, turn=row.turn, person=person, tube=row.tube,
        of=row.of, at=_time(row.at), skew=row.skew, mark=UUID(bytes=row.mark), stored_at=datetime.now(UTC),
    )  # fmt: skip
    if row.kind in (SAMPLE, KINDS[Kind.CORRECT]):
        _count(row, row.verdict)
    if row.aside != "box":
        _in_tube(row)


def _keep(
    row: Row, kind: Conflict.Kind, text: str, *, stored: bool = False, other: tuple[int, int] | None = None
) -> None:
    """Into the conflicts, once; counted as what it is, and its swab as lying in its tube."""
    key = _key(row)
    if Conflict.objects.filter(pk=key).exists():
        return
    made = Conflict(
        pk=key, campaign_id=UUID(bytes=row.campaign), device_id=row.device, seq=row.seq, kind=kind, stored=stored, tube=row.tube,
        person=UUID(bytes=row.person) if row.person else None, at=_time(row.at), text=text,
        other=other[0] if other else None, other_seq=(other[1] or None) if other else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # the same item by another way, at the same moment
        return
    if not stored and row.kind == SAMPLE and kind != KIND_OF.NUMBER:
        _count(row, COUNTED.get(kind, row.verdict))
        _in_tube(row)


COUNTED = {KIND_OF.REPEAT: int(Verdict.REPEAT), KIND_OF.UNKNOWN_CODE: int(Verdict.UNKNOWN_CODE)}


def _count(row: Row, what: int) -> None:
    Count.one_more(UUID(bytes=row.campaign), row.device, row.at, what)


def _in_tube(row: Row) -> None:
    at = {"campaign_id": UUID(bytes=row.campaign), "code": row.tube, "device_id": row.device}
    change, time = {SAMPLE: 1, KINDS[Kind.CORRECT]: -1}.get(row.kind, 0), _time(row.at)
    last, closed = (time if row.kind == SAMPLE else None), (time if row.kind == KINDS[Kind.CLOSE] else None)
    first = {"size": row.size, "people": change, "opened_at": time, "last_at": last, "closed_at": closed}
    tube, new = Tube.objects.get_or_create(**at, defaults=first)
    if new:
        _count(row, Counted.OPENED)
    if closed and (new or tube.closed_at is None):
        _count(row, Counted.CLOSED)
    if not new:
        closing = {"closed_at": closed} if closed and tube.closed_at is None else {}
        Tube.objects.filter(**at).update(people=F("people") + change, **closing)


def _odd_rows(rows: Sequence[Row], odd: Iterable[Odd]) -> Iterable[tuple[Row, Conflict.Kind, tuple[int, int] | None]]:
    """The swabs because of which a tube is odd: the last ones in a tube too full, all in one that another table used."""
    for one in odd:
        place = (one.campaign, one.code, one.device)
        own = [row for row in rows if (row.campaign, row.tube, row.device) == place and row.kind == SAMPLE]
        own.sort(key=lambda row: row.seq)
        if one.elsewhere:
            yield from ((row, KIND_OF.USED, (one.elsewhere, 0)) for row in own)
        elif one.closed and (late := [row for row in own if row.at > one.closed]):
            yield from ((row, KIND_OF.USED, (one.device, 0)) for row in late)
        elif one.over:
            yield from ((row, KIND_OF.FULL, None) for row in own[-one.over :])


def _repeat(answer: Ack, before: CheckIn) -> Ack:
    device = Device.objects.select_related("point").filter(number=before.device_id).first()
    where = f"{device.point.name} {device.table}" if device and device.point else ""
    at = int(before.at.timestamp() * 1000)
    return _with(answer, status=Status.CONFLICT, verdict=int(Verdict.REPEAT), where=where, at=at, reason="repeat")


def _key(row: Row) -> UUID:
    content = b"".join([row.campaign, row.device.to_bytes(8), row.seq.to_bytes(4), row.mark])
    return UUID(bytes=blake2b(content, digest_size=16).digest())


def _text(sheaves: Sequence[Sheaf], row: Row) -> str:
    item = sheaves[row.sheaf].items[row.place]
    return item.text if item else ""


def _with(answer: Ack, **changes: object) -> Ack:
    fields = {name: getattr(answer, name) for name in answer.__struct_fields__}
    return Ack(**fields | changes)


def _time(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
