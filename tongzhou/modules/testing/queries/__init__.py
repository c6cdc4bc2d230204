"""Reads that join or aggregate."""

from tongzhou.modules.testing.queries.account import account, persons_in, retests, tube_device, used_twice
from tongzhou.modules.testing.queries.live import Live, PointLine, live
from tongzhou.modules.testing.queries.session import Session, held, in_one_tube, laboratory, mark, marks, session, size

__all__ = [
    "Live", "PointLine", "Session", "account", "held", "in_one_tube", "laboratory", "live", "mark", "marks", "persons_in", "retests", "session", "size",
    "tube_device", "used_twice",
]  # fmt: skip
