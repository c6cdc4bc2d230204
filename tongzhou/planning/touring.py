"""Which van fetches tubes where, in which order, within its minutes: one pick-up round, by PyVRP."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tongzhou.planning.plan import Plan
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.walking import ground

STOP_MINUTES = 3.0  # at each point


@dataclass(frozen=True)
class Rounds:
    """tours  van, points in order, tubes, minutes, kilometres
    feasible  whether every point is visited and no van is overfull or late
    """

    tours: tuple[dict[str, Any], ...]
    feasible: bool
    km: float


def rounds(plan: Plan, *, iterations: int = 500, seed: int = 1) -> Rounds:
    """One pick-up round from the first laboratory. Straight lines times the detour, at `rules.drive_kmh`; the table of a Matrix holds no roads."""
    from pyvrp import Model  # loaded only by whoever plans rounds
    from pyvrp.stop import MaxIterations

    case, rules = plan.case, plan.case.rules
    if not len(case.labs) or not len(case.vans):
        message = "rounds need at least one laboratory and one van"
        raise ValueError(message)
    places, tubes = _places(plan), _tubes(plan)
    model = Model()
    spots = [model.add_location(x=round(x), y=round(y)) for x, y in places.tolist()]
    depot = model.add_depot(spots[0])
    for spot, number in zip(spots[1:], tubes.tolist(), strict=True):
        model.add_client(spot, delivery=[int(number)], service_duration=round(STOP_MINUTES * 60))
    for number, tube, minutes in zip(
        case.vans.number.tolist(), case.vans.tubes.tolist(), case.vans.minutes.tolist(), strict=True
    ):
        model.add_vehicle_type(
            int(number), capacity=[int(tube)], start_depot=depot, end_depot=depot, shift_duration=int(minutes) * 60
        )
    detour = float(getattr(ground(case.walk), "detour", 1.3))
    away = np.hypot(*(places[:, None] - places).transpose(2, 0, 1)) * detour
    for a, start in enumerate(spots):
        for b, end in enumerate(spots):
            model.add_edge(
                start, end, distance=round(float(away[a, b])), duration=round(float(away[a, b]) * 3.6 / rules.drive_kmh)
            )
    found = model.solve(MaxIterations(iterations), seed=seed, display=False).best
    return Rounds(
        tuple(_tour(plan, route, tubes) for route in found.routes()), found.is_feasible(), found.distance() / 1000
    )


def _places(plan: Plan) -> np.ndarray[Any, np.dtype[np.float64]]:
    case = plan.case
    labs = type(case.labs)("labs", {"x": case.labs.x[:1], "y": case.labs.y[:1]})
    plane = ground(case.walk).plane(labs, case.sites)
    points = np.stack([case.sites.x, case.sites.y], 1) if plane is None else plane[1]
    lab = np.stack([labs.x, labs.y], 1) if plane is None else plane[0]
    return np.concatenate([lab, points[plan.open]])


def _tubes(plan: Plan) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Of one pick-up at each point."""
    rules = plan.case.rules
    part = min(1.0, rules.pickup_hours / rules.hours)
    return Pooling(rules.pool).tubes(np.ceil(plan.load[plan.open] * part).astype(np.int64))


def _tour(plan: Plan, route: Any, tubes: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, Any]:
    visits = [stop.idx for stop in route if str(stop).startswith("C")]  # C: a client, D: the laboratory
    keys = plan.case.sites.key[plan.open[visits]]
    return {
        "van": str(plan.case.vans.key[route.vehicle_type()]), "points": keys.tolist(), "tubes": int(tubes[visits].sum()),
        "minutes": route.duration() / 60, "km": route.distance() / 1000,
    }  # fmt: skip
