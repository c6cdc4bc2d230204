"""The small markup of an article. Whatever is not of it is text; nobody's HTML gets anywhere.

## 小标题       a heading                 [图1]        alone on its line: the first picture
> 引文         a quotation               [数1]        the first cited figure, out of the records
**重点**       stressed                  a line       a paragraph
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

PICTURE = re.compile(r"\[(?:图|P)([1-9]\d?)\]")  # P and N: for who writes without Chinese keys
FIGURE = re.compile(r"\[(?:数|N)([1-9]\d?)\]")
INLINE = re.compile(r"\*\*(?P<strong>[^*\n]+)\*\*|\[(?:数|N)(?P<figure>[1-9]\d?)\]")
HEADING, QUOTE = "## ", "> "


@dataclass(frozen=True)
class Span:
    kind: str  # text, strong, figure
    text: str


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, quotation or picture; a quotation has several lines."""

    kind: str  # p, h, quote, picture
    lines: tuple[tuple[Span, ...], ...] = ()
    number: int = 0  # of a picture

    @property
    def text(self) -> str:
        return "\n".join("".join(span.text for span in line) for line in self.lines)


def parse(text: str, figures: Mapping[int, str]) -> list[Block]:
    """The text as blocks, cited figures filled in; one that does not exist stays as it was typed."""
    found: list[Block] = []
    for line in filter(None, map(str.strip, clean(text).splitlines())):
        if picture := PICTURE.fullmatch(line):
            found.append(Block("picture", number=int(picture[1])))
        elif line.startswith(HEADING):
            found.append(Block("h", (_spans(line.removeprefix(HEADING).strip(), figures),)))
        elif line.startswith(QUOTE):
            said = _spans(line.removeprefix(QUOTE).strip(), figures)
            if found and found[-1].kind == "quote":
                found[-1] = Block("quote", (*found[-1].lines, said))
            else:
                found.append(Block("quote", (said,)))
        else:
            found.append(Block("p", (_spans(line, figures),)))
    return found


def plain(blocks: Iterable[Block]) -> str:
    """What a reader reads, without marks and pictures."""
    return "\n".join(block.text for block in blocks if block.lines)


def pictures(text: str) -> list[int]:
    """Numbers of the pictures that the text shows, in its order, each once."""
    return list(dict.fromkeys(block.number for block in parse(text, {}) if block.kind == "picture"))


def figures(text: str) -> list[int]:
    return list(dict.fromkeys(int(number) for number in FIGURE.findall(text)))


def length(text: str) -> int:
    """Characters of a text as editors count them: all but white space."""
    return sum(not letter.isspace() for letter in text)


def clean(text: str) -> str:
    """Without control characters, which no feed may hold and no reader sees."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"})


def _spans(line: str, figures: Mapping[int, str]) -> tuple[Span, ...]:
    return tuple(_split(line, figures))


def _split(line: str, figures: Mapping[int, str]) -> Iterator[Span]:
    at = 0
    for found in INLINE.finditer(line):
        if found.start() > at:
            yield Span("text", line[at : found.start()])
        if found["strong"] is not None:
            yield Span("strong", found["strong"])
        else:
            value = figures.get(int(found["figure"]))
            yield Span("text", found[0]) if value is None else Span("figure", value)
        at = found.end()
    if at < len(line):
        yield Span("text", line[at:])
