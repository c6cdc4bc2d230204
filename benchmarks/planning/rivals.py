"""spopt and kmedoids on the same instances, one core. They are no part of the project: run this with a virtual environment of their own.

    python -m venv var/rivals && var/rivals/bin/pip install spopt kmedoids pulp scipy
    var/rivals/bin/python benchmarks/planning/rivals.py FOLDER pmed1 pmed6 … [--seconds 120]

Each runs in a process of its own that is killed, with the solver it has started, when the time is over: CBC does not keep the limit it is
given while it prepares. What spopt calls "Optimal" need not be: beside its status stands how far it is above the best known value.
"""

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
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
    parser.add_argument("--alone", choices=list(PROGRAMS), help="run only this, here, and print what it found")
    given = parser.parse_args()
    if given.alone:
        cost, p = metres(given.folder / "orlib" / f"{given.names[0]}.txt")
        import_module(given.alone)  # not measured
        began = time.monotonic()
        value, status = PROGRAMS[given.alone](cost, p, given.seconds)
        print(json.dumps([value, status, time.monotonic() - began]))
        return
    with (given.folder / "best_known.csv").open(encoding="utf-8") as lines:
        best = {row["instance"]: float(row["value"]) for row in csv.DictReader(lines) if row["problem"] == "PMP"}
    print("| instance | program | value | status it claims | above best % | s |\n|---|---|--:|---|--:|--:|")
    for name in given.names:
        for program in PROGRAMS:
            value, status, spent = alone(given, name, program)
            above = 100 * (value / best[name] - 1)
            print(f"| {name} | {program} | {value:.0f} | {status} | {above:.2f} | {spent:.2f} |", flush=True)


def alone(given: argparse.Namespace, name: str, program: str) -> tuple[float, str, float]:
    """Value, status and seconds of the program, in a process of its own that is killed with all it has started when the time is over."""
    words = [sys.executable, __file__, str(given.folder), name, "--alone", program, "--seconds", str(given.seconds)]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        out, errors = child.communicate(timeout=given.seconds + STARTING)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return float("nan"), "killed", float(given.seconds)
    if child.returncode:
        return float("nan"), errors.strip().splitlines()[-1], float("nan")
    value, status, spent = json.loads(out.splitlines()[-1])
    return float(value), status, float(spent)


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


PROGRAMS = {"spopt": by_spopt, "kmedoids": by_kmedoids}
STARTING = 10  # seconds for Python and its libraries to load, beside the limit


if __name__ == "__main__":
    main()
