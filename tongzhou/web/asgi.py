"""What `tongzhou serve` runs: the pages by WSGI in a few threads, as before, and beside them the streams of kernel/live.py."""

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from tongzhou.web.wsgi import application as pages

# isort: split
from tongzhou.kernel.live import Live  # only now: models can be read once the pages' application has made Django ready

THREADS = 4  # pages rendered at once in one process; each may hold a connection to the database
_bridge: Any = WSGIMiddleware(cast(Any, pages), workers=THREADS)


async def _pages(scope: Any, receive: Any, send: Any) -> None:
    async def received() -> Any:
        return await receive()  # granian gives something to wait for, the bridge wants a coroutine

    await _bridge(scope, received, send)


application = Live(_pages)
