"""What makes a case impossible, before anything is searched: what is short, where, and by how much."""

from math import ceil

import numpy as np

from tongzhou.planning.case import Case
from tongzhou.planning.columns import Fault
from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.words import say

SHOWN = 20  # rows named for one kind of fault


def check(case: Case, points: int | None = None) -> list[Fault]:
    """Everything that is surely short; an empty list does not promise that a plan exists. `points`: how many are wanted."""
    found = _too_big(case) + out_of_reach(case, case.limit)
    if points is not None:
        found += _points(case, points)
    if not found:
        found += _room(case, points) or _areas(case)
    return found


def _room_of(case: Case) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    usable = case.sites.banned == 0
    return np.where(usable, case.sites.tables * case.rules.persons_per_table, 0.0)


def _too_big(case: Case) -> list[Fault]:
    most = float(_room_of(case).max())
    found = []
    for i in np.flatnonzero(case.demand.persons > most)[:SHOWN]:
        persons = int(case.demand.persons[i])
        words = say(
            "too_big", key=case.demand.key[i], persons=persons, room=int(most), parts=ceil(persons / max(most, 1))
        )
        found.append(Fault("demand", int(i) + 1, words))
    return found


def out_of_reach(case: Case, limit: Floats) -> list[Fault]:
    """Rows whose nearest site that may be used is farther than its `limit` in metres."""
    nearest = _nearest(case, np.flatnonzero(case.demand.persons > 0))
    found: list[Fault] = []
    for i in np.flatnonzero((nearest > limit) | np.isinf(nearest))[:SHOWN].tolist():
        key, there = case.demand.key[i], np.isfinite(nearest[i])
        metres = {"limit": f"{limit[i]:.0f}", "nearest": f"{nearest[i]:.0f}"}
        found.append(
            Fault("demand", i + 1, say("out_of_reach", key=key, **metres) if there else say("nowhere", key=key))
        )
    return found


def _nearest(case: Case, units: Ints) -> Floats:
    """Metres of each of these rows to the nearest site that may be used (infinite: none); 0 for the other rows."""
    found = np.zeros(len(case.demand))
    found[units] = np.inf
    banned, count = case.sites.banned == 1, 1
    while len(units):
        rows = case.ways.nearest(units, count).without(banned)
        some = np.diff(rows.start) > 0
        found[units[some]] = rows.metres[rows.start[:-1][some]]
        if count >= len(case.sites):
            break
        units, count = units[~some], min(len(case.sites), 8 * count)
    return found


def _points(case: Case, points: int) -> list[Fault]:
    usable, kept = int((case.sites.banned == 0).sum()), int(case.sites.kept.sum())
    if points < 1:
        return [Fault("points", 0, say("points_few"))]
    if points > usable:
        return [Fault("points", 0, say("points_many", points=points, usable=usable, short=points - usable))]
    if points < kept:
        return [Fault("points", 0, say("points_kept", points=points, kept=kept, short=kept - points))]
    return []


def _room(case: Case, points: int | None) -> list[Fault]:
    persons, table = int(case.demand.persons.sum()), case.rules.persons_per_table
    needed = ceil(persons / table)
    if needed > case.rules.tables:
        short = ceil(needed - case.rules.tables)
        return [
            Fault(
                "rules",
                0,
                say("budget_short", budget=int(case.rules.tables), persons=persons, needed=needed, short=short),
            )
        ]
    room = _room_of(case)
    kept = case.sites.kept == 1
    number = len(room) if points is None else points
    largest = float(room[kept].sum() + np.sort(room[~kept])[::-1][: max(0, number - int(kept.sum()))].sum())
    if persons > largest:
        words = say(
            "room_short", persons=persons, points=number, room=int(largest), tables=ceil((persons - largest) / table)
        )
        return [Fault("sites", 0, words)]
    return []


def _areas(case: Case) -> list[Fault]:
    """Where a walking limit leaves some quarter with too few tables: the flow of people to sites that is not all, and what cuts it off."""
    if not np.isfinite(case.limit).any() or not case.demand.persons.sum():
        return []
    from scipy.sparse import csr_array  # loaded only by whoever checks a limit
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    n, m = len(case.demand), len(case.sites)
    rows = case.question(1).rows()
    unit = np.repeat(np.arange(n), np.diff(rows.start))
    persons, room = case.demand.persons.astype(np.int32), _room_of(case).astype(np.int32)
    tail = np.concatenate([np.full(n, n + m), unit, n + np.arange(m)])
    head = np.concatenate([np.arange(n), n + rows.site, np.full(m, n + m + 1)])
    most = np.concatenate([persons, persons[unit], room])
    graph = csr_array((most, (tail, head)), shape=(n + m + 2, n + m + 2), dtype=np.int32)
    flow = maximum_flow(graph, n + m, n + m + 1)
    if flow.flow_value >= persons.sum() or np.isfinite(rows.beyond).any():
        return []
    left = graph - flow.flow
    left.data[left.data < 0] = 0
    left.eliminate_zeros()
    reached = breadth_first_order(left, n + m, return_predecessors=False)
    units, sites = reached[reached < n], reached[(reached >= n) & (reached < n + m)] - n
    short = int(persons[units].sum() - room[sites].sum())
    place = case.demand.key[units[np.argmax(persons[units])]]
    tables = ceil(short / case.rules.persons_per_table)
    words = say(
        "area_short",
        place=place,
        units=len(units),
        persons=int(persons[units].sum()),
        sites=len(sites),
        room=int(room[sites].sum()),
        tables=tables,
    )
    return [Fault("sites", 0, words)]
