"""Check-ins as they really come: some once more, whole batches twice, the same people at two tables; and how long an answer takes at a given rate.

    PYTHONPATH=. .venv/bin/python benchmarks/ingest_mix.py 3 8       rounds, seconds; on PostgreSQL

What goes in is beside what went over the wire, in batches of 100. A person at a second table is kept aside for a supervisor, each by itself:
that is the slow way, and it is meant for the few.
"""

import os
import statistics
import sys

import psycopg

from benchmarks.ingest import Measured, over_http
from benchmarks.servers import on_postgresql

MIXES = ["", "repeats 0.01", "repeats 0.05", "replays", "shared 0.001", "shared 0.01"]
PACES = [(10, 3_000), (100, 10_000), (100, 20_000), (100, 30_000)]  # batch, check-ins a second


def main(rounds: int, seconds: float) -> None:
    with on_postgresql() as house:
        told = house.prepare(256, 1)
        house.start()
        house.answers()
        print(
            f"{os.cpu_count()} cores, {rounds} rounds of {seconds:g} s, load before {os.getloadavg()[0]:.1f}\n",
            flush=True,
        )
        mixed = {
            mix: [over_http(house, told, 100, seconds, MIX=mix, NEEDLE='"seq"') for _round in range(rounds)]
            for mix in MIXES
        }
        print(table("mix", mixed), flush=True)
        with psycopg.connect(
            house.url, autocommit=True
        ) as line:  # as on a server that has run a while: the log's files are there
            for _once in range(2):
                line.execute("CHECKPOINT")
        paced = {
            f"{rate:,} a second in batches of {batch}": [
                over_http(house, told, batch, seconds, PACE=str(rate / batch), WARM="2") for _round in range(rounds)
            ]
            for batch, rate in PACES
        }
        print("\n" + table("offered", paced))


def table(first: str, found: dict[str, list[Measured]]) -> str:
    lines = [f"| {first} | answered a second | p50 ms | p99 ms | unanswered |", "|---|--:|--:|--:|--:|"]
    for name, runs in found.items():
        rate, p50, p99 = (statistics.median(getattr(one, what) for one in runs) for what in ("rate", "p50", "p99"))
        lines.append(
            f"| {name or 'everybody new'} | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {sum(one.lost for one in runs)} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
