"""Who works at which point: by min-cost flow on the way from home, skill by skill, then spread over the shifts of the day."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.plan import Plan
from tongzhou.planning.walking import ground
from tongzhou.planning.words import Words, say


@dataclass(frozen=True)
class Staffing:
    """rows   person, point, skill, shifts (counted from 0), way from home (none where it is not known where they set out)
    short    by skill, how many shifts nobody takes
    metres   all ways that are known together; nobody could be placed with less
    """

    rows: tuple[dict[str, Any], ...]
    short: dict[str, int]
    metres: float

    @property
    def words(self) -> list[Words]:
        missing = [(skill, number) for skill, number in self.short.items() if number]
        return [say("staff_short" if skill else "anyone_short", skill=skill, short=number) for skill, number in missing]


def staff(plan: Plan, posts: Ints | None = None) -> Staffing:
    """Each skill in the list of staff is wanted `rules.swabbers` times at each table in each shift, or `posts` times: for each open point."""
    case, rules = plan.case, plan.case.rules
    rows: list[dict[str, Any]] = []
    short: dict[str, int] = {}
    metres = 0.0
    for skill in sorted(set(case.staff.skill.tolist())):
        people = np.flatnonzero(case.staff.skill == skill)
        shifts = np.minimum(case.staff.blocks[people], rules.crew_blocks)
        places = np.ceil(plan.tables[plan.open] * rules.swabbers).astype(np.int64) if posts is None else posts
        needs = np.array([ceil(place * rules.blocks / rules.crew_blocks) for place in places.tolist()], np.int64)
        ways = _ways(plan, people)
        chosen = _flow(np.nan_to_num(ways, nan=0.0), needs)
        taken = np.zeros(len(plan.open), np.int64)
        for k, j in sorted(chosen):
            way = None if np.isnan(ways[k, j]) else float(ways[k, j])
            metres += way or 0.0
            mine = _shifts(int(taken[j]), int(shifts[k]), rules.blocks)
            taken[j] += len(mine)
            point = str(case.sites.key[plan.open[j]])
            rows.append(
                {
                    "person": str(case.staff.key[people[k]]),
                    "point": point,
                    "skill": skill,
                    "shifts": mine,
                    "way_m": way,
                }
            )
        short[skill] = int(np.maximum(places * rules.blocks - taken, 0).sum())
    return Staffing(tuple(rows), short, metres)


def _ways(plan: Plan, people: Ints) -> Floats:
    """Metres from where each person sets out to each point along the straight line, in the datum of the demand; not a number where that is unknown."""
    case = plan.case
    found = np.full((len(people), len(plan.open)), np.nan)
    known = np.isfinite(case.staff.x[people]) & np.isfinite(case.staff.y[people])
    if known.any():
        homes = type(case.staff)("staff", {name: case.staff.columns[name][people[known]] for name in ("x", "y")})
        if (plane := ground(case.walk).plane(homes, case.sites)) is not None:
            found[known] = np.hypot(*(plane[0][:, None] - plane[1][plan.open]).transpose(2, 0, 1))
    return found


def _flow(ways: Floats, needs: Ints) -> list[tuple[int, int]]:
    """As many people as are wanted and there are, each at one point, with the least metres in all."""
    from ortools.graph.python import min_cost_flow  # loaded only by whoever places staff

    n, p = ways.shape
    if not n or not p:
        return []
    source, sink, dear = n + p, n + p + 1, 10 * int(ways.max(initial=1.0)) * 10 + 1000
    solver = min_cost_flow.SimpleMinCostFlow()
    person, point = np.repeat(np.arange(n), p), np.tile(np.arange(p), n)
    one = np.ones(n * p, np.int64)
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        person, n + point, one, np.round(ways * 10).astype(np.int64).ravel()
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        np.full(n, source), np.arange(n), np.ones(n, np.int64), np.zeros(n, np.int64)
    )
    solver.add_arcs_with_capacity_and_unit_cost(n + np.arange(p), np.full(p, sink), needs, np.full(p, -dear))
    wanted = min(n, int(needs.sum()))
    solver.set_nodes_supplies(np.array([source, sink]), np.array([wanted, -wanted]))
    if solver.solve() != solver.OPTIMAL:
        message = "the flow of staff was not solved"
        raise RuntimeError(message)
    flows = np.asarray(solver.flows(arcs))
    return [(int(person[k]), int(point[k])) for k in np.flatnonzero(flows)]


def _shifts(before: int, number: int, blocks: int) -> list[int]:
    """The next shifts in turn, so that after all people no shift has two more than another."""
    return sorted({(before + k) % blocks for k in range(min(number, blocks))})
