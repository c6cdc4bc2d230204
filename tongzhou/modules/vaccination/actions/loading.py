"""What a report says of vaccination: deeds told by name, without numbers it does not give."""

from typing import Any

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.vaccination.models import DeskChange
from tongzhou.modules.vaccination.workflow import DeskState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[desk_change]]; with `added` it counts, without it is a deed and no number. Loading again changes nothing."""
    rows = data.get("desk_change", [])
    for row in rows:
        when = parse_when(row["when"])
        change = DeskChange(
            pk=loading.key("desk_change", row["key"]), response=loading.response, unit=loading.units[row["unit"]], state=DeskState.IN_FORCE,
            happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
            decided_by=loading.people[row["person"]] if "person" in row else None, deed=row["deed"], deed_en=row.get("deed_en", ""),
            area=row.get("area", ""), added=row.get("added"), **{name: row[name] for name in ("quantity", "bound") if name in row},
        )  # fmt: skip
        steps.report(change, by=loading.by)
    return len(rows)
