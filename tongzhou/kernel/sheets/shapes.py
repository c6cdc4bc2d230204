"""The words of a table: column, row, fault, sheet."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

type Kind = Literal[
    "text", "integer", "decimal", "money", "date", "id", "phone", "choice", "boolean", "figure", "moment"
]  # fmt: skip
type Words = str | Promise

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
NOTES = gettext_lazy("说明")  # the second sheet of our own files; never read back
LANGUAGES = ("zh-hans", "en")  # a file exported on a Chinese page is read on an English one


@dataclass(frozen=True)
class Column:
    """One column, on the way out and on the way in.

    `choices` are (value, label) pairs. `aliases` are other headings people give it (身份证号码 for 身份证号).
    A heading written 「上级/下级」 is also found in a two-level header. `width` is in characters.

    In Python a cell is: text, id, phone, choice `str` · integer `int` · decimal `Decimal` · money `int` fen
    (yuan in the cell) · date `When` · boolean `bool` · figure `(Figure, measure)` · moment `datetime` as the wall clock
    shows it, without a zone. An empty cell is "" for the
    first four, else None.
    """

    name: str
    label: Words
    kind: Kind = "text"
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    help: Words = ""
    width: float | None = None
    aliases: tuple[str, ...] = ()
    example: Words = ""


@dataclass(frozen=True)
class Fault:
    """`row` is the row number Excel shows, 0 for the file as a whole; `column` a heading or ""."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        said = {"row": self.row, "column": self.column, "message": self.message}
        if self.row and self.column:
            return _("第%(row)s行“%(column)s”：%(message)s") % said
        if self.row:
            return _("第%(row)s行：%(message)s") % said
        return _("“%(column)s”：%(message)s") % said if self.column else self.message


@dataclass(frozen=True)
class Row:
    """`values` has a key for each column found in the file, so a missing column never empties a field."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """Every line of the file with content is either in `rows` or named in `faults`.

    `refused`: the lines with a fault in a cell, that cell as it was typed, to be shown and given back.
    """

    digest: str
    rows: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.faults


def wordings(words: Words) -> set[str]:
    """The forms of `words` in every language of the house, for comparing with what a file says."""
    spoken = set()
    for language in LANGUAGES if isinstance(words, Promise) else LANGUAGES[:1]:
        with override(language):
            spoken.add(essence(str(words)))
    return spoken


def essence(text: str) -> str:
    """A heading or choice without what people vary: width, spaces, line breaks, case, marks of being required."""
    bare = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    bare = "".join(letter for letter in bare if unicodedata.category(letter) not in {"Cf", "Cc"})
    return re.sub(r"(\*|:|\((必填|选填|required|optional)\))+$", "", bare).removeprefix("*")


def letters(column: int) -> str:
    """Excel's name of a column counted from 0: A, …, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def area(top: int, left: int, bottom: int, right: int) -> str:
    """A rectangle counted from 0 as Excel writes it: A5:A7."""
    return f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
