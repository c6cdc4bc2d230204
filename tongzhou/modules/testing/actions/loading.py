"""What a report says of testing: points and people as totals, with its own words for how exact they are."""

from typing import Any

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.testing.models import Campaign, Point
from tongzhou.modules.testing.workflow import CampaignState, PointState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[points]] and each [[people]]. Loading again changes nothing."""
    return sum(_points(row, loading) for row in data.get("points", [])) + sum(
        _people(row, loading) for row in data.get("people", [])
    )


def _points(row: dict[str, Any], loading: Loading) -> int:
    """Points known only as a number: one record that stands for all of them."""
    when = parse_when(row["when"])
    made = Point(
        pk=loading.key("points", row["key"]), response=loading.response, unit=loading.units[row["unit"]], state=PointState.CLOSED,
        name=row["name"], place=row.get("place", ""), named=loading.people[row["person"]] if "person" in row else None,
        quantity=row["quantity"], bound=row.get("bound", "exact"),
        happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
    )  # fmt: skip
    return int(steps.report(made, by=loading.by)[1])


def _people(row: dict[str, Any], loading: Loading) -> int:
    """Testing of which the number of people is known, and not in how many rounds: it counts as people, not as rounds."""
    when = parse_when(row["when"])
    made = Campaign(
        pk=loading.key("people", row["key"]), response=loading.response, unit=loading.units[row["unit"]], state=CampaignState.RECONCILED,
        name=row["name"], name_en=row.get("name_en", ""), people=row["people"], bound=row.get("bound", "exact"), times_unknown=True,
        happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
    )  # fmt: skip
    return int(steps.report(made, by=loading.by)[1])
