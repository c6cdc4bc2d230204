"""Siting on published instances: value, gap to the best known, own bound, proven gap.

    python -m benchmarks.planning.literature FOLDER [--set orlib|tsplib|cpmp] [--only NAME …] [--seconds 10] [--seeds 5] [--threads 1] [--wall]

Seconds are of the processor by default, because other work may go on beside; `--wall` measures by the clock on the wall.
OR-Library: a run ends when the known optimum is reached, so its seconds are the time to it; the others end by time, or when proven.
"""

import argparse
import resource
import time
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.planning.instances import known, question
from tongzhou.planning.siting.answering import answer
from tongzhou.planning.siting.problem import Effort

TSPLIB = {"rl1304": (100, 300), "fl1400": (100, 400), "u1432": (100, 400), "pcb3038": (50, 100, 300, 500)}


def names(folder: Path, which: str) -> list[str]:
    """Of a set, all that the folder has."""
    if which == "tsplib":
        return [f"{points}_p{p}" for points, each in TSPLIB.items() for p in each]
    files = sorted((folder / which).glob("*.txt"), key=lambda path: (len(path.stem), path.stem))
    return [path.stem for path in files]


def main() -> None:
    given = parsed()
    values = known(given.folder)
    chosen = given.only or names(given.folder, given.set)
    print(
        "| instance | n | p | best known | value min / median / max | above best % | bound below best % | proven gap % | s | peak MB |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    warm(given, chosen[0])
    for name in chosen:
        print(row(given, name, values), flush=True)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", choices=["orlib", "tsplib", "cpmp"], default="tsplib")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--wall", action="store_true")
    return parser.parse_args()


def warm(given: argparse.Namespace, name: str) -> None:
    """Compilation is not measured."""
    asked, across, _ = question(given.folder, name)
    answer(asked, effort=Effort(6, 6), across=across, threads=1)


def row(given: argparse.Namespace, name: str, values: dict[tuple[str, str], float]) -> str:
    asked, across, limited = question(given.folder, name)
    best = values["CPMP" if limited else "PMP", name]
    clock = time.monotonic if given.wall else time.process_time
    runs, spent = [], []
    for seed in range(1, given.seeds + 1):
        began = clock()
        runs.append(
            answer(
                asked, seconds=given.seconds, seed=seed, across=across, threads=given.threads, clock=clock,
                goal=best if name.startswith("pmed") else 0.0,
            )
        )  # fmt: skip
        spent.append(clock() - began)
    found, bound = sorted(run.value for run in runs), max(run.bound for run in runs)
    if limited and bound > best * (1 + 1e-6):
        print(f"!! {name}: own bound {bound:.2f} above the best known {best:.2f}")
    above = " / ".join(f"{100 * (value / best - 1):.3f}" for value in (found[0], median(found), found[-1]))
    proven = sorted(100 * (1 - run.bound / run.value) for run in runs)
    shown = " / ".join(f"{value:.1f}" for value in (found[0], median(found), found[-1]))
    seconds = f"{min(spent):.2f} / {median(spent):.2f} / {max(spent):.2f}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    gap = f"{proven[0]:.3f} / {np.median(proven):.3f} / {proven[-1]:.3f}"
    return (
        f"| {name} | {asked.ways.units} | {asked.points} | {best:.1f} | {shown} | {above} | {100 * (1 - bound / best):.3f} | {gap} "
        f"| {seconds} | {peak} |"
    )


if __name__ == "__main__":
    main()
