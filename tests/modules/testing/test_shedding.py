"""More comes in than the disk takes: who stands back, in which order, and that nothing which was promised is lost.

The disk is held up by somebody else's transaction, as a disk that is full or a backup that will not end would do it.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.core import signing

from benchmarks.servers import House
from tests.modules.testing.sampling import body, item, text
from tests.modules.testing.test_gate import ask
from tongzhou.modules.testing.actions.ingest.waiting import MOST_TOGETHER, MOST_WAITING
from tongzhou.modules.testing.api.shedding import BOARD, LOOK_UPS
from tongzhou.modules.testing.rules import MOST_ITEMS
from tongzhou.modules.testing.views.pages import TICKETS

pytestmark = pytest.mark.own_house
DEVICES = 4


class Morning:
    """A house to which batches are sent by many at once, each of facts of its own."""

    def __init__(self, house: House, told: dict[str, Any]) -> None:
        self.house, self.told, self.n = house, told, 0
        self.senders = ThreadPoolExecutor(96)
        self.sent: list[Future[tuple[int, Any, dict[str, str]]]] = []

    @property
    def database(self) -> Path:
        return self.house.folder / "tongzhou.sqlite3"

    def send(self, items: int) -> None:
        """So many, in batches as long as may be."""
        for _n in range(-(-items // MOST_ITEMS)):
            self.sent.append(self.senders.submit(self.batch, self.n))
            self.n += 1

    def batch(self, n: int) -> tuple[int, Any, dict[str, str]]:
        first, now = n // DEVICES * MOST_ITEMS + 1, int(time.time() * 1000)
        # closing a tube is the smallest fact
        facts = [item(first + i, text(kind="close", tube=f"S{n:04}{i:04}", at=now)) for i in range(MOST_ITEMS)]
        return ask(self.house, "POST", "/testing/device/batch", body(facts), self.told["devices"][n % DEVICES])

    def status(self, path: str) -> int:
        return ask(self.house, "GET", path)[0]

    def board(self) -> str:
        """The first event that whoever opens the live board now is sent."""
        key = (self.house.folder / "secret").read_text()
        ticket = signing.dumps([self.told["campaign"], "en"], salt=TICKETS, key=key)
        line = HTTPConnection("127.0.0.1", self.house.port, timeout=30)
        with closing(line):
            line.request("GET", f"/testing/live/{ticket}", headers={"Host": "localhost"})
            answer = line.getresponse()
            return (answer.readline() + answer.readline()).decode()


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Morning]:
    house = House(tmp_path, workers=1)
    made = Morning(house, house.prepare(DEVICES, 1))
    house.start()
    try:
        house.answers()
        yield made
    finally:
        made.senders.shutdown(cancel_futures=True)
        house.kill()


@contextmanager
def held_up(database: Path) -> Iterator[None]:
    """Nobody else writes meanwhile; everybody may read. Shorter than a writer waits for its lock, which is 20 s."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def soon(found: Callable[[], bool]) -> None:
    until = time.monotonic() + 12
    while not found():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_board_stands_back_first_then_files_and_look_ups_and_batches_last(morning: Morning) -> None:
    results = "/testing/results/bench/index.txt"
    assert morning.board().startswith("event: figures\n")
    assert (morning.status("/bench/testing/export.xlsx"), morning.status(results), morning.status("/health/")) == (
        302,
        404,
        200,
    )
    with held_up(morning.database):
        # the writer holds up to a whole group in its hands; more than BOARD must wait even then
        morning.send(BOARD + MOST_TOGETHER + MOST_ITEMS)
        soon(lambda: morning.board().startswith("event: behind\ndata: The server is busy"))
        assert (morning.status("/bench/testing/export.xlsx"), morning.status(results), morning.status("/health/")) == (
            503,
            404,
            200,
        )
        morning.send(LOOK_UPS - BOARD)
        soon(lambda: morning.status(results) == 503)
        assert morning.status("/health/") == 200
        assert not any(one.done() for one in morning.sent), "a batch was answered before the disk had it"
        morning.send(MOST_WAITING)
        soon(lambda: any(one.done() for one in morning.sent))
        soon(lambda: sum(one.done() for one in morning.sent) >= LOOK_UPS // MOST_ITEMS)
        refused = [one.result() for one in morning.sent if one.done()]
        assert {(status, told["error"], headers["retry-after"]) for status, told, headers in refused} == {
            (503, "busy", "2")
        }
    every = [one.result() for one in morning.sent]
    assert Counter(status for status, _told, _headers in every).keys() == {200, 503}
    kept = [ack["status"] for status, told, _headers in every if status == 200 for ack in told["items"]]
    assert MOST_WAITING <= len(kept) <= MOST_WAITING + 2 * MOST_TOGETHER
    assert set(kept) == {"stored"}
    assert stored(morning) == len(kept), "what was refused is not there, what was acknowledged is"
    again = [morning.batch(n)[:2] for n, (status, _told, _headers) in enumerate(every) if status == 503]
    assert {ack["status"] for _status, told in again for ack in told["items"]} == {"stored"}
    assert stored(morning) == morning.n * MOST_ITEMS
    assert morning.board().startswith("event: figures\n")
    assert (morning.status("/bench/testing/export.xlsx"), morning.status(results)) == (302, 404)


def stored(morning: Morning) -> int:
    with closing(sqlite3.connect(morning.database)) as database:
        return int(database.execute("SELECT COUNT(*) FROM testing_checkin").fetchone()[0])
