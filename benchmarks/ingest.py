"""How fast check-ins go in, over HTTP with everything, beside the same rows straight into the same table. Interleaved in one run.

    python benchmarks/ingest.py                       PostgreSQL and SQLite, batches of 1, 10, 100, 500; three rounds of 8 seconds
    python benchmarks/ingest.py postgresql 2 4        one engine, rounds, seconds

Raw is this room's own statement, its columns packed beforehand, on two connections (one on SQLite): tables, indexes, counters and tubes
are the same, and nothing else is done. Ours is `tongzhou`'s server with two workers: device, decoding, digests, codes, clocks,
verdicts, keyed marks, group commit, an answer for each item. Durable settings only. Bodies are made beforehand by processes of
their own; client, server and database share the machine.
"""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from benchmarks.servers import BASE, House, on

CONNECTIONS = {1: 256, 10: 256, 100: 32, 500: 8}  # single scans come from as many telephones as a district has


@dataclass(frozen=True)
class Measured:
    what: str
    batch: int
    rate: float  # check-ins a second
    p50: float  # milliseconds of a batch
    p99: float
    lost: int = 0


def measure(engine: str, rounds: int, seconds: float) -> list[Measured]:
    """Raw and ours by turns, so that both see the same machine."""
    with on(engine, nice=0) as (house, _database):
        told = house.prepare(256, 1)
        return [one for _n in range(rounds) for batch in CONNECTIONS for one in _both(house, told, batch, seconds)]


def _both(house: House, told: dict[str, Any], batch: int, seconds: float) -> list[Measured]:
    raw = _raw(house, batch, seconds)
    house.start()
    try:
        house.answers()
        ours = over_http(house, told, batch, seconds)
    finally:
        house.kill()
    return [raw, ours]


def _raw(house: House, batch: int, seconds: float) -> Measured:
    command = [
        sys.executable,
        "benchmarks/ingest_raw.py",
        str(batch),
        str(seconds),
        "1" if not house.url else "8" if batch < 50 else "2",
    ]
    out = subprocess.run(
        command, cwd=BASE, env=house.environment | {"PYTHONPATH": str(BASE)}, check=True, capture_output=True, text=True
    ).stdout
    return Measured("raw", batch, **json.loads(out))


def over_http(house: House, told: dict[str, Any], batch: int, seconds: float, **given: str) -> Measured:
    """Keep-alive connections, each a device of its own; bodies are made before the clock starts. `given`: see ingest_bodies, ingest_load."""
    lanes = CONNECTIONS[batch]
    each = max(4, int(seconds * 60_000 / batch / lanes)) if batch >= 100 else max(50, int(seconds * 12_000 / lanes))
    files = [house.folder / f"bodies-{i}" for i in range(lanes)]
    start, house.used = house.used, house.used + each * batch
    made = [
        sys.executable,
        "benchmarks/ingest_bodies.py",
        str(house.folder),
        str(batch),
        str(each),
        str(start),
        str(lanes),
    ]
    subprocess.run(made, cwd=BASE, env=house.environment | {"PYTHONPATH": str(BASE)} | given, check=True)
    load = [sys.executable, "benchmarks/ingest_load.py", str(house.port), str(seconds), str(batch), *map(str, files)]
    out = subprocess.run(load, cwd=BASE, env=os.environ | given, check=True, capture_output=True, text=True).stdout
    for file in files:
        file.unlink()
    return Measured("ours", batch, **json.loads(out))


def table(found: list[Measured]) -> str:
    lines = [
        "| batch | raw a second | ours a second | of raw | p50 ms | p99 ms | unanswered |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for batch in CONNECTIONS:
        raw, ours = ([one for one in found if (one.what, one.batch) == (what, batch)] for what in ("raw", "ours"))
        if raw and ours:
            a, b = statistics.median(one.rate for one in raw), statistics.median(one.rate for one in ours)
            p50, p99 = statistics.median(one.p50 for one in ours), statistics.median(one.p99 for one in ours)
            lines.append(
                f"| {batch} | {a:,.0f} | {b:,.0f} | {b / a:.2f} | {p50:.1f} | {p99:.1f} | {sum(one.lost for one in ours)} |"
            )
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    engines = [arguments[0]] if arguments else ["postgresql", "sqlite"]
    rounds, seconds = (int(arguments[1]), float(arguments[2])) if len(arguments) > 2 else (3, 8.0)
    for engine in engines:
        print(
            f"\n{engine}, {os.cpu_count()} cores, {rounds} rounds of {seconds:g} s, load before {os.getloadavg()[0]:.1f}\n"
        )
        print(table(measure(engine, rounds, seconds)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
