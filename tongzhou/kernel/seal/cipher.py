"""Texts sealed and opened. `v1|key id|nonce|ciphertext`, AES-256-GCM (NIST SP 800-38D), base64url without padding.

The place (table|column|row uuid) is associated data: a sealed text copied to another row or column does not open there.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _

from tongzhou.kernel.seal import keys

HIDDEN = "•••"
SEALED_TEXT = re.compile(r"v1\|(?P<key_id>[0-9a-z]+)\|(?P<nonce>[\w-]{16})\|(?P<content>[\w-]{22,})", re.ASCII)
_NONCE_BYTES = 12


class Broken(Exception):
    """A sealed text that does not open: moved from another place, changed, or its key is gone."""


class Sealed:
    """A sealed text. Shows only •••; equal to another of the same ciphertext."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return HIDDEN

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def encrypt(plain: str, place: str) -> Sealed:
    current = keys.load()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    content = AESGCM(current.data[current.current]).encrypt(nonce, plain.encode(), place.encode())
    return Sealed(f"{prefix(current.current)}{_text(nonce)}|{_text(content)}")


def decrypt(sealed: Sealed, place: str) -> str:
    """Raises Broken, with a sentence for the keeper of the house."""
    parts = SEALED_TEXT.fullmatch(sealed.text)
    if parts is None:
        raise Broken(_("{place}：密文格式不对。").format(place=place))
    key = keys.load().data.get(parts["key_id"])
    if key is None:
        raise Broken(_("{place}：密钥文件中没有密钥 {key}。").format(place=place, key=parts["key_id"]))
    try:
        return AESGCM(key).decrypt(_bytes(parts["nonce"]), _bytes(parts["content"]), place.encode()).decode()
    except (InvalidTag, ValueError):
        raise Broken(_("{place}：密文被改动过，或是从别处移来的。").format(place=place)) from None


def prefix(key_id: str) -> str:
    """How every text sealed with this key begins."""
    return f"v1|{key_id}|"


def index(value: str, purpose: str) -> str:
    """The blind index of a value: 43 characters that are equal when the values are, empty for an empty value.

    HMAC-SHA-256 with a key of its own for each purpose, so that indexes of different purposes cannot be compared.
    Identity numbers are few enough to be tried out: the index protects no better than its key is kept.
    """
    normal = _normal(value, purpose)
    if not normal:
        return ""
    return _text(hmac.digest(_index_key(keys.load().index, purpose), normal.encode(), hashlib.sha256))


def _normal(value: str, purpose: str) -> str:
    """Half width, upper case, no spaces, hyphens or invisible characters; a phone also without the country's +86."""
    wide = unicodedata.normalize("NFKC", value).upper()
    plain = "".join(c for c in wide if unicodedata.category(c) not in {"Zs", "Zl", "Zp", "Pd", "Cc", "Cf"})
    return re.sub(r"^(\+|00)86", "", plain) if purpose == "phone" else plain


@lru_cache(maxsize=64)
def _index_key(root: bytes, purpose: str) -> bytes:
    return hmac.digest(root, f"blind index|{purpose}".encode(), hashlib.sha256)


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
