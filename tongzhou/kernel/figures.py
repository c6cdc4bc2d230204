"""A figure: a number together with how well it is known, in words and back.

Reports say 20余次, 近30万人次, 约5000人. The bound is part of what is known, so it is kept with the number, carried
through sums and written out in both languages. `parse(figure.text(measure))` gives the figure and the measure again.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Literal

from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import numerals
from tongzhou.kernel.measures import MEASURES

type Language = Literal["zh", "en"]
type Measure = str | tuple[str, str]


class Bound(StrEnum):
    EXACT = "exact"
    AT_LEAST = "at_least"  # 20余次: so many and somewhat more
    UNDER = "under"  # 近30万: nearly, but not quite
    ABOUT = "about"


BOUND_CHOICES = [
    (Bound.EXACT.value, _("确切")),
    (Bound.AT_LEAST.value, _("至少（…余）")),
    (Bound.UNDER.value, _("接近（近…）")),
    (Bound.ABOUT.value, _("大约（约…）")),
]


def weakest(bounds: Iterable[Bound]) -> Bound:
    """What can still be said of a sum: exact gives way to any other; somewhat more and nearly leave only about."""
    inexact = set(bounds) - {Bound.EXACT}
    if not inexact:
        return Bound.EXACT
    return inexact.pop() if len(inexact) == 1 else Bound.ABOUT


@dataclass(frozen=True, slots=True)
class Figure:
    """A whole or decimal value with its bound. Decimals without a fraction become int, so equal figures look alike."""

    value: int | Decimal
    bound: Bound = Bound.EXACT
    zero: ClassVar["Figure"]

    def __post_init__(self) -> None:
        value: object = self.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise TypeError(f"A figure needs an int or a Decimal, not {value!r}.")
        if isinstance(value, Decimal):
            if not value.is_finite():
                raise ValueError(f"A figure needs a finite value, not {value}.")
            if value == value.to_integral_value():
                object.__setattr__(self, "value", int(value))
        object.__setattr__(self, "bound", Bound(self.bound))

    def __add__(self, other: "Figure | int") -> "Figure":
        """The sum, known no better than its least known part. Plain 0 is accepted so that sum() works."""
        if isinstance(other, Figure):
            return Figure(self.value + other.value, weakest((self.bound, other.bound)))
        return self if other == 0 else NotImplemented

    __radd__ = __add__

    def text(self, measure: Measure = "", lang: Language = "zh") -> str:
        """近30万人次, or in English nearly 300,000 person-times.

        `measure` is a Chinese measure word; in English it is looked up in MEASURES (an unknown one is shown as
        written), or the English singular and plural are given as a pair.
        """
        if lang == "en":
            return _english(self, measure)
        if not isinstance(measure, str):
            raise TypeError(f"Chinese text needs one measure word, not {measure!r}.")
        return _chinese(self) + measure


Figure.zero = Figure(0)


def parse(text: str, lang: Language = "zh") -> tuple[Figure, str]:
    """The figure and the measure (as written, empty when there is none) that a person typed.

    Raises ValueError, with a sentence for that person, for anything that is not one number: ranges, 几十, 数百, 二三十.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf").strip()
    try:
        if len(plain) > 100:
            raise ValueError(plain[:100])
        return _parse_english(plain) if lang == "en" else _parse_chinese(plain)
    except ValueError:
        raise ValueError(_EXPECTED[lang].format(text=plain[:30])) from None


# -- to words

_SIGNS = {
    "zh": {Bound.EXACT: "", Bound.AT_LEAST: "至少", Bound.UNDER: "近", Bound.ABOUT: "约"},
    "en": {Bound.EXACT: "", Bound.AT_LEAST: "at least ", Bound.UNDER: "nearly ", Bound.ABOUT: "about "},
}


def _chinese(figure: Figure) -> str:
    """With 亿 or 万 where at most two decimals are needed.

    余 follows a round number only (20余, 30余万, 2.4万余): for any other value Chinese says 至少23.
    """
    shown: int | Decimal = figure.value
    unit = ""
    for letter, multiplier in numerals.MULTIPLIERS.items():
        if abs(Decimal(figure.value)) >= multiplier and figure.value % (multiplier // 100) == 0:
            shown, unit = Decimal(figure.value) / multiplier, letter
            break
    if figure.bound is Bound.AT_LEAST and _round(figure.value):
        return f"{_plain(shown)}余{unit}" if _round(shown) else f"{_plain(shown)}{unit}余"
    return _SIGNS["zh"][figure.bound] + _plain(shown) + unit


def _english(figure: Figure, measure: Measure) -> str:
    singular, plural = MEASURES.get(measure, (measure, measure)) if isinstance(measure, str) else measure
    sign = _SIGNS["en"][figure.bound]
    if figure.bound is Bound.AT_LEAST and _round(figure.value):
        sign = "more than "
    return f"{sign}{_plain(figure.value, ',')} {singular if figure.value == 1 else plural}".rstrip()


def _round(value: int | Decimal) -> bool:
    return value > 0 and value % 10 == 0


def _plain(value: int | Decimal, grouping: str = "") -> str:
    digits = format(value, f"{grouping}f" if isinstance(value, Decimal) else f"{grouping}d")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


# -- from words

_BEFORE = {
    Bound.AT_LEAST: ("超过", "超出", "超", "逾", "至少", "不少于", "不低于", "多于", "高于", "大于", "上", "过"),
    Bound.UNDER: ("将近", "接近", "近", "不到", "不足"),
    Bound.ABOUT: ("大约", "大概", "约为", "约"),
}
_AFTER = {Bound.AT_LEAST: ("以上",), Bound.ABOUT: ("左右", "上下")}
_ENGLISH_BEFORE = {
    Bound.AT_LEAST: ("more than", "at least", "over"),
    Bound.UNDER: ("nearly", "almost", "just under"),
    Bound.ABOUT: ("about", "around", "approximately"),
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_EXPECTED = {
    "zh": "看不懂“{text}”：请填写一个数字，可带“余、近、约”和单位，例如：20余次、近30万人次、约5000人、2.4万元。",
    "en": "“{text}” is not a figure: write one number, with a bound and a measure if you like, "
    "such as: more than 20 meetings, nearly 300,000 people, about 5,000, 24,000 yuan.",
}
_MORE = "余多几"  # 20余, 300多, 十几
_LETTERS = numerals.LETTERS + _MORE
_COMMAS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_MEASURE = r"(?P<measure>(?:[^\W\d_]|[%‰°])(?:[^\W\d_]|[%‰°·/ '-])*)?"
_CHINESE = re.compile(
    rf"(?P<before>{'|'.join(w for words in _BEFORE.values() for w in words)})?"
    rf"(?P<number>-?(?:(?!千[克米])[0-9.,{_LETTERS}])+)(?P<plus>\+)?{_MEASURE}"
)
_ENGLISH = re.compile(
    rf"(?P<before>{'|'.join(w for words in _ENGLISH_BEFORE.values() for w in words)})? ?"
    rf"(?P<number>-?[0-9.,]+)(?P<plus>\+| or more\b)?(?: ?(?P<scale>{'|'.join(_SCALES)})\b)? ?{_MEASURE}",
    re.IGNORECASE,
)


def _parse_chinese(text: str) -> tuple[Figure, str]:
    found = _CHINESE.fullmatch(re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", text))
    if found is None:
        raise ValueError(text)
    bounds = [bound for bound, words in _BEFORE.items() if found["before"] in words]
    bounds += [Bound.AT_LEAST] if found["plus"] else []
    measure = found["measure"] or ""
    for bound, words in _AFTER.items():
        if measure.endswith(words):
            measure = measure[:-2]
            bounds.append(bound)
    number, more = re.subn(rf"(?<=.)[{_MORE}](?=[万亿]*$)", "", found["number"])
    bounds += [Bound.AT_LEAST] if more else []
    vague = set(measure) & set(_LETTERS + "半以") and measure not in MEASURES
    if vague or (number[0] in "百千万亿佰仟" and not bounds):  # 百人 is no figure, 近百人 is
        raise ValueError(text)
    return _figure(number, bounds), measure


def _parse_english(text: str) -> tuple[Figure, str]:
    found = _ENGLISH.fullmatch(" ".join(text.split()))
    if found is None or re.match(r"(?:or|to|and|plus)\b", found["measure"] or ""):
        raise ValueError(text)
    bounds = [bound for bound, words in _ENGLISH_BEFORE.items() if (found["before"] or "").lower() in words]
    bounds += [Bound.AT_LEAST] if found["plus"] else []
    figure = _figure(found["number"], bounds)
    scale = _SCALES.get((found["scale"] or "").lower(), 1)
    return Figure(figure.value * scale, figure.bound), found["measure"] or ""


def _figure(number: str, bounds: list[Bound]) -> Figure:
    plain = _COMMAS.sub(lambda run: run[0].replace(",", ""), number)
    value = numerals.number(plain.removeprefix("-"))
    return Figure(-value if plain.startswith("-") else value, weakest(bounds))
