"""When a point closes or opens: only the people concerned move, and their neighbours only where there is no room without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tongzhou.planning.case import Case, clock
from tongzhou.planning.columns import Fault, Unfit
from tongzhou.planning.compiled import Bools, Floats, Ints, Shorts
from tongzhou.planning.plan import Plan, metres
from tongzhou.planning.siting.problem import Effort
from tongzhou.planning.slotting import slots
from tongzhou.planning.words import say

NEAR = 64  # sites looked at for each row; four times as many if none of them will do
CHAIN = 400  # rows that may be moved on for the sake of others


@dataclass(frozen=True)
class Difference:
    """Who moves between two plans of one case: rows of demand, with the point and walk before and after."""

    moves: tuple[dict[str, Any], ...]
    persons: int
    person_metres: float  # walked more (negative: less), weighted
    opened: tuple[str, ...]
    closed: tuple[str, ...]


def difference(old: Plan, new: Plan) -> Difference:
    case = new.case
    moved = np.flatnonzero(old.at != new.at)
    key = case.sites.key
    moves = tuple(
        {
            "key": str(case.demand.key[i]), "persons": int(case.demand.persons[i]), "from": str(key[old.at[i]]), "to": str(key[new.at[i]]),
            "walk_before_m": float(old.metres[i]), "walk_after_m": float(new.metres[i]),
        }
        for i in moved.tolist()
    )  # fmt: skip
    opened = tuple(str(key[j]) for j in np.setdiff1d(new.open, old.open))
    closed = tuple(str(key[j]) for j in np.setdiff1d(old.open, new.open))
    return Difference(moves, int(case.demand.persons[moved].sum()), new.value - old.value, opened, closed)


def closed(plan: Plan, points: Sequence[str], at: str | None, seen: Mapping[str, int]) -> Plan:
    """Raises Unfit, naming how many people have nowhere to go, if the other points have no room left."""
    gone = _rows(plan, points)
    missing = [key for key, j in zip(points, gone, strict=True) if j not in plan.open]
    if missing:
        raise Unfit([Fault("points", 0, say("unknown_point", key=key)) for key in missing])
    hour = None if at is None else clock(at)
    moving = np.isin(plan.at, gone) & (_still_to_come(plan, hour) if hour is not None else True)
    for key, j in zip(points, gone.tolist(), strict=True):
        if key in seen and hour is not None:
            moving[plan.at == j] = False
            moving[_not_yet(plan, j, seen[key])] = True
    open_ = np.setdiff1d(plan.open, gone)
    target = plan.at.copy()
    target[moving] = -1
    stuck = _place(plan.case, target, np.flatnonzero(moving), open_)
    if stuck:
        raise Unfit([Fault("points", 0, say("no_spare", key=", ".join(points), persons=stuck))])
    return _moved(plan, target, open_, hour, (*plan.closed, *((key, hour or 0.0) for key in points)))


def opened(plan: Plan, points: Sequence[str], at: str | None) -> Plan:
    new = _rows(plan, points)
    case, hour = plan.case, None if at is None else clock(at)
    open_ = np.union1d(plan.open, new)
    load = plan.load.astype(float)
    room = case.sites.tables * case.rules.persons_per_table
    may = _still_to_come(plan, hour) if hour is not None else np.ones(len(plan.at), np.bool_)
    target = plan.at.copy()
    for j in new.tolist():
        walk = _walk_to(case, j)
        saved = (plan.metres - walk) * case.weight
        for i in np.argsort(-saved, kind="stable").tolist():
            if saved[i] <= 0:
                break
            size = case.demand.persons[i]
            if (
                may[i]
                and walk[i] <= case.limit[i]
                and load[j] + size <= room[j]
                and walk[i] < plan.metres[i]
                and target[i] == plan.at[i]
            ):
                load[j], load[target[i]] = load[j] + size, load[target[i]] - size
                target[i] = j
    keep = tuple(one for one in plan.closed if one[0] not in points)
    return _moved(plan, target, open_, hour, keep)


def _rows(plan: Plan, points: Sequence[str]) -> Ints:
    found = []
    for key in points:
        try:
            found.append(plan.case.sites.place(key))
        except KeyError:
            raise Unfit([Fault("points", 0, say("unknown_point", key=key))]) from None
    return np.array(found, np.int64)


def _still_to_come(plan: Plan, hour: float) -> Bools:
    made = slots(plan)
    opens = clock(plan.case.rules.opens)
    found: Bools = opens + (made.last + 1) * made.minutes / 60 > hour
    return found & (made.last >= 0)


def _not_yet(plan: Plan, j: int, seen: int) -> Ints:
    """The rows of a point that come after the first `seen` people, in the order of their slots."""
    rows = np.flatnonzero((plan.at == j) & (plan.case.demand.persons > 0))
    rows = rows[np.argsort(slots(plan).first[rows], kind="stable")]
    late: Ints = rows[np.cumsum(plan.case.demand.persons[rows]) > seen]
    return late


def _walk_to(case: Case, j: int) -> Floats:
    plane = case.walk.plane(case.demand, case.sites)
    if plane is not None:
        straight: Floats = np.hypot(*(plane[0] - plane[1][j]).T) * float(getattr(case.walk, "detour", 1.0))
        return straight
    column = (
        case.ways.sparse[:, [j]].toarray().ravel() if case.ways.sparse is not None else case.ways.dense[:, j].copy()
    )
    column[column == 0 if case.ways.sparse is not None else np.isnan(column)] = np.inf
    return np.asarray(column, np.float64)


def _place(case: Case, target: Shorts, units: Ints, open_: Ints) -> int:
    """Give each of these rows an open site with room, the most urgent first. Returns how many persons find none."""
    persons = case.demand.persons
    room = case.sites.tables * case.rules.persons_per_table
    settled = target >= 0
    room = room - np.bincount(target[settled], weights=persons[settled], minlength=len(room))
    is_open = np.zeros(len(room), np.bool_)
    is_open[open_] = True
    near = {int(i): _near(case, int(i), is_open, NEAR) for i in units}
    stuck = 0
    for i in sorted(near, key=lambda one: (-_regret(case, near[one], one), one)):
        j = _fitting(near[i], room, persons[i])
        if j < 0:
            near[i] = _near(case, i, is_open, len(room))
            j = _fitting(near[i], room, persons[i])
        if j < 0:
            j = _eased(case, target, i, near[i], room, is_open)
        if j < 0:
            stuck += int(persons[i])
        else:
            target[i], room[j] = j, room[j] - persons[i]
    return stuck


def _near(case: Case, i: int, is_open: Bools, count: int) -> tuple[Ints, Floats]:
    while True:
        row = case.ways.nearest(np.array([i]), count)
        may = is_open[row.site] & (row.metres <= case.limit[i])
        if may.sum() >= 2 or count >= len(is_open):
            return row.site[may].astype(np.int64), row.metres[may]
        count *= 4


def _regret(case: Case, near: tuple[Ints, Floats], i: int) -> float:
    walk = near[1]
    return float(case.weight[i] * (walk[1] - walk[0])) if len(walk) > 1 else np.inf


def _fitting(near: tuple[Ints, Floats], room: Floats, size: int) -> int:
    fits = np.flatnonzero(room[near[0]] >= size)
    return int(near[0][fits[0]]) if len(fits) else -1


def _eased(case: Case, target: Shorts, i: int, near: tuple[Ints, Floats], room: Floats, is_open: Bools) -> int:
    """Make room at some near site by moving one row from there on to another; of all such the shortest. Returns the site, or -1."""
    best = np.inf
    found: tuple[int, int, int] | None = None
    size = case.demand.persons[i]
    for j, walk in zip(near[0][:8].tolist(), near[1][:8].tolist(), strict=True):
        for u in np.flatnonzero(target == j)[:CHAIN].tolist():
            if room[j] + case.demand.persons[u] < size:
                continue
            other = _near(case, u, is_open, NEAR)
            away = other[0] != j
            k = _fitting((other[0][away], other[1][away]), room, case.demand.persons[u])
            if k >= 0:
                more = (
                    case.weight[u] * float(other[1][other[0] == k][0] - other[1][other[0] == j].sum())
                    + case.weight[i] * walk
                )
                if more < best:
                    best, found = more, (j, u, k)
    if found is None:
        return -1
    j, u, k = found
    target[u] = k
    room[j], room[k] = room[j] + case.demand.persons[u], room[k] - case.demand.persons[u]
    return j


def _moved(plan: Plan, target: Shorts, open_: Ints, hour: float | None, closed_: tuple[tuple[str, float], ...]) -> Plan:
    since = np.zeros(len(target)) if plan.since is None else plan.since.copy()
    opens = max(clock(plan.case.rules.opens), 1e-6)  # before the day begins they join those who have slots already
    since[target != plan.at] = opens if hour is None else hour + plan.case.rules.notice_minutes / 60
    value = float((metres(plan.case, target) * plan.case.weight).sum())
    return plan.replace(
        at=target, open=open_, value=value, bound=0.0, stopped="moved", effort=Effort(0, 0), closed=closed_, since=since
    )
