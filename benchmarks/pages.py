"""Pages and chronicle of a synthetic response, and of one ten times its size, on both engines. Prints Markdown tables.

    benchmarks/pages.py          a small response (made in seconds), and ten times its size
    benchmarks/pages.py brief    the same on SQLite only, one second a page
    benchmarks/pages.py full     60 units, 3,000 members, 5,000 records, and ten times that (made once, takes a while)

Growth is the median on the larger over the median on the smaller response: 1 is a page that does not care, 10 one that reads everything.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import houses
from houses import Size

SMALL, FULL, FACTOR = Size(8, 60, 120), Size(60, 3000, 5000), 10
Found = dict[str, dict[str, float]]


def main(full: bool, brief: bool) -> None:
    size, seconds = FULL if full else SMALL, 1.0 if brief else 4.0
    sizes = {"one": size, "ten": size.times(FACTOR)}
    made = {name: houses.built(one) for name, one in sizes.items()}
    print(f"{machine()}\n\n×1: {told(sizes['one'])}. ×{FACTOR}: {told(sizes['ten'])}.")
    print(table("SQLite", {name: measured(environment, seconds) for name, environment in made.items()}))
    if brief:
        return
    with houses.on_postgresql(made) as moved:
        print(table("PostgreSQL", {name: measured(environment, seconds) for name, environment in moved.items()}))


def measured(environment: dict[str, str], seconds: float) -> Found:
    command = [sys.executable, Path(__file__).with_name("measure.py"), str(seconds)]
    paths = {"PYTHONPATH": str(houses.BASE)}
    done = subprocess.run(
        command, cwd=houses.BASE, env=os.environ | environment | paths, check=True, stdout=subprocess.PIPE
    )
    found: Found = json.loads(done.stdout)
    return found


def table(engine: str, found: dict[str, Found]) -> str:
    heads = ["page", "queries ×1", f"×{FACTOR}", "median ms ×1", f"×{FACTOR}", "p95 ms ×1", f"×{FACTOR}", "growth"]
    lines = ["", f"**{engine}**", "", f"| {' | '.join(heads)} |", "|---|" + "--:|" * (len(heads) - 1)]
    for page, one in found["one"].items():
        ten: dict[str, Any] = found["ten"][page]
        numbers = [
            one["queries"],
            ten["queries"],
            *(round(each[kind]) for kind in ("median", "p95") for each in (one, ten)),
        ]
        lines.append(f"| {page} | {' | '.join(map(str, numbers))} | {ten['median'] / one['median']:.1f} |")
    return "\n".join(lines)


def told(size: Size) -> str:
    return f"{size.units:,} units, {size.members:,} members, about {size.records:,} records"


def machine() -> str:
    """What it ran on: no host names, no paths."""
    import sqlite3

    import django

    processor = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) // 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    versions = f"Python {platform.python_version()}, Django {django.__version__}, SQLite {sqlite3.sqlite_version}, {_postgresql()}"
    busy = f"load {os.getloadavg()[0]:.1f} when it began"
    return f"{processor}, {os.cpu_count()} cores, {memory} GiB, {platform.system()} {platform.release().split('-')[0]}; {versions}; {busy}."


def _postgresql() -> str:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)
    if not programs:
        return "PostgreSQL"
    said = subprocess.run([programs[0], "--version"], capture_output=True, text=True, check=True).stdout
    return f"PostgreSQL {said.split()[2]}"


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines() if Path(file).exists() else []


if __name__ == "__main__":
    main(full="full" in sys.argv[1:], brief="brief" in sys.argv[1:])
