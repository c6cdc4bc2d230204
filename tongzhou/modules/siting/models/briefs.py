"""An option as other rooms are told of it: places and buildings as the kernel's plain values."""

from typing import TYPE_CHECKING, Any

from tongzhou.kernel.models import Home, Spot, Unit
from tongzhou.modules.siting import rules

if TYPE_CHECKING:
    from tongzhou.modules.siting.models import Option, Study


def units(area: Unit) -> dict[str, Unit]:
    """The streets and communities of the area, by code and name: sites and buildings name theirs."""
    found = Unit.objects.filter(path__startswith=area.path)
    return {word: one for one in found for word in (one.code, one.name)}


def called(rows: list[dict[str, Any]]) -> dict[str, str]:
    """{key: name} of the points: other rooms go by names, so no two are alike (nor were they shown alike, but by an earlier version)."""
    return rules.told_apart({row["key"]: row["name"] for row in rows})


def spot(option: "Option", row: dict[str, Any], name: str, unit: Unit | None) -> Spot:
    return Spot(
        name, row.get("place", ""), row["tables"], row["persons"], row["staff"], row["lat"], row["lon"],
        rules.turns(option.opens, option.closes, row["staff"]), unit, row.get("closed", False),
    )  # fmt: skip


def home(study: "Study", row: dict[str, Any], called: dict[str, str], unit: Unit | None) -> Home:
    calls = row.get("calls") or rules.calls(row["from"], row["to"], row["persons"], study.slot_minutes)
    slots = tuple((int(minute), int(people)) for minute, people in calls)
    return Home(
        row["key"], row["name"] or row["key"], called[row["point"]], row["persons"], slots, row.get("minutes", study.slot_minutes), unit
    )  # fmt: skip
