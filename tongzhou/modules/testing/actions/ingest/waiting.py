"""Group commit: batches wait until the writer is free, then all that wait go in together and are answered together.

Writer threads have a connection each: while the disk is waited for in one, the other reads and packs. The queue is bounded: who finds it
full is told at once to come again, which costs nothing, instead of waiting for an answer that comes too late.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import Error, connection

from tongzhou.modules.testing.actions.ingest import Sheaf, ingest
from tongzhou.modules.testing.rules import Ack

MOST_WAITING = 20_000  # items; at 50,000 a second less than half a second
MOST_TOGETHER = 2_000  # items in one statement
WRITERS = {"postgresql": 2, "sqlite": 1}  # threads a process; SQLite lets one write at a time
GATHER = 0.001  # seconds; when many come, those of the last group come again at once, and the first of them waits for the others

Answered = Callable[[list[Ack] | None], None]  # None: not kept, come again


@dataclass(slots=True)
class _Waiting:
    sheaf: Sheaf
    answered: Answered


class Writer:
    """`offer` returns False when too much waits already. `answered` is called after the commit, by what `deliver` is given, once a group."""

    def __init__(self) -> None:
        self.deliver: Callable[[Callable[[], None]], object] = _at_once
        self._queue: deque[_Waiting] = deque()
        self._items = 0
        self._change = threading.Condition()
        self._threads: list[threading.Thread] = []

    @property
    def waiting(self) -> int:
        """Items in the queue: by which others see that they have to stand back."""
        return self._items

    def offer(self, sheaf: Sheaf, answered: Answered) -> bool:
        with self._change:
            if self._items + len(sheaf.items) > MOST_WAITING:
                return False
            self._items += len(sheaf.items)
            self._queue.append(_Waiting(sheaf, answered))
            if not self._threads:
                self._begin()
            self._change.notify()
        return True

    def _begin(self) -> None:
        self._threads = [
            threading.Thread(target=self._write, name=f"ingest {n}", daemon=True)
            for n in range(WRITERS[connection.vendor])
        ]
        for thread in self._threads:
            thread.start()

    def _write(self) -> None:
        before = 0
        while True:
            with self._change:
                while not self._queue:
                    self._change.wait()
            if before > 1:
                time.sleep(GATHER)
            with self._change:
                taken = self._take()
            if not taken:  # the other was sooner
                continue
            before = len(taken)
            answers = together([one.sheaf for one in taken])
            self.deliver(partial(_answer, taken, answers))

    def _take(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        n = 0
        while self._queue and (not taken or n + len(self._queue[0].sheaf.items) <= MOST_TOGETHER):
            taken.append(self._queue.popleft())
            n += len(taken[-1].sheaf.items)
        self._items -= n
        return taken


def _answer(taken: Sequence[_Waiting], answers: Sequence[list[Ack] | None]) -> None:
    for one, answer in zip(taken, answers, strict=True):
        one.answered(answer)


def _at_once(call: Callable[[], None]) -> None:
    call()


def together(sheaves: Sequence[Sheaf]) -> Sequence[list[Ack] | None]:
    """All in one; if that fails, each alone, so that no batch suffers for another. What cannot be kept now is told to come again."""
    try:
        return ingest(sheaves)
    except Exception as fault:  # noqa: BLE001 -- whatever it was, nobody may be told that it is kept, and the thread must live
        _report(fault)
        _mend()
        if len(sheaves) == 1 or (isinstance(fault, Error) and _away()):
            return [None] * len(sheaves)
    return [together([one])[0] for one in sheaves]


def _away() -> bool:
    """Whether the database takes nothing from anyone now: then trying each alone would only be slow."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE testing_count SET n = n WHERE n < 0")
    except Error:
        _mend()
        return True
    return False


def _mend() -> None:
    """A connection that broke is given up, so that the next group finds a whole one. Outside a request nobody else does it."""
    if connection.connection is not None and not connection.in_atomic_block and not connection.is_usable():
        connection.close()


def _report(fault: Exception) -> None:
    """The kind of fault only: a message of the database may quote what was sent."""
    import logging

    logging.getLogger(__name__).error("batches not kept: %s", type(fault).__name__)
