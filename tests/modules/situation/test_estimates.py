"""The estimator is held against what its authors published; whatever else it claims is held by properties."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.modules.situation.rules import estimates

# Daily onsets of acute respiratory illness in a school in Pennsylvania, 27 April to 28 May 2009 (Cauchemez et al., PNAS 2011), as used by
# Cori et al. 2013 and shipped with EpiEstim as Flu2009$incidence.
FLU2009 = [
    1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12, 13, 11, 12, 6, 6, 6, 3, 1, 0, 2, 0, 0, 0, 0, 2, 0, 2, 0,
]  # fmt: skip
# discr_si(0:20, mu = 2.6, sigma = 1.5) as printed in the vignette of EpiEstim ("EpiEstim demonstration")
WEIGHTS = [
    0.0, 2.331721e-01, 3.585794e-01, 1.981108e-01, 1.033427e-01, 5.290518e-02, 2.682146e-02, 1.351620e-02, 6.783438e-03, 3.394351e-03,
    1.694674e-03, 8.445945e-04, 4.203313e-04, 2.089422e-04, 1.037609e-04, 5.148480e-05, 2.552773e-05, 1.264952e-05, 6.264667e-06,
    3.101068e-06, 1.534394e-06,
]  # fmt: skip
# head(estimate_R(Flu2009$incidence, method = "parametric_si", config = make_config(list(mean_si = 2.6, std_si = 1.5)))$R), same vignette:
# last day of the window (from 1), Mean(R), Std(R), Quantile.0.025(R), Median(R), Quantile.0.975(R)
PUBLISHED = [
    (8, 1.735798, 0.4091314, 1.0287437, 1.703761, 2.624781),
    (9, 1.749168, 0.3647267, 1.1088223, 1.723884, 2.533119),
    (10, 1.537058, 0.3074116, 0.9947030, 1.516613, 2.195540),
    (11, 1.431839, 0.2705921, 0.9514466, 1.414830, 2.008849),
    (12, 1.422725, 0.2515046, 0.9731426, 1.407932, 1.956336),
    (13, 1.635373, 0.2523436, 1.1786332, 1.622413, 2.165745),
]
PRINTED = 1e-6  # all that the printed digits allow: they are rounded to seven
PRIOR = (1, 5)

days = st.lists(st.integers(0, 60), min_size=10, max_size=40)


def flu() -> list[estimates.Estimate]:
    return estimates.reproduction(FLU2009, estimates.serial_interval(2.6, 1.5, 31), 7, PRIOR)


def test_serial_interval_is_as_published() -> None:
    found = estimates.serial_interval(2.6, 1.5, 20)
    assert found == pytest.approx(WEIGHTS, rel=PRINTED)
    assert sum(estimates.serial_interval(2.6, 1.5, 60)) == pytest.approx(1)


def test_reproduction_number_of_the_school_of_2009_is_as_published() -> None:
    found = [(one.day + 1, one.mean, one.sd, one.low, one.median, one.high) for one in flu()[:6]]
    for ours, theirs in zip(found, PUBLISHED, strict=True):
        assert ours == pytest.approx(theirs, rel=PRINTED)


def test_reproduction_number_crosses_one_when_the_school_is_past_its_peak() -> None:
    """The peak was on the 13th to 17th day; from the window that ends on day 22 the whole band lies below 1."""
    below = [one.day + 1 for one in flu() if one.high < 1]
    assert below[0] == 22
    assert below == list(range(22, below[-1] + 1))


@given(mean=st.floats(1.5, 12), spread=st.floats(0.2, 1))
def test_serial_interval_is_a_distribution_without_a_day_zero(mean: float, spread: float) -> None:
    found = estimates.serial_interval(mean, spread * (mean - 1), 400)
    assert found[0] == 0
    assert min(found) >= 0
    assert sum(found) == pytest.approx(1, abs=1e-6)
    assert sum(k * w for k, w in enumerate(found)) == pytest.approx(mean, rel=1e-3)


@pytest.mark.parametrize(("mean", "sd"), [(1, 1), (0.5, 1), (3, 0), (3, -1)])
def test_serial_interval_refuses_what_is_none(mean: float, sd: float) -> None:
    with pytest.raises(ValueError):
        estimates.serial_interval(mean, sd, 10)


@given(counts=days, window=st.integers(2, 9))
def test_windows_hold_their_own_days_and_no_first_day(counts: list[int], window: int) -> None:
    weights = estimates.serial_interval(3, 2, 30)
    for one in estimates.reproduction(counts, weights, window, PRIOR):
        assert one.day >= window
        assert one.cases == sum(counts[one.day - window + 1 : one.day + 1])
        assert one.shape == PRIOR[0] + one.cases
        assert one.low < one.median < one.high


@given(counts=days, more=st.integers(2, 50))
def test_many_times_the_cases_is_the_same_number_with_a_narrower_band(counts: list[int], more: int) -> None:
    """Without a prior R does not depend on the scale; with it the posterior mean comes closer to cases / infectivity."""
    weights, flat = estimates.serial_interval(3, 2, 30), (0.0, 1e12)
    few = estimates.reproduction(counts, weights, 7, flat)
    many = estimates.reproduction([more * n for n in counts], weights, 7, flat)
    assert [one.day for one in few] == [one.day for one in many]
    for one, other in zip(few, many, strict=True):
        assert one.mean == pytest.approx(other.mean, rel=1e-6)
        assert other.sd == pytest.approx(one.sd / math.sqrt(more), rel=1e-6)


@pytest.mark.parametrize("counts", [[], [0] * 30, [4], [0] * 20 + [3]])
def test_nobody_infecting_says_nothing(counts: list[int]) -> None:
    assert estimates.reproduction(counts, estimates.serial_interval(3, 2, 30), 7, PRIOR) == []


def test_a_constant_series_has_a_number_of_one() -> None:
    found = estimates.reproduction([50] * 60, estimates.serial_interval(3, 2, 30), 7, PRIOR)
    assert found[-1].mean == pytest.approx(1, abs=0.02)
    assert found[-1].low < 1 < found[-1].high


def test_least_cases_is_what_a_coefficient_of_variation_asks_for() -> None:
    """EpiEstim's default of 0.3 with a prior of shape 1: eleven cases give 1/√12 = 0.289, ten give 0.302."""
    assert estimates.least_cases(0.3, 1) == 11
    assert estimates.least_cases(1, 1) == 0


def test_growth_finds_the_rate_it_was_made_with() -> None:
    counts = [round(20 * math.exp(0.2 * day)) for day in range(7)]
    found = estimates.growth(counts, 11)
    assert (found.verdict, found.cases) == ("growing", sum(counts))
    assert found.rate == pytest.approx(0.2, abs=0.01)
    middle, shortest, longest = found.times
    assert middle == pytest.approx(math.log(2) / 0.2, abs=0.2)
    assert shortest < middle < longest


def test_growth_of_a_fall_is_the_same_backwards() -> None:
    counts = [80, 60, 47, 36, 28, 21, 16]
    falling, growing = estimates.growth(counts, 11), estimates.growth(counts[::-1], 11)
    assert (falling.verdict, growing.verdict) == ("falling", "growing")
    assert falling.rate == pytest.approx(-growing.rate)
    assert falling.times == pytest.approx(growing.times)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ([1, 0, 2, 1, 1, 0, 1], "few"),
        ([], "few"),
        ([20, 20], "few"),
        ([5, 7, 4, 6, 5, 8, 5], "unclear"),
        ([0, 0, 0, 0, 0, 0, 30], "unclear"),  # one day's jump is no rate
        ([40, 2, 35, 1, 60, 3, 50], "unclear"),  # scatter that a Poisson alone would not make
    ],
)
def test_growth_does_not_say_what_it_cannot(counts: list[int], verdict: str) -> None:
    assert estimates.growth(counts, 11).verdict == verdict


def test_projection_is_the_same_again_and_grows_less_sure() -> None:
    weights, last = estimates.serial_interval(2.6, 1.5, 31), flu()[8]
    counts = FLU2009[: last.day + 1]
    first, again = (estimates.project(counts, weights, last, 7, draws=2000, seed=3) for _n in range(2))
    assert first == again
    assert first != estimates.project(counts, weights, last, 7, draws=2000, seed=4)
    widths = [one.high - one.low for one in first]
    assert widths[-1] > widths[0]
    assert all(one.low <= one.median <= one.high for one in first)


def test_projection_of_an_even_series_goes_on_evenly() -> None:
    weights = estimates.serial_interval(3, 2, 30)
    last = estimates.reproduction([200] * 60, weights, 7, PRIOR)[-1]
    ahead = estimates.project([200] * 60, weights, last, 7, draws=4000, seed=1)
    assert [one.median for one in ahead] == pytest.approx([200] * 7, rel=0.05)


def test_projection_of_a_runaway_number_stays_a_number() -> None:
    wild = estimates.Estimate(9, 10**6, 50.0, 1000.0)
    ahead = estimates.project([10**6] * 10, estimates.serial_interval(3, 2, 30), wild, 7, draws=50, seed=1)
    assert ahead[-1].high <= 1.1 * estimates.CEILING
