"""What a device sends and what it is answered. docs/station-protocol.md is this file in words.

The outer text holds items; each item holds the exact text that the device wrote down and hashed. It is never written anew before
it is compared: two languages write the same value differently.
"""

import re
from enum import StrEnum
from hashlib import sha256
from typing import Literal

import msgspec

from tongzhou.modules.testing.rules.documents import plain_number

BATCH, ACK = "tz-batch-1", "tz-ack-1"
MOST_ITEMS = 500
LONGEST_TEXT, LONGEST_TUBE = 8000, 24  # a box names its tubes: 200 of them, and what is said of a difference
MOST_TUBES = 200
LONGEST_NAME, LONGEST_NUMBER = 60, 60
# gc=False: none of these can hold a circle, and the collector need not follow hundreds of them in each batch
_MOST_SEQ, _LATEST = 2**31 - 1, 4_102_444_800_000  # the year 2100, in milliseconds


class Kind(StrEnum):
    SAMPLE = "sample"
    CORRECT = "correct"  # takes an own check-in back: `of` is its number
    CLOSE = "close"  # a tube
    BOX = "box"  # sealed: `tubes` as the system has them or as they were scanned, `in_hand` as they were counted
    COURIER = "courier"  # takes a sealed box away


class Status(StrEnum):
    STORED = "stored"
    DUPLICATE = "duplicate"  # was stored before: as good as stored
    CONFLICT = "conflict"  # kept for the supervisor: as good as stored for the device
    REJECTED = "rejected"  # no fact at all; the device keeps it and shows it


class Unreadable(ValueError):
    """An item that is no fact. Its text says why, in a word that a program can read."""


class Typed(msgspec.Struct, frozen=True, gc=False):
    """A person without a code: read from a card, or typed."""

    name: str
    kind: Literal["id", "passport", "permit", "none"]
    number: str


class Fact(msgspec.Struct, frozen=True, gc=False):
    """The inner text. `at` is the device's clock in milliseconds since 1970."""

    kind: Kind
    at: int
    tube: str = ""
    code: str = ""
    person: Typed | None = None
    of: int = 0
    retest: bool = False
    box: str = ""
    tubes: list[str] = []
    in_hand: int = 0
    note: str = ""
    courier: str = ""


class Item(msgspec.Struct, frozen=True, gc=False):
    """`digest` is the SHA-256 of the UTF-8 bytes of `text`, in Base64."""

    seq: int
    digest: bytes
    text: str


class _Batch(msgspec.Struct, frozen=True, gc=False):
    protocol: Literal["tz-batch-1"]
    sent_at: int
    items: list[Item]


class _Loose(msgspec.Struct, frozen=True, gc=False):
    protocol: Literal["tz-batch-1"]
    sent_at: int
    items: list[msgspec.Raw]


class Ack(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The answer to one item, at the same place in the list. `where` and `at` tell of an earlier swab."""

    status: Status
    seq: int = 0
    digest: bytes = b""
    verdict: int = 0
    where: str = ""
    at: int = 0
    reason: str = ""


class Answer(msgspec.Struct, frozen=True, gc=False):
    protocol: str
    device: int
    received_at: int
    items: list[Ack]


_batch = msgspec.json.Decoder(_Batch)
_loose = msgspec.json.Decoder(_Loose)
_item = msgspec.json.Decoder(Item)
_fact = msgspec.json.Decoder(Fact)


def items_of(body: bytes) -> tuple[int, list[Item | None]]:
    """When the device says it sent this, and its items; None in place of one that is none. Raises Unreadable for no batch at all."""
    items: list[Item | None]
    try:
        batch: _Batch | _Loose = _batch.decode(body)
        items = list(batch.items)  # type: ignore[arg-type]  # msgspec has checked that it is a list
    except (msgspec.DecodeError, UnicodeDecodeError):
        try:
            batch = _loose.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Unreadable("batch") from None
        items = [_one(raw) for raw in batch.items]
    if not 1 <= len(items) <= MOST_ITEMS:
        raise Unreadable("size")
    if not 0 < batch.sent_at < _LATEST:
        raise Unreadable("sent_at")
    return batch.sent_at, items


def read_fact(item: Item | None) -> Fact:
    """The fact in an item. Raises Unreadable."""
    if item is None:
        raise Unreadable("item")
    raw = item.text.encode("utf-8", "surrogatepass")
    if not 0 < item.seq <= _MOST_SEQ:
        raise Unreadable("seq")
    if len(raw) > LONGEST_TEXT:
        raise Unreadable("length")
    if sha256(raw).digest() != item.digest:
        raise Unreadable("digest")
    try:
        fact = _fact.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable("text") from None
    return _checked(fact)


def who(fact: Fact) -> Typed | None:
    """The person of a swab without a code, as they are kept; None where it cannot be told who it was. The swab is kept all the same."""
    if fact.person is None or fact.code:
        return None
    number = plain_number(fact.person.number)
    known = Typed(tidy(fact.person.name)[:LONGEST_NAME], fact.person.kind, number)
    return known if 0 < len(number) <= LONGEST_NUMBER else None


def tidy(text: str) -> str:
    """Words as they are kept: what separates them is one space, a full-width one too. PostgreSQL takes no NUL in a text."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()


def _checked(fact: Fact) -> Fact:
    """Whose swab it was is not asked here: a swab into a known tube is kept whoever it was of."""
    if not 0 < fact.at < _LATEST:
        raise Unreadable("at")
    if fact.kind in (Kind.BOX, Kind.COURIER):
        return _checked_box(fact)
    if not _barcode(fact.tube):
        raise Unreadable("tube")
    if fact.kind is Kind.CORRECT and not 0 < fact.of <= _MOST_SEQ:
        raise Unreadable("of")
    return fact


def _checked_box(fact: Fact) -> Fact:
    if not _barcode(fact.box):
        raise Unreadable("box")
    if fact.kind is Kind.BOX and not (0 < len(fact.tubes) <= MOST_TUBES and all(map(_barcode, fact.tubes))):
        raise Unreadable("tubes")
    if not 0 <= fact.in_hand <= 10 * MOST_TUBES:
        raise Unreadable("in_hand")
    if len(tidy(fact.note)) > 200 or len(tidy(fact.courier)) > 40:
        raise Unreadable("note")
    if fact.kind is Kind.COURIER and not tidy(fact.courier):
        raise Unreadable("courier")
    return fact


def _barcode(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TUBE and text.isascii() and text.isalnum()


def _one(raw: msgspec.Raw) -> Item | None:
    try:
        return _item.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
