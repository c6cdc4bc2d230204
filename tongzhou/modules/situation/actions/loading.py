"""Assessments that a report tells of: who judged what, where; no figures, because the report has none."""

from typing import Any

from django.db import transaction

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.situation.models import Assessment
from tongzhou.modules.situation.workflow import AssessmentState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[assessment]]. Loading again changes nothing."""
    for row in data.get("assessment", []):
        _assessment(row, loading)
    return len(data.get("assessment", []))


@transaction.atomic
def _assessment(row: dict[str, Any], loading: Loading) -> None:
    when = parse_when(row["when"])
    made = Assessment(
        pk=loading.key("assessment", row["key"]), response=loading.response, unit=loading.units[row["unit"]],
        state=AssessmentState.SIGNED, name=row["name"], name_en=row.get("name_en", ""),
        about=row.get("about", ""), about_en=row.get("about_en", ""),
        happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
    )  # fmt: skip
    made, new = steps.report(made, by=loading.by)
    if new:
        made.participants.set([loading.people[key] for key in row["people"]])
