"""Numbers as people write them in Chinese: 300, 2.4万, 三十万, 一百零二, 两千, 1亿2000万."""

import re
from decimal import Decimal

DIGITS = dict(
    zip("零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖", (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)), strict=True)
)
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MULTIPLIERS = {"亿": 10**8, "万": 10**4}
LETTERS = "".join((*DIGITS, *UNITS, *MULTIPLIERS))

_ARABIC = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_STEP = re.compile(
    rf"(?P<zeros>[零〇]*)(?P<digit>\d+(?:\.\d+)?|[{''.join(DIGITS)}])?(?P<unit>[{''.join(UNITS)}])?", re.ASCII
)


def number(text: str) -> int | Decimal:
    """The value of a number written without sign, separators or measure.

    Raises ValueError for what is no number and for what a reader could take for two: 二三十 (20 or 30), 两万三
    (23,000 or 20,003).
    """
    value = _large(text)
    return int(value) if value == value.to_integral_value() else value


def _large(text: str) -> Decimal:
    """A number with 亿 or 万: what stands before the multiplier times it, plus the rest."""
    for letter, multiplier in MULTIPLIERS.items():
        before, found, rest = text.partition(letter)
        if found:
            return (_large(before) if before else 1) * Decimal(multiplier) + _rest(rest, multiplier)
    return _section(text)


def _rest(text: str, below: int) -> Decimal:
    if not text:
        return Decimal(0)
    value = _large(text)
    if value >= below or (len(text) == 1 and text not in UNITS):
        raise ValueError(text)
    return value


def _section(text: str) -> Decimal:
    """A number below 万: in Arabic digits, digit by digit (二〇二二) or by units (三百二十)."""
    if _ARABIC.fullmatch(text):
        return Decimal(text)
    if text and set(text) <= DIGITS.keys() and (len(text) == 1 or set(text) & set("零〇")):
        return Decimal("".join(str(DIGITS[letter]) for letter in text))
    total, floor, at = Decimal(0), 10**4, 0
    while at < len(text) or not text:
        step = _STEP.match(text, at)
        if step is None or not (step["digit"] or step["unit"]):
            raise ValueError(text)
        unit = UNITS.get(step["unit"] or "", 1)
        value = _digit(step["digit"]) * unit
        gap = unit == 1 and floor != 10 and not step["zeros"]  # 一百二 may mean 120 or 102
        lone = step["digit"] is None and unit != 10  # 三千百
        if at and (value >= floor or gap or lone):
            raise ValueError(text)
        total, floor, at = total + value, unit, step.end()
    return total


def _digit(text: str | None) -> Decimal:
    return Decimal(1) if text is None else Decimal(DIGITS.get(text, text))
