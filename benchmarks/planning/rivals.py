"""spopt and kmedoids on the same instances, one core. They are no part of the project: run this with a virtual environment of their own.

    python -m venv var/rivals && var/rivals/bin/pip install spopt kmedoids pulp scipy
    PYTHONPATH=. var/rivals/bin/python benchmarks/planning/rivals.py FOLDER pmed1 pmed6 … [--seconds 120]

What spopt calls "Optimal" after its time has run out need not be: beside its status stands how far it is above the best known value.
"""

import argparse
import csv
import time
from pathlib import Path

import numpy as np


def metres(path: Path) -> tuple[np.ndarray, int]:
    from scipy.sparse.csgraph import floyd_warshall

    numbers = np.array(path.read_text().split(), np.int64)
    n, p = int(numbers[0]), int(numbers[2])
    length = np.full((n, n), np.inf)
    for a, b, cost in numbers[3:].reshape(-1, 3):
        length[a - 1, b - 1] = length[b - 1, a - 1] = cost
    np.fill_diagonal(length, 0)
    return floyd_warshall(length), p


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--seconds", type=int, default=120)
    given = parser.parse_args()
    with (given.folder / "best_known.csv").open(encoding="utf-8") as lines:
        best = {row["instance"]: float(row["value"]) for row in csv.DictReader(lines) if row["problem"] == "PMP"}
    print("| instance | program | value | status it claims | above best % | s |\n|---|---|--:|---|--:|--:|")
    for name in given.names:
        cost, p = metres(given.folder / "orlib" / f"{name}.txt")
        for program, run in (("spopt", by_spopt), ("kmedoids", by_kmedoids)):
            began = time.monotonic()
            value, status = run(cost, p, given.seconds)
            above = 100 * (value / best[name] - 1)
            print(
                f"| {name} | {program} | {value:.0f} | {status} | {above:.2f} | {time.monotonic() - began:.2f} |",
                flush=True,
            )


def by_spopt(cost: np.ndarray, p: int, seconds: int) -> tuple[float, str]:
    import pulp
    from spopt.locate import PMedian

    model = PMedian.from_cost_matrix(cost, np.ones(len(cost)), p_facilities=p)
    model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1, timeLimit=seconds))
    value = model.problem.objective.value()
    return float("nan") if value is None else float(value), pulp.LpStatus[model.problem.status]


def by_kmedoids(cost: np.ndarray, p: int, seconds: int) -> tuple[float, str]:
    import kmedoids

    found = kmedoids.fasterpam(cost, p, random_state=1, n_cpu=1)
    return float(found.loss), "no bound"


if __name__ == "__main__":
    main()
