"""Small towns to plan, made by chance from a seed."""

from typing import Any

import numpy as np

from tongzhou import planning as pl


def town(n: int = 40, m: int = 15, seed: int = 1, *, tables: int = 3, most: int = 40, **rules: Any) -> pl.Case:
    """n rows of demand within two kilometres, m sites with so many tables at most."""
    chance = np.random.default_rng(seed)
    demand = {
        "key": [f"B{i}" for i in range(n)],
        "persons": chance.integers(1, most, n),
        "x": chance.uniform(0, 2000, n),
        "y": chance.uniform(0, 2000, n),
    }
    sites = {
        "key": [f"P{j}" for j in range(m)],
        "x": chance.uniform(0, 2000, m),
        "y": chance.uniform(0, 2000, m),
        "tables": chance.integers(1, tables + 1, m),
    }
    return pl.Case(demand=demand, sites=sites, rules=pl.Rules(**rules))


def roomy(n: int = 40, m: int = 15, seed: int = 1, **rules: Any) -> pl.Case:
    """A town whose points have room for everybody."""
    return town(n, m, seed, tables=1, person_seconds=0.001, **rules)
