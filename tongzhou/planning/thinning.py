"""When a point loses tables during the day: of those still to come as many move as the tables left cannot take, and nobody else."""

from collections.abc import Mapping
from math import ceil

import numpy as np

from tongzhou.planning.case import Rules, clock
from tongzhou.planning.columns import Fault, Unfit
from tongzhou.planning.compiled import Bools
from tongzhou.planning.making_room import Room
from tongzhou.planning.plan import Plan
from tongzhou.planning.replanning import coming, moved, stands
from tongzhou.planning.words import say


def thinned(plan: Plan, point: str, tables: int, at: str | None, seen: Mapping[str, int]) -> Plan:
    """The plan with so many tables at this point from the hour `at` on. Whoever walks least farther moves first.

    What a point takes late is by the part of the day that is left. Raises Unfit, naming how many people then have nowhere to go.
    """
    case, persons, hour = plan.case, plan.case.demand.persons, None if at is None else clock(at)
    (j,) = stands(plan, [point]).tolist()
    mine = coming(plan, np.array([j]), hour, seen)
    excess = persons[mine].sum() - tables * case.rules.persons_per_table * _left(case.rules, hour)
    room = Room(plan, plan.open, np.zeros(0, np.int64), hour, {})
    room.busy[j], room.tables[j] = 0, 1  # a table that is lost here, or its staff, is no spare one elsewhere
    for i in () if room.over else _least_farther(room, j, mine):
        site = room.found(i, (j,)) if excess > 0 else -1
        if site >= 0:
            room.move(i, site)
            excess -= persons[i]
    if excess > 0:
        raise Unfit([Fault("points", 0, say("too_few_tables", key=point, tables=tables, persons=ceil(excess)))])
    left = case.sites.tables.copy()
    left[j] = min(tables, left[j])
    fewer = plan.replace(case=case.replace(sites=case.sites.columns | {"tables": left}))
    return moved(fewer, room.target, plan.open, hour, plan.closed)


def _left(rules: Rules, hour: float | None) -> float:
    """Which part of the day is left."""
    return 1.0 if hour is None else min(1.0, max(0.0, (clock(rules.closes) - hour) / rules.hours))


def _least_farther(room: Room, j: int, mine: Bools) -> list[int]:
    """The rows that find room elsewhere, by weighted metres more for each person."""
    plan, rows = room.plan, np.flatnonzero(mine)
    sites = np.array([room.found(i, (j,)) for i in rows.tolist()], np.int64)
    rows, sites = rows[sites >= 0], sites[sites >= 0]
    more = (plan.case.ways.between(rows, sites) - plan.metres[rows]) * plan.case.weight[rows]
    found: list[int] = rows[np.argsort(more / plan.case.demand.persons[rows], kind="stable")].tolist()
    return found
