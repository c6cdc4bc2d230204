"""What is put down of an option that has come out: the plan whole, what is shown of it, and its figures."""

from json import dumps
from math import ceil
from typing import TYPE_CHECKING, Any

from tongzhou.modules.siting import queries, rules
from tongzhou.modules.siting.models import Option

if TYPE_CHECKING:
    from tongzhou.planning.forecasting import Forecast
    from tongzhou.planning.plan import Plan


def content(
    option: Option, plan: "Plan", forecast: "Forecast | None", before: "Plan | None", *, final: bool = True
) -> dict[str, Any]:
    from tongzhou.planning.keeping import plain

    return {
        "plan": dumps(plain(plan), ensure_ascii=False, sort_keys=True),
        "shown": queries.shown(
            option.study, plan, forecast, before, _told_units(option) if before else (), final=final
        ),
        "days": forecast.replications if forecast else 0,
    }


def _told_units(option: Option) -> list[dict[str, Any]]:
    assert option.base is not None
    units: list[dict[str, Any]] = option.base.outcome.shown["units"]
    return units


def figures(plan: "Plan", forecast: "Forecast | None", shown: dict[str, Any]) -> dict[str, Any]:
    """Tables and staff are the sums of the rows shown; of a point that has closed they are free."""
    tables, staff = (sum(row[name] for row in shown["points"]) for name in ("tables", "staff"))
    found = {
        "value": plan.value, "least": plan.bound, "gap": None if plan.stopped == "moved" else plan.gap, "stopped": plan.stopped, "digest": plan.case.digest,
        "points": len(plan.open), "tables": tables, "staff": staff, "walk": plan.mean_walk,
    }  # fmt: skip
    if forecast:
        last = forecast.last_result.middle if forecast.last_result else None
        found |= {"wait": round(forecast.wait_p95_min.middle, 1), "ends": forecast.swabs_end.middle, "results": last}
    return found


def burden(option: Option, shown: dict[str, Any]) -> dict[str, int]:
    """What is spent by the piece: people swabbed, tubes tested, rounds driven, each pick-up of the day anew."""
    hours = (rules.minutes(option.closes) - rules.minutes(option.opens)) / 60
    pick_ups = ceil(hours / queries.settings_of(option.study)["pickup_hours"])
    people = sum(row["persons"] for row in shown["points"])
    return {
        "people": people,
        "tubes": sum(row.get("tubes") or 0 for row in shown["points"]),
        "trips": len(shown["tours"]) * pick_ups,
    }
