"""Mixing swabs in one tube: how many tubes, how many tests, and from which prevalence on it no longer pays."""

from dataclasses import dataclass

import numpy as np

from tongzhou.planning.compiled import Ints

MOST_POOLED = 20  # swabs in one tube: no protocol takes more


@dataclass(frozen=True)
class Pooling:
    """`size` swabs in one tube. A positive tube is tested again, each person alone (Dorfman 1943)."""

    size: int

    def tubes(self, persons: Ints) -> Ints:
        """Tubes of each table, the last not always full."""
        return -(-np.asarray(persons, np.int64) // self.size)

    def tests(self, prevalence: float) -> float:
        """Tests for each person. One in one: a test each, none again."""
        if self.size == 1:
            return 1.0
        return 1 / self.size + 1 - (1 - prevalence) ** self.size

    def again(self, persons: int, prevalence: float) -> int:
        """People of positive tubes, who are tested once more, each alone."""
        return 0 if self.size == 1 else round(persons * self.positive(prevalence))

    def positive(self, prevalence: float) -> float:
        """The part of the tubes that is positive."""
        return float(1 - (1 - prevalence) ** self.size)


def crossover(small: int, large: int) -> float:
    """The prevalence above which the smaller pool needs fewer tests than the larger; 0 if it always does, 1 if never."""

    def more(prevalence: float) -> float:
        return Pooling(large).tests(prevalence) - Pooling(small).tests(prevalence)

    if more(0.0) >= 0:
        return 0.0
    grid = np.linspace(0, 1, 4001)
    above = np.flatnonzero(np.array([more(float(v)) for v in grid]) > 0)
    if not len(above):
        return 1.0
    low, high = float(grid[above[0] - 1]), float(grid[above[0]])
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if more(middle) > 0 else (middle, high)
    return high


def best_pool(prevalence: float, sizes: tuple[int, ...] = (1, 5, 10, 20)) -> int:
    """Of these pools the one that needs the fewest tests."""
    return min(sizes, key=lambda size: (Pooling(size).tests(prevalence), size))
