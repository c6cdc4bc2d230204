"""Who asks, kept for some seconds: no batch waits for the database to say it, but the first of a device.

In the morning all devices come at once, and every few seconds all are to be looked at again. Whoever waits for the reader is read
together with all who wait; what is about to be too old is read anew while batches go on, and with it whoever has spoken and would be
the next to need it: one question every few seconds, and not one for each device.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from itertools import chain, islice

FRESH = 10.0  # seconds a session is believed: how late a revocation may take hold
RENEW = FRESH / 2  # seconds after which it is read again, behind the batches
MOST = 50_000  # devices remembered
TOGETHER = 500  # read by one question


class Sessions[S]:
    """`read` is asked for many numbers at a time and leaves out those it does not know; it raises when it cannot say."""

    def __init__(
        self, read: Callable[[Collection[int]], Awaitable[dict[int, S]]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._now = read, now
        self._kept: dict[int, tuple[float, S | None]] = {}
        self._asked: dict[int, asyncio.Future[S | None]] = {}
        self._spoke: set[int] = set()  # since they were read
        self._reading: asyncio.Task[None] | None = None

    def at_hand(self, number: int) -> S | None:
        """The session of a device, at most FRESH seconds old, where nobody has to be asked for it."""
        when, session = self._kept.get(number, (-FRESH, None))
        age = self._now() - when
        self._spoke.add(number)
        if age >= RENEW:
            self._ask(number)
        return session if age < FRESH else None

    async def of(self, number: int) -> S | None:
        """The session of a device, or None where there is none. Raises what `read` raises."""
        session = self.at_hand(number)
        if session is None and number in self._asked:
            # others wait for the same: one that hangs up takes it from nobody
            return await asyncio.shield(self._asked[number])
        return session

    def _ask(self, number: int) -> asyncio.Future[S | None]:
        if number not in self._asked:
            self._asked[number] = asyncio.get_running_loop().create_future()
            self._asked[number].add_done_callback(asyncio.Future.exception)  # nobody may wait for it: seen all the same
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._read_all())
        return self._asked[number]

    async def _read_all(self) -> None:
        while self._asked:
            numbers, now = self._next(), self._now()
            try:
                found = await self._read(numbers)
            except Exception as fault:  # noqa: BLE001 -- handed on to whoever waits
                for number in numbers:
                    if told := self._asked.pop(number, None):
                        told.set_exception(fault)
                continue
            if len(self._kept) + len(numbers) > MOST:
                self._kept.clear()
            for number in numbers:
                self._kept[number] = (now, found.get(number))
                if told := self._asked.pop(number, None):
                    told.set_result(found.get(number))

    def _next(self) -> list[int]:
        """Who waits, then who has spoken and would be asked for soon."""
        old = self._now() - RENEW / 2
        soon = (number for number, (when, _who) in self._kept.items() if when < old and number in self._spoke)
        numbers = list(islice(dict.fromkeys(chain(self._asked, soon)), TOGETHER))
        self._spoke.difference_update(numbers)
        return numbers
