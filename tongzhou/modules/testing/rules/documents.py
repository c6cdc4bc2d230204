"""What a person is known by."""

import re
import secrets
import unicodedata

from tongzhou.kernel.documents import check_digit

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read for another
TAIL = 4


def is_id_number(text: str) -> bool:
    """GB 11643-1999: seventeen digits and their check."""
    return bool(re.fullmatch(r"\d{17}[\dX]", text, re.ASCII)) and check_digit(text[:17]) == text[17]


def plain_number(text: str) -> str:
    """As it is kept: half width, upper case, without spaces and hyphens."""
    return re.sub(r"[\s·-]", "", unicodedata.normalize("NFKC", text)).upper()


def is_number(kind: str, text: str) -> bool:
    """Whether a plain number can be one of this kind. Passports and permits differ by country and year: only their shape is looked at."""
    return is_id_number(text) if kind == "id" else bool(re.fullmatch(r"[A-Z0-9]{5,20}", text, re.ASCII))


def drawn_number() -> str:
    """For whoever has no document: a number of our own that nobody else has."""
    return "TZ" + "".join(secrets.choice(LETTERS) for _n in range(12))


def tail(number: str) -> str:
    """The second factor: the last letters of the document, as people are used to being asked."""
    return plain_number(number)[-TAIL:]
