"""Writes ready-made requests to keep-alive connections as fast as they are answered; prints rate and latencies as JSON.

Started by ingest.py and ingest_rivals.py. A check-in counts where its answer holds NEEDLE, by default that it is stored. With PACE in the
environment, so many requests a second are due, by turns over the connections; an answer's time counts from when its request was due, and
the first WARM seconds are not told of: in them the server meets all devices for the first time.
Little is done for a request here: client, server and database share the machine.
"""

import asyncio
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import cast

import uvloop

PACE = float(os.environ.get("PACE", "0"))
WARM = float(os.environ.get("WARM", "0"))
NEEDLE = os.environ.get("NEEDLE", '"stored"').encode()
LENGTH = re.compile(rb"(?i)content-length: *(\d+)")


class Line(asyncio.Protocol):
    """One device: its next request goes out when the answer to the last is whole, or when it is due."""

    def __init__(self, bodies: list[bytes], until: float, due: float, every: float) -> None:
        self.bodies, self.until, self.due, self.every = iter(bodies), until, due, every
        self.loop, self.counts = asyncio.get_running_loop(), time.perf_counter() + WARM
        self.took, self.good, self.bad, self.kept, self.begun = list[float](), 0, 0, b"", 0.0
        self.over: asyncio.Future[None] = self.loop.create_future()
        self.lost = asyncio.Event()

    async def run(self, port: int) -> None:
        """A server that keeps no connection is asked anew each time, as its clients must."""
        while not self.over.done():
            self.lost.clear()
            await self.loop.create_connection(lambda: self, "127.0.0.1", port)
            await self.lost.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.line = cast(asyncio.Transport, transport)
        self.next()

    def connection_lost(self, fault: Exception | None) -> None:
        self.lost.set()

    def next(self) -> None:
        if self.every and (early := self.due - time.perf_counter()) > 0:
            self.loop.call_later(early, self.send)
        else:
            self.send()

    def send(self) -> None:
        self.begun, self.due = (self.due if self.every else time.perf_counter()), self.due + self.every
        body = next(self.bodies, None) if self.begun <= self.until else None
        if body is None:
            self.over.set_result(None)
            self.line.close()
        else:
            self.line.write(body)

    def data_received(self, data: bytes) -> None:
        self.kept += data
        head, whole, body = self.kept.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not whole or length is None or len(body) < int(length[1]):
            return
        if self.begun >= self.counts:
            self.took.append(time.perf_counter() - self.begun)
        self.good += body.count(NEEDLE)
        self.bad += b" 20" not in head[:12]
        self.kept = b""
        if b"connection: close" in head.lower():
            self.line.close()
        else:
            self.next()


def requests(file: str) -> list[bytes]:
    content, found, at = Path(file).read_bytes(), [], 0
    while at < len(content):
        length = int(content[at : at + 8])
        found.append(content[at + 8 : at + 8 + length])
        at += 8 + length
    return found


async def main(port: int, seconds: float, files: list[str]) -> None:
    bodies = [requests(file) for file in files]
    begun, gap = time.perf_counter(), 1 / PACE if PACE else 0.0
    lines = [Line(own, begun + seconds, begun + n * gap, gap * len(bodies)) for n, own in enumerate(bodies)]
    await asyncio.gather(*(line.run(port) for line in lines))
    spent = time.perf_counter() - begun
    took = sorted(one for line in lines for one in line.took)
    at = {"p50": took[len(took) // 2], "p99": took[int(len(took) * 0.99)]}
    told = {"rate": sum(line.good for line in lines) / spent, "lost": sum(line.bad for line in lines)}
    print(json.dumps(told | {name: value * 1000 for name, value in at.items()}))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[4:]))
