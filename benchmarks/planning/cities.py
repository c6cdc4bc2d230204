"""Towns made by chance, from a district to a city of 20 million: first plan, proven gap, seconds, memory, and how soon a closed point is planned around.

python -m benchmarks.planning.cities [--size district|quarter|town|county|city|huge …] [--seconds 10] [--threads 2] [--seeds 5] [--wall]
python -m benchmarks.planning.cities --growth --wall --seeds 5       from 0.3 to 20 million, 10 to 60 s each: some 17 minutes
python -m benchmarks.planning.cities --size district city --threads 1 2 --seconds 60 --wall       one core beside two: some 20 minutes
"""

import argparse
import resource
import time
from typing import Any

import numpy as np

from tongzhou import planning as pl

SIZES = {  # residents, units, sites, points
    "district": (300_000, 2_500, 600, 100),
    "quarter": (1_000_000, 7_000, 1_600, 300),
    "town": (2_000_000, 20_000, 4_000, 600),
    "county": (6_000_000, 40_000, 8_000, 1_800),
    "city": (20_000_000, 100_000, 20_000, 6_000),
    "huge": (20_000_000, 200_000, 20_000, 6_000),
}

GROWTH = {"district": 10.0, "quarter": 20.0, "town": 40.0, "county": 60.0, "city": 60.0}  # seconds


def town(residents: int, units: int, sites: int, seed: int) -> dict[str, Any]:
    """Units around centres, their people lognormal; sites mostly among them, with 2 to 8 tables."""
    chance = np.random.default_rng(seed)
    centres = chance.uniform(0, 8000 * np.sqrt(units / 2500), (max(12, units // 200), 2))
    homes = centres[chance.integers(len(centres), size=units)] + chance.normal(0, 500, (units, 2))
    among = sites * 3 // 4
    near = homes[chance.choice(units, among, replace=False)] + chance.normal(0, 80, (among, 2))
    places = np.concatenate([near, chance.uniform(homes.min(0), homes.max(0), (sites - among, 2))])
    persons = chance.lognormal(0, 0.6, units)
    persons = np.maximum(1, np.round(persons * residents / persons.sum())).astype(int)
    return {
        "demand": {"key": [f"B{i}" for i in range(units)], "persons": persons, "x": homes[:, 0], "y": homes[:, 1]},
        "sites": {
            "key": [f"P{j}" for j in range(sites)],
            "x": places[:, 0],
            "y": places[:, 1],
            "tables": chance.integers(2, 9, sites),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", nargs="*", choices=list(SIZES), default=["district"])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--threads", type=int, nargs="*", default=[2])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--wall", action="store_true")
    given = parser.parse_args()
    print(
        "| town | residents | units | sites | points | seed | threads | first plan s | its gap % | s | proven gap % | mean walk m "
        "| re-plan s | moved | peak MB |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    run("district", 0, 60.0, 1, given, quiet=True)  # compiled, not measured
    sizes = GROWTH if given.growth else dict.fromkeys(given.size, given.seconds)
    for size, seconds in sizes.items():
        for threads in given.threads:
            for seed in range(1, given.seeds + 1):
                run(size, seed, seconds, threads, given)


def run(size: str, seed: int, seconds: float, threads: int, given: argparse.Namespace, *, quiet: bool = False) -> None:
    residents, units, sites, points = SIZES[size]
    clock = time.monotonic if given.wall else time.process_time
    # 36 s at a table: a hundred points of five tables have some 60 % more room than is needed
    case = pl.Case(**town(residents, units, sites, seed), rules=pl.Rules(person_seconds=36))
    seen: list[pl.Progress] = []
    began = clock()
    plan = pl.solve(
        case,
        points=points,
        seconds=seconds,
        seed=seed,
        threads=threads,
        effort=pl.Effort(6, 6) if quiet else None,
        clock=clock,
        watch=lambda progress: seen.append(progress) or True,
    )
    spent = clock() - began
    busiest = str(case.sites.key[int(np.argmax(plan.load))])
    began = clock()
    moved = plan.close(busiest).diff(plan)
    again = clock() - began
    if not quiet:
        print(
            f"| {size} | {residents} | {units} | {sites} | {points} | {seed} | {threads} | {seen[0].seconds:.2f} | {100 * seen[0].gap:.2f} | {spent:.1f} "
            f"| {100 * plan.gap:.3f} | {plan.mean_walk:.1f} | {again:.3f} | {len(moved.moves)} "
            f"| {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
