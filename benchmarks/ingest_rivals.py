"""Check-ins as they are usually served, beside ours by turns in one run on PostgreSQL: Django REST Framework, bulk_create, pretix.

    python -m venv var/rivals && var/rivals/bin/pip install pretix gunicorn djangorestframework 'psycopg[binary]'
    PYTHONPATH=. .venv/bin/python benchmarks/ingest_rivals.py var/rivals 3 6        environment, rounds, seconds

Each has a database of its own in one PostgreSQL with every durability on, two workers, and the same client on the same two cores. pretix checks in one ticket
a request (`checkinrpc/redeem`), by its documented server; it does other things than we do, and is here because it is what people use at doors.
"""

import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from benchmarks.ingest import Measured, over_http
from benchmarks.servers import BASE, House, Postgres, free_port

RIVALS = BASE / "benchmarks" / "rivals"
TICKETS = 6000
LANES = 8
USUAL = {"DRF, a row a request": ("one", 1), "DRF, many=True": ("many", 100), "bulk_create": ("bulk", 100)}


@dataclass
class Rival:
    """A server of another program, up while it is measured."""

    name: str
    batch: int
    command: list[str]
    environment: dict[str, str]
    bodies: list[list[bytes]]  # of each connection, each of them sent once
    needle: str
    port: int


def main(environment: Path, rounds: int, seconds: float) -> None:
    found: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="tz-rivals-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("data", "pg", "pretix"):
            (folder / part).mkdir()
        database = Postgres(folder / "pg")
        database.make()
        try:
            house = House(folder / "data", database.url)
            told = house.prepare(256, 1)
            rivals = [*usual(environment, database, rounds, seconds), pretix(environment, database, folder, rounds)]
            for _round in range(rounds):
                for batch in (1, 100):
                    with up(house):
                        found.append(over_http(house, told, batch, seconds))
                found += [against(one, folder, seconds, rounds) for one in rivals]
        finally:
            database.kill()
    print(table(found))


@contextmanager
def up(house: House) -> Iterator[None]:
    house.start()
    try:
        house.answers()
        yield
    finally:
        house.kill()


def usual(environment: Path, database: Postgres, rounds: int, seconds: float) -> list[Rival]:
    database._run("createdb", "--host", str(database.folder), "--username=postgres", "usual")
    given = {"RIVAL_DATABASE": f"postgresql://postgres@/usual?host={database.folder}", "PYTHONPATH": str(RIVALS)}
    python = environment / "bin" / "python"
    token = subprocess.run(
        [python, RIVALS / "usual.py"], env=os.environ | given, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    campaign, made = UUID(int=1), []
    for name, (path, batch) in USUAL.items():
        port = free_port()
        command = [str(environment / "bin" / "gunicorn"), "usual:application", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]  # fmt: skip
        each = int(rounds * seconds * (1500 if batch == 1 else 60) / LANES)
        device = iter(range(10**6 * len(made), 10**9))
        bodies = [_rows(path, token, campaign, next(device), batch, each) for _lane in range(LANES)]
        made.append(Rival(name, batch, command, given, bodies, '"seq"', port))
    return made


def _rows(path: str, token: str, campaign: UUID, device: int, batch: int, requests: int) -> list[bytes]:
    at, found = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), []
    for n in range(requests):
        rows = [
            {
                "campaign": str(campaign), "device": device, "seq": n * batch + i, "person": str(UUID(bytes=secrets.token_bytes(16))),
                "tube": f"T{device}N{(n * batch + i) // 10}", "at": at,
            }
            for i in range(batch)
        ]  # fmt: skip
        found.append(_post(f"/{path}/", f"Token {token}", json.dumps(rows if batch > 1 else rows[0])))
    return found


def pretix(environment: Path, database: Postgres, folder: Path, rounds: int) -> Rival:
    database._run("createdb", "--host", str(database.folder), "--username=postgres", "pretix")
    given = {
        "PRETIX_DATABASE_BACKEND": "postgresql", "PRETIX_DATABASE_NAME": "pretix", "PRETIX_DATABASE_USER": "postgres",
        "PRETIX_DATABASE_HOST": str(database.folder), "PRETIX_PRETIX_DATADIR": str(folder / "pretix"), "PRETIX_PRETIX_URL": "http://localhost",
    }  # fmt: skip
    python = str(environment / "bin" / "python")

    def run(*command: str) -> str:
        return subprocess.run(
            [python, *command],
            env=os.environ | given,
            check=True,
            capture_output=True,
            text=True,
            cwd=folder / "pretix",
        ).stdout

    run("-m", "pretix", "migrate")
    told, port = json.loads(run(str(RIVALS / "pretix_event.py"), str(TICKETS)).splitlines()[-1]), free_port()
    path, who = "/api/v1/organizers/bench/checkinrpc/redeem/", f"Device {told['token']}"
    bodies = [
        _post(path, who, json.dumps({"secret": secret, "source_type": "barcode", "lists": [told["list"]], "force": False, "ignore_unpaid": False}))
        for secret in told["secrets"]
    ]  # fmt: skip
    lanes = [bodies[lane::LANES] for lane in range(LANES)]
    command = [str(environment / "bin" / "gunicorn"), "pretix.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--max-requests", "1200"]  # fmt: skip
    return Rival("pretix", 1, command, given, lanes, '"status":"ok"', port)


def _post(path: str, who: str, body: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {who}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def against(rival: Rival, folder: Path, seconds: float, rounds: int) -> Measured:
    """The next of its requests, while its server is up."""
    files = []
    for lane, bodies in enumerate(rival.bodies):
        now, rival.bodies[lane] = bodies[: len(bodies) // rounds or 1], bodies[len(bodies) // rounds or 1 :]
        files.append(folder / f"rival-{lane}")
        files[-1].write_bytes(b"".join(b"%08d" % len(body) + body for body in now))
    server = subprocess.Popen(
        rival.command, env=os.environ | rival.environment, cwd=folder / "pretix", stderr=subprocess.DEVNULL
    )
    try:
        until_answered(rival.port)
        load = [
            sys.executable,
            "benchmarks/ingest_load.py",
            str(rival.port),
            str(seconds),
            str(rival.batch),
            *map(str, files),
        ]
        out = subprocess.run(
            load, cwd=BASE, env=os.environ | {"NEEDLE": rival.needle}, check=True, capture_output=True, text=True
        ).stdout
    finally:
        server.terminate()
        server.wait()
    return Measured(rival.name, rival.batch, **json.loads(out))


def until_answered(port: int, seconds: float = 120) -> None:
    """Whatever it answers: its workers have come up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 10) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if line.recv(20).startswith(b"HTTP/1.1"):
                return
        time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def table(found: list[Measured]) -> str:
    kinds = list(dict.fromkeys((one.what, one.batch) for one in found))
    rate = {kind: statistics.median(one.rate for one in found if (one.what, one.batch) == kind) for kind in kinds}
    lines = [
        "| what | batch | a second | ours at 1 ÷ it | ours at 100 ÷ it | p50 ms | p99 ms | not answered |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for kind in kinds:
        own = [one for one in found if (one.what, one.batch) == kind]
        p50, p99 = statistics.median(one.p50 for one in own), statistics.median(one.p99 for one in own)
        times = [rate["ours", batch] / rate[kind] if rate[kind] else 0 for batch in (1, 100)]
        cells = [
            kind[0],
            kind[1],
            f"{rate[kind]:,.0f}",
            *(f"{one:,.1f}" for one in times),
            f"{p50:.1f}",
            f"{p99:.1f}",
            sum(one.lost for one in own),
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), int(sys.argv[2]), float(sys.argv[3]))
