"""A case out of plain files: case.toml and the tables beside it. Whatever is wrong is told by file, row and column, with its remedy."""

import tomllib
from collections.abc import Iterable
from csv import reader
from dataclasses import fields, replace
from itertools import zip_longest
from math import inf
from pathlib import Path
from typing import Any

import numpy as np

from tongzhou.planning.case import Case, Rules
from tongzhou.planning.columns import Fault, Unfit
from tongzhou.planning.naming import called
from tongzhou.planning.walking import DATUMS, Earth, Matrix, Plane, Walk
from tongzhou.planning.words import say

TABLES = ("demand", "sites", "staff", "labs", "vans")
WALKS = {"plane": ("detour",), "earth": ("demand", "sites", "detour"), "matrix": ("file", "demand", "sites", "detour")}
LONG = ("home", "site", "metres")  # headings of a matrix that has a row for each pair


def read(path: Path) -> Case:
    """The case of a TOML file: [rules], [walk] and a table each for demand, sites, staff, labs, vans: `file = "….csv"` or `rows = […]`.

    Raises Unfit. A fault's table is the file's name, so that whoever reads it finds the row.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # not there, no TOML, no UTF-8
        raise Unfit([Fault(str(path), 0, say("unreadable", why=error))]) from error
    files = {
        name: part["file"]
        for name, part in given.items()
        if isinstance(part, dict) and isinstance(part.get("file"), str)
    }
    names = {name: str(files.get(name, f"{path.name} [{name}]")) for name in (*TABLES, "rules", "walk")}
    try:
        return _case(path.parent, path.name, given)
    except Unfit as unfit:
        raise Unfit(replace(fault, table=names.get(fault.table, fault.table)) for fault in unfit.faults) from unfit


def _case(folder: Path, name: str, given: dict[str, Any]) -> Case:
    faults = [
        Fault(name, 0, _unknown(one, (*TABLES, "rules", "walk")))
        for one in given
        if one not in (*TABLES, "rules", "walk")
    ]
    rules = _rules(given.get("rules", {}), faults)
    rows = {table: _rows(folder, table, given.get(table), faults) for table in TABLES}
    walk = _walk(given.get("walk", {}), faults)
    if faults:
        raise Unfit(faults)
    case = Case(**rows, walk=walk, rules=rules)
    if given.get("walk", {}).get("kind") != "matrix":
        return case
    metres = _matrix(case, _sheet(folder, "walk", given["walk"].get("file"), faults), faults)
    if faults:
        raise Unfit(faults)
    return case.replace(walk=Matrix(metres, walk if isinstance(walk, Earth) else None))


def _unknown(name: str, known: Iterable[str]) -> dict[str, str]:
    return say("unknown_part", part=name, known=", ".join(known))


def _rules(given: Any, faults: list[Fault]) -> Rules:
    known = [one.name for one in fields(Rules)]
    if not isinstance(given, dict):
        faults.append(Fault("rules", 0, _unknown(str(given), known)))
        return Rules()
    faults += [Fault("rules", 0, _unknown(name, known)) for name in given if name not in known]
    rules = Rules(**{name: value for name, value in given.items() if name in known})
    faults += rules.faults()
    return rules


def _walk(given: Any, faults: list[Fault]) -> Walk:
    """By what x and y are to be read; a matrix is read when it is known who lives where."""
    kind = given.get("kind", "plane") if isinstance(given, dict) else given
    if not isinstance(kind, str) or kind not in WALKS:
        faults.append(Fault("walk", 0, say("walk_unknown", name="kind", value=kind, known=", ".join(WALKS))))
        return Plane()
    words = {name: value for name, value in given.items() if name not in ("kind", "file")}
    begun = len(faults)
    faults += [
        Fault("walk", 0, _unknown(name, ("kind", *WALKS[kind]))) for name in given if name not in ("kind", *WALKS[kind])
    ]
    for name, value in words.items():
        if name == "detour" and not (isinstance(value, int | float) and 0 < value < inf):
            faults.append(Fault("walk", 0, say("walk_number", name=name, value=value)))
        if name in ("demand", "sites") and value not in DATUMS:
            faults.append(Fault("walk", 0, say("walk_unknown", name=name, value=value, known=", ".join(DATUMS))))
    if len(faults) > begun:
        return Plane()
    return Earth(**words) if kind == "earth" or "demand" in words or "sites" in words else Plane(**words)


def _rows(folder: Path, table: str, part: Any, faults: list[Fault]) -> list[dict[str, Any]]:
    if part is None:
        return []
    if isinstance(part, dict) and "rows" in part:
        rows = part["rows"]
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return list(rows)
        faults.append(Fault(table, 0, say("no_rows")))
        return []
    sheet = _sheet(folder, table, part.get("file") if isinstance(part, dict) else None, faults)
    heading = sheet[0] if sheet else []
    return [dict(zip(heading, row, strict=False)) for row in sheet[1:]]


def _sheet(folder: Path, table: str, file: Any, faults: list[Fault]) -> list[list[str]]:
    """The rows of a CSV file, the heading first, each as long as that; as Excel in China writes it too."""
    if not isinstance(file, str):
        faults.append(Fault(table, 0, say("no_part", part=called(table))))
        return []
    try:
        raw = (folder / file).read_bytes()
    except FileNotFoundError:
        faults.append(Fault(table, 0, say("no_file", file=file, folder=folder.resolve())))
        return []
    except OSError as error:
        faults.append(Fault(table, 0, say("unreadable", why=error)))
        return []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    rows = [row for row in reader(text.splitlines()) if any(cell.strip() for cell in row)]
    heading = [cell.strip() for cell in rows[0]] if rows else []
    for line, row in enumerate(rows[1:], start=1):
        if len(row) > len(heading):
            faults.append(Fault(table, line, say("more_cells", more=len(row) - len(heading))))
    return [
        [cell for _, cell in zip_longest(heading, row[: len(heading)], fillvalue="")] for row in [heading, *rows[1:]]
    ]


def _matrix(case: Case, sheet: list[list[str]], faults: list[Fault]) -> Any:
    """Walking metres: a row for each building and a column for each site, or a row for each pair (`home`, `site`, `metres`). Blank: no way."""
    heading = sheet[0] if sheet else []
    homes, sites = ({str(key): i for i, key in enumerate(table.key)} for table in (case.demand, case.sites))
    pairs: list[tuple[int, str, str, str]]
    if sorted(heading) == sorted(LONG):
        a, b, c = (heading.index(name) for name in LONG)
        pairs = [(line, row[a].strip(), row[b].strip(), row[c].strip()) for line, row in enumerate(sheet[1:], start=1)]
    else:
        faults += [
            Fault("walk", 0, say("matrix_key", key=key, what=called("sites")))
            for key in heading[1:]
            if key not in sites
        ]
        pairs = [
            (line, row[0].strip(), key, value.strip())
            for line, row in enumerate(sheet[1:], start=1)
            for key, value in zip(heading[1:], row[1:], strict=True) if key in sites
        ]  # fmt: skip
    found = np.full((len(homes), len(sites)), np.nan)
    for line, home, site, value in pairs:
        unknown = [
            (key, what) for key, what, known in ((home, "demand", homes), (site, "sites", sites)) if key not in known
        ]
        if unknown:
            faults += [Fault("walk", line, say("matrix_key", key=key, what=called(what))) for key, what in unknown]
            continue
        at, metres = (homes[home], sites[site]), _metres(value)
        if np.isnan(metres):
            faults.append(Fault("walk", line, say("matrix_number", home=home, site=site, value=value)))
        elif not np.isnan(found[at]):
            faults.append(Fault("walk", line, say("matrix_twice", home=home, site=site)))
        found[at] = metres
    found[np.isnan(found)] = np.inf
    lost = np.flatnonzero(np.isinf(found).all(1) & (case.demand.persons > 0))
    if not faults:
        faults += [Fault("walk", 0, say("matrix_missing", home=case.demand.key[i])) for i in lost]
    return found


def _metres(value: str) -> float:
    try:
        metres = float(value) if value else inf
    except ValueError:
        return np.nan
    return metres if metres >= 0 else np.nan
