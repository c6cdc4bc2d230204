"""Find what is a date, an hour or the numbering of a list: the numbers that prose may hold without a record."""

import re
from collections.abc import Iterator
from datetime import date

from tongzhou.kernel import numerals
from tongzhou.kernel.dates import FIRST_YEAR, LAST_YEAR, MONTHS

from .words import COUNTING, PHRASES

type Span = tuple[int, int]


def free(plain: str) -> list[Span]:
    """Where numbers may stand in a `flat` text: dates and hours that exist, list numbering, set phrases."""
    dates = [found.span() for pattern in _DATES for found in pattern.finditer(plain) if _exists(found)]
    others = [found.span() for pattern in (_LIST, _PHRASE) for found in pattern.finditer(plain)]
    return [*dates, *others, *_years(plain)]


_DIGIT = "一二三四五六七八九"
_YEAR = r"(?P<y>(?<![0-9])(?<![0-9][.,])[0-9]{4}|[〇零一二三四五六七八九]{4})"
_N = rf"(?:(?<![0-9])(?<![0-9][.,])[0-9]{{1,2}}(?![0-9])|(?:[二三]?十)?[{_DIGIT}](?![十百千万])|[二三]?十(?![{_DIGIT}百千万]))"
_TO = r"\s?(?:[-—–~～至到、]|——)\s?"
_DAYS = rf"(?P<d>{_N})\s?(?:[日号])?(?:{_TO}(?P<d2>{_N}))?\s?[日号]"
_NAMES = "|".join((*MONTHS, *(f"{month[:3]}\\.?" for month in MONTHS)))
_ENGLISH_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?(?![0-9])"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}\s?年(?:\s?(?P<m>{_N})\s?月(?:\s?{_DAYS})?)?",
        rf"(?P<m>{_N})(?:{_TO}(?P<m2>{_N}))?\s?月(?:\s?{_DAYS})?",
        # 连续10日 and 10日内 are spans of time, which somebody counted.
        rf"(?<!连续)(?<!为期)(?<!历时)(?<!近)(?<!共)(?<!满)(?P<d>{_N})(?:{_TO}(?P<d2>{_N}))?\s?日(?![内间游余]|以[上内])",
        r"(?<![0-9])(?<![0-9][.,])(?P<y>[0-9]{4})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})(?![0-9])",
        r"(?<![0-9])(?<![0-9][.,])(?P<y>[0-9]{4})-(?P<m>[0-9]{2})(?![0-9-])",
        r"(?<![0-9])(?P<h>[0-9]{1,2})[:：](?P<min>[0-9]{2})(?:[:：][0-5][0-9])?(?![0-9])",
        rf"(?P<h>{_N})\s?时(?:\s?(?P<min>{_N})\s?分|半|许|整)?(?![段常间])",
        rf"(?:凌晨|早上?|上午|中午|下午|晚上?|夜里|日|至|到)(?P<h>{_N})\s?点(?:\s?(?P<min>{_N})\s?分|半|许|整)?",
        rf"(?<![A-Za-z])(?:(?P<d>{_ENGLISH_DAY})\s(?:of\s)?)?(?i:{_NAMES})(?![a-z])(?:\s(?P<d2>{_ENGLISH_DAY}))?(?:,?\s(?P<y>[0-9]{{4}})(?![0-9]))?",
    )
)
_LIST = re.compile(
    rf"^[ \t\u3000]*(?:[（(]?[0-9]{{1,2}}(?:[)）、]|[.．](?![0-9]))|[（(]?[{_DIGIT}十]{{1,3}}[)）、.．])"
    rf"|(?:^|(?<=[。；：;:]))\s*[（(][0-9]{{1,2}}[)）]|①"
    rf"|（[{_DIGIT}十]{{1,3}}）|(?:^|(?<=[，。；：、“]))十[{_DIGIT}]?(?=[是要、])",
    re.MULTILINE,
)
_PHRASE = re.compile("|".join(PHRASES))
_BARE_YEAR = re.compile(r"(?<![0-9])(?<![0-9][.,])(?:[0-9]{4}|[〇零一二三四五六七八九]{4})(?![0-9])")


def _years(plain: str) -> Iterator[Span]:
    """2022 by itself. 共2022 is a count; so is 2022人, which reaches beyond this span."""
    for found in _BARE_YEAR.finditer(plain):
        if FIRST_YEAR <= _value(found[0]) <= LAST_YEAR and not plain[: found.start()].rstrip().endswith(COUNTING):
            yield found.span()


def _exists(found: re.Match[str]) -> bool:
    """Whether the calendar and the clock have it: 2022年13月 and 25:00 they have not."""
    parts = {name: _value(text) for name, text in found.groupdict().items() if text and name != "sep"}
    year, month = parts.get("y", 2000), parts.get("m", 1)
    if not (FIRST_YEAR <= year <= LAST_YEAR and parts.get("h", 0) <= 24 and parts.get("min", 0) < 60):
        return False
    try:
        return all(date(year, parts.get("m2", month), parts.get(day, 1)) for day in ("d", "d2")) and 1 <= month <= 12
    except ValueError:
        return False


def _value(text: str) -> int:
    digits = re.sub(r"(?:st|nd|rd|th)$", "", text)
    if digits.isascii():
        return int(digits)
    if len(digits) == 4:
        return int("".join(str(numerals.DIGITS[letter]) for letter in digits))
    return int(numerals.number(digits))
