"""Reads that join or aggregate."""

from tongzhou.modules.testing.queries.account import account, persons_in, retests, tube_device, used_twice
from tongzhou.modules.testing.queries.course import Course, PointCourse, at_point, course
from tongzhou.modules.testing.queries.live import Live, PointLine, live
from tongzhou.modules.testing.queries.outcomes import basis, outcomes
from tongzhou.modules.testing.queries.pools import Dwelling, dwellings, perhaps_late, unnamed
from tongzhou.modules.testing.queries.published import Found, results_of
from tongzhou.modules.testing.queries.registers import heads
from tongzhou.modules.testing.queries.residents import (
    Place,
    Where,
    communities,
    home_at,
    homes,
    homes_like,
    in_use,
    places,
    under_way,
)
from tongzhou.modules.testing.queries.session import Session, held, in_one_tube, laboratory, session, sessions
from tongzhou.modules.testing.queries.signed import after_signing, devices_out
from tongzhou.modules.testing.queries.standing import taken_back
from tongzhou.modules.testing.rules import mark

__all__ = [
    "Course", "Dwelling", "Found", "Live", "Place", "PointCourse", "PointLine", "Session", "Where", "account", "after_signing", "at_point", "basis",
    "communities", "course", "devices_out", "dwellings", "heads", "held", "home_at", "homes", "homes_like", "in_one_tube", "in_use", "laboratory", "live",
    "mark", "outcomes", "perhaps_late", "persons_in", "places", "results_of", "retests", "session", "sessions", "taken_back", "tube_device", "under_way",
    "unnamed", "used_twice",
]  # fmt: skip
