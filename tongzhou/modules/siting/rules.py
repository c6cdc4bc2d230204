"""Pure: people of whom only a total is known, tables as they come, turns of the day, what a what-if changes."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from itertools import pairwise
from math import ceil
from typing import Any

Row = dict[str, Any]

# set otherwise by a what-if
CHANGES = (
    "points",
    "tables",
    "person_seconds",
    "utilisation",
    "slot_minutes",
    "pool",
    "max_walk_m",
    "impaired_walk_m",
    "no_show",
    "early",
    "prevalence",
)
HOURS = ("opens", "closes")  # and these, which are times
WITHOUT = "without"  # and the sites it leaves out, by key
LANES = "lanes"  # and of laboratories, by key, how many lanes they have
MOST_NAME = 60  # characters by which other rooms tell names apart
LENGTHS = {"key": 40, "name": 80, "place": 120}  # most characters in a list: what a campaign takes
HALF_DAY = 6  # hours; a longer day is worked in two turns


def spread(rows: Sequence[Row], total: int | None) -> tuple[list[Row], int]:
    """Rows without a number of people share what is left of the total, as evenly as whole people allow; and how many rows that are.

    Raises ValueError with the number that is missing or too much: without a total when some row has no number, or when the rows
    that have one already exceed it.
    """
    blank = [i for i, row in enumerate(rows) if row.get("persons") is None]
    if not blank:
        return [dict(row) for row in rows], 0
    left = -1 if total is None else total - sum(row["persons"] for row in rows if row.get("persons") is not None)
    if left < 0:
        raise ValueError(len(blank) if total is None else -left)
    each, more = divmod(left, len(blank))
    shares = {i: each + (place < more) for place, i in enumerate(blank)}
    return [
        row | {"persons": shares[i], "assumed": True} if i in shares else dict(row) for i, row in enumerate(rows)
    ], len(blank)


def registered(
    rows: Sequence[Row], area: str, homes: Mapping[str, int], units: Mapping[str, int]
) -> tuple[list[Row], list[str]]:
    """Rows with as many people as have registered in that building (by key in its area) or, for a row that is a community, there (by the
    unit's code or name in `units`); and the names of rows where nobody has: they keep what their list said, which is never made nought.
    """
    made, missing = [], []
    for row in rows:
        listed = row.get("listed", {name: row[name] for name in ("persons", "assumed") if name in row})
        rest = {name: value for name, value in row.items() if name not in ("persons", "assumed", "listed")}
        n = homes.get(f"{area}/{row['key']}") or units.get(row["key"]) or units.get(row.get("name") or "") or 0
        if n:
            made.append(rest | {"persons": n, "listed": listed})
        else:
            missing.append(str(row.get("name") or row["key"]))
            made.append(rest | listed)
    return made, missing


def twice(rows: Iterable[tuple[int, Row]]) -> list[tuple[int, str, int]]:
    """Keys that stand twice: the line, the key, the line where it stood first."""
    first: dict[str, int] = {}
    found = []
    for line, row in rows:
        key = str(row.get("key") or "")
        if key in first:
            found.append((line, key, first[key]))
        first.setdefault(key, line)
    return found


def alike(rows: Iterable[tuple[int, Row]]) -> dict[str, list[int]]:
    """Names that stand at several rows, with the lines."""
    lines: dict[str, list[int]] = {}
    for line, row in rows:
        lines.setdefault(str(row.get("name") or ""), []).append(line)
    return {name: there for name, there in lines.items() if name and len(there) > 1}


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """{key: name} with no name twice, so that other rooms may go by names: those alike have their keys behind them, within what a roster takes."""
    said = {key: name or key for key, name in names.items()}
    often = Counter(name[:MOST_NAME] for name in said.values())
    found = {key: name if often[name[:MOST_NAME]] == 1 else _with_key(name, key) for key, name in said.items()}
    if len({name[:MOST_NAME] for name in found.values()}) == len(found):
        return found
    return {key: _with_key(name, key) for key, name in said.items()}  # a name that reads like another with its key


def _with_key(name: str, key: str) -> str:
    behind = f"（{key}）"
    return name[: MOST_NAME - len(behind)] + behind


def free(kind: str, rows: Sequence[Row]) -> str:
    """A key that no row has yet: P7 for the seventh site."""
    taken = {str(row.get("key")) for row in rows}
    letter = {"sites": "P", "demand": "B"}.get(kind, "X")
    return next(key for n in range(len(rows) + 1, 2 * len(rows) + 3) if (key := f"{letter}{n}") not in taken)


def gaps(walks: Sequence[Row], homes: Sequence[Row], sites: Sequence[Row]) -> tuple[int, list[str]]:
    """How many ways from a building to a site are not given, and the names of buildings from which none is."""
    known, ends = {row["key"] for row in homes}, {row["key"] for row in sites}
    given = {(row["home"], row["site"]) for row in walks if row["home"] in known and row["site"] in ends}
    walked = {home for home, _site in given}
    return len(known) * len(ends) - len(given), [
        str(row.get("name") or row["key"]) for row in homes if row["key"] not in walked
    ]


def wanted_points(people: int, per_point: Sequence[int]) -> int:
    """As many points as keep each at the middle of the usual number of people."""
    return max(1, ceil(2 * people / sum(per_point)))


def staff_of(tables: int, per_table: int, per_point: int) -> int:
    """Working at once at a point with so many tables."""
    return tables * per_table + per_point


def tubes(people: int, tables: int, pool: int) -> int:
    """Tubes of a point: each table has its own, the people spread over the tables as evenly as can be, as the engine counts them."""
    each, more = divmod(people, max(tables, 1))
    return more * ceil((each + 1) / pool) + (max(tables, 1) - more) * ceil(each / pool)


def turns(opens: time, closes: time, people: int) -> str:
    """The turns of a point's day as a roster reads them, one a line: "08:00-13:00 6人"."""
    start, end = minutes(opens), minutes(closes)
    cuts = [start, end] if end - start <= HALF_DAY * 60 else [start, (start + end) // 2 // 15 * 15, end]
    return "\n".join(f"{clock(a)}-{clock(b)} {people}人" for a, b in pairwise(cuts))


def calls(first: str, last: str, people: int, length: int) -> list[tuple[int, int]]:
    """People evenly over the slots from `first` to `last` ("08:00"): for an option that was kept before slots were."""
    if not first:
        return []
    begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in (first, last))
    starts = range(begin, max(end, begin + 1), length)
    each, more = divmod(people, len(starts))
    return [(start, each + (place < more)) for place, start in enumerate(starts)]


def cost(rates: Mapping[str, Any], *, staff_hours: float, tubes: int, people: int, rounds: int) -> int:
    """Yuan, by the rates of the house: work, tests, swabs, vans."""
    work: float = staff_hours * rates["staff_hour"]
    pieces: float = tubes * rates["tube"] + people * rates["swab"] + rounds * rates["van_round"]
    return round(work + pieces)


def minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def span(opens: time, closes: time) -> str:
    return f"{opens:%H:%M}–{closes:%H:%M}"


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def hour(value: float) -> str:
    """Hours since midnight as a clock shows them; 33.75 is "33:45", the morning after."""
    return clock(round(value * 60))


def changed(given: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Of what a what-if says, that which differs from the study."""
    found: dict[str, Any] = {
        name: int(given[name]) for name in CHANGES if given.get(name) is not None and given[name] != base.get(name)
    }
    found |= {name: clock(minutes(given[name])) for name in HOURS if given.get(name) not in (None, base.get(name))}
    usual = base.get(LANES) or {}
    if lanes := {lab: n for lab, n in (given.get(LANES) or {}).items() if n != usual.get(lab, n)}:
        found[LANES] = lanes
    return found | ({WITHOUT: list(given[WITHOUT])} if given.get(WITHOUT) else {})


def an_hour(seconds: float) -> int:
    """How many people a table takes in an hour, each taking so long; and the other way round."""
    return max(1, round(3600 / seconds))


def named(text: str, rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Keys of the rows that a text names by key or name, and the words that name none. Between words stands a comma of any script or a space."""
    known = {str(row.get(name)): row["key"] for row in rows for name in ("name", "key") if row.get(name)}
    whole = [word.strip() for word in re.split(r"[,，、;；\n]", text) if word.strip()]
    words = [part for word in whole for part in ([word] if word in known else word.split())]
    return list(dict.fromkeys(known[word] for word in words if word in known)), [
        word for word in words if word not in known
    ]


def around(points: int, least: int, most: int) -> list[int]:
    """Other numbers of points worth trying, a curve of them: from two thirds to half as many again."""
    found = {round(points * part) for part in (0.67, 0.83, 1.17, 1.33, 1.5)}
    return sorted(n for n in found if least <= n <= most and n != points)
