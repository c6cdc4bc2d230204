"""Look-ups or batches over keep-alive connections, as fast as they are answered or so many a second; prints rate and latencies as JSON.

    python benchmarks/lookups_load.py <port> <certificate or -> <seconds> <a second or 0> <file> …

A file of lookups_stage.py makes its connection look results up: index, list and one shard, asked for together, as a browser that kept none
of them. A file of ingest_bodies.py makes it send batches. Where so many are due a second, time counts from when one was due.
"""

import asyncio
import json
import ssl
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random

from benchmarks.ingest_load import requests


@dataclass
class Found:
    took: list[float] = field(default_factory=list)
    good: int = 0
    bad: int = 0


def asked(file: str, number: int) -> Iterator[tuple[bytes, int]]:
    """What is written to the connection, and how many answers it has."""
    if not file.endswith(".json"):
        return ((body, 1) for body in requests(file))
    told = json.loads(Path(file).read_text())
    shards = list(told["shards"])
    Random(number).shuffle(shards)
    return ((b"".join(map(_get, (told["index"], told["list"], shard))), 3) for shard in cycle(shards))


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


type Span = tuple[float, float, float]  # when the first is due, the time between two (0: none waits), when to stop


async def lane(
    port: int, secure: ssl.SSLContext | None, work: Iterator[tuple[bytes, int]], span: Span, found: Found
) -> None:
    """One connection, from its first request until its time is over."""
    due, every, until = span
    named = {"ssl": secure, "server_hostname": "localhost"} if secure else {}
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20, **named)
    for content, answers in work:
        if every:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        begun, due = (due if every else time.perf_counter()), due + every
        if begun > until:
            break
        try:
            whole = await answered(reader, writer, content, answers)
        except (asyncio.IncompleteReadError, ConnectionError):  # a server ends a connection after so many requests
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20, **named)
            whole = await answered(reader, writer, content, answers)
        found.took.append(time.perf_counter() - begun)
        found.good, found.bad = found.good + whole, found.bad + (not whole)
    writer.close()


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: bytes, answers: int) -> bool:
    """Writes, and reads so many answers; whether all are good."""
    writer.write(content)
    whole = True
    for _answer in range(answers):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        whole &= b" 200 " in head[:16]
    return whole


async def main(port: int, certificate: str, seconds: float, rate: float, files: list[str]) -> None:
    secure = None if certificate == "-" else ssl.create_default_context(cafile=certificate)
    found, begun, every = Found(), time.perf_counter() + 0.2, len(files) / rate if rate else 0.0
    lanes = [
        lane(port, secure, asked(file, n), (begun + n * every / len(files), every, begun + seconds), found)
        for n, file in enumerate(files)
    ]
    await asyncio.gather(*lanes)
    spent, took = time.perf_counter() - begun, sorted(found.took) or [0.0]
    at = {"p50": took[len(took) // 2] * 1000, "p99": took[int(len(took) * 0.99)] * 1000}
    print(json.dumps({"rate": found.good / spent, "bad": found.bad} | at))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), sys.argv[5:]))
