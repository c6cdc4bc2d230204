"""Codes drawn for telephones: any address as a QR code; and a code at a door that changes, so that whoever shows it is there.

A poster that stays the same is photographed and signed in with from home. The one on the screen at the door is derived from
the record and the clock; it holds for the step it was drawn in and the two after, the time it takes to scan and to press the button.
"""

from datetime import datetime

import segno
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.safestring import SafeString, mark_safe

from tongzhou.kernel.models import Kept

STEP = 30  # seconds for which the door shows one code
GRACE = 2  # further steps for which it is still taken
LETTERS = 16


def at_door(row: Kept, purpose: str, now: datetime) -> str:
    """The code that the door of this record shows now."""
    return _code(row, purpose, _step(now))


def holds(row: Kept, purpose: str, code: str, now: datetime) -> bool:
    """Whether the code was on show at this door just now."""
    step = _step(now)
    return any(constant_time_compare(_code(row, purpose, step - back), code) for back in range(GRACE + 1))


def drawn(address: str) -> SafeString:
    """A QR code as SVG without style attributes, which the page's policy refuses; with a view box, so that a screen may draw it large."""
    return mark_safe(segno.make_qr(address).svg_inline(scale=5, border=2, unit="px"))  # noqa: S308 -- drawn here from an address of our own


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP


def _code(row: Kept, purpose: str, step: int) -> str:
    return salted_hmac("tongzhou.door", f"{purpose}/{row.pk}/{step}", algorithm="sha256").hexdigest()[:LETTERS]
