"""What a device could not send itself, handed in as a file by a colleague: the same items by the same door, so once each.

The file is sealed with a key that follows from the device's secret, of which the server keeps the digest: whoever carries it reads
nothing and changes nothing (static/testing/station/facts.js).
"""

import time
from base64 import b64decode
from binascii import Error
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person, Response
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.actions.ingest import Sheaf, ingest
from tongzhou.modules.testing.models import Device
from tongzhou.modules.testing.rules import Unreadable
from tongzhou.modules.testing.workflow import RUN

LONGEST = 10 * 1024 * 1024  # bytes; a table's whole day is a tenth of it
HANDED = _("{by}代交终端数据{n}条")


class _File(msgspec.Struct):
    protocol: Literal["tz-file-1"]
    device: int
    iv: str
    sealed: str


class _Content(msgspec.Struct):
    skew: int  # milliseconds that the device's clock was behind the server's
    batches: list[str]


@dataclass(frozen=True)
class Handed:
    """How many items came to be what (`rules.Status`)."""

    device: Device
    counts: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()


def hand_in(response: Response, content: bytes, *, by: Person) -> Handed:
    """Raises ValidationError for what is no file of a device of this response, and Http404 for a device out of reach."""
    try:
        told = msgspec.json.decode(content[: LONGEST + 1], type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ValidationError(__("这不是终端导出的文件。")) from None
    device: Device = access.find(Device.objects.filter(response=response), by, RUN, number=told.device)
    session = queries.session(device.number)
    if session is None:
        raise ValidationError(__("这不是终端导出的文件。"))
    opened = _opened(told, session.secret_hash)
    counts: Counter[str] = Counter()
    for text in opened.batches:
        try:
            _sent_at, items = rules.items_of(text.encode("utf-8", "surrogatepass"))
        except Unreadable:
            raise ValidationError(__("文件不完整，请在终端上重新导出。")) from None
        received = time.time_ns() // 1_000_000
        for ack in ingest([Sheaf(session, received - opened.skew, items, received)])[0]:
            counts[str(ack.status)] += 1
    steps.note(device, "hand_in", by=by, said=HANDED, data={"n": counts.total()})
    return Handed(device, counts)


def _opened(told: _File, secret_hash: str) -> _Content:
    key = sha256(f"tz-file-1:{secret_hash}".encode()).digest()
    try:
        iv, sealed = b64decode(told.iv, validate=True), b64decode(told.sealed, validate=True)
        return msgspec.json.decode(AESGCM(key).decrypt(iv, sealed, f"tz-file-1:{told.device}".encode()), type=_Content)
    except (Error, ValueError, InvalidTag, msgspec.DecodeError):
        raise ValidationError(__("文件已损坏或被改动过，请在终端上重新导出。")) from None
