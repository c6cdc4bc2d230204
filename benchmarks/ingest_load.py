"""Writes ready-made requests to keep-alive connections as fast as they are answered; prints rate and latencies as JSON.

Started by ingest.py and ingest_rivals.py. A check-in counts where its answer holds NEEDLE, by default that it is stored. With PACE in the
environment, so many requests a second are due, by turns over the connections; an answer's time counts from when its request was due.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

PACE = float(os.environ.get("PACE", "0"))
NEEDLE = os.environ.get("NEEDLE", '"stored"').encode()


def requests(file: str) -> list[bytes]:
    content, found, at = Path(file).read_bytes(), [], 0
    while at < len(content):
        length = int(content[at : at + 8])
        found.append(content[at + 8 : at + 8 + length])
        at += 8 + length
    return found


async def lane(
    port: int, bodies: list[bytes], until: float, took: list[float], due: float, every: float
) -> tuple[int, int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    good = bad = 0
    for body in bodies:
        if every:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        begun, due = (due if every else time.perf_counter()), due + every
        if begun > until:
            break
        writer.write(body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        took.append(time.perf_counter() - begun)
        good += answer.count(NEEDLE)
        bad += b" 20" not in head[:12]
        if (
            b"connection: close" in head.lower()
        ):  # a server that keeps none is asked anew each time, as its clients must
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return good, bad


async def main(port: int, seconds: float, files: list[str]) -> None:
    bodies, took = [requests(file) for file in files], list[float]()
    begun = time.perf_counter()
    gap = 1 / PACE if PACE else 0.0
    done = await asyncio.gather(
        *(lane(port, own, begun + seconds, took, begun + n * gap, gap * len(bodies)) for n, own in enumerate(bodies))
    )
    spent = time.perf_counter() - begun
    took.sort()
    good, bad = (sum(part) for part in zip(*done, strict=True))
    at = {"p50": took[len(took) // 2], "p99": took[int(len(took) * 0.99)]}
    print(json.dumps({"rate": good / spent, "lost": bad} | {name: value * 1000 for name, value in at.items()}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[4:]))
