"""Studies with their lists and options for tests, made through the doors. Options are laid by hand, so that no solver is needed."""

from datetime import date, time
from typing import Any
from uuid import uuid4

from tests.world import World
from tongzhou.kernel import module, sheets
from tongzhou.kernel.models import Unit
from tongzhou.modules.siting import actions
from tongzhou.modules.siting.models import Option, Study
from tongzhou.modules.siting.rehearsal import _option as laid

DAY = date(2022, 9, 7)
HOMES = [
    {
        "key": f"B{i}",
        "name": f"{i}号楼",
        "persons": 200 + 10 * i,
        "lon": round(123.79 + 0.002 * (i % 4), 6),
        "lat": round(41.31 + 0.002 * (i // 4), 6),
    }
    for i in range(12)
]
SITES = [
    {
        "key": f"P{i}",
        "name": f"小学{i}",
        "lon": round(123.791 + 0.004 * (i % 3), 6),
        "lat": round(41.311 + 0.003 * (i // 3), 6),
        "tables": 6,
    }
    for i in range(6)
]
LABS = [{"key": "疾控中心", "lanes": 1, "lon": 123.79, "lat": 41.31}]
VANS = [{"key": "一队", "number": 2}]
STAFF = [{"key": f"H{i:02}", "skill": "采样", "lon": 123.79, "lat": 41.31} for i in range(30)]


def lines(rows: list[dict[str, Any]]) -> list[sheets.Row]:
    return [sheets.Row(i + 2, row) for i, row in enumerate(rows)]


def study(cast: World, unit: Unit | None = None, **fields: Any) -> Study:
    given = {"name": "第三轮布点", "points": 3, "opens": time(8), "closes": time(12), "happened_on": DAY} | fields
    made = Study(pk=uuid4(), response=cast.response, unit=unit or cast.units.command, **given)
    return module.file(made, by=cast.people.house)[0]


def fed(cast: World, unit: Unit | None = None, mark: str = "", **fields: Any) -> Study:
    """With residents, sites, a laboratory, vans and staff."""
    made = study(cast, unit, **fields)
    homes = [row | {"name": f"{row['name']}{mark}"} for row in HOMES]
    sites = [row | {"name": f"{row['name']}{mark}"} for row in SITES]
    for kind, rows in {"demand": homes, "sites": sites, "labs": LABS, "vans": VANS, "staff": STAFF}.items():
        actions.tables.take(made, kind, lines(rows), by=cast.people.house)
    return made


def ready(cast: World, of: Study, points: int = 3) -> Option:
    return laid(of, cast.people.house, points)
