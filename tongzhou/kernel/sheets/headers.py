"""Find the header of a grid: below a title, with merged cells, in one or more levels, its columns in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .cells import Cell
from .files import Grid
from .shapes import Column, essence, letters, wordings

DEPTH = 10  # a header is looked for in so many rows
IGNORED = {"序号", "no.", "no", "#"}  # line numbers: no content, and often filled in ahead


@dataclass(frozen=True)
class Header:
    """`row` is the lowest row of the header, from 0. `columns` maps positions to what they hold, `names` are theirs."""

    row: int = 0
    columns: dict[int, Column] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    ignored: set[int] = field(default_factory=set)
    names: frozenset[str] = frozenset()

    @property
    def score(self) -> int:
        return len({column.name for column in self.columns.values()})


def find_header(grid: Grid, columns: Sequence[Column]) -> Header:
    """The row of the first ten that names most columns; its score is 0 when none does."""
    known = _names(columns)
    head = _spread(grid)
    if not head:
        return Header()
    matches = [_match(head, row, known) for row in range(len(head))]
    best = max(matches, key=lambda match: match.score)  # the first of equals
    for (top, _left), (bottom, _right) in grid.merges:
        if top <= best.row <= bottom < len(head) and matches[bottom].score == best.score:
            best = matches[bottom]
    return _others(grid, best, head[best.row])


def _names(columns: Sequence[Column]) -> dict[str, Column]:
    """Every heading a column may have. Its label wins over the alias of another."""
    known: dict[str, Column] = {}
    for column in columns:
        known.update(dict.fromkeys(wordings(column.label), column))
    for column in columns:
        for name in (column.name, *column.aliases):
            known.setdefault(essence(name), column)
    return known


def _spread(grid: Grid) -> list[list[str]]:
    """The first rows as headings, each merged area filled with its value."""
    width = max((len(line) for line in grid.rows[:DEPTH]), default=0)
    head = [[_heading(cell) for cell in line] + [""] * (width - len(line)) for line in grid.rows[:DEPTH]]
    for (top, left), (bottom, right) in grid.merges:
        if top < len(head) and left < width:
            for row in range(top, min(bottom + 1, len(head))):
                head[row][left : right + 1] = [head[top][left]] * (min(right + 1, width) - left)
    return head


def _heading(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _match(head: list[list[str]], row: int, known: dict[str, Column]) -> Header:
    found = {}
    for at, own in enumerate(head[row]):
        levels = [own] if own else []
        for above in range(row - 1, -1, -1) if own else ():
            if head[above][at] not in {"", levels[0]}:
                levels.insert(0, head[above][at])
        joined = (essence("/".join(levels[start:])) for start in range(len(levels)))
        column = next((known[name] for name in joined if name in known), None)
        if column:
            found[at] = column
    return Header(row, found)


def _others(grid: Grid, header: Header, head: list[str]) -> Header:
    """Headings not known, as the file writes them, and the columns of line numbers.

    A column without a heading counts when something stands below it.
    """
    unknown, ignored = [], set()
    for at in range(max(len(line) for line in grid.rows)):
        own = head[at] if at < len(head) else ""
        if at in header.columns:
            continue
        if essence(own) in IGNORED:
            ignored.add(at)
        elif own:
            unknown.append(own)
        elif any(at < len(line) and line[at] != "" for line in grid.rows[header.row + 1 :]):
            unknown.append(letters(at))
    names = frozenset(essence(head[at]) for at in header.columns)
    return Header(header.row, header.columns, unknown, ignored, names)
