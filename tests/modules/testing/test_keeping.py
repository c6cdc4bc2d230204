"""What is acknowledged is on the disk: a full or read-only disk, the file cut short, two writers at once.

TONGZHOU_WAL_CUTS says how often the file is cut; `make faults` cuts it thousands of times and prints what it found.
"""

import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.modules.testing import sampling
from tests.modules.testing.sampling import NOW, item, send, session, statuses, text
from tests.world import build
from tongzhou.modules.testing.actions import Sheaf
from tongzhou.modules.testing.actions.ingest.waiting import Writer, together
from tongzhou.modules.testing.models import CheckIn, Conflict, Count
from tongzhou.modules.testing.queries import Session
from tongzhou.modules.testing.rules import Verdict

CUTS = int(os.environ.get("TONGZHOU_WAL_CUTS", "150"))


@pytest.fixture
def device(committed: None) -> Session:
    return session(build())


def offered(at: Session, first: int, n: int = 3) -> Sheaf:
    return Sheaf(at, NOW, [item(i, text(i, tube=f"T{i}")) for i in range(first, first + n)], NOW)


def test_a_read_only_database_acknowledges_nothing_and_serves_again(device: Session) -> None:
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1" if sqlite else "SET default_transaction_read_only = on")
    assert together([offered(device, 1)]) == [None]
    assert together([offered(device, 1), offered(device, 9)]) == [None, None]
    connection.close()
    if not sqlite:
        connection.close_pool()  # type: ignore[attr-defined]  # with the connection that was told to read only
    assert CheckIn.objects.count() == 0
    (acks,) = together([offered(device, 1)])
    assert acks is not None
    assert statuses(acks) == ["stored"] * 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection that could break")
def test_after_a_broken_connection_the_next_batch_finds_a_whole_one(device: Session) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    base = connection.get_connection_params()
    with psycopg.connect(
        **{name: base[name] for name in ("dbname", "user", "host") if name in base}, autocommit=True
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    assert together([offered(device, 1)]) == [None]
    (acks,) = together([offered(device, 1)])
    assert acks is not None
    assert statuses(acks) == ["stored"] * 3


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a PostgreSQL cannot be told how large it may grow")
def test_a_full_disk_acknowledges_nothing_and_serves_again(device: Session) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 40}")
    kept = 0
    while True:
        (acks,) = together([offered(device, 1 + kept, 50)])
        if acks is None:
            break
        kept += 50
    assert CheckIn.objects.count() == kept > 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")
    (acks,) = together([offered(device, 1 + kept, 50)])
    assert acks is not None
    assert statuses(acks) == ["stored"] * 50
    print(f"\n{kept} check-ins until the disk was full, all of them there; 50 more once there was room")  # noqa: T201 -- a figure of `make faults`, by pytest -s


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the file of SQLite")
def test_a_wal_cut_anywhere_leaves_an_exact_prefix_of_the_batches(device: Session, tmp_path: Path) -> None:
    """What a power cut leaves: everything up to some commit, and nothing of the next. Every batch is one commit with its counters."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA wal_autocheckpoint = 0")
    for first in range(1, 200, 5):
        send(device, *offered(device, first, 5).items)
    file, chance = Path(str(connection.settings_dict["NAME"])), Random(1)
    shutil.copy(file, tmp_path / "whole")
    wal = Path(f"{file}-wal").read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint = 1000")
    found = set()
    for _cut in range(CUTS):
        shutil.copy(tmp_path / "whole", tmp_path / "cut")
        end = chance.randrange(len(wal) + 1)
        torn = bytearray(wal[:end])
        if chance.random() < 0.3:
            torn[-min(512, len(torn)) :] = bytes(min(512, len(torn)))  # the last sector was not written
        (tmp_path / "cut-wal").write_bytes(torn)
        with closing(sqlite3.connect(tmp_path / "cut")) as left:
            assert left.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            seqs = [seq for (seq,) in left.execute("SELECT seq FROM testing_checkin ORDER BY seq")]
            (counted,) = left.execute("SELECT coalesce(sum(n), 0) FROM testing_count WHERE verdict = 1").fetchone()
        assert seqs == list(range(1, len(seqs) + 1))
        assert len(seqs) % 5 == 0
        assert counted == len(seqs)
        found.add(len(seqs))
    assert len(found) > 20  # the cuts were all over the file
    print(f"\n{CUTS} cuts left {len(found)} different states, each an exact prefix of 40 batches")  # noqa: T201 -- a figure of `make faults`, by pytest -s


def test_two_writers_with_the_same_people_wait_for_each_other(device: Session) -> None:
    """Each has every person; each person is stored once and is once a conflict, and nothing is lost to a deadlock."""
    people, answers = list(range(1, 61)), dict[int, Any]()
    other = sampling.device_beside(device, 7002)
    barrier = threading.Barrier(2)

    def write(at: Session, order: list[int]) -> None:
        barrier.wait()
        sheaves = [
            Sheaf(at, NOW, [item(n, text(n, tube=f"T{at.device}N{n}")) for n in order[i : i + 10]], NOW)
            for i in range(0, 60, 10)
        ]
        answers[at.device] = [acks for one in sheaves for acks in together([one])]
        connection.close()

    threads = [
        threading.Thread(target=write, args=(device, people)),
        threading.Thread(target=write, args=(other, people[::-1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = [str(ack.status) for acks in answers.values() for batch in acks for ack in batch]
    assert sorted(said) == ["conflict"] * 60 + ["stored"] * 60
    assert (CheckIn.objects.count(), Conflict.objects.count()) == (60, 60)
    assert sum(Count.objects.filter(verdict__in=Verdict).values_list("n", flat=True)) == 120


def test_a_full_queue_is_told_at_once(device: Session) -> None:
    """Nothing is written here: the writer's thread is not started, so that what waits stays."""
    writer = Writer()
    writer._threads = [threading.current_thread()]
    sheaf, taken = offered(device, 1, 500), 0
    while writer.offer(sheaf, lambda acks: None):
        taken += 1
    assert (taken, writer.waiting) == (40, 20_000)
