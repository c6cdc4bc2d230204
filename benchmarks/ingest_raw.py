"""The same rows by the same statement, packed beforehand and with nothing around it. Started by ingest.py in the house's environment."""

import json
import os
import secrets
import sys
import threading
import time

import django

django.setup()

import psycopg  # noqa: E402 -- settings first
from django.db import connection  # noqa: E402 -- Django must be set up first

from tongzhou.modules.testing.actions.ingest import postgresql, sqlite  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.actions.ingest.reading import Row  # noqa: E402 -- Django must be set up first
from tongzhou.modules.testing.models import Campaign  # noqa: E402 -- Django must be set up first


def rows(batch: int, device: int, seq: int, now: int, campaign: bytes) -> list[Row]:
    made = [
        Row(0, i, campaign, device, seq + i, 1, 1, 0, secrets.token_bytes(16), f"R{device}N{(seq + i) // 10}", None, now, 0, secrets.token_bytes(16), 10)
        for i in range(batch)
    ]  # fmt: skip
    return sorted(made, key=postgresql._order)


def on_postgresql(batch: int, seconds: float, streams: int, campaign: bytes) -> list[float]:
    """Each stream prepares its parameters before the clock starts."""
    took, now, begin = list[float](), int(time.time() * 1000), threading.Barrier(streams)
    each = max(50, int(seconds * 150_000 / batch / streams)) if batch >= 50 else int(seconds * 8000 / streams) + 50

    def stream(n: int) -> None:
        device = int(now) * 100 + n
        ready = [postgresql.columns(rows(batch, device, 1 + i * batch, now, campaign)) for i in range(each)]
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as line, line.cursor() as cursor:
            postgresql.ready(cursor)
            begin.wait()
            until = time.perf_counter() + seconds
            for one in ready:
                begun = time.perf_counter()
                if begun > until:
                    break
                cursor.execute(postgresql.SQL, one, prepare=True)
                cursor.fetchone()
                took.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=stream, args=(n,)) for n in range(streams)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def on_sqlite(batch: int, seconds: float, campaign: bytes) -> list[float]:
    took, now = list[float](), int(time.time() * 1000)
    each = int(seconds * 30_000 / batch) if batch >= 50 else int(seconds * 6000)
    ready = [rows(batch, now, 1 + i * batch, now, campaign) for i in range(each)]
    connection.ensure_connection()
    until = time.perf_counter() + seconds
    for one in ready:
        begun = time.perf_counter()
        if begun > until:
            break
        sqlite.store(one)
        took.append(time.perf_counter() - begun)
    return took


def main(batch: int, seconds: float, streams: int) -> None:
    campaign = Campaign.objects.earliest("filed_at").pk.bytes
    begun = time.perf_counter()
    took = (
        on_postgresql(batch, seconds, streams, campaign)
        if os.environ["DATABASE_URL"]
        else on_sqlite(batch, seconds, campaign)
    )
    busy = sum(took) / (streams if os.environ["DATABASE_URL"] else 1)
    took.sort()
    told = {
        "rate": len(took) * batch / busy,
        "p50": took[len(took) // 2] * 1000,
        "p99": took[int(len(took) * 0.99)] * 1000,
    }
    assert busy <= time.perf_counter() - begun
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
