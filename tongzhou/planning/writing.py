"""A plan as files for the people who carry it out: tables for a spreadsheet, slips for the doors of buildings, a map."""

from csv import writer
from dataclasses import asdict, is_dataclass
from html import escape
from json import dumps
from pathlib import Path
from typing import Any

import numpy as np

from tongzhou.planning.forecasting import Forecast
from tongzhou.planning.plan import Plan
from tongzhou.planning.slotting import slots
from tongzhou.planning.staffing import staff
from tongzhou.planning.touring import rounds
from tongzhou.planning.words import Words

SIDE = 900  # of the map, in its own units
STYLE = "body{font:14pt sans-serif}section{page-break-after:always;margin:2em}h1{font-size:20pt}b{font-size:18pt}"


def write(plan: Plan, forecast: Forecast, folder: Path) -> list[Words]:
    """plan.json, points.csv, assignments.csv, slots.csv, staff.csv, rounds.csv, forecast.json, slips.html, map.svg.

    Returns what the plan cannot do: staff or vans that are missing; forecast.json holds these words too.
    """
    warnings: list[Words] = []
    folder.mkdir(parents=True, exist_ok=True)
    plan.save(folder / "plan.json")
    called = slots(plan).words()
    table(folder / "points.csv", plan.points)
    table(folder / "assignments.csv", plan.assignments)
    table(folder / "slots.csv", called)
    if len(plan.case.staff):
        placed = staff(plan)
        table(folder / "staff.csv", list(placed.rows))
        warnings += placed.words
    if len(plan.case.labs) and len(plan.case.vans):
        driven = rounds(plan)
        table(folder / "rounds.csv", list(driven.tours))
        warnings += driven.words
    told = dumps(asdict(forecast) | {"warnings": warnings}, ensure_ascii=False, indent=1, default=_plain)
    (folder / "forecast.json").write_text(told + "\n", encoding="utf-8")
    (folder / "slips.html").write_text(slips(plan, called), encoding="utf-8")
    (folder / "map.svg").write_text(drawn(plan), encoding="utf-8")
    return warnings


def table(path: Path, rows: list[dict[str, Any]]) -> None:
    """CSV that Excel opens as Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        lines = writer(out)
        if rows:
            lines.writerow(rows[0])
        for row in rows:
            lines.writerow([_cell(value) for value in row.values()])


def _cell(value: Any) -> Any:
    if value is None:
        return "—"
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, str) and value[:1] in "=+-@\t":
        return "'" + value  # no formula comes out of a name
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def slips(plan: Plan, called: list[dict[str, Any]]) -> str:
    """A page to be hung up at each building, Chinese above English."""
    demand, sites = plan.case.demand, plan.case.sites
    names = dict(zip(demand.key.tolist(), demand.name.tolist(), strict=True))
    points = {str(key): str(name or key) for key, name in zip(sites.key, sites.name, strict=True)}
    walk = {row["key"]: row["walk_m"] for row in plan.assignments}
    parts = []
    for row in called:
        name, point = escape(names[row["key"]] or row["key"]), escape(points[row["point"]])
        parts.append(
            f"<section><h1>{name}</h1><p>请于 <b>{row['from']}—{row['to']}</b> 到 <b>{point}</b>（步行约{walk[row['key']]:.0f}米）。</p>"
            f'<p lang="en">Please come to <b>{point}</b> between <b>{row["from"]}</b> and <b>{row["to"]}</b> '
            f"(about {walk[row['key']]:.0f} m on foot).</p></section>"
        )
    head = f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>通知单</title><style>{STYLE}</style>'
    return head + "\n".join(parts) + "</html>\n"


def drawn(plan: Plan) -> str:
    """Points sized by their people and darker the fuller they are, a thin line from each building to its point."""
    case = plan.case
    plane = case.walk.plane(case.demand, case.sites)
    if plane is None:
        return '<svg xmlns="http://www.w3.org/2000/svg"/>\n'
    low, high = plane[0].min(0), plane[0].max(0)
    scale = SIDE / max(float((high - low).max()), 1.0)
    units, sites = ((ends - low) * scale * [1, -1] + [10, 10 + float((high - low)[1]) * scale] for ends in plane)
    width, height = (high - low) * scale + 20
    lines = [
        f'<path d="M{a:.1f} {b:.1f}L{x:.1f} {y:.1f}"/>'
        for (a, b), (x, y) in zip(units.tolist(), sites[plan.at].tolist(), strict=True)
    ]
    most = max(int(plan.load.max(initial=1)), 1)
    dots = [
        f'<circle cx="{sites[j][0]:.1f}" cy="{sites[j][1]:.1f}" r="{3 + 7 * (row["persons"] / most) ** 0.5:.1f}" '
        f'fill="hsl(205 80% {80 - 50 * min(row["use"], 1):.0f}%)"><title>{escape(row["name"] or row["point"])} {row["persons"]}</title></circle>'
        for j, row in zip(plan.open.tolist(), plan.points, strict=True)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"><g stroke="#999" stroke-width=".4">{"".join(lines)}</g>'
        f'<g stroke="#123" stroke-width=".8">{"".join(dots)}</g></svg>\n'
    )
