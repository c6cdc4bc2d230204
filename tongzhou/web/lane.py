"""How the server reads HTTP: as uvicorn does, with a lane for the small request that comes most, answered by a call.

An ASGI task for a check-in costs more than the check-in. What rooms name in `Module.lanes` is called as soon as its body is there, and
answers when it can; all else goes the usual way through asgi.py, and so does what arrives before the request ahead of it is answered.
Parsing, time limits and closing stay uvicorn's.
"""

import asyncio
import logging
import multiprocessing
import os
import threading
from functools import partial
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tongzhou.kernel.server import AGAIN, LONGEST
from tongzhou.web.asgi import application, lanes

__all__ = ["Protocol", "application"]

# a body longer than LONGEST is taken in, since an answer before its end may be lost, and given as None
ENDLESS = 8 * LONGEST  # beyond which nobody is answered
_lanes = {path.encode(): take for path, take in lanes.items()}


class Under:
    """A lane's request under way; stands where uvicorn keeps its own, with the names it asks for."""

    __slots__ = ("authorization", "disconnected", "keep_alive", "length", "parts", "response_complete", "take")
    message_event = asyncio.Event()  # set when the line is cut, and nobody waits for it

    def __init__(self, take: Any, authorization: bytes, keep_alive: bool) -> None:
        self.take, self.authorization, self.keep_alive = take, authorization, keep_alive
        self.disconnected = self.response_complete = False
        self.parts, self.length = list[bytes](), 0


class Protocol(HttpToolsProtocol):
    """One connection."""

    def on_headers_complete(self) -> None:
        take = _lanes.get(self.url)
        waits = self.expect_100_continue or self.parser.should_upgrade()
        ahead = self.cycle is not None and not self.cycle.response_complete
        if take is None or waits or ahead or self.parser.get_method() != b"POST":
            super().on_headers_complete()
            return
        authorization = next((value for name, value in self.headers if name == b"authorization"), b"")
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        self.cycle = Under(take, authorization, keep_alive)  # type: ignore[assignment]  # what uvicorn asks of a cycle, it has

    def on_body(self, body: bytes) -> None:
        under = self.cycle
        if not isinstance(under, Under):
            super().on_body(body)
        else:
            under.length += len(body)
            if under.length <= LONGEST:
                under.parts.append(body)
            elif under.length > ENDLESS:
                self.transport.close()

    def on_message_complete(self) -> None:
        under = self.cycle
        if not isinstance(under, Under):
            super().on_message_complete()
        else:
            body = b"".join(under.parts) if under.length <= LONGEST else None
            try:
                under.take(under.authorization, body, partial(self.answer, under))
            except Exception:
                logging.getLogger(__name__).exception("lane")
                self.answer(under, 500, b"{}")

    def answer(self, under: Under, status: int, content: bytes) -> None:
        """Once; to who hung up meanwhile, nothing."""
        if under.response_complete or under.disconnected or self.transport.is_closing():
            return
        under.response_complete = True
        always = b"".join([b"%s: %s\r\n" % each for each in self.server_state.default_headers])
        closes = b"" if under.keep_alive else b"connection: close\r\n"
        self.transport.write(
            b"%s%s%scontent-length: %d\r\n\r\n%s" % (_heads[status], always, closes, len(content), content)
        )
        if not under.keep_alive:
            self.transport.close()
        self.on_response_complete()


def _end_with_the_first() -> None:
    """The process that minds this one may be killed: then this one frees the address, so that another server can be started."""
    if first := multiprocessing.parent_process():
        first.join()
        os._exit(1)


threading.Thread(target=_end_with_the_first, name="end", daemon=True).start()


def _head(status: HTTPStatus) -> bytes:
    again = b"retry-after: %d\r\n" % AGAIN if status == 503 else b""
    line = b"HTTP/1.1 %d %s\r\n" % (status, status.phrase.encode())
    return line + b"content-type: application/json\r\ncache-control: no-store\r\n" + again


_heads = {int(status): _head(status) for status in HTTPStatus if status >= 200}
