"""How many look-ups of results a second, by nginx and by the program itself; and what they do to check-ins that come in beside them.

    python benchmarks/lookups.py                five rounds of 8 seconds on a PostgreSQL of its own, with and without nginx (where it is installed)
    python benchmarks/lookups.py sqlite 1 2     the engine, rounds, seconds

A look-up is the index, the list and one shard, 10 to 60 kB, of a browser that kept none of them: the costliest there is. A house of 5,120 people,
published through its own doors, as deploy/nginx.conf serves it (HTTPS), and as `serve` does it alone (HTTP). Batches are 10 check-ins, 20 a second
from 8 devices, through the same door. The client takes a part of the same machine (one core at most, and its own decryption with HTTPS): how
many a second is a lower bound. Beside batches 2,000 look-ups a second are due; the column says how many came.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fronts import PROGRAM, nginx
from benchmarks.servers import BASE, House, on

PEOPLE, DEVICES, LOOKING = 5120, 9, 16  # the last device is the one whose people are published
BATCH, BATCHES, BESIDE = 10, 20.0, 2000.0


@dataclass(frozen=True)
class Round:
    front: str
    rate: float  # look-ups a second, as fast as they were answered
    p99: float  # milliseconds of one then
    alone: float  # milliseconds of a batch, 99 of 100, with nothing else
    beside: float  # the same with look-ups
    came: float  # look-ups a second beside the batches
    bad: int  # answers that were not 200


def measure(engine: str, rounds: int, seconds: float) -> list[Round]:
    with _house(engine) as house:
        found, first = list[Round](), 1
        for n in range(rounds):
            for front in ["nginx", "program"] if PROGRAM else ["program"]:
                house.start()
                try:
                    house.answers()
                    with (
                        tempfile.TemporaryDirectory(prefix="tz-nginx-") as folder,
                        _front(front, house, Path(folder)) as (port, certificate),
                    ):
                        found.append(_round(house, front, [str(port), certificate], seconds, first))
                finally:
                    house.kill()
                first += 2 * _each(seconds) * BATCH
            print(f"round {n + 1} of {rounds}", file=sys.stderr)
        return found


@contextmanager
def _house(engine: str) -> Iterator[House]:
    with on(engine) as (house, _database):
        house.prepare(DEVICES, PEOPLE)
        files = [str(house.folder / name) for name in ("stations.json", "stage.json")]
        run(house, "benchmarks/lookups_stage.py", str(PEOPLE), *files)
        yield house


@contextmanager
def _front(front: str, house: House, folder: Path) -> Iterator[tuple[int, str]]:
    """Its port, and the certificate or "-"."""
    with nginx(house, folder) if front == "nginx" else nullcontext() as made:
        yield (made.port, str(made.certificate)) if made else (house.port, "-")


def _round(house: House, front: str, door: list[str], seconds: float, first: int) -> Round:
    looking = [str(house.folder / "stage.json")] * LOOKING
    fast = _told(_load(house, door, seconds, 0, looking))
    alone = _told(_load(house, door, seconds, BATCHES, _bodies(house, seconds, first)))
    bodies = _bodies(house, seconds, first + _each(seconds) * BATCH)
    both = [_load(house, door, seconds, BESIDE, looking), _load(house, door, seconds, BATCHES, bodies)]
    lookups, batches = map(_told, both)
    bad = sum(one["bad"] for one in (fast, alone, lookups, batches))
    return Round(front, fast["rate"], fast["p99"], alone["p99"], batches["p99"], lookups["rate"], bad)


def _each(seconds: float) -> int:
    """Batches of one device in one part of a round."""
    return int(seconds * BATCHES / (DEVICES - 1)) + 1


def _bodies(house: House, seconds: float, first: int) -> list[str]:
    run(
        house,
        "benchmarks/ingest_bodies.py",
        str(house.folder),
        str(BATCH),
        str(_each(seconds)),
        str(first),
        str(DEVICES - 1),
    )
    return [str(house.folder / f"bodies-{n}") for n in range(DEVICES - 1)]


def run(house: House, *command: str) -> None:
    environment = house.environment | {"PYTHONPATH": str(BASE)}
    subprocess.run([sys.executable, *command], cwd=BASE, env=environment, check=True)


def _load(house: House, door: list[str], seconds: float, rate: float, files: list[str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "benchmarks/lookups_load.py", *door, str(seconds), str(rate), *files]
    return subprocess.Popen(
        command, cwd=BASE, env=os.environ | {"PYTHONPATH": str(BASE)}, stdout=subprocess.PIPE, text=True
    )


def _told(load: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _error = load.communicate()
    assert load.returncode == 0, out
    return dict(json.loads(out))


def table(found: list[Round]) -> str:
    lines = [
        "| who serves | look-ups a second | p99 ms | batch p99 ms, alone | batch p99 ms, beside | look-ups a second beside | not answered |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for front in dict.fromkeys(one.front for one in found):
        own = [one for one in found if one.front == front]
        rate, p99, alone, beside, came = (
            statistics.median(getattr(one, name) for one in own) for name in ("rate", "p99", "alone", "beside", "came")
        )
        bad = sum(one.bad for one in own)
        lines.append(f"| {front} | {rate:,.0f} | {p99:.1f} | {alone:.1f} | {beside:.1f} | {came:,.0f} | {bad} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    engine = arguments[0] if arguments else "postgresql"
    rounds, seconds = (int(arguments[1]), float(arguments[2])) if len(arguments) > 2 else (5, 8.0)
    print(f"{engine}, {os.cpu_count()} cores, {rounds} rounds of {seconds:g} s, load before {os.getloadavg()[0]:.1f}\n")
    print(table(measure(engine, rounds, seconds)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
