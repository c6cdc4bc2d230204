"""What a series of daily counts says: reproduction number, growth, a short projection.

The reproduction number is that of Cori A, Ferguson NM, Fraser C, Cauchemez S. A new framework and software to estimate time-varying
reproduction numbers during epidemics. Am J Epidemiol 2013;178:1505–1512 (the method of the R package EpiEstim, "parametric_si").
Counts are whole numbers, one a day without gaps; a day is its place in the series, from 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

BAND = (0.025, 0.975)  # the 95 % credible interval
Z = 1.959963984540054  # the same on a normal scale
STEEPEST = 3.0  # a growth rate beyond this (20-fold a day) is a fit that ran away, not an epidemic
CEILING = 1e7  # cases a day: beyond, a projection says nothing and would not fit a number


@dataclass(frozen=True)
class Estimate:
    """The posterior of the reproduction number over the window that ends on `day`: Gamma(shape, scale)."""

    day: int
    cases: int  # in the window
    shape: float
    scale: float

    @property
    def mean(self) -> float:
        return self.shape * self.scale

    @property
    def sd(self) -> float:
        return math.sqrt(self.shape) * self.scale

    def quantile(self, part: float) -> float:
        from scipy.special import gammaincinv  # a third of a second, paid by whoever looks at an estimate

        return float(gammaincinv(self.shape, part)) * self.scale

    @property
    def median(self) -> float:
        return self.quantile(0.5)

    @property
    def low(self) -> float:
        return self.quantile(BAND[0])

    @property
    def high(self) -> float:
        return self.quantile(BAND[1])


@dataclass(frozen=True)
class Growth:
    """Exponential growth fitted to a window: rate a day with its 95 % interval. `verdict`: growing, falling, unclear, few."""

    verdict: str
    cases: int
    rate: float = 0.0
    low: float = 0.0
    high: float = 0.0

    @property
    def times(self) -> tuple[float, float, float]:
        """Days to double (growing) or to halve (falling): estimate, shortest, longest. Only where the whole interval says so."""
        found = sorted((math.log(2) / abs(self.low), math.log(2) / abs(self.high)))
        return math.log(2) / abs(self.rate), found[0], found[1]


@dataclass(frozen=True)
class Ahead:
    """One day of a projection."""

    low: int
    median: int
    high: int


@lru_cache(maxsize=64)
def serial_interval(mean: float, sd: float, longest: int) -> tuple[float, ...]:
    """The chance that a case follows its infector by 0, 1, … `longest` days.

    A gamma distribution shifted by one day, made discrete as in the supplement of Cori et al. 2013 (EpiEstim's `discr_si`).
    Raises ValueError unless mean > 1 and sd > 0 (days).
    """
    if mean <= 1 or sd <= 0:
        raise ValueError("a serial interval needs a mean above 1 day and a standard deviation above 0")
    from scipy.special import gammainc

    shape, scale = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)

    def below(k: int, more: int = 0) -> float:
        return float(gammainc(shape + more, max(k, 0) / scale))

    def chance(k: int) -> float:
        found = k * below(k) + (k - 2) * below(k - 2) - 2 * (k - 1) * below(k - 1)
        return max(0.0, found + shape * scale * (2 * below(k - 1, 1) - below(k - 2, 1) - below(k, 1)))

    return tuple(chance(k) for k in range(longest + 1))


def infectivity(counts: Sequence[int], weights: Sequence[float]) -> list[float]:
    """Λ: how many are infecting others on each day, each case by the age of its infection."""
    return [
        sum(counts[day - s] * weights[s] for s in range(1, min(day, len(weights) - 1) + 1))
        for day in range(len(counts))
    ]


def reproduction(
    counts: Sequence[int], weights: Sequence[float], window: int, prior: tuple[float, float]
) -> list[Estimate]:
    """R over each window of so many days, by the last day of the window. `prior` is the shape and the scale of its gamma.

    The first day cannot be in a window: nobody before it could have infected its cases. Windows in which nobody infects
    anybody (Λ = 0) say nothing about R and are left out.
    """
    shape, scale = prior
    pressure = infectivity(counts, weights)
    found = []
    for last in range(window, len(counts)):
        days = range(last - window + 1, last + 1)
        cases, force = sum(counts[d] for d in days), sum(pressure[d] for d in days)
        if force > 0:
            found.append(Estimate(last, cases, shape + cases, 1 / (1 / scale + force)))
    return found


def least_cases(spread: float, shape: float) -> int:
    """Cases that a window needs for the posterior's coefficient of variation to be at most `spread`: how Cori et al. 2013 choose a window."""
    return max(0, math.ceil(1 / spread**2 - shape - 1e-9))


def growth(counts: Sequence[int], few: int) -> Growth:
    """Log-linear growth by maximum likelihood for Poisson counts; the interval is widened where the counts scatter more."""
    cases = sum(counts)
    if cases < few or len(counts) < 3:
        return Growth("few", cases)
    fitted = _log_linear(counts)
    if fitted is None:
        return Growth("unclear", cases)
    rate, error = fitted
    low, high = rate - Z * error, rate + Z * error
    verdict = "growing" if low > 0 else "falling" if high < 0 else "unclear"
    return Growth(verdict, cases, rate, low, high)


def project(
    counts: Sequence[int], weights: Sequence[float], estimate: Estimate, days: int, *, draws: int, seed: int
) -> list[Ahead]:
    """The next days if R stays as it is: R drawn from its posterior, cases from a Poisson renewal process. Same seed, same answer."""
    chance = np.random.default_rng(seed)
    factor = chance.gamma(estimate.shape, estimate.scale, draws)
    paths: Any = np.zeros((draws, len(counts) + days))
    paths[:, : len(counts)] = counts
    ahead = []
    for day in range(len(counts), len(counts) + days):
        ages = np.array([weights[s] for s in range(1, min(day, len(weights) - 1) + 1)])
        force = paths[:, day - len(ages) : day][:, ::-1] @ ages
        paths[:, day] = chance.poisson(np.minimum(factor * force, CEILING))
        low, median, high = np.quantile(paths[:, day], [BAND[0], 0.5, BAND[1]])
        ahead.append(Ahead(round(low), round(median), round(high)))
    return ahead


def _log_linear(counts: Sequence[int]) -> tuple[float, float] | None:
    """Slope and its standard error of log E(count) against the day, by Newton's method; None where there is no finite answer."""
    y: Any = np.array(counts, dtype=float)
    x: Any = np.arange(len(counts)) - (len(counts) - 1) / 2
    level, slope = math.log(y.mean()), 0.0
    for _round in range(50):
        expected = np.exp(level + slope * x)
        flat, tilt, curve = expected.sum(), (expected * x).sum(), (expected * x * x).sum()
        determinant = flat * curve - tilt * tilt
        miss, lean = (y - expected).sum(), ((y - expected) * x).sum()
        if determinant <= 1e-12:
            return None
        step = (flat * lean - tilt * miss) / determinant
        level, slope = level + (curve * miss - tilt * lean) / determinant, slope + step
        if not abs(slope) <= STEEPEST:
            return None
        if abs(step) < 1e-10:
            break
    expected = np.exp(level + slope * x)
    scatter = max(1.0, float((((y - expected) ** 2) / expected).sum()) / (len(counts) - 2))
    variance = expected.sum() / (expected.sum() * (expected * x * x).sum() - (expected * x).sum() ** 2)
    return float(slope), math.sqrt(float(variance) * scatter)
