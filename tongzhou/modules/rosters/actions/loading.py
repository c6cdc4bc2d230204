"""Duties known from a report: told as far as the report goes, without inventing shifts or numbers."""

from typing import Any

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.rosters.models import Duty
from tongzhou.modules.rosters.workflow import DutyState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[duty]]: who, where, and either a total (quantity, bound) or the words of the report. Loading again changes nothing."""
    for row in data.get("duty", []):
        when = parse_when(row["when"])
        person = loading.people[row["person"]] if "person" in row else None
        made = Duty(
            pk=loading.key("duty", row["key"]), response=loading.response, unit=loading.units[row["unit"]], person=person,
            state=DutyState.OFF, happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
            place=row.get("place", ""), words=row.get("words", ""), words_en=row.get("words_en", ""),
            **{name: row[name] for name in ("quantity", "bound") if name in row},
        )  # fmt: skip
        steps.report(made, by=loading.by)
    return len(data.get("duty", []))
