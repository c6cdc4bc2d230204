"""The search where points have room for everybody: exchanges, cooled."""

import numpy as np

from tongzhou.planning.compiled import Bools, Ints, Shorts, seeded
from tongzhou.planning.siting.bounding import Sides
from tongzhou.planning.siting.net import Net
from tongzhou.planning.siting.shaking import descend, everything, settle, shake
from tongzhou.planning.siting.swapping import LENGTH, Swaps, begun

HEATS = (0.02, 0.1)  # at first in each half of the time, in the cost of one point: where one is stuck the other goes on
BLOCK, OFTEN = 20_000_000, 1_000  # pairs looked at in a block, about a tenth of a second, but none more often than this


class Opening:
    def __init__(self, net: Net, sides: Sides, seed: int) -> None:
        self.net, self.sides, self.seed, self.value, self.starts = net, sides, seed, np.inf, 0
        self.points = np.zeros(max(sides.points, 1), np.int32)
        self.state: Swaps | None = None

    def start(self, sites: Ints) -> None:
        """Go down from these sites; what comes out is taken if it is better than what is there."""
        fixed: Bools = self.sides.kept | self.sides.banned
        self.starts += 1
        state = begun(self.net, sites, fixed, seeded(self.seed, self.starts))
        everything(state)
        while state.ends[LENGTH] > 0:
            settle(state)
            descend(self.net, state)
        if state.total[0] < self.value:
            self.state, self.value = state, float(state.total[0])
            self.points = state.points.copy()

    def block(self, number: int, part: float, planned: int = 0) -> None:
        assert self.state is not None
        met = self.points.copy()
        heat = HEATS[int(part >= 0.5)] * self.value / max(len(met), 1) * (1 - 2 * part % 1) ** 2 if part < 1 else 0.0
        value = shake(self.net, self.state, min(BLOCK, OFTEN * len(self.net.site)), heat, met)
        if value < self.value * (1 - 1e-12):
            self.value, self.points = float(value), met

    def best(self) -> tuple[Ints, Shorts]:
        state = begun(self.net, self.points.astype(np.int64), self.sides.banned, seeded(0))
        self.value = float(state.total[0])
        return self.points.astype(np.int64), state.first

    def missing(self) -> Ints:
        """Units that may list too few sites to know their first two open ones."""
        assert self.state is not None
        few = (self.state.second < 0) & np.isfinite(self.net.beyond)
        return np.flatnonzero(few)
