"""Prose with its figures: text with tokens, taken apart into sentences and put together with what the figures say."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.facts import Finding

from . import Stray, check, link, mark, tokens
from .numbers import claim

TOTAL = "累计"  # the last part of a token whose figure counts from the beginning, not from the first day of the scope


@dataclass(frozen=True)
class Shown:
    """A figure as it stands in a text. `records` are the keys it was counted from, where they were kept.

    `now` is what the same question is answered today, if that differs; `now_on` the day of the last correction, if known.
    """

    token: str  # in a return with |@unit at its end
    fact: str
    text: str
    value: int | Decimal
    bound: str
    url: str
    records: tuple[str, ...] = ()
    now: str = ""
    now_on: str = ""
    finding: Finding | None = field(default=None, compare=False, repr=False)

    @property
    def correction(self) -> str:
        """（现为 410套，2022-05-03 更正）"""
        if not self.now:
            return ""
        if not self.now_on:
            return __("（现为 {value}）").format(value=self.now)
        return __("（现为 {value}，{day} 更正）").format(value=self.now, day=self.now_on)


type Piece = str | Shown


@dataclass(frozen=True)
class Said:
    """One sentence, in pieces. White space at its end belongs to it, so that a paragraph is its sentences joined."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece if isinstance(piece, str) else piece.text for piece in self.pieces)

    @property
    def figures(self) -> list[Shown]:
        return [piece for piece in self.pieces if isinstance(piece, Shown)]


@dataclass(frozen=True)
class Part:
    """A section. Its paragraphs hold sentences; `edited` when somebody wrote the prose."""

    line: str
    title: str
    paragraphs: tuple[tuple[Said, ...], ...]
    edited: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a return: a total, then one figure for each unit of the columns."""

    line: str
    label: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Grid:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Composition:
    """A whole paper in one language, live or as it was published."""

    title: str
    subtitle: str
    issuer: str
    day: str
    number: str
    scope: dict[str, str]
    scope_text: str
    parts: tuple[Part, ...]
    grid: Grid | None = None
    notes: tuple[tuple[str, str], ...] = ()  # cited records: (name, address)
    frozen_at: str = ""
    digest: str = ""

    @property
    def figures(self) -> list[Shown]:
        told = [
            figure
            for part in self.parts
            for paragraph in part.paragraphs
            for said in paragraph
            for figure in said.figures
        ]
        return told + [cell for row in (self.grid.rows if self.grid else ()) for cell in row.cells]


@dataclass(frozen=True)
class Known:
    """What numbers the prose of a chronicle may hold: figures by token, texts of cited records, and their bare values."""

    figures: Mapping[str, str]
    texts: tuple[str, ...] = ()
    values: frozenset[int | Decimal] = frozenset()
    names: frozenset[str] = field(default=frozenset(), repr=False)  # facts there are


def sentences(text: str) -> list[list[str]]:
    """Paragraphs (lines) as lists of sentences; joined they are the text again."""
    return [_SENTENCE.split(line) for line in text.splitlines() if line.strip()]


def said(text: str, figures: Mapping[str, Shown]) -> Said:
    """The sentence with its figures in place. A token that is no figure stays as it was typed."""
    pieces: list[Piece] = []
    at = 0
    for token in tokens(text):
        name = text[token.start : token.end]
        if name in figures:
            pieces += [text[at : token.start], figures[name]]
            at = token.end
    return Said(tuple(piece for piece in (*pieces, text[at:]) if piece != ""))


def total(token: str) -> str:
    """The token of the figure from the beginning: {testing.points} → {testing.points|累计}."""
    return f"{token[:-1]}|{TOTAL}}}"


def proof(text: str, known: Known, lang: str) -> tuple[str, list[Stray]]:
    """The text with typed figures turned into tokens, and every number that cannot stay.

    A number that more than one figure has is no stray of memory, but whose it is must be said.
    """
    plain = {token: said for token, said in known.figures.items() if "|=" not in token}
    linked = link(link(text, plain, lang), known.figures, lang)
    strays = [
        stray
        for stray in check(linked, [*known.figures.values(), *known.texts], lang)
        if not _cited(stray, known, lang)
    ]
    found = {stray.start for stray in strays}
    doubtful = [replace(stray, advice=format_lazy(_AMBIGUOUS, text=stray.text)) for stray in check(linked, known.texts, lang)
                if stray.start not in found and not _cited(stray, known, lang)]  # fmt: skip
    return linked, sorted([*strays, *doubtful, *_unknown(linked, known)], key=lambda stray: stray.start)


def as_json(paper: Composition, records: Callable[[Shown], Iterable[str]]) -> dict[str, Any]:
    """The published shape. `records` gives the keys behind a figure."""

    def figure(shown: Shown) -> dict[str, Any]:
        value = shown.value if isinstance(shown.value, int) else float(shown.value)
        return {
            "fact": shown.fact, "text": shown.text, "value": value, "bound": shown.bound, "records": list(records(shown)), "url": shown.url,
        }  # fmt: skip

    def sentence(text: str, figures: Iterable[Shown]) -> dict[str, Any]:
        return {"text": text.strip(), "figures": [figure(shown) for shown in figures]}

    sections = [
        {
            "line": part.line,
            "sentences": [sentence(one.text, one.figures) for paragraph in part.paragraphs for one in paragraph],
        }
        for part in paper.parts
    ]
    for line in dict.fromkeys(row.line for row in paper.grid.rows) if paper.grid else ():
        rows = [row for row in paper.grid.rows if row.line == line] if paper.grid else []
        sections.append({"line": line, "sentences": [sentence(_row_text(paper, row), row.cells) for row in rows]})
    return {"title": paper.title, "scope": paper.scope, "sections": sections}


# After a full stop; after one and its closing quotation mark; between English sentences, white space staying with the first.
_SENTENCE = re.compile(r"(?<=[。！？])(?![”’」』）])(?=.)|(?<=[。！？][”’」』）])(?=.)|(?<=[.!?]\s)(?=[A-Z“{])")
_AMBIGUOUS = _("有几个统计数都是“{text}”。请删去，改从统计数中插入所指的那一个。")
_NO_FIGURE = _("“{text}”不是统计数的代号。请从统计数中重新插入。")


def _cited(stray: Stray, known: Known, lang: str) -> bool:
    """Whether a cited record holds this number in a field of its own, where no measure stands beside it."""
    meant = claim(stray.text, lang)
    return bool(meant and meant[0] in known.values and meant[1] == "exact")


def _unknown(text: str, known: Known) -> Iterable[Stray]:
    for token in tokens(text):
        if token.name not in known.names:
            advice = format_lazy(_NO_FIGURE, text=text[token.start : token.end])
            yield mark(text, token.start, token.end, advice)


def _row_text(paper: Composition, row: Row) -> str:
    assert paper.grid
    named = zip(paper.grid.columns, row.cells, strict=True)
    cells = __("；").join(f"{column} {cell.text}" for column, cell in named)
    return __("{label}：{cells}").format(label=row.label, cells=cells)
