"""What a paper is made of: plain values without any layout."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from urllib.parse import quote, urljoin, urlsplit

from tongzhou.kernel.dates import When, show

type Lang = Literal["zh", "en"]
type Cell = str | Run | tuple[Run, ...]
type Block = Heading | Paragraph | Table | Signatures | QR


@dataclass(frozen=True)
class Run:
    """A stretch of text; with `url` (absolute, or relative to the `base` given when printing) it is a link."""

    text: str
    url: str = ""

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in {"", "http", "https", "mailto", "tel"}:
            raise ValueError(f"a link in a paper must be a web, mail or telephone address, not {self.url!r}")


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3, 4):
            raise ValueError(f"GB/T 9704 knows heading levels 1 to 4, not {self.level}")


@dataclass(frozen=True)
class Paragraph:
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the text width, in any unit; rows shorter than the header are filled with blanks."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...] | None = None
    caption: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        columns = len(self.header)
        if not columns:
            raise ValueError("a table needs at least one column")
        if any(len(row) > columns for row in self.rows):
            raise ValueError(f"a row of the table {self.caption!r} has more than its {columns} cells")
        if self.widths is not None and (len(self.widths) != columns or min(self.widths) <= 0):
            raise ValueError(f"widths must be {columns} positive shares")

    def shares(self) -> list[float]:
        """Each column's part of the width; they add up to 1."""
        widths = self.widths or (1.0,) * len(self.header)
        return [width / sum(widths) for width in widths]

    def lines(self) -> list[tuple[Cell, ...]]:
        """Header and rows, all of the same length."""
        return [(*row, *[""] * (len(self.header) - len(row))) for row in (self.header, *self.rows)]


@dataclass(frozen=True)
class Signatures:
    """Lines to be signed by hand: 交付人, 接收人, 日期."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class QR:
    """`text` is what the code holds (at most 1,000 bytes, so that print stays legible), `caption` what stands below."""

    text: str
    caption: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(clean(self.text).encode()) <= 1000:
            raise ValueError("a QR code on paper holds 1 to 1,000 bytes")


@dataclass(frozen=True)
class Paper:
    """`masthead` is the red head (发文机关标志), `number` the document's number (发文字号) or the slip's."""

    title: str
    subtitle: str = ""
    issuer: str = ""
    date_text: str = ""
    lang: Lang = "zh"
    blocks: tuple[Block, ...] = ()
    masthead: str | None = None
    source_note: str = ""
    number: str = ""


def prose(*parts: str | Run) -> Paragraph:
    return Paragraph(tuple(Run(part) if isinstance(part, str) else part for part in parts))


def dated(day: date, lang: Lang = "zh") -> str:
    """The date under a paper: Arabic figures without leading zero (GB/T 9704-2012, 7.3.5.4)."""
    return show(When(day), lang)


def numbered(blocks: Iterable[Block], lang: Lang = "zh") -> tuple[Block, ...]:
    """Put 一、 （一） 1. （1） before the headings (GB/T 9704-2012, 7.3.3), or 1. 1.1. in English."""
    counts = [0, 0, 0, 0]
    done: list[Block] = []
    for given in blocks:
        block = given
        if isinstance(block, Heading):
            counts = [*counts[: block.level - 1], counts[block.level - 1] + 1, *[0] * (4 - block.level)]
            block = replace(block, text=_number(counts[: block.level], lang) + block.text)
        done.append(block)
    return tuple(done)


def runs(cell: Cell) -> tuple[Run, ...]:
    if isinstance(cell, str):
        return (Run(cell),)
    return (cell,) if isinstance(cell, Run) else cell


def clean(text: str) -> str:
    """Text that XML, Typst and UTF-8 can all hold.

    Every kind of line break becomes \\n and a tab a space; what no format can carry (control characters, lone
    surrogates, noncharacters) becomes U+FFFD, so that a reader sees that something stood there.
    """
    lines = text.replace("\t", " ").splitlines()
    return "\n".join("".join(letter if _printable(letter) else "\ufffd" for letter in line) for line in lines)


def absolute(url: str, base: str) -> str:
    """The full address, percent-encoded. Raises ValueError for a relative url without a `base`."""
    full = urljoin(base, url)
    if not urlsplit(full).scheme:
        raise ValueError(f"the link {url!r} is relative: say what it is relative to with base=")
    return encoded(full)


def encoded(url: str) -> str:
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~", errors="replace")


def _number(counts: list[int], lang: Lang) -> str:
    if lang == "en":
        return ".".join(map(str, counts)) + ". "
    last = counts[-1]
    return (f"{_chinese(last)}、", f"（{_chinese(last)}）", f"{last}.", f"（{last}）")[len(counts) - 1]


def _chinese(number: int) -> str:
    """1 to 99, as headings count."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return ("" if not tens else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones or not tens else "")


def _printable(letter: str) -> bool:
    code = ord(letter)
    control = code < 0x20 or 0x7F <= code < 0xA0
    surrogate = 0xD800 <= code < 0xE000
    return not control and not surrogate and code & 0xFFFE != 0xFFFE and not 0xFDD0 <= code < 0xFDF0
