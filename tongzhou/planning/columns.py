"""Tables as they come, from a file, a list of rows or a data frame: turned into columns of numbers; every fault names the row and the remedy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tongzhou.planning.naming import called
from tongzhou.planning.words import Words, say

MOST = 20  # faults that a message shows


@dataclass(frozen=True)
class Column:
    """default  what stands where nothing is given; None: it must be given; not a number: it is unknown then."""

    name: str
    kind: type[str] | type[float] | type[int]
    default: Any = None
    least: float = -np.inf
    most: float = np.inf

    def allows(self, value: float) -> bool:
        if np.isnan(value):
            return isinstance(self.default, float) and bool(np.isnan(self.default))
        return self.least <= value <= self.most


@dataclass(frozen=True)
class Fault:
    """What is wrong, in a table and a row (counted as on the sheet: the first row below the heading is 1; 0 is the table itself)."""

    table: str
    row: int
    words: Words

    def __str__(self) -> str:
        return self.text("en")

    def text(self, lang: str) -> str:
        if lang == "zh":
            where = f"{self.table} 第{self.row}行：" if self.row else f"{self.table}："
        else:
            where = f"{self.table}, row {self.row}: " if self.row else f"{self.table}: "
        return where + self.words[lang]


class Unfit(ValueError):
    """The case cannot be planned as it stands; `faults` say why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        shown = [str(fault) for fault in self.faults[:MOST]]
        if len(self.faults) > MOST:
            shown.append(f"… and {len(self.faults) - MOST} more")
        super().__init__("\n".join(shown))


class Table:
    """Read-only columns of equal length; a column is an attribute."""

    def __init__(self, name: str, columns: Mapping[str, np.ndarray[Any, Any]]) -> None:
        self.title = name
        for values in columns.values():
            values.setflags(write=False)
        self.columns = dict(columns)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def place(self, key: str) -> int:
        """The row of this key, counted from 0."""
        found = np.flatnonzero(self.columns["key"] == key)
        if not len(found):
            raise KeyError(key)
        return int(found[0])

    def lists(self) -> dict[str, list[Any]]:
        return {name: values.tolist() for name, values in self.columns.items()}


def table(name: str, given: Any, columns: tuple[Column, ...], faults: list[Fault]) -> Table:
    """The columns of a table; what is wrong is added to `faults`."""
    source = _columns(given)
    length = max((len(values) for values in source.values()), default=0)
    made: dict[str, np.ndarray[Any, Any]] = {}
    for column in columns:
        values = source.get(column.name)
        if values is None and column.default is None and length:
            faults.append(Fault(name, 0, say("no_column", column=called(column.name))))
        if values is None:
            values = [column.default] * length
        made[column.name] = _read(name, column, values, faults)
    known = {column.name for column in columns}
    faults += [Fault(name, 0, say("unknown_column", column=other)) for other in source if other not in known]
    _unique(name, made["key"], faults)
    return Table(name, made)


def _columns(given: Any) -> dict[str, list[Any]]:
    if given is None:
        return {}
    if isinstance(given, Table):
        return {key: list(values) for key, values in given.columns.items()}
    if hasattr(given, "keys"):  # a mapping of columns, or a data frame
        return {str(key): list(given[key]) for key in given.keys()}  # noqa: SIM118 -- a data frame iterates over its keys only by this
    rows = list(given)
    return {key: [row.get(key) for row in rows] for key in dict.fromkeys(key for row in rows for key in row)}


def _read(name: str, column: Column, values: list[Any], faults: list[Fault]) -> np.ndarray[Any, Any]:
    if column.kind is str:
        return np.array(["" if value is None else str(value).strip() for value in values], dtype=np.str_)
    out = np.zeros(len(values))
    for row, value in enumerate(values):
        blank = value is None or (isinstance(value, str) and not value.strip())
        try:
            out[row] = float(column.default if blank else value)
        except (TypeError, ValueError):
            faults.append(Fault(name, row + 1, say("no_number", column=called(column.name), value=value)))
            continue
        if column.kind is int and out[row] % 1:
            faults.append(Fault(name, row + 1, say("no_whole", column=called(column.name), value=value)))
        elif not column.allows(float(out[row])):
            limits = (f"{column.least:g}", f"{column.most:g}" if np.isfinite(column.most) else "∞")
            faults.append(
                Fault(
                    name,
                    row + 1,
                    say("outside", column=called(column.name), value=value, least=limits[0], most=limits[1]),
                )
            )
    return out.astype(np.int64) if column.kind is int and np.isfinite(out).all() else out


def _unique(name: str, keys: np.ndarray[Any, Any], faults: list[Fault]) -> None:
    first: dict[str, int] = {}
    for row, key in enumerate(keys.tolist()):
        if not key:
            faults.append(Fault(name, row + 1, say("no_key")))
        elif key in first:
            faults.append(Fault(name, row + 1, say("twice", key=key, first=first[key] + 1)))
        first.setdefault(key, row)
