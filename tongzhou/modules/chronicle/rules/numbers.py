"""Find the numbers of a text: Arabic figures, Chinese numerals that count something, English number words."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tongzhou.kernel import figures, numerals

from . import words

type Claim = tuple[int | Decimal, figures.Bound, str]  # value, how well known, what is counted

HOLE = "\ue000"  # stands for each letter of a token, so that places stay the same


@dataclass(frozen=True)
class Number:
    """`start` and `end` take in bound and measure (近30万人次), `core` is the number alone (30万)."""

    start: int
    end: int
    core: str
    before: str
    measure: str


def flat(text: str, holes: Collection[tuple[int, int]] = ()) -> str:
    """The text, letter for letter, with digits of any script as ASCII and holes filled."""
    letters = [_plain(letter) for letter in text]
    for start, end in holes:
        letters[start:end] = HOLE * (end - start)
    return "".join(letters)


def numbers(plain: str, measures: Collection[str] = ()) -> Iterator[Number]:
    """Every number of a `flat` text that counts or may count something; `measures` are such as figures bring along."""
    longest = sorted({*words.CHINESE_MEASURES, *words.ENGLISH_MEASURES, *measures}, key=len, reverse=True)
    at = 0
    while found := _NUMBER.search(plain, at):
        measure = _measure(plain, found.end(), longest)
        end = found.end() + len(measure)
        end += next((len(word) for word in words.AFTER if plain.startswith(word, end)), 0)
        number = Number(found.start(), end, found["core"], found["before"] or "", measure.strip())
        if counts(number, plain):
            yield number
        at = end


def counts(number: Number, plain: str) -> bool:
    """Whether a numeral counts. Arabic figures do; 一 and lone numerals are more often words than numbers.

    一定, 统一, 一方面: no measure, no count.  一名社员: "a", unless 共一名 or 一瓶 (see words.QUANTITIES).
    两个, 三百套, 二十余次, 三十, 百万: counts.  第一: an ordinal; above 第十, and with 期 or 号, it must be known.
    """
    core, measure = number.core, number.measure
    if re.search(r"[0-9]", core) or not core.strip(numerals.LETTERS + _RARE + "余多几来点分之 "):
        arabic = re.search(r"[0-9]", core) is not None
        return arabic or "分之" in core or _chinese_counts(number, plain)
    if core.lower() == "one":
        return measure != "" or number.before != "" or _emphatic(number, plain)
    return True


def claim(text: str, lang: str) -> Claim | None:
    """What a text of one number says, comparable: 24,000元 and 2.4万元 claim the same. None for any other text."""
    for language in ("en", "zh") if lang == "en" else ("zh", "en"):
        try:
            figure, measure = figures.parse(_in_figures(text), "en" if language == "en" else "zh")
        except ValueError:
            continue
        return figure.value, figure.bound, words.ENGLISH_MEASURES.get(measure.lower(), measure)
    return None


_FULL = {"％": "%", "．": ".", "－": "-", "＋": "+", "\u2212": "-"}
_RARE = "廿卅卌萬億兩"
_LETTERS = numerals.LETTERS + _RARE
_UNITS = "十百千万亿拾佰仟萬億"
_ODD = "[①½]"  # see _plain
_WORD = "|".join(sorted((*words.SPELLED, *words.SCALES, *words.DOZENS), key=len, reverse=True))
_PART = rf"(?:[0-9](?:[0-9,.]*[0-9])?|(?!千[克米])[{_LETTERS}]|[余多几](?=[{_UNITS}])| (?=[{_UNITS}])(?!千[克米]))"
_NUMBER = re.compile(
    rf"(?:(?P<before>第|{'|'.join(words.BEFORE)})[ \u00a0]?)?"
    rf"(?P<core>[{_LETTERS}0-9]+分之[{_LETTERS}0-9点.]+"
    rf"|(?:(?<![\w)）])-)?(?! ){_PART}+(?:点[{''.join(numerals.DIGITS)}]+)?(?:[余多几]|来(?=[个名人次位家]))?"
    rf"|{_ODD}+|(?i:(?<![A-Za-z])(?:{_WORD})(?:[ -](?:and )?(?:{_WORD}))*(?![A-Za-z])))\+?"
)


def _plain(letter: str) -> str:
    """One letter for one: decimal digits of all scripts, which are digits to a reader too, as ASCII.

    Enclosed numbers (⑳, ㈠), which may number a list, become ①, and fractions, powers and Roman figures ½.
    """
    value = unicodedata.decimal(letter, None)
    if value is not None:
        return str(value)
    if letter != "〇" and unicodedata.category(letter) in ("No", "Nl"):
        enclosed = 0x2460 <= ord(letter) < 0x2793 or 0x3220 <= ord(letter) < 0x3300
        return "①" if enclosed else "½"
    return _FULL.get(letter, letter)


def _measure(plain: str, at: int, longest: list[str]) -> str:
    """What follows the number as its measure, with the blank before it."""
    blank = re.compile(r"[ \u00a0]?").match(plain, at)
    start = blank.end() if blank else at
    for measure in longest:
        end = start + len(measure)
        latin = measure[-1:].isascii() and measure[-1:].isalpha()
        if plain[start:end].lower() == measure.lower() and not (latin and re.match(r"[A-Za-z-]", plain[end : end + 1])):
            return plain[at:end]
    return ""


def _chinese_counts(number: Number, plain: str) -> bool:
    core = number.core
    if number.before == "第":
        return len(core) > 1 or number.measure in ("期", "号")
    if plain[number.start - 1 : number.start] == HOLE and core[0] in _UNITS:
        return True  # a token with 万 behind it is another number
    if number.before or core[-1] in "余多几来":
        return True
    if number.measure:
        article = core == "一" and number.measure not in words.QUANTITIES
        return not article or _emphatic(number, plain)
    if len(core) == 1 or core in ("千万", "亿万", "万千", "万一", "万万", "一一"):
        return False
    return any(letter in _UNITS for letter in core) or len(core) > 2


def _emphatic(number: Number, plain: str) -> bool:
    return plain[max(0, number.start - 20) : number.start].rstrip().lower().endswith(words.COUNTING)


def _in_figures(text: str) -> str:
    """English number words as figures: twenty-five meetings, three hundred."""
    return re.sub(rf"(?i)(?<![A-Za-z])(?:{_WORD})(?:[ -](?:and )?(?:{_WORD}))*(?![A-Za-z])", _spelled, flat(text))


def _spelled(found: re.Match[str]) -> str:
    total = part = 0
    for word in re.split(r"[ -](?:and )?", found[0].lower()):
        if word in words.SPELLED:
            part += words.SPELLED[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in words.SCALES:
            total, part = total + max(part, 1) * words.SCALES[word], 0
        else:
            return found[0]
    return str(total + part)
