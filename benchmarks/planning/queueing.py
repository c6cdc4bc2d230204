"""The queue kernel against SimPy (and Ciw, where it is installed) on the same draws, and against Erlang.

python -m benchmarks.planning.queueing [--persons 20000] [--erlang 2000000]
"""

import argparse
import time
from typing import Any

import numpy as np

from tongzhou.planning.queues import mean_wait, starts

ERLANG = ((2, 0.85), (6, 0.9), (20, 0.95))
TABLES = 6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--erlang", type=int, default=2_000_000)
    given = parser.parse_args()
    chance = np.random.default_rng(1)
    starts(np.zeros(1), np.ones(1), np.zeros(1), np.full(1, np.inf))  # compiled, not measured
    compare(chance, given.persons)
    print("\n| tables | use | mean wait | ± 95 % | Erlang | inside |\n|--:|--:|--:|--:|--:|---|")
    for tables, use in ERLANG:
        erlang(chance, tables, use, given.erlang)


def compare(chance: np.random.Generator, persons: int) -> None:
    arrival = np.cumsum(chance.exponential(1 / (0.9 * TABLES), persons))
    service = chance.gamma(1 / 0.36, 0.36, persons)
    began = time.process_time()
    repeats = max(1, 2_000_000 // persons)
    for _ in range(repeats):
        ours = starts(arrival, service, np.zeros(TABLES), np.full(TABLES, np.inf))
    spent = (time.process_time() - began) / repeats
    began = time.process_time()
    theirs = by_simpy(arrival, service)
    simpy_spent = time.process_time() - began
    print(
        "| program | persons | processor s | persons/s | ratio | largest difference of a wait |\n|---|--:|--:|--:|--:|--:|"
    )
    print(f"| ours | {persons} | {spent:.5f} | {persons / spent:.0f} | 1 | |")
    difference = float(np.abs(ours - theirs).max())
    print(
        f"| SimPy | {persons} | {simpy_spent:.3f} | {persons / simpy_spent:.0f} | {simpy_spent / spent:.0f} | {difference:.1e} |"
    )
    if (ciw := by_ciw(arrival, service)) is not None:
        difference = float(np.abs(ours - ciw[0]).max())
        print(f"| Ciw | {persons} | {ciw[1]:.3f} | {persons / ciw[1]:.0f} | {ciw[1] / spent:.0f} | {difference:.1e} |")


def by_simpy(arrival: np.ndarray, service: np.ndarray) -> np.ndarray:
    import simpy

    world, found = simpy.Environment(), np.zeros(len(arrival))
    tables = simpy.Resource(world, TABLES)

    def person(n: int) -> Any:
        with tables.request() as turn:
            yield turn
            found[n] = world.now
            yield world.timeout(service[n])

    def door() -> Any:
        now = 0.0
        for n in range(len(arrival)):
            yield world.timeout(arrival[n] - now)
            now = arrival[n]
            world.process(person(n))

    world.process(door())
    world.run()
    return found


def by_ciw(arrival: np.ndarray, service: np.ndarray) -> tuple[np.ndarray, float] | None:
    try:
        import ciw
    except ImportError:
        return None
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([arrival[0], *np.diff(arrival).tolist(), np.inf])],
        service_distributions=[ciw.dists.Sequential(service.tolist())],
        number_of_servers=[TABLES],
    )
    began = time.process_time()
    world = ciw.Simulation(network)
    world.simulate_until_max_customers(len(arrival), method="Finish")
    spent = time.process_time() - began
    records = sorted(world.get_all_records(), key=lambda record: record.id_number)
    return np.array([record.service_start_date for record in records])[: len(arrival)], spent


def erlang(chance: np.random.Generator, tables: int, use: float, persons: int) -> None:
    arrival = np.cumsum(chance.exponential(1 / (use * tables), persons))
    wait = starts(arrival, chance.exponential(1.0, persons), np.zeros(tables), np.full(tables, np.inf)) - arrival
    batches = wait[persons // 20 :][: (persons - persons // 20) // 40 * 40].reshape(40, -1).mean(1)
    half = 2.02 * batches.std(ddof=1) / np.sqrt(40)
    exact = mean_wait(tables, use * tables, 1.0)
    print(
        f"| {tables} | {use} | {batches.mean():.4f} | {half:.4f} | {exact:.4f} | {'yes' if abs(batches.mean() - exact) <= half else 'no'} |"
    )


if __name__ == "__main__":
    main()
