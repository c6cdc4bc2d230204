"""The room's part of an example: a study whose lists lie as plain files beside it. What is assumed in it, its source says."""

import csv
from datetime import time
from typing import Any

from tongzhou.kernel import module, sheets
from tongzhou.kernel.loading import Loading
from tongzhou.modules.siting.actions import planning, tables
from tongzhou.modules.siting.models import Study, Table

WHOLE, DEGREES = ("persons", "households", "tables"), {"x": "lon", "y": "lat"}


def load(data: dict[str, Any], loading: Loading) -> int:
    """Studies in preparation, each with an option asked for: worked out by the task once the house serves. Loaded again, nothing changes."""
    return len([_study(row, loading) for row in data.get("study", [])])


def _study(row: dict[str, Any], loading: Loading) -> Study:
    by = loading.people[row["by"]]
    given: dict[str, Any] = {
        name: row[name] for name in ("name", "name_en", "points", "person_seconds", "datum", "sites_datum", "source")
    }
    made: Any = Study(
        pk=loading.key("siting", row["key"]), response=loading.response, unit=loading.units[row["unit"]], happened_on=row["on"],
        opens=time.fromisoformat(row["opens"]), closes=time.fromisoformat(row["closes"]), **given,
    )  # fmt: skip
    made, new = module.file(made, by=by)
    if new:
        for kind in Table.Kind.values:
            if rows := _rows(row.get(kind), loading):
                tables.take(made, kind, [sheets.Row(i + 2, one) for i, one in enumerate(rows)], by=by)
        planning.ask(made, by=by, key=loading.key("siting", row["key"], "option"), seconds=row["seconds"])
    study: Study = made
    return study


def _rows(given: Any, loading: Loading) -> list[dict[str, Any]]:
    """Rows as the file has them, or of a CSV file beside it; x and y there are degrees."""
    if not isinstance(given, str):
        return given or []
    with (loading.folder / given).open(encoding="utf-8-sig") as file:
        return [
            {DEGREES.get(name, name): _value(name, value) for name, value in row.items()}
            for row in csv.DictReader(file)
        ]


def _value(name: str, value: str) -> Any:
    return int(value) if name in WHOLE else float(value) if name in DEGREES else value
