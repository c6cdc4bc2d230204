"""What `tongzhou serve` runs: the rooms' gates and the streams of kernel/live.py, and behind them the pages by WSGI in a few threads, as before."""

import re
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from tongzhou.web.wsgi import application as pages

# isort: split
from tongzhou.kernel import module  # only now: models can be read once the pages' application has made Django ready
from tongzhou.kernel.live import Live

THREADS = 4  # pages rendered at once in one process; each may hold a connection to the database
MOST_WAITING = 200  # pages that wait for a thread; beyond it they are refused, so that gates stay quick
MADE = re.compile(r"\.(?:xlsx|docx|pdf|zip|md)$")  # files made for whoever asks: what costs most and can wait best
_bridge: Any = WSGIMiddleware(cast(Any, pages), workers=THREADS)
_gates = [(prefix, gate) for room in module.rooms() for prefix, gate in room.gates.items()]
lanes = {path: take for room in module.rooms() for path, take in room.lanes.items()}  # see lane.py
_pressed = [room.pressed for room in module.rooms() if room.pressed]
_waiting = 0


async def application(scope: Any, receive: Any, send: Any) -> None:
    """A room's gate answers what begins with its address (`Module.gates`)."""
    for prefix, gate in _gates:
        if scope["type"] == "http" and scope["path"].startswith(prefix):
            await gate(scope, receive, send)
            return
    await _live(scope, receive, send)


async def _pages(scope: Any, receive: Any, send: Any) -> None:
    global _waiting  # noqa: PLW0603 -- one number for one process; a class around it would say no more

    if _waiting >= MOST_WAITING or (MADE.search(scope["path"]) and any(pressed() for pressed in _pressed)):
        await _refused(send)
        return
    _waiting += 1
    try:
        await _bridge(scope, receive, send)
    finally:
        _waiting -= 1


async def _refused(send: Any) -> None:
    headers = [
        (b"retry-after", b"10"),
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": "繁忙，请稍后再试。 Busy, please try again later.\n".encode()})


_live = Live(_pages)
