"""Drills known from a report: how many, where, and who is named; nothing of what the report does not tell."""

from typing import Any

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.drills.models import Drill
from tongzhou.modules.drills.workflow import DrillState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[drill]] as held. Loading again changes nothing."""
    return sum(_drill(row, loading) for row in data.get("drill", []))


def _drill(row: dict[str, Any], loading: Loading) -> int:
    when = parse_when(row["when"])
    drill = Drill(
        pk=loading.key("drill", row["key"]), response=loading.response, unit=loading.units[row["unit"]], state=DrillState.DONE,
        happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
        **{name: row[name] for name in ("name", "scenario", "kind", "place", "quantity", "bound") if name in row},
    )  # fmt: skip
    drill, new = steps.report(drill, by=loading.by)
    if new:
        drill.people.set([loading.people[name] for name in row.get("people", [])])
    return int(new)
