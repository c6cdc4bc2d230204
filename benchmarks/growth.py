"""Whether ingest and the board get slower as check-ins pile up: 0.3, 3 and 21 million of one campaign, on PostgreSQL.

    PYTHONPATH=. .venv/bin/python benchmarks/growth.py                       sizes in millions, rounds, seconds: 0.3,3,21 3 8
    PYTHONPATH=. .venv/bin/python benchmarks/growth.py 0.3,3 1 4

What is there already is written by the database itself, with persons by chance, so that the index by person is as large and as much
without order as in a town; a swab in ten opens a tube, and nine tubes of ten have a result. Then the same is measured as by `ingest.py`:
batches of 100 and of 10 over HTTP. The board is drawn anew each time, from the database to the text that is pushed; nobody's copy is used.
"""

import json
import os
import statistics
import subprocess
import sys

import psycopg

from benchmarks.ingest import over_http
from benchmarks.servers import BASE, House, on_postgresql
from tongzhou.modules.testing.rules import Counted

DEVICES = 256
SETTLING = 12  # seconds of check-ins that do not count: what is touched first after a checkpoint goes to the log as whole pages
ROOM = ("shared_buffers=4GB", "max_wal_size=16GB", "wal_compression=lz4")  # as docs/operations.md says for so many
BATCHES = (100, 10)
CHECKINS = """
INSERT INTO testing_checkin (campaign_id, device, seq, kind, verdict, turn, person, tube, at, skew, mark, stored_at)
SELECT %(campaign)s, d, s, 1, 1, 0, gen_random_uuid(), 'F' || d || 'N' || s / 10, now() - interval '5 hours' * random(), 0, gen_random_uuid(), now()
FROM unnest(%(devices)s::int8[]) AS d, generate_series(%(first)s::int4, %(last)s::int4) AS s
"""
TUBES = """
INSERT INTO testing_tube (campaign_id, code, device, size, people, opened_at, last_at, closed_at)
SELECT %(campaign)s, 'F' || d || 'N' || t, d, 10, 10, now() - interval '5 hours', now() - interval '4 hours', now() - interval '4 hours'
FROM unnest(%(devices)s::int8[]) AS d, generate_series((%(first)s + 9) / 10, %(last)s / 10) AS t
"""
COUNTS = """
INSERT INTO testing_count AS c (campaign_id, device, quarter, verdict, n)
SELECT %(campaign)s, d, floor(extract(epoch FROM now()) / 900)::int4 - q, v, (%(last)s - %(first)s + 1) / 20 / CASE v WHEN 1 THEN 1 ELSE 10 END
FROM unnest(%(devices)s::int8[]) AS d, generate_series(0, 19) AS q, unnest(ARRAY[1, %(opened)s, %(closed)s, %(results)s]) AS v
ON CONFLICT (campaign_id, device, quarter, verdict) DO UPDATE SET n = c.n + excluded.n
"""
RESULTS = """
INSERT INTO testing_result (campaign_id, tube, look, value, laboratory, tested_at, stored_at)
SELECT campaign_id, code, 1, 'negative', '', now(), now() FROM testing_tube t WHERE code LIKE 'F%' AND hashtext(code) % 10 <> 0
ON CONFLICT DO NOTHING
"""


def main(sizes: list[float], rounds: int, seconds: float) -> None:
    with on_postgresql(more=ROOM) as house:
        told = house.prepare(DEVICES, 1)
        house.used = 10**8  # beyond what is filled in
        print(f"{os.cpu_count()} cores, {rounds} rounds of {seconds:g} s, load before {os.getloadavg()[0]:.1f}\n")
        print(
            "| stored, million | batches of 100 a second | p99 ms | batches of 10 a second | p99 ms | board p50 ms | p95 ms |\n"
            + "|--:" * 7
            + "|"
        )
        stored = 0
        for millions in sizes:
            stored = fill(house.url, told, stored, int(millions * 1_000_000 / DEVICES))
            print(row(house, told, millions, rounds, seconds), flush=True)


def fill(url: str, told: dict, stored: int, upto: int) -> int:
    """Each device up to its number `upto`; then the database is left as its own housekeeping would leave it."""
    given = {"campaign": told["campaign"], "devices": [number for number, _secret in told["devices"]]}
    given |= {
        "first": stored + 1,
        "last": upto,
        "opened": int(Counted.OPENED),
        "closed": int(Counted.CLOSED),
        "results": int(Counted.RESULT),
    }
    with psycopg.connect(url, autocommit=True) as line:
        for statement in (CHECKINS, TUBES, COUNTS, RESULTS):
            line.execute(statement, given if "%(" in statement else None)
        line.execute("VACUUM ANALYZE")
        line.execute("CHECKPOINT")
    return upto


def row(house: House, told: dict, millions: float, rounds: int, seconds: float) -> str:
    cells = [f"{millions:g}"]
    house.start()
    try:
        house.answers()
        over_http(house, told, 100, SETTLING)
        for batch in BATCHES:
            found = [over_http(house, told, batch, seconds) for _round in range(rounds)]
            cells += [
                f"{statistics.median(one.rate for one in found):,.0f}",
                f"{statistics.median(one.p99 for one in found):.1f}",
            ]
    finally:
        house.kill()
    board = [sys.executable, "benchmarks/board.py", told["campaign"]]
    drawn = json.loads(
        subprocess.run(
            board,
            cwd=BASE,
            env=house.environment | {"PYTHONPATH": str(BASE)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    return f"| {' | '.join(cells)} | {drawn['p50']:.1f} | {drawn['p95']:.1f} |"


if __name__ == "__main__":
    given = sys.argv[1:] or ["0.3,3,21", "3", "8"]
    main([float(one) for one in given[0].split(",")], int(given[1]), float(given[2]))
