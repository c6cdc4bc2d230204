"""The code a resident shows: who (a keyed index, not a name), until when, from which community, and a seal of the server.

A check-in needs no look-up: the code says everything, and only the server can make one. Base64url of 32 bytes after "TZ1":
16 person, 4 expiry (hours since 1970), 4 community, 8 seal (BLAKE2b with a key of its own).
"""

from binascii import Error, a2b_base64, b2a_base64
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from struct import Struct
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tongzhou.kernel import seal
from tongzhou.modules.testing.rules.documents import plain_number

PREFIX = "TZ1"
LENGTH = len(PREFIX) + 43
HOUR = 3_600_000  # milliseconds
_BODY = Struct("!16sII")
# of bytes: translating a str took a third of the time a check-in takes to be read
_URLSAFE, _PLAIN = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")


class Code(NamedTuple):
    person: bytes
    expires: int  # milliseconds since 1970
    zone: int


Known = Code | None


def person_key(kind: str, number: str) -> bytes:
    """16 bytes that are equal when the documents are, however they were written: what a check-in keeps of a person. The document itself is never logged."""
    found = seal.index(f"{kind}:{plain_number(number)}", "testing.person")
    return a2b_base64(found.encode().translate(_PLAIN) + b"=")[:16]


def make_code(person: bytes, expires: int, zone: int) -> str:
    body = _BODY.pack(person, expires // HOUR, zone)
    return PREFIX + b2a_base64(body + _seal(body), newline=False).rstrip(b"=").translate(_URLSAFE).decode()


def read_code(text: str) -> Known:
    """What the code says, or None for a text that this house did not make."""
    if len(text) != LENGTH or not text.startswith(PREFIX):
        return None
    try:
        raw = a2b_base64(text[len(PREFIX) :].encode("ascii").translate(_PLAIN) + b"=")
    except (Error, ValueError):
        return None
    if len(raw) != 32 or not compare_digest(raw[24:], _seal(raw[:24])):
        return None
    person, hours, zone = _BODY.unpack_from(raw)
    return Code(person, hours * HOUR, zone)


def result_key(person: bytes) -> bytes:
    """16 bytes by which a person's lines are found and opened in the published files: whoever proved the document gets them, nobody else."""
    return _digest("testing.result", 16, person)


def signer() -> Ed25519PrivateKey:
    """By which the house signs what it publishes; the same as long as its keys are."""
    return Ed25519PrivateKey.from_private_bytes(blake2b(b"", key=_key("testing.sign"), digest_size=32).digest())


def keyed(content: bytes) -> bytes:
    """16 bytes by which a content is known again without giving it away: identity numbers are few enough to be tried out."""
    return _digest("testing.mark", 16, content)


def _seal(body: bytes) -> bytes:
    return _digest("testing.code", 8, body)


def _digest(purpose: str, size: int, content: bytes) -> bytes:
    made = _begun(purpose, size).copy()
    made.update(content)
    return made.digest()


@lru_cache(maxsize=8)
def _begun(purpose: str, size: int) -> blake2b:
    """With its key taken in already: that is half the work of a short digest."""
    return blake2b(key=_key(purpose), digest_size=size)


@lru_cache(maxsize=8)
def _key(purpose: str) -> bytes:
    """Derived from the house's root of blind indexes, which is never changed while they are in use."""
    return seal.index("key", purpose).encode()
