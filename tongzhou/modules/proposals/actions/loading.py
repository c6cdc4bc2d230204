"""Items known from a report: who brought what, with the suggestions as the report lists them. Nothing is said of submission or adoption."""

from typing import Any

from django.db import transaction

from tongzhou.kernel import steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.loading import Loading
from tongzhou.modules.proposals.actions.items import index
from tongzhou.modules.proposals.models import Item
from tongzhou.modules.proposals.workflow import ItemState


def load(data: dict[str, Any], loading: Loading) -> int:
    """Each [[item]]. Loading again changes nothing."""
    return sum(_item(row, loading) for row in data.get("item", []))


@transaction.atomic
def _item(row: dict[str, Any], loading: Loading) -> int:
    when, author = parse_when(row["when"]), loading.people[row["person"]]
    item = Item(
        pk=loading.key("item", row["key"]), response=loading.response, unit=loading.units[row["unit"]], author=author,
        state=ItemState.SIGNED, kind=row["kind"], name=row["name"], name_en=row.get("name_en", ""), situation=row["problem"],
        suggestions="\n".join(row["suggestions"]), suggestions_en="\n".join(row.get("suggestions_en", [])),
        happened_on=when.day, happened_precision=when.precision, source=row.get("source", loading.source),
    )  # fmt: skip
    item, new = steps.report(item, by=loading.by)
    if new:
        index(item)
    return int(new)
