"""Days that may be known only to the month or the year; and moments, as offices write them.

A report often says 「2022年3月」 and no more. Such a date is kept and shown as it was known; inventing a day
would make the chronicle say what nobody recorded.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

type Precision = Literal["day", "month", "year"]

FIRST_YEAR, LAST_YEAR = 1900, 2099
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class When:
    """`day` is the first of the month or year when that is all that is known, so equal dates compare equal."""

    day: date
    precision: Precision = "day"

    def __post_init__(self) -> None:
        first = {"day": self.day, "month": self.day.replace(day=1), "year": self.day.replace(month=1, day=1)}
        object.__setattr__(self, "day", first[self.precision])


def parse_when(text: str) -> When:
    """Read a Chinese, ISO, slashed, dotted or English date, whole or without its day or month.

    Raises ValueError with a sentence for the user. A date without a year is refused: in a file that is read
    in January, 「3月5日」 would be guessed wrong.
    """
    plain = re.sub(r"\s+", " ", text.translate(FULL_WIDTH)).strip()
    parts = _chinese(plain) or _english(plain)
    if parts is None:
        raise ValueError(_explain(plain))
    year, month, day = parts
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(_("年份“%(year)s”不在1900至2099之间，请写四位年份。") % {"year": year})
    try:
        whole = date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(_("日历上没有“%(text)s”这一天，请核对。") % {"text": plain}) from None
    return When(whole, "day" if day is not None else "month" if month is not None else "year")


def show(when: When, lang: str = "zh") -> str:
    """Word the date for reading; `lang` is "zh…" or "en…". `parse_when` reads both back."""
    day = when.day
    if lang.startswith("zh"):
        tail = {"day": f"{day.month}月{day.day}日", "month": f"{day.month}月", "year": ""}
        return f"{day.year}年{tail[when.precision]}"
    name = MONTHS[day.month - 1]
    return {"day": f"{day.day} {name} {day.year}", "month": f"{name} {day.year}", "year": f"{day.year}"}[when.precision]


def moment(at: datetime | None) -> str:
    """“2022-03-07 09:30” by the house's clock; empty where there is none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(\d{4}) ?([-/.]) ?(?P<m>\d{1,2})(?: ?\2 ?(?P<d>\d{1,2}))?",
        r"(\d{4}) ?年(?: ?(?P<m>\d{1,2}) ?月(?: ?(?P<d>\d{1,2}) ?[日号]?)?)?",
        r"(\d{4})(?:(?P<m>\d{2})(?P<d>\d{2}))?",
    )
)
_ENGLISH = re.compile(r"(?:(?P<d>\d{1,2}) )?(?P<m>[A-Za-z]{3,9})\.? (?P<y>\d{4})", re.ASCII)

type _Parts = tuple[int, int | None, int | None]


def _chinese(text: str) -> _Parts | None:
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            month, day = found["m"], found["d"]
            return int(found[1]), int(month) if month else None, int(day) if day else None
    return None


def _english(text: str) -> _Parts | None:
    found = _ENGLISH.fullmatch(text)
    if not found:
        return None
    name = found["m"].lower()
    months = [number for number, month in enumerate(MONTHS, 1) if month.lower() == name or month.lower()[:3] == name]
    return (int(found["y"]), months[0], int(found["d"]) if found["d"] else None) if months else None


def _explain(text: str) -> str:
    if re.fullmatch(r"\d{1,2} ?(月|[-/.]) ?\d{1,2} ?[日号]?", text):
        return _("“%(text)s”缺少年份，请写成 2022-03-05 或 2022年3月5日。") % {"text": text}
    return _("“%(text)s”不是日期，请写成 2022-03-05；只知道月份的写 2022-03，只知道年份的写 2022。") % {"text": text}
