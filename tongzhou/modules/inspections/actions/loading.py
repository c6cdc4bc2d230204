"""Rounds known from a report: told by name in its own words, counted only where it gives a number."""

from typing import Any

from django.db import transaction

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.inspections.models import Assignment, Round
from tongzhou.modules.inspections.workflow import RoundState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[round]]; without `quantity` it happened nobody knows how often. Loading again changes nothing."""
    return sum(_round(row, loading) for row in data.get("round", []))


@transaction.atomic
def _round(row: dict[str, Any], loading: Loading) -> int:
    when, person = parse_when(row["when"]), loading.people[row["person"]]
    total = {name: row[name] for name in ("quantity", "bound") if name in row}
    round = Round(
        pk=loading.key("round", row["key"]), response=loading.response, unit=loading.units[row["unit"]], state=RoundState.DONE,
        name=row["name"], name_en=row.get("name_en", ""), acts=row["acts"], acts_en=row.get("acts_en", ""), types=row.get("types", []),
        unannounced=row.get("unannounced", False), happened_on=when.day, happened_precision=when.precision,
        source=row.get("source", loading.source), times_unknown="quantity" not in row, **total,
    )  # fmt: skip
    round, new = steps.report(round, by=loading.by)
    if new:
        Assignment.objects.create(round=round, person=person, unit=round.unit)
    return int(new)
