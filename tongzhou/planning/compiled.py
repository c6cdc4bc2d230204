"""Loops that numba compiles to machine code: kept on disk so that only the first run on a machine waits, and free of Python's lock."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Shorts = NDArray[np.int32]
type Bools = NDArray[np.bool_]


def kernel[F: Callable[..., Any]](function: F) -> F:
    """`function`, compiled when first called. No fast-math: the same numbers on every run, added in the order they are written."""
    return _compiled(function, no_cfunc_wrapper=True)


def inner[F: Callable[..., Any]](function: F) -> F:
    """The same for what only kernels call: without the way in from Python, which takes longer to compile than the loop itself."""
    return _compiled(function, no_cfunc_wrapper=True, no_cpython_wrapper=True)


def leaf[F: Callable[..., Any]](function: F) -> F:
    """The same for what makes no arrays: they are not counted as they are handed on, which had taken most of a kick (decision 0016)."""
    return _compiled(function, no_cfunc_wrapper=True, no_cpython_wrapper=True, _nrt=False)


def _compiled[F: Callable[..., Any]](function: F, **options: bool) -> F:
    words: Any = {"nogil": True, "error_model": "numpy", **options}
    try:
        return cast(F, njit(cache=True, **words)(function))
    except RuntimeError:  # neither beside the source nor in a home folder may anything be written: compile each time
        return cast(F, njit(**words)(function))


@leaf
def drawn(chance: NDArray[np.uint64]) -> float:
    """A number from 0 to below 1; xorshift64*, whose state is in `chance[0]`, so that a run can be stopped and taken up."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


def seeded(*seed: int) -> NDArray[np.uint64]:
    """A state for `drawn`, its own for each row of numbers."""
    return np.random.SeedSequence(list(seed)).generate_state(1, np.uint64) | np.uint64(1)
