"""Rules of giving that need no database: movements that conserve, splitting without remainder, what the public may read, periods of disclosure."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

YUAN = "元"  # the measure of money; its quantities are integer fen
STALE_PLEDGE_DAYS = 7  # our own reminder, not a legal term
EXPIRY_WARNING_DAYS = 30  # likewise
WITHHELD = "＊＊"

# What each kind of movement does to the columns of a line, for one unit of quantity. Each keeps
# received = in_stock + allocated + delivered + lost + returned; the database checks that too.
EFFECTS: dict[str, dict[str, int]] = {
    "received": {"received": 1, "in_stock": 1},
    "allocated": {"in_stock": -1, "allocated": 1},
    "released": {"allocated": -1, "in_stock": 1},
    "delivered": {"allocated": -1, "delivered": 1},
    "taken_back": {"delivered": -1, "in_stock": 1},
    "lost": {"in_stock": -1, "lost": 1},
    "returned": {"in_stock": -1, "returned": 1},
    "corrected": {"received": 1, "in_stock": 1},  # the only kind whose quantity may be negative
}
HELD = ("in_stock", "allocated", "delivered", "lost", "returned")


@dataclass(frozen=True)
class DisclosurePeriod:
    """From `since` on, receipts are published at least every `days` days; `source` is the rule that says so."""

    since: date
    days: int
    source: Any


DISCLOSURE_PERIODS = (
    DisclosurePeriod(date.min, 5, _("本单位约定：每五日公开一次")),
    DisclosurePeriod(
        date(2024, 9, 5), 5, _("《慈善法》（2023年修正）第七十二条：应对重大突发事件，至少每五日公开一次")
    ),
)


def disclosure_period(day: date) -> DisclosurePeriod:
    """The period in force on a day."""
    return next(period for period in reversed(DISCLOSURE_PERIODS) if period.since <= day)


def disclose_by(received: date) -> date:
    return received + timedelta(days=disclosure_period(received).days)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts in proportion to the weights that add up to the total exactly (largest remainder; ties to the earlier).

    Raises ValueError for a negative total or weight, or when there is no weight at all.
    """
    if total < 0 or any(weight < 0 for weight in weights) or not sum(weights):
        raise ValueError("a split needs a total of at least 0 and some positive weight")
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def revalued(value: int | None, quantity: int, counted: int) -> int | None:
    """The value in fen of `counted` pieces where `quantity` are worth `value`: the price of one piece stays as it was stated."""
    if value is None or not quantity:
        return value
    return (2 * value * counted + quantity) // (2 * quantity)


def outside(designated: Iterable[str], recipients: Iterable[str]) -> list[str]:
    """Recipients that a directed gift was not meant for. A gift without named recipients may go to any."""
    meant = {name.strip() for name in designated if name.strip()}
    return [name for name in recipients if meant and name not in meant]


def names(text: str) -> list[str]:
    """Names written one a line, or separated by 、；;, each once, in their order."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[\n、；;]", text) if part.strip()))


_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|[\w.+-]+@[\w-]+\.[\w.-]+"
)


def public(text: str, private: Iterable[str] = ()) -> str:
    """A text as the public reads it: without telephone and identity numbers, addresses of e-mail, and the names in `private`."""
    for name in sorted({name for name in private if name}, key=len, reverse=True):
        text = text.replace(name, WITHHELD)
    return _NUMBERS.sub(WITHHELD, text)


def digest(rows: Any) -> str:
    """SHA-256 of rows as canonical JSON, so that a printed table can be held against the page."""
    return hashlib.sha256(
        json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
