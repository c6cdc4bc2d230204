"""Meetings known from a report: as far as the report goes, a total as a total."""

from typing import Any

from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.meetings.actions.calling import file
from tongzhou.modules.meetings.models import Meeting


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[meeting]]: of whom the report tells it, where, and how many. Loading again changes nothing."""
    for row in data.get("meeting", []):
        when = parse_when(row["when"])
        meeting = Meeting(
            pk=loading.key("meeting", row["key"]), response=loading.response, unit=loading.units[row["unit"]],
            name=row["name"], name_en=row.get("name_en", ""), kind=row.get("kind", Meeting.Kind.OTHER),
            happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
            named=loading.people[row["person"]] if "person" in row else None,
            area=row.get("area", ""), area_en=row.get("area_en", ""),
            **{name: row[name] for name in ("quantity", "bound") if name in row},
        )  # fmt: skip
        file(meeting, by=loading.by)
    return len(data.get("meeting", []))
