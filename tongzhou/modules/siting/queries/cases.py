"""A study as a case of the engine. The engine is loaded here and nowhere above: only what works out or checks pays for it."""

from collections.abc import Sequence
from datetime import time
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as __
from django.utils.translation import override

from tongzhou.kernel import rulebook, sheets
from tongzhou.kernel.lang import lang
from tongzhou.modules.siting import rules
from tongzhou.modules.siting.models import Study, Table
from tongzhou.modules.siting.queries.columns import engine_row, titles

if TYPE_CHECKING:
    from tongzhou.planning.case import Case, Rules
    from tongzhou.planning.columns import Fault

TOO_SHORT = {
    "zh": "这段时间里一张采样台连1个人也采不完；请延长时间、提高利用率或减少每人用时。",
    "en": "a table does not swab a single person in these hours; add hours, raise its use or allow less time for each person.",
}


def settings_of(study: Study) -> rulebook.Edition:
    """What is usual and assumed, as in force on the day of the study."""
    return rulebook.in_force("siting", "points", study.happened_on)


def rates_of(study: Study) -> rulebook.Edition:
    """What an hour, a tube and a round of a van cost, for comparing options."""
    return rulebook.in_force("siting", "costs", study.happened_on)


def case_of(study: Study, changes: dict[str, Any] | None = None) -> "Case":
    """The case with what a what-if changes. Raises Unfit, whose faults name the row and the remedy."""
    from tongzhou import planning as pl

    changes = changes or {}
    tables = {
        table.kind: [engine_row(table.kind, row) for row in table.rows]
        for table in study.sheets.all()
        if table.kind != Table.Kind.WALKS
    }
    for row in tables.get(Table.Kind.LABS, ()):
        row["lanes"] = changes.get(rules.LANES, {}).get(row["key"], row["lanes"])
    left_out = set(changes.get(rules.WITHOUT, ()))
    for row in tables.get(Table.Kind.SITES, ()):
        row["banned"] = int(row["banned"] or row["key"] in left_out)
        row["kept"] = 0 if row["banned"] and row["key"] in left_out else row["kept"]
    made = _rules(study, changes)
    if made.hours > 0 and made.persons_per_table < 1:
        raise pl.Unfit([pl.Fault("rules", 0, TOO_SHORT)])
    walk: Any = pl.Earth(study.datum, study.sites_datum, study.detour)
    lists = {kind.value: tables.get(kind.value, []) for kind in Table.Kind if kind != Table.Kind.WALKS}
    case: Case = pl.Case(**lists, walk=walk, rules=made)
    if walks := next((table.rows for table in study.sheets.all() if table.kind == Table.Kind.WALKS), None):
        case = pl.Case(**lists, walk=pl.Matrix(_metres(case, walks), walk), rules=made)
    return case


def _rules(study: Study, changes: dict[str, Any]) -> "Rules":
    from tongzhou.planning.case import Rules

    edition = settings_of(study)
    opens, closes = (
        time.fromisoformat(changes[name]) if name in changes else getattr(study, name) for name in rules.HOURS
    )
    limits = {
        "max_walk_m": changes.get("max_walk_m", study.max_walk_m), "impaired_walk_m": changes.get("impaired_walk_m"),
        "tables": changes.get("tables", study.tables),
    }  # fmt: skip
    more: dict[str, Any] = {name: float(limit) for name, limit in limits.items() if limit}
    more |= {name: edition[name] for name in ("lane_tubes", "lane_hours", "pickup_hours", "results_hours")}
    return Rules(
        opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}",
        person_seconds=changes.get("person_seconds", study.person_seconds), utilisation=changes.get("utilisation", study.utilisation) / 100,
        slot_minutes=changes.get("slot_minutes", study.slot_minutes), pool=changes.get("pool", study.pool), notice_minutes=study.notice_minutes,
        no_show=changes.get("no_show", study.no_show) / 100, early=changes.get("early", study.early) / 100,
        prevalence=changes.get("prevalence", edition["prevalence"]) / 10_000,
        blocks=len(rules.turns(opens, closes, 1).splitlines()), crew_blocks=1, swabbers=1, **more,
    )  # fmt: skip


def _metres(case: "Case", walks: list[dict[str, Any]]) -> Any:
    """Metres as given; what is missing along the straight line times the detour. A row for each building, a column for each site."""
    import numpy as np

    walk: Any = case.walk  # an Earth
    home, site = walk.plane(case.demand, case.sites)
    found = np.hypot(*(home[:, None] - site[None]).transpose(2, 0, 1)) * walk.detour
    rows, columns = ({str(key): i for i, key in enumerate(table.key)} for table in (case.demand, case.sites))
    for row in walks:
        if row["home"] in rows and row["site"] in columns:
            found[rows[row["home"]], columns[row["site"]]] = row["metres"]
    return found


def labs_of(study: Study) -> list[dict[str, Any]]:
    """The laboratories of the study's list, each with its lanes."""
    table = study.sheets.filter(kind=Table.Kind.LABS).first()
    return table.rows if table else []


def walks_of(study: Study) -> dict[str, Any]:
    """What is given of the ways, and what is not: {given, missing, names}; empty where no ways were given."""
    tables = {table.kind: table.rows for table in study.sheets.filter(kind__in=("demand", "sites", "walks"))}
    if len(tables) < 3:
        return {}
    missing, names = rules.gaps(tables["walks"], tables["demand"], tables["sites"])
    return {"given": len(tables["demand"]) * len(tables["sites"]) - missing, "missing": missing, "names": names}


def faults_of(study: Study) -> list[str]:
    """What stands in the way, in words; an empty list does not promise that a plan exists."""
    from tongzhou import planning as pl

    there = set(study.sheets.values_list("kind", flat=True))
    missing = [kind.label for kind in (Table.Kind.DEMAND, Table.Kind.SITES) if kind not in there]
    if missing:
        return [__("还缺：%(names)s。请先导入。") % {"names": __("、").join(str(name) for name in missing)}]
    try:
        return [said(fault)[lang()] for fault in pl.check(case_of(study), study.points)]
    except pl.Unfit as unfit:
        return [said(fault)[lang()] for fault in unfit.faults]


def said(fault: "Fault") -> dict[str, str]:
    """The fault in both languages, its table by the name the house gives it."""
    names = {
        "demand": ("居民", "residents"),
        "sites": ("候选点", "sites"),
        "staff": ("工作人员", "staff"),
        "labs": ("实验室", "laboratories"),
        "vans": ("转运车", "vans"),
    }
    zh, en = names.get(fault.table, ("", ""))
    words = _titled(fault)
    return {
        "zh": (f"{zh}表头下第{fault.row}行：" if zh and fault.row else f"{zh}：" if zh else "") + words["zh"],
        "en": (f"{en}, row {fault.row} below the heading: " if en and fault.row else f"{en}: " if en else "")
        + words["en"],
    }


def refused(kind: str, rows: Sequence[sheets.Row]) -> list[str]:
    """What the engine would not take of rows that come in, by the lines of their sheet and the titles of its columns."""
    from tongzhou.planning import case as engine
    from tongzhou.planning.columns import table

    faults: list[Fault] = []
    given = [engine_row(kind, {"persons": 0} | {k: v for k, v in row.values.items() if v is not None}) for row in rows]
    if kind != Table.Kind.DEMAND:
        given = [{name: value for name, value in row.items() if name != "persons"} for row in given]
    table(kind, given, getattr(engine, kind.upper()), faults)
    lines = [row.number for row in rows]
    return [
        __("第%(row)d行：%(fault)s") % {"row": lines[one.row - 1], "fault": _titled(one)[lang()]}
        for one in faults
        if one.row
    ]


def _titled(fault: "Fault") -> dict[str, str]:
    """Its words in both languages, columns by the titles of the list."""
    from tongzhou.planning.naming import called

    found = dict(fault.words)
    for name, column in titles(fault.table).items():
        for code, language in (("zh", "zh-hans"), ("en", "en")):
            with override(language):
                found[code] = found[code].replace(f"“{called(name)[code]}”", f"“{column.label}”")
    return found
