"""Who asks: read together, read again behind the batches, never believed too long."""

import asyncio
from collections.abc import Collection

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.modules.testing import sampling
from tests.world import World
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.api import sessions
from tongzhou.modules.testing.api.sessions import FRESH, RENEW, Sessions


class Desk:
    """Answers what it is asked when it is let, and remembers what that was. Odd numbers are known."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.now = 0.0
        self.word, self.down = "active", False

    async def read(self, numbers: Collection[int]) -> dict[int, str]:
        self.asked.append(sorted(numbers))
        await self.open.wait()
        if self.down:
            raise OSError("down")
        return {number: f"{self.word} {number}" for number in numbers if number % 2}

    def sessions(self) -> Sessions[str]:
        return Sessions(self.read, lambda: self.now)


def test_all_who_come_at_once_are_read_together() -> None:
    async def morning() -> None:
        desk = Desk()
        kept = desk.sessions()
        desk.open.clear()
        first = asyncio.ensure_future(kept.of(1))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        others = [asyncio.ensure_future(kept.of(n)) for n in (2, 3, 3, 1)]
        await asyncio.sleep(0)
        desk.open.set()
        assert await asyncio.gather(first, *others) == ["active 1", None, "active 3", "active 3", "active 1"]
        assert desk.asked == [[1], [2, 3]]
        assert [await kept.of(n) for n in (1, 2, 3)] == ["active 1", None, "active 3"]
        assert len(desk.asked) == 2

    asyncio.run(morning())


def test_what_grows_old_is_read_again_while_it_is_believed_and_not_believed_longer() -> None:
    async def later() -> None:
        desk = Desk()
        kept = desk.sessions()
        assert await kept.of(1) == "active 1"
        desk.word, desk.now = "revoked", RENEW
        desk.open.clear()
        assert await kept.of(1) == "active 1"  # at once, though nobody answers
        await asyncio.sleep(0)
        desk.now = FRESH
        waits = asyncio.ensure_future(kept.of(1))
        await asyncio.sleep(0)
        assert not waits.done()
        desk.open.set()
        assert (await waits, desk.asked) == ("revoked 1", [[1], [1]])

    asyncio.run(later())


def test_who_has_spoken_is_read_again_with_the_first_that_needs_it_and_who_is_silent_is_not() -> None:
    async def later() -> None:
        desk = Desk()
        kept = desk.sessions()
        for number in (1, 3, 5):
            await kept.of(number)
        desk.now = RENEW - 1
        await kept.of(3)
        desk.now = RENEW
        await kept.of(1)
        while kept._reading and not kept._reading.done():
            await asyncio.sleep(0)
        assert desk.asked == [[1], [3], [5], [1, 3]]
        desk.now = 2 * RENEW - 1  # both were just read: neither is asked for
        assert (await kept.of(1), await kept.of(3), len(desk.asked)) == ("active 1", "active 3", 4)

    asyncio.run(later())


def test_who_cannot_be_read_is_told_and_asked_for_again() -> None:
    async def broken() -> None:
        desk = Desk()
        kept = desk.sessions()
        desk.down = True
        with pytest.raises(OSError, match="down"):
            await kept.of(1)
        desk.down = False
        assert await kept.of(1) == "active 1"

    asyncio.run(broken())


def test_one_that_hangs_up_takes_the_answer_from_nobody() -> None:
    async def hung_up() -> None:
        desk = Desk()
        kept = desk.sessions()
        desk.open.clear()
        gone, stays = asyncio.ensure_future(kept.of(1)), asyncio.ensure_future(kept.of(1))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        desk.open.set()
        assert await stays == "active 1"

    asyncio.run(hung_up())


def test_not_more_are_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def many() -> None:
        monkeypatch.setattr(sessions, "MOST", 3)
        desk = Desk()
        kept = desk.sessions()
        for number in range(20):
            assert await kept.of(number) == (f"active {number}" if number % 2 else None)
        assert len(kept._kept) <= 3

    asyncio.run(many())


def test_a_hundred_devices_cost_as_many_queries_as_one(cast: World) -> None:
    at = sampling.session(cast)
    beside = [sampling.device_beside(at, number) for number in range(7002, 7012)]
    with CaptureQueriesContext(connection) as one:
        assert queries.sessions([7001]) == {7001: at}
    with CaptureQueriesContext(connection) as all_of_them:
        assert queries.sessions([1, *range(7001, 7012)]) == {each.device: each for each in [at, *beside]}
    assert len(all_of_them) == len(one)
