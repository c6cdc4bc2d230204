"""Plans known from a report: that they were made, and who had which part in it; neither their text nor their number is known."""

from typing import Any

from django.db import transaction

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.plans.models import Contributor, Plan
from tongzhou.modules.plans.workflow import PlanState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[plan]] with led and took_part, the keys of people. Loading again changes nothing."""
    for row in data.get("plan", []):
        _plan(row, loading)
    return len(data.get("plan", []))


@transaction.atomic
def _plan(row: dict[str, Any], loading: Loading) -> None:
    """With quantity and bound the report says how many; with neither it does not, and they are not counted."""
    when = parse_when(row["when"])
    total = {name: row[name] for name in ("quantity", "bound") if name in row}
    plan = Plan(
        pk=loading.key("plan", row["key"]), response=loading.response, unit=loading.units[row["unit"]], state=PlanState.APPROVED,
        kind=row.get("kind", ""), name=row["name"], name_en=row.get("name_en", ""), unnumbered=not total,
        happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source), **total,
    )  # fmt: skip
    plan, new = steps.report(plan, by=loading.by)
    if not new:
        return
    for part in Contributor.Part.values:
        for key in row.get(part, []):
            Contributor.objects.create(plan=plan, person=loading.people[key], part=part)
