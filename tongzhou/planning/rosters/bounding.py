"""The linear relaxation of a model, solved by HiGHS: what even half people on half shifts could not do better."""

import numpy as np
from ortools.sat.python import cp_model
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

FREE = 1e15  # beyond this a side of a constraint is open


def relaxed(model: cp_model.CpModel, seconds: float) -> float:
    """The least objective of the model when its variables need not be whole; 0 if it is not found within `seconds`.

    Knows the constraints that rosters are made of: linear ones and "at most one". Raises TypeError for any other.
    """
    proto = model.proto
    rows, columns, values, low, high = [], [], [], [], []
    for number, constraint in enumerate(proto.constraints):
        if constraint.has_linear():
            part, domain = constraint.linear, list(constraint.linear.domain)
            variables, sizes, sides = list(part.vars), list(part.coeffs), (domain[0], domain[-1])
        elif constraint.has_at_most_one():
            variables = list(constraint.at_most_one.literals)
            sizes, sides = [1] * len(variables), (0, 1)
        else:
            raise TypeError(f"a roster has no such constraint: {constraint}")
        rows += [number] * len(variables)
        columns += variables
        values += sizes
        low.append(sides[0])
        high.append(sides[1])
    shape = (len(low), len(proto.variables))
    matrix = csr_matrix((np.array(values, float), (rows, columns)), shape=shape)
    least, most = np.array(low, float), np.array(high, float)
    goal = np.zeros(shape[1])
    for variable, points in zip(list(proto.objective.vars), list(proto.objective.coeffs), strict=True):
        goal[variable] += points
    ranges = [(domain[0], domain[-1]) for domain in (list(variable.domain) for variable in proto.variables)]
    same, below, above = least == most, (least < most) & (most < FREE), (least < most) & (least > -FREE)
    found = linprog(
        goal, A_ub=vstack([matrix[below], -matrix[above]]), b_ub=np.concatenate([most[below], -least[above]]),
        A_eq=matrix[same], b_eq=least[same], bounds=ranges, method="highs-ipm", options={"time_limit": seconds},
    )  # fmt: skip
    return float(found.fun) + proto.objective.offset if found.status == 0 else 0.0
