"""Exactly once, shown: many senders, bad networks, and everything killed at random. `make faults`; the suite runs it in a short form.

    python benchmarks/faults.py                            200,000 check-ins, 16 senders, 200 kills, on SQLite and on PostgreSQL
    python benchmarks/faults.py postgresql 20000 8 20      one engine, check-ins, senders, kills

Each sender is a device of its own: it records, sends in any order, sends again, hangs up before or after the answer, and believes
only an answer that is whole. At the end everything has been acknowledged; then the database is asked. Acknowledged and missing must
be 0, and doubled must be 0, whatever was killed. The servers run at a low priority (nice 15).
"""

import json
import socket
import sys
import threading
import time
from base64 import b64encode
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

import psycopg

from benchmarks.servers import House, Postgres, on

MOST = 100  # items in a batch
PACE = 0.8  # of the time that the kills take, senders have something new to record
DONE = ("stored", "duplicate", "conflict")


@dataclass
class Sender:
    """A device with its outbox."""

    number: int
    secret: str
    codes: list[str]
    port: int
    seed: int
    patience: float = 1800.0  # seconds without the end
    pause: float = 0.0  # seconds between two batches, on average
    seq: int = 0
    facts: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    acked: dict[int, str] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        chance, until = Random(self.seed), time.monotonic() + self.patience
        while (self.codes or len(self.acked) < len(self.facts)) and time.monotonic() < until:
            for _one in range(chance.randint(1, MOST)):
                self._record()
            waiting = [seq for seq in self.facts if seq not in self.acked]
            chosen = chance.sample(waiting, min(len(waiting), chance.randint(1, MOST)))
            again = chance.sample(sorted(self.acked), min(len(self.acked), chance.choice((0, 0, 0, 2, 20))))
            batch = chosen + again + chance.sample(chosen, len(chosen) // 10)
            chance.shuffle(batch)
            if batch:
                self._send(batch, chance)
            time.sleep(2 * self.pause * chance.random())

    def _record(self) -> None:
        if not self.codes:
            return
        self.seq += 1
        fact = {
            "kind": "sample",
            "at": int(time.time() * 1000),
            "tube": f"T{self.number % 10**6}N{self.seq // 10}",
            "code": self.codes.pop(),
        }
        text = json.dumps(fact)
        self.facts[self.seq] = text, sha256(text.encode()).digest()

    def _send(self, batch: list[int], chance: Random) -> None:
        items = [
            {"seq": seq, "digest": b64encode(self.facts[seq][1]).decode(), "text": self.facts[seq][0]} for seq in batch
        ]
        body = json.dumps({"protocol": "tz-batch-1", "sent_at": int(time.time() * 1000), "items": items}).encode()
        head = f"POST /testing/device/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Device {self.number}.{self.secret}\r\n"
        whole = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        way = chance.choices(("whole", "cut", "deaf", "half"), (85, 5, 7, 3))[0]
        self.sent[way] += 1
        try:
            with socket.create_connection(("127.0.0.1", self.port), 20) as line:
                line.settimeout(30)
                line.sendall(whole[: chance.randrange(len(whole))] if way == "cut" else whole)
                if way in ("cut", "deaf"):
                    time.sleep(chance.random() * 0.02)
                    return
                answer = b"".join(iter(lambda: line.recv(65536), b""))
        except OSError:
            self.sent["broken"] += 1
            time.sleep(chance.random() * 0.5)
            return
        self._believe(answer[: len(answer) // 2] if way == "half" else answer)

    def _believe(self, answer: bytes) -> None:
        head, _gap, body = answer.partition(b"\r\n\r\n")
        try:
            told = json.loads(body) if b" 200 " in head.split(b"\r\n")[0] else {}
        except ValueError:
            told = {}
        if told.get("protocol") != "tz-ack-1" or "items" not in told:
            self.sent["unanswered"] += 1
            time.sleep(0.05)
            return
        for one in told["items"]:
            seq = one.get("seq")
            if (
                seq in self.facts
                and one.get("digest") == b64encode(self.facts[seq][1]).decode()
                and one["status"] in DONE
            ):
                self.acked.setdefault(seq, one["status"])


@dataclass(frozen=True)
class Figures:
    engine: str
    senders: int
    recorded: int
    acknowledged: int
    missing: int
    doubled: int
    miscounted: int  # difference between the counters and the rows; tubes the same
    conflicts: int
    kills: dict[str, int]
    sent: dict[str, int]
    seconds: float


def run(
    engine: str, checkins: int, senders: int, kills: int, every: float = 1.5, seed: int = 1, patience: float = 1800
) -> Figures:
    """One house, killed `kills` times at random while `senders` devices hand in `checkins`."""
    with on(engine) as (house, database):
        told = house.prepare(senders, checkins)
        share = checkins // senders
        pause = PACE * kills * every / (share / (MOST / 2))
        devices = [
            Sender(
                number, secret, told["codes"][i * share : (i + 1) * share], house.port, seed * 1000 + i, patience, pause
            )
            for i, (number, secret) in enumerate(told["devices"])
        ]
        house.start()
        house.answers()
        begun = time.monotonic()
        threads = [threading.Thread(target=one.run) for one in devices]
        for thread in threads:
            thread.start()
        killed = _kill(house, database, threads, kills, every, Random(seed))
        while any(thread.is_alive() for thread in threads):
            house.keep_up()
            time.sleep(0.2)
        return _figures(engine, devices, killed, time.monotonic() - begun, house, database)


def _kill(
    house: House, database: Postgres | None, threads: list[threading.Thread], kills: int, every: float, chance: Random
) -> Counter[str]:
    """Workers most of the time, the whole server or the database sometimes; then up again at once."""
    done: Counter[str] = Counter()
    while done.total() < kills and any(thread.is_alive() for thread in threads):
        time.sleep(chance.uniform(0.2, 2 * every - 0.2))
        house.keep_up()
        what = chance.choices(("worker", "server", "database"), (6, 1, 3 if database else 0))[0]
        if what == "worker":
            done[what] += house.kill_worker(chance)
        elif what == "server":
            house.kill()
            house.start()
            done[what] += 1
        elif database:
            database.kill()
            database.start()
            done[what] += 1
    return done


def _figures(
    engine: str, devices: list[Sender], killed: Counter[str], seconds: float, house: House, database: Postgres | None
) -> Figures:
    rows, conflicts, counted, in_tubes = _asked(house, database)
    kept = Counter((device, seq) for device, seq in rows)
    acked = {(one.number, seq) for one in devices for seq in one.acked}
    aside = {(device, seq) for device, seq, stored in conflicts}
    only_aside = sum(not stored for _device, _seq, stored in conflicts)
    return Figures(
        engine, len(devices), sum(len(one.facts) for one in devices), len(acked), len(acked - set(kept) - aside),
        sum(n > 1 for n in kept.values()) + len(set(kept) & {(d, s) for d, s, stored in conflicts if not stored}),
        abs(counted - len(rows) - only_aside) + abs(in_tubes - len(rows) - only_aside), len(conflicts), dict(killed),
        dict(sum((one.sent for one in devices), Counter())), round(seconds, 1),
    )  # fmt: skip


ASKED = (
    "SELECT device, seq FROM testing_checkin",
    "SELECT device, seq, stored FROM testing_conflict",
    "SELECT coalesce(sum(n), 0) FROM testing_count WHERE verdict < 20",
    "SELECT coalesce(sum(people), 0) FROM testing_tube",
)


def _asked(house: House, database: Postgres | None) -> tuple[Any, Any, int, int]:
    if database:
        with psycopg.connect(database.url) as line:
            rows, conflicts, counted, people = (line.execute(one).fetchall() for one in ASKED)
    else:
        import sqlite3

        with closing(sqlite3.connect(house.folder / "tongzhou.sqlite3")) as line:
            assert line.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows, conflicts, counted, people = (line.execute(one).fetchall() for one in ASKED)
    return rows, conflicts, int(counted[0][0]), int(people[0][0])


def main(arguments: list[str]) -> int:
    engines = [arguments[0]] if arguments else ["sqlite", "postgresql"]
    numbers = [int(one) for one in arguments[1:4]] or [200_000, 16, 200]
    good = True
    for engine in engines:
        found = run(engine, *numbers)
        print(f"{engine}: {found}", flush=True)
        good = (
            good and not (found.missing or found.doubled or found.miscounted) and found.acknowledged == found.recorded
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
