"""The finish by HiGHS: a plan of a district is proven the best, or bettered, or its bound is raised."""

from typing import Any

import numpy as np

from tongzhou.planning.compiled import Bools, Floats
from tongzhou.planning.plan import Plan, metres
from tongzhou.planning.siting.bounding import SAFE, Bound, worths
from tongzhou.planning.siting.mip import Model, minimise
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.problem import Question

STEPS = 1500  # of the Lagrangian bound beforehand; it shuts out what cannot be part of a better plan


def prove(plan: Plan, *, seconds: float = 60.0) -> Plan:
    """The plan with the best value and bound known after at most `seconds` of HiGHS.

    Sites and pairs are left out only where the Lagrangian bound shows that no better plan holds them, so the proof is of the full problem.
    For districts: thousands of rows, hundreds of sites. A city is too large; its Lagrangian bound must do.
    """
    case = plan.case
    question = case.question(len(plan.open))
    net = question.net(question.fitting(question.ways.nearest(np.arange(question.ways.units), question.ways.sites)))
    bound = Bound(net, question.sides(), np.array(case.weight * plan.metres))
    bound.climb(STEPS, plan.value)
    model, unit, site = _model(question, net, *_possible(question, net, bound, plan.value), plan.value)
    start = np.concatenate(
        [np.isin(np.arange(len(case.sites)), plan.open), plan.at[unit] == site, plan.tables[: len(case.sites)]]
    )
    found = minimise(model, seconds, start=start[: len(model.cost)].astype(float))
    proven = found.status in ("optimal", "infeasible")
    low = max(
        plan.bound,
        bound.proven,
        min(found.bound if not proven or found.x is not None else plan.value, plan.value) * SAFE,
    )
    if found.x is None or found.value >= plan.value * (1 - 1e-9):
        return plan.replace(
            bound=plan.value if proven else min(low, plan.value), stopped="proven" if proven else "time"
        )
    taken = np.flatnonzero(found.x[len(case.sites) : len(case.sites) + len(unit)] > 0.5)
    target = plan.at.copy()
    target[unit[taken]] = site[taken]
    opened = np.flatnonzero(found.x[: len(case.sites)] > 0.5)
    value = float((metres(case, target) * case.weight).sum())
    return plan.replace(
        at=target,
        open=opened,
        value=value,
        bound=value if proven else min(low, value),
        stopped="proven" if proven else "time",
    )


def _possible(question: Question, net: Net, bound: Bound, value: float) -> tuple[Bools, Bools]:
    """Sites, and pairs of the net, that a plan better than `value` may hold."""
    worth = worths(net, question.sides(), bound.best_l, bound.best_price)
    free = np.sort(np.where(question.banned, np.inf, worth))
    dearest = free[min(question.points, len(free)) - 1]
    low = bound.value * SAFE
    sites = (low + np.maximum(worth - dearest, 0.0) <= value * (1 + 1e-9)) & ~question.banned | question.kept
    unit = np.repeat(np.arange(len(net.beyond)), np.diff(net.start))
    extra = np.maximum(net.cost - bound.best_l[unit], 0.0)
    return sites, sites[net.site] & (low + extra <= value * (1 + 1e-9))


def _model(
    question: Question, net: Net, sites: Bools, pairs: Bools, value: float
) -> tuple[Model, np.ndarray, np.ndarray]:
    """Columns: y of every site, x of every possible pair, and, with a budget, the tables of every site."""
    n, m = len(net.beyond), question.ways.sites
    unit, site = np.repeat(np.arange(n), np.diff(net.start))[pairs], net.site[pairs].astype(np.int64)
    k, budgeted = len(unit), bool(np.isfinite(question.budget))
    x, links = m + np.arange(k), n + 1 + np.arange(k)
    rows: list[Any] = [unit, np.full(m, n), links, links]
    columns: list[Any] = [x, np.arange(m), x, site]
    values: list[Any] = [np.ones(k), np.ones(m), np.ones(k), -np.ones(k)]
    low: list[Any]
    high: list[Any]
    low, high = [np.ones(n), [question.points], np.full(k, -np.inf)], [np.ones(n), [question.points], np.zeros(k)]
    if question.limited:
        fills, room = n + 1 + k + np.arange(m), question.table * question.tables
        rows, columns, values = [*rows, fills[site]], [*columns, x], [*values, question.size[unit]]
        tables = m + k + np.arange(m) if budgeted else np.arange(m)
        rows, columns, values = (
            [*rows, fills],
            [*columns, tables],
            [*values, -np.full(m, question.table) if budgeted else -room],
        )
        low, high = [*low, np.full(m, -np.inf)], [*high, np.zeros(m)]
    if budgeted:
        last = n + 1 + k + m
        rows, columns, values = [*rows, np.full(m, last)], [*columns, m + k + np.arange(m)], [*values, np.ones(m)]
        low, high = [*low, [-np.inf]], [*high, [question.budget]]
    extra = m if budgeted else 0
    cost: Floats = np.concatenate([np.zeros(m), np.asarray(net.cost[pairs], np.float64), np.zeros(extra)])
    most = np.concatenate([sites.astype(float), np.ones(k), question.tables[:extra]])
    least = np.concatenate([question.kept.astype(float), np.zeros(k + extra)])
    parts = (np.concatenate([np.asarray(part) for part in given]) for given in (rows, columns, values, low, high))
    row, column, number, under, over = parts
    whole = np.ones(m + k + extra, np.bool_)
    return Model(cost, least, most, whole, row, column, number, under, over), unit, site
