"""Cuts: no choice of whole points breaks one, and the bound that they give is of the full problem and comes out again."""

import numpy as np
import pytest

from tests.planning.test_siting import cheapest_open
from tests.planning.towns import roomy
from tongzhou import planning as pl
from tongzhou.planning.siting.answering import Solving, answer
from tongzhou.planning.siting.problem import Effort
from tongzhou.planning.siting.tightening import Tightening

POINTS = 6


def tangled(n: int, m: int, seed: int) -> pl.Case:
    """Each unit has two sites near, which other units share in other pairs: half points serve all, whole ones do not."""
    chance = np.random.default_rng(seed)
    metres = chance.integers(300, 400, (n, m)).astype(float)
    for row in metres:
        row[chance.choice(m, 2, replace=False)] = chance.integers(10, 20, 2)
    return roomy(n, m, seed).replace(walk=pl.Matrix(metres))


def tightened(case: pl.Case, *, before: float) -> tuple[Tightening, float]:
    """As far as it goes; and the bound without cuts."""
    solving = Solving(case.question(POINTS), 1, 1, np.zeros((0, 0)))
    solving.begin()
    solving.bound.climb(800, before)
    tight = Tightening(solving.net, solving.question.sides(), solving.bound.best_l)
    assert tight.round()
    plain = tight.value
    while tight.round():
        plain = plain if tight.cuts else tight.value
    return tight, plain


@pytest.mark.parametrize("block", range(3))
def test_the_bound_with_cuts_is_below_every_plan_and_above_the_bound_without(block: int) -> None:
    cuts, raised = 0, 0.0
    for seed in range(block * 20, block * 20 + 20):
        case = tangled(24, 14, seed)
        best = cheapest_open(case, POINTS)
        tight, plain = tightened(case, before=best)
        assert plain * (1 - 1e-9) <= tight.value <= best * (1 + 1e-9)
        cuts, raised = cuts + len(tight.cuts), raised + tight.value / plain - 1
    assert cuts > 5
    assert raised > 0.001


def test_no_choice_of_whole_points_breaks_a_cut() -> None:
    chance, tried = np.random.default_rng(1), 0
    for seed in range(40):
        case = tangled(24, 14, seed)
        tight, _plain = tightened(case, before=cheapest_open(case, POINTS))
        for _ in range(100 if tight.cuts else 0):
            y = np.zeros(14)
            y[chance.choice(14, POINTS, replace=False)] = 1
            x = np.zeros(len(tight.unit))
            for unit in range(24):  # to any of the open sites, not only the nearest
                its = np.flatnonzero((tight.unit == unit) & (y[tight.net.site] > 0))
                if len(its):
                    x[chance.choice(its)] = 1
            for one in tight.cuts:
                assert (one.counts * y[one.sites]).sum() - x[one.pairs].sum() >= -one.less - 1e-9
                tried += 1
    assert tried > 500


def test_rounds_come_out_again_on_one_core_and_two() -> None:
    question = tangled(200, 120, 3).question(50)
    assert answer(question, effort=Effort(6, 6, 3), threads=2).effort.rounds > 1  # compiles, too
    first = answer(question, seconds=3.0, threads=2)
    assert first.effort.rounds > 0
    for threads in (1, 2):
        again = answer(question, effort=first.effort, threads=threads)
        assert (again.value, again.bound, again.effort) == (first.value, first.bound, first.effort)


def test_what_no_points_can_keep_has_no_bound_and_no_fault() -> None:
    """Too few points for the limits of walking: the programme has no solution, and is left alone."""
    case = tangled(24, 14, 1).replace(rules=pl.Rules(max_walk_m=25))
    solving = Solving(case.question(2), 1, 1, np.zeros((0, 0)))
    tight = Tightening(solving.net, solving.question.sides(), solving.bound.best_l)
    assert (tight.round(), tight.over, tight.round(), tight.rounds) == (False, True, False, 0)
