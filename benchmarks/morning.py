"""A morning in real time, scaled: 300,000 people over five hours at 100 points, the rush at three times the mean, played 60 times faster.

    PYTHONPATH=. .venv/bin/python benchmarks/morning.py                      people, minutes: 300000 5
    PYTHONPATH=. .venv/bin/python benchmarks/morning.py 30000 1

200 devices send each second what was scanned in it, in one batch; one that was not answered yet waits with the next. Meanwhile ten people
have the live board open and load it anew every five seconds, and 200 look-ups of published results come each second. Printed: whether
anything was still unanswered a second after the last scan, and how long batches, pages of the board and look-ups took.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.servers import BASE, House, on_postgresql
from tongzhou.modules.testing.simulation.town import Scenario, arrivals

DEVICES, VIEWERS, EVERY, LOOK_UPS = 200, 10, 5.0, 200


@dataclass
class Heard:
    batches: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    events: int = 0
    stored: int = 0
    refused: int = 0
    latest: float = 0.0  # seconds after the last scan, of the last answer


def main(people: int, minutes: float) -> None:
    with on_postgresql() as house:
        house.prepare(DEVICES, 1)
        run(house, "benchmarks/viewers.py", str(house.folder), str(VIEWERS))
        scans(house, people, minutes)
        house.start()
        house.answers()
        told = json.loads((house.folder / "viewers.json").read_text())
        print(
            f"{os.cpu_count()} cores, {people:,} people in {minutes:g} minutes, load before {os.getloadavg()[0]:.1f}\n",
            flush=True,
        )
        print(asyncio.run(play(house, told, minutes * 60)))


def run(house: House, *command: str) -> None:
    subprocess.run([sys.executable, *command], cwd=BASE, env=house.environment | {"PYTHONPATH": str(BASE)}, check=True)


def scans(house: House, people: int, minutes: float) -> None:
    """Who is scanned where in which second, as a list of counts for each device; the requests are made before the clock starts."""
    scenario = Scenario(people=people, points=DEVICES // 2, tables=2, minutes=minutes, hours=5, peak=3.0, seed=1)
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in arrivals(scenario):
        counts[one.table][int(one.at)] += 1
    (house.folder / "scans.json").write_text(json.dumps([counts[n] for n in range(DEVICES)]))
    run(house, "benchmarks/morning_bodies.py", str(house.folder))


async def play(house: House, told: dict[str, list[str]], seconds: float) -> str:
    heard, begun, over = Heard(), time.perf_counter() + 1, asyncio.Event()
    devices = [device(house, n, begun, seconds, heard) for n in range(DEVICES)]
    others = [asyncio.create_task(one) for one in _onlookers(house, told, heard, over)]
    await asyncio.gather(*devices)
    over.set()
    await asyncio.wait(others, timeout=5)
    for one in others:
        one.cancel()
    lines = ["| what | times | p50 ms | p95 ms | p99 ms |", "|---|--:|--:|--:|--:|"]
    for what, took in {
        "batches of check-ins": heard.batches,
        "the board as a page": heard.pages,
        "look-ups of results": heard.looks,
    }.items():
        took.sort()
        at = [f"{took[int(len(took) * part)] * 1000:.1f}" for part in (0.5, 0.95, 0.99)] if took else ["-"] * 3
        lines.append(f"| {what} | {len(took):,} | {' | '.join(at)} |")
    told_of = f"stored {heard.stored:,}, refused batches {heard.refused}, events pushed {heard.events}"
    return "\n".join(
        [*lines, "", f"{told_of}; the last answer came {heard.latest:.2f} s after the second of the last scan was over"]
    )


def _onlookers(house: House, told: dict[str, list[str]], heard: Heard, over: asyncio.Event):
    for n in range(VIEWERS):
        yield viewer(house, told["page"][0], told["cookies"][n], n, heard, over)
        yield stream(house, told["tickets"][n], heard)
    for _lane in range(4):
        yield looker(house, told["files"], LOOK_UPS / 4, heard, over)


async def device(house: House, n: int, begun: float, seconds: float, heard: Heard) -> None:
    """Its requests, each not before its second is over. The request lies in the file with its second before it."""
    ready = list(_requests(house.folder / f"bodies-{n}"))
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    phase = Random(n).random()
    for second, body in ready:
        await asyncio.sleep(max(0.0, begun + second + 1 + phase - time.perf_counter()))
        asked = time.perf_counter()
        while True:
            writer.write(body)
            status, answer = await _answer(reader)
            if status == 200:
                break
            heard.refused += 1
            await asyncio.sleep(1)
        heard.batches.append(time.perf_counter() - asked)
        heard.stored += answer.count(b'"stored"')
    heard.latest = max(heard.latest, time.perf_counter() - begun - ready[-1][0] - 1 - phase)
    writer.close()


def _requests(file: Path):
    content, at = file.read_bytes(), 0
    while at < len(content):
        second, length = int(content[at : at + 8]), int(content[at + 8 : at + 16])
        yield second, content[at + 16 : at + 16 + length]
        at += 16 + length


async def viewer(house: House, page: str, cookie: str, n: int, heard: Heard, over: asyncio.Event) -> None:
    """Opens the board anew every few seconds, which is more than anybody does who has the stream."""
    await asyncio.sleep(n * EVERY / VIEWERS)
    while not over.is_set():
        heard.pages.append(await _get(house, page, f"Cookie: {cookie}\r\n"))
        await asyncio.sleep(EVERY)


async def looker(house: House, files: list[str], rate: float, heard: Heard, over: asyncio.Event) -> None:
    chance = Random(7)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    until = time.perf_counter()
    while not over.is_set():
        until += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, until - time.perf_counter()))
        asked = time.perf_counter()
        writer.write(f"GET {chance.choice(files)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        status, _body = await _answer(reader)
        assert status == 200, status
        heard.looks.append(time.perf_counter() - asked)


async def stream(house: House, ticket: str, heard: Heard) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET /testing/live/{ticket} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    while line := await reader.readline():
        heard.events = heard.events + line.startswith(b"event: figures")


async def _get(house: House, path: str, headers: str) -> float:
    asked = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n".encode())
    status, _body = await _answer(reader)
    assert status == 200, (path, status)
    writer.close()
    return time.perf_counter() - asked


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000, float(sys.argv[2]) if len(sys.argv) > 2 else 5.0)
