"""From a case to a plan."""

from collections.abc import Callable
from time import monotonic

import numpy as np

from tongzhou.planning.case import Case
from tongzhou.planning.checking import check
from tongzhou.planning.columns import Fault, Unfit
from tongzhou.planning.covering import fewest
from tongzhou.planning.plan import Plan, everyone, metres, versions
from tongzhou.planning.siting.answering import NEVER, answer
from tongzhou.planning.siting.problem import Answer, Effort, Watch
from tongzhou.planning.words import say

COVERED = 2_000_000  # pairs up to which it is asked how few points the walking limit allows


def solve(
    case: Case,
    *,
    points: int,
    seconds: float = 10.0,
    seed: int = 1,
    effort: Effort | None = None,
    threads: int = 2,
    watch: Watch = NEVER,
    clock: Callable[[], float] = monotonic,
) -> Plan:
    """The best plan with so many points that is found in so many seconds.

    watch   called after each block of work with the progress; False from it ends the search with the best plan so far
    effort  instead of seconds: as much work as another plan took; case, points, seed and effort the same, the plan is the same
    Raises Unfit if no plan keeps every rule, with what is short, where and by how much.
    """
    faults = check(case, points)
    if faults:
        raise Unfit(faults)
    found = answer(
        case.question(points),
        seconds=seconds,
        seed=seed,
        effort=effort,
        threads=threads,
        watch=watch,
        across=case.across,
        clock=clock,
    )
    if not np.isfinite(found.value) or (found.at < 0).any():
        raise Unfit([_too_few(case, points) or _not_found(case, found)])
    at = everyone(case, found.at, found.points)
    value = float((metres(case, at) * case.weight).sum())
    bound = min(found.bound, value)
    return Plan(case, at, found.points, value, bound, found.stopped, seed, found.effort, versions())


def _too_few(case: Case, points: int) -> Fault | None:
    """Whether the walking limit alone asks for more points, as far as HiGHS can tell in a few seconds."""
    if not np.isfinite(case.limit).any() or len(case.demand) * len(case.sites) > COVERED:
        return None
    needed = int(fewest(case, walk_m=case.limit, seconds=5).bound)
    if needed <= points:
        return None
    return Fault("points", 0, say("points_short", needed=needed, points=points, short=needed - points))


def _not_found(case: Case, found: Answer) -> Fault:
    nowhere, some = found.at < 0, case.people
    load = np.bincount(found.at[~nowhere], weights=case.demand.persons[some][~nowhere], minlength=len(case.sites))
    over = np.maximum(load - case.sites.tables * case.rules.persons_per_table, 0)
    place = case.demand.key[some[np.argmax(nowhere)]] if nowhere.any() else case.sites.key[np.argmax(over)]
    return Fault("plan", 0, say("not_found", unserved=int(nowhere.sum()), over=int(over.sum()), place=place))
