"""Linear models by HiGHS, in whole numbers or not: the fewest points, the most people within reach, the proof of a plan, the tightened bound."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tongzhou.planning.compiled import Bools, Floats, Ints


@dataclass(frozen=True)
class Model:
    """Minimise cost·x, low <= rows·x <= high, least <= x <= most; `whole` says which are whole numbers. Rows are triplets."""

    cost: Floats
    least: Floats
    most: Floats
    whole: Bools
    row: Ints
    column: Ints
    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Solved:
    """status  "optimal", "time", "infeasible" or "other"; x is None if nothing was found."""

    x: Floats | None
    value: float
    bound: float
    status: str


def minimise(model: Model, seconds: float, *, start: Floats | None = None, gap: float = 1e-9) -> Solved:
    import highspy  # loaded only by whoever proves or covers

    solver = loaded(model, time_limit=seconds, mip_rel_gap=gap)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    solver.run()
    return _read(solver, highspy)


def loaded(model: Model, **options: Any) -> Any:
    """HiGHS with the model. One thread, so that the same model gives the same solution if time does not cut it short."""
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # it is not typed
    for option, value in ({"output_flag": False, "threads": 1, "random_seed": 1} | options).items():
        solver.setOptionValue(option, value)
    solver.passModel(_lp(model, highspy))
    return solver


def _lp(model: Model, highspy: Any) -> Any:
    order = np.lexsort((model.row, model.column))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.cost), len(model.low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.least, model.most
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    count = np.bincount(model.column, minlength=len(model.cost))
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    lp.a_matrix_.index_, lp.a_matrix_.value_ = model.row[order].astype(np.int32), model.value[order]
    if model.whole.any():
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if one else highspy.HighsVarType.kContinuous for one in model.whole
        ]
    return lp


def _read(solver: Any, highspy: Any) -> Solved:
    status, info = solver.getModelStatus(), solver.getInfo()
    names = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kTimeLimit: "time",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
    }
    known = info.primal_solution_status == 2  # HiGHS: a feasible point is there
    x = np.array(solver.getSolution().col_value) if known else None
    value = float(info.objective_function_value) if known else np.inf
    return Solved(x, value, float(info.mip_dual_bound), names.get(status, "other"))
