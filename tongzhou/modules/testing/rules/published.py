"""Results as anyone may fetch them: files that tell nothing except to whoever holds a person's result key.

    key     16 bytes of a person, made by the server from the keyed index of the document; a phone gets it with the code
    line    a name of 12 bytes (which campaign, whose) and the outcome under AES-256-GCM, both derived from that key
    shard   the lines whose names fall together, in one file; its name is the digest of its content, so it never changes
    list    the names of a campaign's shards, and its laboratories
    index   the lists of a response; the one file that changes

Each file is an Ed25519 signature in Base64, a line feed, and the text that is signed. static/testing/result/files.js reads the same; both
are held to tests/modules/testing/cases/published.json.
"""

from base64 import b64decode, b64encode, urlsafe_b64encode
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from struct import Struct

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

INDEX, LIST, SHARD = "tz-results-1", "tz-result-list-1", "tz-result-shard-1"
IN_A_SHARD = 512  # lines at most on average: some 30 kB to fetch, and nobody sees whose line was looked for
MOST_SHARDS = 65_536
_OUTCOME = Struct("!BBII")
_NAME, _IV = 12, 12


class Value(IntEnum):
    NEGATIVE = 1
    RETEST = 2  # the tube is to be tested again person by person
    POSITIVE = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """`laboratory` is a place in the campaign's list; times are seconds since 1970."""

    value: Value
    laboratory: int
    tested: int
    sampled: int


class Forged(ValueError):
    """A file or a line that this house did not make."""


def shards_for(people: int) -> int:
    """A power of two."""
    return min(MOST_SHARDS, 1 << max(0, (people - 1) // IN_A_SHARD).bit_length())


def line_name(key: bytes, campaign: bytes) -> bytes:
    return sha256(b"tz-name:" + campaign + key).digest()[:_NAME]


def shard_of(name: bytes, shards: int) -> int:
    return int.from_bytes(name[:4]) % shards


def sealed_line(key: bytes, campaign: bytes, outcome: Outcome) -> bytes:
    """Name and sealed outcome. The same outcome gives the same bytes, so that a shard without news keeps its name."""
    told = _OUTCOME.pack(outcome.value, outcome.laboratory, outcome.tested, outcome.sampled)
    iv = sha256(b"tz-iv:" + campaign + key + told).digest()[:_IV]
    return line_name(key, campaign) + iv + AESGCM(_line_key(key, campaign)).encrypt(iv, told, None)


def open_line(key: bytes, campaign: bytes, line: bytes) -> Outcome:
    """Raises Forged."""
    iv, sealed = line[_NAME : _NAME + _IV], line[_NAME + _IV :]
    try:
        value, laboratory, tested, sampled = _OUTCOME.unpack(AESGCM(_line_key(key, campaign)).decrypt(iv, sealed, None))
        return Outcome(Value(value), laboratory, tested, sampled)
    except (InvalidTag, ValueError) as fault:
        raise Forged from fault


def letters(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def signed(signer: Ed25519PrivateKey, text: str) -> bytes:
    content = text.encode()
    return b64encode(signer.sign(content)) + b"\n" + content


def checked(public: Ed25519PublicKey, file: bytes) -> str:
    """The text of a file. Raises Forged."""
    signature, _feed, content = file.partition(b"\n")
    try:
        public.verify(b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError) as fault:
        raise Forged from fault
    return content.decode()


def file_name(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def _line_key(key: bytes, campaign: bytes) -> bytes:
    return sha256(b"tz-key:" + campaign + key).digest()
