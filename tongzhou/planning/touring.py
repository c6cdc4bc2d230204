"""Which van fetches tubes where, in which order, within its minutes: one pick-up round, by PyVRP."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.plan import Plan
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.sending import Labs, ways
from tongzhou.planning.walking import ground
from tongzhou.planning.words import Words, say

STOP_MINUTES = 3.0  # at each point


@dataclass(frozen=True)
class Rounds:
    """tours  van, laboratory, points in order, tubes, minutes, kilometres
    feasible  whether every point is visited and no van is overfull or late
    """

    tours: tuple[dict[str, Any], ...]
    feasible: bool
    km: float

    @property
    def words(self) -> list[Words]:
        return [] if self.feasible else [say("vans_short")]


def rounds(plan: Plan, *, iterations: int = 500, seed: int = 1) -> Rounds:
    """One pick-up round: each laboratory's vans fetch from the points it tests, in the end (`sending.ways`). Vans go one by one to the laboratory
    that has the most tubes for a van. Straight lines times the detour, at `rules.drive_kmh`; the table of a Matrix holds no roads.
    """
    case = plan.case
    if not len(case.labs) or not len(case.vans):
        message = "rounds need at least one laboratory and one van"
        raise ValueError(message)
    at, tubes = ways(Labs.of(case), plan.load)[-1, plan.open], _tubes(plan)
    vans = _dealt(np.bincount(at, weights=tubes, minlength=len(case.labs)), case.vans.number)
    found = [
        _driven(plan, k, np.flatnonzero(at == k), tubes[at == k], vans[k], iterations, seed)
        for k in np.unique(at).tolist()
    ]
    tours = tuple(tour for one in found for tour in one.tours)
    return Rounds(tours, all(one.feasible for one in found), sum(one.km for one in found))


def _dealt(tubes: Floats, number: Ints) -> Ints:
    """How many vans of each kind go to each laboratory."""
    found = np.zeros((len(tubes), len(number)), np.int64)
    for kind in np.repeat(np.arange(len(number)), number).tolist():
        found[np.argmax(tubes / (found.sum(1) + 1)), kind] += 1
    return found


def _driven(plan: Plan, lab: int, points: Ints, tubes: Ints, vans: Ints, iterations: int, seed: int) -> Rounds:
    from pyvrp import Model  # loaded only by whoever plans rounds
    from pyvrp.stop import MaxIterations

    case, rules, places = plan.case, plan.case.rules, _places(plan, lab, points)
    if not vans.any():
        return Rounds((), False, 0.0)
    model = Model()
    spots = [model.add_location(x=round(x), y=round(y)) for x, y in places.tolist()]
    depot = model.add_depot(spots[0])
    for spot, number in zip(spots[1:], tubes.tolist(), strict=True):
        model.add_client(spot, delivery=[int(number)], service_duration=round(STOP_MINUTES * 60))
    kinds = np.flatnonzero(vans)
    for kind in kinds.tolist():
        load, longest = [int(case.vans.tubes[kind])], int(case.vans.minutes[kind]) * 60
        model.add_vehicle_type(
            int(vans[kind]), capacity=load, start_depot=depot, end_depot=depot, shift_duration=longest
        )
    detour = float(getattr(ground(case.walk), "detour", 1.3))
    away = np.hypot(*(places[:, None] - places).transpose(2, 0, 1)) * detour
    for a, start in enumerate(spots):
        for b, end in enumerate(spots):
            metres = float(away[a, b])
            model.add_edge(start, end, distance=round(metres), duration=round(metres * 3.6 / rules.drive_kmh))
    found = model.solve(MaxIterations(iterations), seed=seed, display=False).best
    tours = tuple(_tour(plan, route, lab, points, tubes, kinds) for route in found.routes())
    return Rounds(tours, found.is_feasible(), found.distance() / 1000)


def _places(plan: Plan, lab: int, points: Ints) -> Floats:
    """The laboratory and its points, in metres."""
    case = plan.case
    labs = type(case.labs)("labs", {"x": case.labs.x[lab : lab + 1], "y": case.labs.y[lab : lab + 1]})
    ends = ground(case.walk).plane(labs, case.sites) or tuple(np.stack([one.x, one.y], 1) for one in (labs, case.sites))
    return np.concatenate([ends[0], ends[1][plan.open[points]]])


def _tubes(plan: Plan) -> Ints:
    """Of one pick-up at each point."""
    rules = plan.case.rules
    part = min(1.0, rules.pickup_hours / rules.hours)
    return Pooling(rules.pool).tubes(np.ceil(plan.load[plan.open] * part).astype(np.int64))


def _tour(plan: Plan, route: Any, lab: int, points: Ints, tubes: Ints, kinds: Ints) -> dict[str, Any]:
    visits = [stop.idx for stop in route if str(stop).startswith("C")]  # C: a client, D: the laboratory
    keys = plan.case.sites.key[plan.open[points[visits]]]
    return {
        "van": str(plan.case.vans.key[kinds[route.vehicle_type()]]), "lab": str(plan.case.labs.key[lab]), "points": keys.tolist(),
        "tubes": int(tubes[visits].sum()), "minutes": route.duration() / 60, "km": route.distance() / 1000,
    }  # fmt: skip
