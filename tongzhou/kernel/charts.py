"""Figures as a drawing and, always, as the table behind it. A page includes `desk/chart.html` with a `Chart`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal

Number = float | int | None


@dataclass(frozen=True)
class Series:
    """`values` one for each x, None where there is none; `low` and `high` draw a band of uncertainty around a line."""

    name: Any
    values: Sequence[Number]
    kind: Literal["line", "bar"] = "line"
    low: Sequence[Number] = ()
    high: Sequence[Number] = ()
    stack: str = ""
    dashed: bool = False  # for what is projected and not observed


@dataclass(frozen=True)
class Chart:
    """`x` are the words below the axis (days as ISO text); `lines` are horizontal marks, (value, what it means)."""

    title: Any
    x: Sequence[Any]
    series: Sequence[Series]
    x_name: Any = ""
    unit: Any = ""
    lines: Sequence[tuple[float, Any]] = field(default=())

    def as_data(self) -> dict[str, Any]:
        """What static/js/charts.js draws."""
        return {
            "title": str(self.title), "x": [str(one) for one in self.x], "unit": str(self.unit),
            "lines": [[value, str(words)] for value, words in self.lines],
            "series": [
                {"name": str(one.name), "values": list(one.values), "kind": one.kind, "low": list(one.low), "high": list(one.high),
                 "stack": one.stack, "dashed": one.dashed}
                for one in self.series
            ],
        }  # fmt: skip

    def rows(self) -> list[tuple[Any, list[str]]]:
        """The table: one row for each x, one cell for each series, a band in brackets."""
        columns = [list(zip_longest(one.values, one.low, one.high)) for one in self.series]
        return [(x, [_cell(*column[i]) for column in columns]) for i, x in enumerate(self.x)]


def _cell(value: Number, low: Number, high: Number) -> str:
    if value is None:
        return "—"
    plain = _plain(value)
    return plain if low is None or high is None else f"{plain} ({_plain(low)}–{_plain(high)})"


def _plain(value: Number) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
