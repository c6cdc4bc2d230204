"""When a point loses tables during the day: of those still to come as many move as the tables left cannot take, and nobody else."""

from collections.abc import Mapping
from math import ceil

import numpy as np

from tongzhou.planning.case import clock
from tongzhou.planning.columns import Fault, Unfit
from tongzhou.planning.compiled import Bools, Ints
from tongzhou.planning.plan import Plan, metres
from tongzhou.planning.siting.problem import Effort
from tongzhou.planning.slotting import Slots, slots
from tongzhou.planning.words import say


def thinned(plan: Plan, point: str, tables: int, at: str | None, seen: Mapping[str, int]) -> Plan:
    """The plan with so many tables at this point from the hour `at` on. Whoever walks least farther moves first.

    What a point takes late is by the part of the day that is left. Raises Unfit, naming how many people then have nowhere to go.
    """
    case, made, persons = plan.case, slots(plan), plan.case.demand.persons
    j = next((j for j in plan.open.tolist() if case.sites.key[j] == point), None)
    if j is None:
        raise Unfit([Fault("points", 0, say("unknown_point", key=point))])
    hour = None if at is None else clock(at)
    since = made.hour(0) if hour is None else max(hour + case.rules.notice_minutes / 60, made.hour(0))
    coming = _coming(made, j, hour, seen.get(point))
    waiting = np.bincount(plan.at[coming], weights=persons[coming], minlength=len(case.sites))
    whole = case.rules.persons_per_table
    room = case.sites.tables * whole * _left(made, since) - waiting
    room[np.setdiff1d(np.arange(len(room)), np.setdiff1d(plan.open, [j]))] = -1
    excess = waiting[j] - tables * whole * _left(made, made.hour(0) if hour is None else hour)
    target = plan.at.copy()
    ways = {int(i): _elsewhere(plan, int(i), room) for i in np.flatnonzero(coming & (plan.at == j) & (persons > 0))}
    for i in sorted(ways, key=lambda one: (_farther(plan, one, ways[one][1]), one)):
        fits = ways[i][0][room[ways[i][0]] >= persons[i]]
        if excess > 0 and len(fits):
            target[i], room[fits[0]] = fits[0], room[fits[0]] - persons[i]
            excess -= persons[i]
    if excess > 0:
        raise Unfit([Fault("points", 0, say("too_few_tables", key=point, tables=tables, persons=ceil(excess)))])
    left = case.sites.tables.copy()
    left[j] = min(tables, left[j])
    moved = np.zeros(len(target)) if plan.since is None else plan.since.copy()
    moved[target != plan.at] = max(since, 1e-6)
    case = case.replace(sites=case.sites.columns | {"tables": left})
    value = float((metres(case, target) * case.weight).sum())
    return plan.replace(case=case, at=target, value=value, bound=0.0, stopped="moved", effort=Effort(0, 0), since=moved)


def _coming(made: Slots, j: int, hour: float | None, seen: int | None) -> Bools:
    """Rows that have not been; at this point, where that was counted, those after the first `seen` people."""
    plan, persons = made.plan, made.plan.case.demand.persons
    if hour is None:
        return np.ones(len(persons), np.bool_)
    found: Bools = (made.last >= 0) & (made.hour(0) + (made.last + 1) * made.minutes / 60 > hour)
    if seen is not None:
        rows = np.flatnonzero((plan.at == j) & (persons > 0))
        rows = rows[np.argsort(made.first[rows], kind="stable")]
        found[rows] = np.cumsum(persons[rows]) > seen
    return found


def _left(made: Slots, hour: float) -> float:
    """Which part of the day is left."""
    hours = made.plan.case.rules.hours
    return min(1.0, max(0.0, (made.hour(0) + hours - hour) / hours))


def _elsewhere(plan: Plan, i: int, room: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[Ints, Ints]:
    """Sites with room within this row's walk, the nearest first, with the metres."""
    row = plan.case.ways.nearest(np.array([i]), len(room))
    may = (room[row.site] >= 0) & (row.metres <= plan.case.limit[i])
    return row.site[may].astype(np.int64), row.metres[may]


def _farther(plan: Plan, i: int, metres_: Ints) -> float:
    """Weighted metres more for each person who makes room."""
    if not len(metres_):
        return np.inf
    return float((metres_[0] - plan.metres[i]) * plan.case.weight[i] / plan.case.demand.persons[i])
