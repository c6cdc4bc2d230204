"""What the server calls: a room's gates first (`Module.gates`), else Django, which stays what it is, a WSGI application in a few threads.

Django's own ASGI handler costs each page several times what it costs here, and its views gain nothing by it: they wait for the
database in a thread either way. docs/decisions/0017 has the figures.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import Any

from asgiref.wsgi import WsgiToAsgiInstance

from tongzhou.web.wsgi import application as django

from tongzhou.kernel import module  # isort: skip -- after Django is set up

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

THREADS = int(os.environ.get("TONGZHOU_THREADS") or 4)
MOST_WAITING = 200  # pages that wait for a thread; beyond it they are shed, so that gates stay quick
IN_MEMORY = 256 * 1024

_threads = ThreadPoolExecutor(THREADS, "page")
_gates = [(prefix, gate) for room in module.rooms() for prefix, gate in room.gates.items()]
_waiting = 0


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        raise ValueError(scope["type"])
    for prefix, gate in _gates:
        if scope["path"].startswith(prefix):
            await gate(scope, receive, send)
            return
    await _page(scope, receive, send)


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    global _waiting  # noqa: PLW0603 -- one number for one process; a class around it would say no more
    if _waiting >= MOST_WAITING:
        await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"5")]})
        await send({"type": "http.response.body", "body": "繁忙，请稍后再试。 Busy, please try again.".encode()})
        return
    _waiting += 1
    try:
        with SpooledTemporaryFile(IN_MEMORY) as body:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                body.write(message.get("body", b""))
                if not message.get("more_body"):
                    break
            body.seek(0)
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(_threads, _answer, scope, body, lambda part: _sent(loop, send, part))
    finally:
        _waiting -= 1


def _answer(scope: Scope, body: Any, send: Callable[[dict[str, Any]], None]) -> None:
    """One page, in a thread: the head goes with the first part of the body, as WSGI allows it to change until then."""
    head: dict[str, Any] = {}

    def start(status: str, headers: Iterable[tuple[str, str]], exc_info: Any = None) -> None:
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        head.update(type="http.response.start", status=int(status[:3]), headers=encoded)

    bridge: Any = WsgiToAsgiInstance(django)  # type: ignore[no-untyped-call]
    bridge.scope = scope
    parts: Any = django(bridge.build_environ(scope, body), start)  # type: ignore[arg-type]
    try:
        begun = False
        for part in parts:
            if not begun:
                begun = True
                send(head)
            if part:
                send({"type": "http.response.body", "body": part, "more_body": True})
        if not begun:
            send(head)
        send({"type": "http.response.body", "body": b""})
    finally:
        if hasattr(parts, "close"):
            parts.close()  # tells Django that the request is over: connections go back


def _sent(loop: asyncio.AbstractEventLoop, send: Send, part: dict[str, Any]) -> None:
    asyncio.run_coroutine_threadsafe(_whole(send, part), loop).result()


async def _whole(send: Send, part: dict[str, Any]) -> None:
    await send(part)
