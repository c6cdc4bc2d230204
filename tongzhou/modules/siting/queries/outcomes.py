"""What is kept to be shown of a plan: plain values, made once where the plan is made. Coordinates are WGS-84, whatever came in."""

from collections.abc import Sequence
from json import loads
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as __

from tongzhou.modules.siting import rules
from tongzhou.modules.siting.models import Option, Study, Table
from tongzhou.modules.siting.queries import engine
from tongzhou.modules.siting.queries.cases import settings_of
from tongzhou.modules.siting.queries.crews import crews

if TYPE_CHECKING:
    from tongzhou.planning.forecasting import Band, Forecast
    from tongzhou.planning.plan import Plan


def shown(
    study: Study,
    plan: "Plan",
    forecast: "Forecast | None" = None,
    before: "Plan | None" = None,
    told: Sequence[dict[str, Any]] = (),
    *,
    final: bool = True,
) -> dict[str, Any]:
    """points, units (buildings with their slots), charts, staff, rounds, and who moves from the plan `before`; `told` are the units as
    its slips told them: whoever does not move keeps what they were told. Staff and rounds of vans are worked out for a `final` plan only.
    """
    from tongzhou.planning.walking import ground

    earth: Any = ground(plan.case.walk)  # an Earth: `case_of` makes no other
    homes, sites = earth.demand, earth.sites
    units = _units(study, plan, _wgs84(plan.case.demand, homes), {unit["key"]: unit for unit in told})
    points = _points(study, plan, forecast, units, _wgs84(plan.case.sites, sites))
    working = [row for row in points if not row.get("closed")]
    return {
        "points": points,
        "units": units,
        "places": _labs(plan, homes),
        **_day(plan, forecast),
        **crews(plan, working, worked=final and forecast is not None),
        "moves": _moves(plan, before) if before is not None else [],
    }


def _units(
    study: Study, plan: "Plan", home: list[list[float]], told: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    from tongzhou.planning.slotting import slots

    made = slots(plan)
    hours, calls = {row["key"]: row for row in made.words()}, made.calls()
    given = {str(row["key"]): row for row in _rows(study, Table.Kind.DEMAND)}
    found = [
        {
            "key": row["key"], "name": row["name"], "persons": row["persons"], "point": row["point"], "walk": round(row["walk_m"]),
            "from": hours.get(row["key"], {}).get("from", ""), "to": hours.get(row["key"], {}).get("to", ""), "calls": calls[i],
            "minutes": made.minutes, "street": given.get(row["key"], {}).get("street") or "", "lat": home[i][1], "lon": home[i][0],
        }
        for i, row in enumerate(plan.assignments)
    ]  # fmt: skip
    return [_as_told(unit, told.get(unit["key"])) for unit in found]


def _as_told(unit: dict[str, Any], told: dict[str, Any] | None) -> dict[str, Any]:
    """Who goes where they were told before goes when they were told; who moves is told from where."""
    if told is None:
        return unit
    if told["point"] != unit["point"]:
        return unit | {"was": told["point"]}
    return unit | {name: told[name] for name in ("from", "to", "calls", "minutes", "was") if name in told}


def _labs(plan: "Plan", datum: str) -> list[dict[str, Any]]:
    labs = plan.case.labs
    if not len(labs):
        return []
    at = _wgs84(labs, datum)
    return [
        {"name": str(name), "lanes": int(plan.case.lanes[i]), "lat": at[i][1], "lon": at[i][0]}
        for i, name in enumerate(labs.key)
    ]


def _day(plan: "Plan", forecast: "Forecast | None") -> dict[str, Any]:
    """How the day goes: the queues, the tubes, and what holds it up; a first plan has no forecast yet."""
    if forecast is None:
        return {"queue": {}, "labs": {}, "bottleneck": {}, "idle": engine.is_without_lanes(plan)}
    labs = {
        "hours": forecast.lab_hours.tolist(),
        "on_way": forecast.on_way.tolist(),
        "waiting": forecast.waiting.tolist(),
    }
    return {
        "queue": {"hours": forecast.hours.tolist(), "bands": np.round(forecast.queue, 1).tolist()},
        "labs": labs if len(forecast.lab_hours) else {},
        "bottleneck": forecast.bottleneck,
        "tested": [_laboratory(row) for row in forecast.labs],
        "tests": forecast.tests if len(plan.case.labs) else 0,
        "idle": bool(len(plan.case.labs)) and forecast.last_result is None,  # laboratories, and no results
    }


def _laboratory(row: dict[str, Any]) -> dict[str, Any]:
    """Of an ordinary day: the tubes it gets, the most that wait, and when the last result is there; "" where there is none."""
    last = row["last_result"]
    return {
        "name": row["lab"], "lanes": row["lanes"], "tubes": round(row["tubes"].middle), "backlog": round(row["backlog"].middle),
        "last": "" if last is None else rules.hour(last.middle),
    }  # fmt: skip


def _moves(plan: "Plan", before: "Plan") -> list[dict[str, Any]]:
    return [
        {"key": move["key"], "persons": move["persons"], "from": move["from"], "to": move["to"],
         "before": round(move["walk_before_m"]), "after": round(move["walk_after_m"])}
        for move in plan.diff(before).moves
    ]  # fmt: skip


def _points(
    study: Study, plan: "Plan", forecast: "Forecast | None", units: list[dict[str, Any]], site: Any
) -> list[dict[str, Any]]:
    """A row for each point, and one with nobody for each that has closed."""
    edition = settings_of(study)
    given = {str(row["key"]): row for row in _rows(study, Table.Kind.SITES)}
    waits = {row["point"]: row for row in forecast.points} if forecast else {}
    spans: dict[str, list[str]] = {}
    for unit in units:
        spans.setdefault(unit["point"], []).extend(word for word in (unit["from"], unit["to"]) if word)
    sites = plan.case.sites
    rows, place = [], {str(key): j for j, key in enumerate(sites.key)}
    called = rules.told_apart(dict(zip(place, sites.name.tolist(), strict=True)))
    for point in plan.points:
        key = point["point"]
        # of a point that has lost some, those left
        tables = max(1, min(point["tables"], int(sites.tables[place[key]])))
        wait = waits.get(key)
        rows.append({
            "key": key, "name": called[key], "place": given.get(key, {}).get("place") or "", "street": given.get(key, {}).get("street") or "",
            "lat": site[place[key]][1], "lon": site[place[key]][0], "persons": point["persons"], "buildings": point["rows"], "tables": tables,
            "use": round(point["use"], 3), "walk": round(point["mean_walk_m"]), "longest": round(point["longest_walk_m"]),
            "posts": rules.staff_of(tables, edition["table_staff"], edition["point_staff"]) * plan.case.rules.blocks,
            "staff": rules.staff_of(tables, edition["table_staff"], edition["point_staff"]),
            "first": min(spans.get(key, ()), default=""), "last": max(spans.get(key, ()), default=""),
            "over": point["longest_walk_m"] > plan.case.rules.max_walk_m,
            "wait": _band(wait["wait_p95_min"]) if wait else None, "queue": _band(wait["longest_queue"]) if wait else None,
            "tubes": rules.tubes(point["persons"], tables, plan.case.rules.pool),
        })  # fmt: skip
    return rows + [_closed(key, called[key], hour, units, site[place[key]]) for key, hour in plan.closed]


def _closed(key: str, name: str, hour: float, units: list[dict[str, Any]], at: list[float]) -> dict[str, Any]:
    """Whom it had seen before it closed; its tables and staff are free."""
    seen = [unit for unit in units if unit["point"] == key and unit["persons"]]
    words = [word for unit in seen for word in (unit["from"], unit["to"]) if word]
    return {
        "key": key, "name": name, "lat": at[1], "lon": at[0], "closed": True, "hour": hour,
        "persons": sum(unit["persons"] for unit in seen), "buildings": len(seen), "tables": 0, "staff": 0, "use": 0,
        "first": min(words, default=""), "last": max(words, default=""),
    }  # fmt: skip


def _rows(study: Study, kind: str) -> list[dict[str, Any]]:
    table = study.sheets.filter(kind=kind).first()
    return table.rows if table else []


def _wgs84(table: Any, datum: str) -> list[list[float]]:
    from tongzhou.planning.walking import to_wgs84

    degrees = np.stack([table.x, table.y], 1)
    found: list[list[float]] = np.round(to_wgs84(degrees) if datum == "GCJ-02" else degrees, 6).tolist()
    return found


def _band(band: "Band") -> list[float]:
    return [round(band.low, 1), round(band.middle, 1), round(band.high, 1)]


def plan_of(option: Option) -> "Plan":
    """The plan itself, as it was kept."""
    from tongzhou.planning.keeping import revived

    return revived(loads(option.outcome.plan))


def line(option: Option) -> str:
    """The option in one line."""
    told = [
        __("%(points)d个采样点、%(tables)d张采样台，同时在岗%(staff)d人") % {"points": option.points, "tables": option.tables, "staff": option.staff}
    ]  # fmt: skip
    if option.turns > 1:
        told[0] += __("（%(turns)d班共%(posts)d人次）") % {"turns": option.turns, "posts": option.posts}
    told.append(__("平均步行%(walk)d米") % {"walk": round(option.walk or 0)})
    if option.stopped == "moved":
        told.append(__("改签%(moved)d人，其余不动") % {"moved": option.moved})
    elif option.stopped == "proven":
        told.append(__("已证明没有更好的方案"))
    else:
        told.append(__("距最优不超过%(gap)s%%") % {"gap": option.gap_percent})
    if option.ends is not None:
        told.append(__("%(hour)s采完") % {"hour": rules.hour(option.ends)})
    if option.results is not None:
        told.append(__("%(hour)s出最后结果") % {"hour": rules.hour(option.results)})
    elif option.outcome.shown.get("idle"):
        told.append(__("没有可用检测线，出不了结果"))
    return __("；").join(told) + __("。")
