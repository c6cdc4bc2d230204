"""The few rows that did not simply go in. What happened is kept whatever it contradicts; who decides is a supervisor, later.

Everything here is named by what it was made from (device, number, content), so that a repeat of any of it changes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

import msgspec
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from msgspec.structs import replace

from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.testing.actions.boxes import told
from tongzhou.modules.testing.actions.ingest.keeping import (
    KIND_OF,
    SAMPLE,
    changed,
    count,
    in_tube,
    keep,
    key_of,
    text_of,
    time_of,
    withdraw,
)
from tongzhou.modules.testing.actions.ingest.reading import Row, Sheaf
from tongzhou.modules.testing.actions.ingest.repeating import before, repeat, settle_repeats, tables
from tongzhou.modules.testing.actions.ingest.stored import Odd, Stored
from tongzhou.modules.testing.models import KINDS, CheckIn, Conflict
from tongzhou.modules.testing.rules import Ack, Fact, Kind, Status, Verdict

OUTRIGHT = {"revoked", "unknown_code"}
ODD: dict[str, int] = {KIND_OF.FULL: int(Verdict.FULL), KIND_OF.USED: int(Verdict.USED)}


def settle(
    sheaves: Sequence[Sheaf], acks: list[list[Ack]], direct: Sequence[Row], left: Sequence[Row], stored: Stored
) -> None:
    """Puts the right answers in `acks`, once the database has the conflicts. Plain repeats, the most there are, cost a look only."""
    marks = _marks(left)
    contrary = [
        row for row in left if row.aside in OUTRIGHT or marks.get((row.campaign, row.device, row.seq)) != row.mark
    ]
    again = {id(row) for row in contrary}
    _told_again(acks, [row for row in left if id(row) not in again])
    bounced = {id(row) for row in left}
    odd = list(_odd_rows([row for row in direct if id(row) not in bounced], stored.odd))
    if not (contrary or odd):
        return
    first_swabs = [row for row in contrary if _is_first(row) and (row.campaign, row.device, row.seq) not in marks]
    others = {id(row) for row in contrary} - {id(row) for row in first_swabs}
    with transaction.atomic():
        others |= {id(row) for row in settle_repeats(sheaves, acks, first_swabs)}
        for row in (row for row in contrary if id(row) in others):
            answered = _boxed if row.aside == "box" else _contrary
            acks[row.sheaf][row.place] = answered(row, acks[row.sheaf][row.place], text_of(sheaves, row))
        names = tables(other[0] for _row, _kind, other in odd if other)
        for row, kind, other in odd:
            keep(row, kind, text_of(sheaves, row), stored=True, other=other)
            where = names.get(other[0], "") if other else ""
            acks[row.sheaf][row.place] = changed(acks[row.sheaf][row.place], verdict=ODD[kind], where=where)
        withdraw([row for row in contrary if row.kind == SAMPLE])


def _told_again(acks: list[list[Ack]], rows: Sequence[Row]) -> None:
    """Sent before. What was odd about a swab is said again: the first answer may never have arrived."""
    swabs = [key_of(row) for row in rows if row.kind == SAMPLE]
    odd = {one.pk: one for one in Conflict.objects.filter(pk__in=swabs, stored=True)} if swabs else {}
    names = tables(one.other for one in odd.values() if one.other)
    for row in rows:
        answer = changed(acks[row.sheaf][row.place], status=Status.DUPLICATE)
        if one := odd.get(key_of(row)):
            answer = changed(answer, verdict=ODD[one.kind], where=names.get(one.other or 0, ""))
        acks[row.sheaf][row.place] = answer


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


def _is_first(row: Row) -> bool:
    """Whether it says of itself to be the person's first swab, and nothing else is the matter."""
    return row.kind == SAMPLE and not row.aside and not row.turn and row.person is not None


def _contrary(row: Row, answer: Ack, text: str) -> Ack:
    if row.aside in OUTRIGHT:
        keep(row, KIND_OF(row.aside), text)
        return changed(answer, status=Status.CONFLICT, reason=row.aside)
    if mark := _marks([row]).get((row.campaign, row.device, row.seq)):
        if mark == row.mark:
            return changed(answer, status=Status.DUPLICATE)
        keep(row, KIND_OF.NUMBER, text, other=(row.device, row.seq))
        return changed(answer, status=Status.CONFLICT, reason="number")
    first = next(iter(before([row]).values()), None) if row.kind == SAMPLE else None
    names = tables([first.device_id]) if first else {}
    if Conflict.objects.filter(pk=key_of(row)).exists():
        return repeat(answer, first, names) if first else changed(answer, status=Status.CONFLICT, reason="repeat")
    if first is None or row.turn:  # an earlier one that was taken back, or a retest's next turn
        return _again(row, answer, text)
    keep(row, KIND_OF.REPEAT, text, other=(first.device_id, first.seq))
    return repeat(answer, first, names)


def _boxed(row: Row, answer: Ack, text: str) -> Ack:
    """A box sealed or taken away: the fact and what follows from it, both or neither. What follows may be refused; the fact is kept then too."""
    try:
        with transaction.atomic():
            _insert(row)
            told(row.device, msgspec.json.decode(text, type=Fact), time_of(row.at))
    except (ValidationError, PermissionDenied, OutOfStep, IntegrityError):
        if _marks([row]):  # sent before, or by another way at the same moment
            return _contrary(row, answer, text)
        keep(row, KIND_OF.BOX, text)
        return changed(answer, status=Status.CONFLICT, reason="box")
    return answer


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
        of=row.of, at=time_of(row.at), skew=row.skew, mark=UUID(bytes=row.mark), stored_at=datetime.now(UTC),
    )  # fmt: skip
    if row.kind in (SAMPLE, KINDS[Kind.CORRECT]):
        count(row, row.verdict)
    if row.aside != "box":
        in_tube(row)


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
