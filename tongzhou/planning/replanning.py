"""When a point closes or opens: only the people concerned move, and their neighbours only where there is no room without.

Late in the day little room is left: whoever moves then is counted (`Plan.takes`) by the slots that are left after the notice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tongzhou.planning.case import NEVER, clock, told
from tongzhou.planning.columns import Fault, Unfit
from tongzhou.planning.compiled import Bools, Ints, Shorts
from tongzhou.planning.making_room import Room
from tongzhou.planning.plan import Plan, metres
from tongzhou.planning.siting.problem import Effort
from tongzhou.planning.slotting import slots, still_to_come
from tongzhou.planning.words import Words, say


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
    changed = np.flatnonzero(old.at != new.at)
    key = case.sites.key
    moves = tuple(
        {
            "key": str(case.demand.key[i]), "persons": int(case.demand.persons[i]), "from": str(key[old.at[i]]), "to": str(key[new.at[i]]),
            "walk_before_m": float(old.metres[i]), "walk_after_m": float(new.metres[i]),
        }
        for i in changed.tolist()
    )  # fmt: skip
    opened = tuple(str(key[j]) for j in np.setdiff1d(new.open, old.open))
    closed = tuple(str(key[j]) for j in np.setdiff1d(old.open, new.open))
    return Difference(moves, int(case.demand.persons[changed].sum()), new.value - old.value, opened, closed)


def closed(plan: Plan, points: Sequence[str], at: str | None, seen: Mapping[str, int]) -> Plan:
    """Raises Unfit, naming how many people have nowhere to go, if the other points have no room left in what is left of the day."""
    gone, hour = stands(plan, points), None if at is None else clock(at)
    moving = coming(plan, gone, hour, seen)
    open_ = np.setdiff1d(plan.open, gone)
    room = Room(plan, open_, np.flatnonzero(moving), hour, seen)
    stuck = room.place()
    if stuck:
        raise Unfit([Fault("points", 0, _stuck(plan, points, stuck, hour))])
    empty = np.flatnonzero(np.isin(plan.at, gone) & (plan.case.demand.persons == 0))
    if len(empty):
        room.target[empty] = plan.case.ways.closest(empty, open_)
    return moved(plan, room.target, open_, hour, (*plan.closed, *((key, hour or 0.0) for key in points)))


def stands(plan: Plan, points: Sequence[str]) -> Ints:
    """The rows of these points. Raises Unfit where one of them is none, or is closed."""
    found = _rows(plan, points)
    if missing := [key for key, j in zip(points, found, strict=True) if j not in plan.open]:
        raise Unfit([Fault("points", 0, say("unknown_point", key=key)) for key in missing])
    return found


def coming(plan: Plan, sites: Ints, hour: float | None, seen: Mapping[str, int]) -> Bools:
    """Whose people, of these sites, have not been by this hour: by their slots or, where that was counted, those after the first `seen` people."""
    found: Bools = np.isin(plan.at, sites) & (plan.case.demand.persons > 0)
    if hour is None:
        return found
    found &= still_to_come(plan, hour, sites)
    for j in sites.tolist():
        if (number := seen.get(str(plan.case.sites.key[j]))) is not None:
            found[plan.at == j] = False
            found[_not_yet(plan, j, number)] = True
    return found


def _stuck(plan: Plan, points: Sequence[str], persons: int, hour: float | None) -> Words:
    rules, key = plan.case.rules, ", ".join(points)
    if hour is None:
        return say("no_spare", key=key, persons=persons)
    since = hour + rules.notice_minutes / 60
    late = {"key": key, "persons": persons, "at": told(hour), "since": told(since), "closes": rules.closes}
    return say("too_late" if rules.slot_from(since) >= rules.slots else "no_time", **late)


def opened(plan: Plan, points: Sequence[str], at: str | None) -> Plan:
    """Raises Unfit where the day is over before anybody could be told, or there are no tables for another point."""
    new, hour = _rows(plan, points), None if at is None else clock(at)
    case, open_ = plan.case, np.union1d(plan.open, new)
    room = Room(plan, open_, np.zeros(0, np.int64), hour, {})
    if room.over:
        raise Unfit([Fault("points", 0, _stuck(plan, points, 0, hour))])
    if room.spare < 0 and len(open_) > len(plan.open):
        budget, wanted = int(case.rules.tables), int(room.tables.sum())
        raise Unfit([Fault("points", 0, say("no_tables", key=", ".join(points), budget=budget, wanted=wanted))])
    everybody = np.arange(len(plan.at))
    for j in new.tolist():
        walk = case.ways.between(everybody, np.full(len(everybody), j))
        saved = (plan.metres - walk) * case.weight
        nearer = np.flatnonzero((saved > 0) & (walk <= case.limit) & (room.target == plan.at))
        nearer = nearer[np.argsort(-saved[nearer], kind="stable")]
        may = (
            still_to_come(plan, hour, np.unique(plan.at[nearer])) if hour is not None else np.ones(len(walk), np.bool_)
        )
        for i in nearer[may[nearer]].tolist():
            if room.fits(np.array([j]), i)[0]:
                room.move(i, j)
    keep = tuple(one for one in plan.closed if one[0] not in points)
    return moved(plan, room.target, open_, hour, keep)


def failed(plan: Plan, lanes: Mapping[str, int], at: str | None) -> Plan:
    """Of a laboratory that had changed before, what it was before that is forgotten."""
    labs = {name: list(values) for name, values in plan.case.labs.columns.items()}
    for key, number in lanes.items():
        k = plan.case.labs.place(key)
        if at is None:
            labs["lanes"][k], labs["until"][k], labs["left"][k] = number, NEVER, 0
        else:
            labs["lanes"][k], labs["until"][k], labs["left"][k] = int(plan.case.lanes[k]), clock(at), number
    return plan.replace(case=plan.case.replace(labs=labs))


def _rows(plan: Plan, points: Sequence[str]) -> Ints:
    found = []
    for key in points:
        try:
            found.append(plan.case.sites.place(key))
        except KeyError:
            raise Unfit([Fault("points", 0, say("unknown_point", key=key))]) from None
    return np.array(found, np.int64)


def _not_yet(plan: Plan, j: int, seen: int) -> Ints:
    """The rows of a point that come after the first `seen` people, in the order of their slots."""
    rows = np.flatnonzero((plan.at == j) & (plan.case.demand.persons > 0))
    rows = rows[np.argsort(slots(plan, np.array([j])).first[rows], kind="stable")]
    late: Ints = rows[np.cumsum(plan.case.demand.persons[rows]) > seen]
    return late


def moved(plan: Plan, target: Shorts, open_: Ints, hour: float | None, closed_: tuple[tuple[str, float], ...]) -> Plan:
    """The plan with everybody at `target`; who is not where they were comes after the notice."""
    since = np.zeros(len(target)) if plan.since is None else plan.since.copy()
    opens = max(clock(plan.case.rules.opens), 1e-6)  # before the day begins they join those who have slots already
    since[target != plan.at] = opens if hour is None else hour + plan.case.rules.notice_minutes / 60
    value = float((metres(plan.case, target) * plan.case.weight).sum())
    return plan.replace(
        at=target, open=open_, value=value, bound=0.0, stopped="moved", effort=Effort(0, 0), closed=closed_, since=since
    )
