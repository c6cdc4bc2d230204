"""Items to rows. No look-up: what is needed is in the item and in the device's session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from tongzhou.modules.testing import rules
from tongzhou.modules.testing.models import KINDS, Resident
from tongzhou.modules.testing.queries.session import Session
from tongzhou.modules.testing.rules import Ack, Fact, Item, Kind, Status, Typed, Unreadable, Verdict
from tongzhou.modules.testing.rules.codes import keyed
from tongzhou.modules.testing.workflow import DeviceState

NOTHING = rules.TubeNow()


@dataclass(slots=True)
class Sheaf:
    """One batch as it came: from which device, when by its clock and by ours (milliseconds since 1970)."""

    session: Session
    sent_at: int
    items: Sequence[Item | None]
    received: int


class Row(msgspec.Struct, gc=False):
    """A check-in on its way into the table, and the place of its answer."""

    sheaf: int
    place: int
    campaign: bytes
    device: int
    seq: int
    kind: int
    verdict: int
    turn: int
    person: bytes | None
    tube: str
    of: int | None
    at: int
    skew: int
    mark: bytes
    size: int
    typed: Typed | None = None
    aside: str = ""  # why it is not in the statement: it goes to the conflicts at once, or is of a box


def read(sheaf: Sheaf, number: int, rows: list[Row]) -> list[Ack]:
    """Adds a row for each item that is a fact. Returns the answers as they will be if every row goes in."""
    session, received = sheaf.session, sheaf.received
    campaign, revoked = session.campaign.bytes, session.state == DeviceState.REVOKED
    acks: list[Ack] = []
    for place, item in enumerate(sheaf.items):
        try:
            fact = rules.read_fact(item)
        except Unreadable as fault:
            acks.append(_refused(item, str(fault)))
            continue
        assert item is not None
        at, skew = rules.believed(fact.at, sheaf.sent_at, received, session.enrolled)
        typed = rules.who(fact)
        verdict, person, turn, aside = _judged(fact, typed, session, at)
        rows.append(
            Row(
                number, place, campaign, session.device, item.seq, KINDS[fact.kind], verdict, turn, person, fact.tube or fact.box, fact.of or None, at, skew,
                keyed(item.digest), 1 if fact.retest else session.station.size, typed, "revoked" if revoked else aside,
            )
        )  # fmt: skip
        acks.append(Ack(Status.STORED, item.seq, item.digest, verdict if fact.kind is Kind.SAMPLE else 0))
    return acks


def _judged(fact: Fact, typed: Typed | None, session: Session, at: int) -> tuple[int, bytes | None, int, str]:
    """Verdict, person, turn, and why it is set aside."""
    if fact.kind is Kind.CORRECT:
        return int(Verdict.CORRECTED), None, 0, ""
    if fact.kind is not Kind.SAMPLE:
        return int(Verdict.FINE), None, 0, "" if fact.kind is Kind.CLOSE else "box"
    turn = 1 if fact.retest else 0
    if typed is not None:
        return int(Verdict.FINE), rules.person_key(typed.kind, typed.number), turn, ""
    code = rules.read_code(fact.code) if fact.person is None else None
    if code is None:
        return int(Verdict.UNKNOWN_CODE), None, turn, "unknown_code"
    return int(rules.judge(session.station, at, code.expires, code.zone, NOTHING, None)), code.person, turn, ""


def residents(sheaves: Sequence[Sheaf], rows: Sequence[Row]) -> None:
    """The register gets who came without a code and has a name. Sealed once: who is there stays as they are."""
    fresh = {row.person: row for row in rows if row.typed and row.typed.name and row.person and not _known(row.person)}
    if not fresh:
        return
    made = []
    for key, row in fresh.items():
        assert row.typed is not None
        when = datetime.fromtimestamp(sheaves[row.sheaf].received / 1000, UTC)
        given: dict[str, Any] = {"document": row.typed.kind, "name": row.typed.name, "number": row.typed.number}
        made.append(Resident(key=UUID(bytes=key), registered_at=when, **given))
    made.sort(key=lambda one: one.key)  # two writers in one order
    Resident.objects.bulk_create(made, ignore_conflicts=True)
    if not connection.in_atomic_block:  # else it may yet be taken back
        for key in fresh:
            _remembered(key)


# persons whose row is known to be there, so that nothing is sealed for nothing; lost with the process, and forgotten when full
_there: dict[bytes, None] = {}
MOST_REMEMBERED = 200_000


def _known(key: bytes) -> bool:
    return key in _there


def _remembered(key: bytes) -> None:
    if len(_there) >= MOST_REMEMBERED:
        _there.clear()
    _there[key] = None


def _refused(item: Item | None, reason: str) -> Ack:
    if item is None:
        return Ack(Status.REJECTED, reason=reason)
    return Ack(Status.REJECTED, item.seq, item.digest, reason=reason)
