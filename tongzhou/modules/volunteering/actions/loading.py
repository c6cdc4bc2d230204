"""Teams and activities known from a report: as far as the report goes, an act without a number as an act."""

from typing import Any

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.volunteering.actions import activities
from tongzhou.modules.volunteering.models import Activity, Team
from tongzhou.modules.volunteering.workflow import TeamState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[team]], then each [[activity]] with the teams it names by key. Loading again changes nothing."""
    teams = {row["key"]: _team(row, loading) for row in data.get("team", [])}
    for row in data.get("activity", []):
        activity = Activity(
            pk=loading.key("activity", row["key"]), **_common(row, loading), name=row["name"], name_en=row.get("name_en", ""),
            field=row.get("field", Activity.Field.OTHER), unnumbered=row.get("unnumbered", False),
            **{name: row[name] for name in ("quantity", "bound") if name in row},
        )  # fmt: skip
        activities.file(activity, by=loading.by, teams=[teams[key] for key in row.get("teams", [])])
    return len(teams) + len(data.get("activity", []))


def _team(row: dict[str, Any], loading: Loading) -> Team:
    team = Team(
        pk=loading.key("team", row["key"]), **_common(row, loading), state=TeamState.ACTIVE, name=row["name"], name_en=row.get("name_en", ""),
        kind=row["kind"],
    )  # fmt: skip
    return steps.report(team, by=loading.by)[0]


def _common(row: dict[str, Any], loading: Loading) -> dict[str, Any]:
    when = parse_when(row["when"])
    return {
        "response": loading.response, "unit": loading.units[row["unit"]], "source": row.get("source", loading.source),
        "happened_on": when.day, "happened_precision": when.precision,
    }  # fmt: skip
