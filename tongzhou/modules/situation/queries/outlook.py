"""The curve with what can be estimated from it, for one area and period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from django.utils import timezone

from tongzhou.kernel import rulebook
from tongzhou.kernel.lang import lang
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation.queries.counting import Series, series
from tongzhou.modules.situation.rules import estimates
from tongzhou.modules.situation.rules.estimates import Ahead, Estimate, Growth


@dataclass(frozen=True)
class Basis:
    """What an estimate rests on: serial interval in days and where it is from, window in days, which cases count."""

    preset: Mapping[str, Any]
    mean: float
    sd: float
    window: int
    confirmed_only: bool = False

    @property
    def called(self) -> str:
        return str(self.preset["called_en" if lang() == "en" else "called"])

    @property
    def cited(self) -> str:
        return str(self.preset["from_en" if lang() == "en" else "from"])


@dataclass(frozen=True)
class Outlook:
    """`shown` are the places of the days within the period; estimates are given for windows with at least `few` cases."""

    series: Series
    shown: range
    basis: Basis
    few: int
    estimates: dict[int, Estimate]
    silent: int  # windows in the period without an estimate because of too few cases
    growth: Growth
    growth_days: int
    ahead: list[Ahead]

    @property
    def cases(self) -> list[int]:
        """All cases of each day, or the confirmed ones."""
        if self.basis.confirmed_only:
            return self.series.confirmed
        return [a + b for a, b in zip(self.series.confirmed, self.series.asymptomatic, strict=True)]

    @property
    def now(self) -> Estimate | None:
        """The estimate of the window that ends on the last day, where it has enough cases."""
        return self.estimates.get(len(self.series.days) - 1)

    def days_ahead(self) -> list[date]:
        return [self.series.days[-1] + timedelta(days=n + 1) for n in range(len(self.ahead))]


def presets() -> list[Mapping[str, Any]]:
    held: list[Mapping[str, Any]] = rulebook.in_force("situation", "serial_interval", timezone.localdate())["presets"]
    return held


def parameters() -> rulebook.Edition:
    return rulebook.in_force("situation", "estimates", timezone.localdate())


def basis(preset: str = "", window: int | None = None, *, confirmed_only: bool = False) -> Basis:
    """By the name of a preset (the first one by default) and the window's length (the rule's by default)."""
    known = presets()
    chosen = next((one for one in known if one["name"] == preset), known[0])
    return Basis(chosen, chosen["mean"], chosen["sd"], window or parameters()["window_days"], confirmed_only)


def outlook(scope: Scope, by: Person, resting: Basis) -> Outlook:
    """All estimates from the counts this person reaches. Two queries."""
    told, rule = series(scope, by), parameters()
    few = estimates.least_cases(rule["spread"], rule["prior_shape"])
    first = next((n for n, day in enumerate(told.days) if scope.first is None or day >= scope.first), len(told.days))
    empty = Outlook(told, range(first, len(told.days)), resting, few, {}, 0, Growth("few", 0), resting.window, [])
    if not told.days:
        return empty
    cases = empty.cases
    weights = estimates.serial_interval(resting.mean, resting.sd, rule["longest"])
    found = estimates.reproduction(cases, weights, resting.window, (rule["prior_shape"], rule["prior_scale"]))
    given = {one.day: one for one in found if one.cases >= few}
    windows = sum(1 for n in empty.shown if n >= resting.window)
    last = given.get(len(cases) - 1)
    seed = crc32(f"{scope.response.slug}/{told.days[-1]}/{sum(cases)}".encode())  # the same counts, the same band
    ahead = estimates.project(cases, weights, last, rule["ahead_days"], draws=rule["draws"], seed=seed) if last else []
    return Outlook(
        told, empty.shown, resting, few, given, windows - sum(1 for n in given if n in empty.shown),
        estimates.growth(cases[-resting.window :], few), min(resting.window, len(cases)), ahead,
    )  # fmt: skip
