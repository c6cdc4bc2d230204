"""Nudges to open pages: a stream of events that says only that something changed; the page then asks again at its ordinary address.

The stream is an ASGI callable beside Django, so no thread and no database connection is held for a page that is open. A process with
open pages asks the rooms twice a second, for all its pages together, what their subjects look like now (`Module.live`). Who may
listen was decided by the page that made the ticket, which is signed; the stream itself carries no content.

Without it (another server, a proxy that does not let streams through) a page asks by itself every few seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from django.core import signing
from django.db import DatabaseError, close_old_connections

from tongzhou.kernel import module

ADDRESS = "/live/"
LOOK_EVERY = 0.5  # seconds: how late a page may learn of a change
STILL_HERE = 15.0  # seconds between signs of life, well within the minute after which proxies give up
LONGEST = 1800.0  # seconds; the browser then comes again by itself
TICKET_HOLDS = 12 * 3600  # seconds
MOST = 1000  # open pages in one process, well under what its server lets in at once; who comes later asks by itself

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


def address(subjects: Iterable[str]) -> str:
    """Where a page listens to these subjects, "<room>/<kind>/<key>". The caller has checked that whoever sees the page may see them."""
    return f"{ADDRESS}?ticket={signing.dumps(sorted(subjects), salt=ADDRESS, compress=True)}"


@dataclass(eq=False)
class Listener:
    subjects: tuple[str, ...]
    seen: dict[str, str] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """`Live(pages)`: the streams, and everything else as before."""

    def __init__(self, pages: App) -> None:
        self.pages = pages
        self.listeners: set[Listener] = set()
        self.watching: asyncio.Task[None] | None = None
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
        self.closing = asyncio.Event()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == ADDRESS:
            await self._stream(scope, receive, send)
        else:
            await self.pages(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.closing.set()
        for listener in self.listeners:
            listener.changed.set()
        await send({"type": "lifespan.shutdown.complete"})

    async def _stream(self, scope: Message, receive: Receive, send: Send) -> None:
        subjects = _subjects(scope)
        if subjects is None or len(self.listeners) >= MOST or scope["method"] != "GET":
            await _refuse(send, 403 if subjects is None else 503)
            return
        listener = Listener(subjects)
        self.listeners.add(listener)
        if self.watching is None or self.watching.done():
            self.watching = asyncio.create_task(self._watch())
        gone = asyncio.create_task(_gone(receive))
        telling = asyncio.create_task(self._tell(listener, send))
        try:
            await asyncio.wait({gone, telling}, timeout=LONGEST, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.listeners.discard(listener)
            gone.cancel()
            telling.cancel()

    async def _tell(self, listener: Listener, send: Send) -> None:
        headers = {"content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no"}
        await send({"type": "http.response.start", "status": 200, "headers": _headers(headers)})
        await _say(send, "retry: 3000\n\n")
        while not self.closing.is_set():
            try:
                await asyncio.wait_for(listener.changed.wait(), STILL_HERE)
            except TimeoutError:
                await _say(send, ": \n\n")
                continue
            listener.changed.clear()
            await _say(send, "data: changed\n\n")
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _watch(self) -> None:
        """As long as anyone listens: look, and wake those for whom something is different.

        The first look differs from none: what changed after the page had been drawn and before anyone looked is not missed.
        """
        while self.listeners and not self.closing.is_set():
            subjects = sorted({one for listener in self.listeners for one in listener.subjects})
            now = await asyncio.get_running_loop().run_in_executor(self.thread, look, subjects)
            for listener in self.listeners if now is not None else ():
                mine = {one: now[one] for one in listener.subjects if now and one in now}
                if mine != listener.seen:
                    listener.changed.set()
                listener.seen = mine
            await asyncio.sleep(LOOK_EVERY)


def look(subjects: list[str]) -> dict[str, str] | None:
    """What each subject looks like now, as its room says in a few letters; None when the database cannot be asked."""
    try:
        found: dict[str, str] = {}
        for room in module.rooms():
            mine = [one for one in subjects if one.startswith(f"{room.name}/")]
            if room.live and mine:
                found |= room.live(mine)
        return found
    except DatabaseError:
        return None
    finally:
        close_old_connections()


def _subjects(scope: Message) -> tuple[str, ...] | None:
    query = parse_qs(scope["query_string"].decode("latin-1"))
    try:
        return tuple(signing.loads(query.get("ticket", [""])[0], salt=ADDRESS, max_age=TICKET_HOLDS))
    except signing.BadSignature:
        return None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers({"content-type": "text/plain"})})
    await send({"type": "http.response.body", "body": b""})


async def _say(send: Send, words: str) -> None:
    await send({"type": "http.response.body", "body": words.encode(), "more_body": True})


def _headers(given: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in given.items()]
