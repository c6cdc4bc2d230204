"""The lists of a study and its options, as pages need them."""

from typing import Any

from django.db.models import QuerySet

from tongzhou.kernel import handoff
from tongzhou.modules.siting.models import Option, Study, Table, briefs
from tongzhou.modules.siting.workflow import OptionState


def tables_of(study: Study) -> list[tuple[str, Any, Table | None]]:
    """Each kind with its name and the list that is there. One query, without the rows."""
    there = {table.kind: table for table in study.sheets.defer("rows")}
    return [(kind.value, kind.label, there.get(kind.value)) for kind in Table.Kind]


def pairs(study: Study) -> int:
    """Buildings times sites: how large the question is."""
    numbers = dict(study.sheets.filter(kind__in=(Table.Kind.DEMAND, Table.Kind.SITES)).values_list("kind", "number"))
    return numbers.get(Table.Kind.DEMAND.value, 0) * numbers.get(Table.Kind.SITES.value, 0)


def options_of(study: Study) -> QuerySet[Option]:
    """Those worth looking at, the newest first."""
    return (
        study.options.exclude(state=OptionState.DROPPED).select_related("response", "unit", "study").order_by("-number")
    )


def seen(option: Option) -> dict[str, int]:
    """{point: people so far}, as the campaign counts them that the option has become; empty before and where nobody counts."""
    outcome = getattr(option, "outcome", None)
    keys = {name: key for key, name in briefs.called(outcome.shown["points"]).items()} if outcome else {}
    spots = [spot for one in handoff.went_to(option) for spot in one.brief().spots if spot.seen is not None]
    found = {keys[spot.name]: spot.seen or 0 for spot in spots if spot.name in keys}
    return found if any(found.values()) else {}


def difference(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Between two outcomes of one study: points only in one, people whose point differs."""
    mine, theirs = (
        {row["key"]: row["name"] for row in shown["points"] if not row.get("closed")} for shown in (one, other)
    )
    at = {unit["key"]: unit["point"] for unit in other["units"]}
    moved = [unit for unit in one["units"] if at.get(unit["key"]) != unit["point"]]
    return {
        "only_first": [name for key, name in mine.items() if key not in theirs], "only_second": [name for key, name in theirs.items() if key not in mine],
        "buildings": len(moved), "persons": sum(unit["persons"] for unit in moved),
    }  # fmt: skip
