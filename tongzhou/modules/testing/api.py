"""What devices ask, answered before Django in the same process: small questions, many of them, in the worst hour of the year.

    POST /testing/device/batch      1 to 500 items; answered item by item, after the disk has them
    GET  /testing/device/session    where the device sits, what fits into a tube, what the server holds of it
    GET  /testing/live/<ticket>     the live board as a stream of events; shed first when the writer is behind

docs/station-protocol.md says it to whoever writes the other end.
"""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
from django.db import Error, connection

from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.actions.ingest import Sheaf
from tongzhou.modules.testing.actions.ingest.waiting import Writer
from tongzhou.modules.testing.queries import Session
from tongzhou.modules.testing.rules import Ack, Answer, Unreadable
from tongzhou.modules.testing.workflow import DeviceState

Scope, Receive, Send = (
    dict[str, Any],
    Callable[[], Awaitable[dict[str, Any]]],
    Callable[[dict[str, Any]], Awaitable[None]],
)

LONGEST = 2 * 1024 * 1024  # bytes of a batch
FRESH = 10.0  # seconds a session is believed: how late a revocation may take hold
MOST_SESSIONS = 50_000
AGAIN = 2  # seconds after which to come again

writer = Writer()
_reader = ThreadPoolExecutor(1, "devices")
_sessions: dict[int, tuple[float, Session | None]] = {}


class Refused(Exception):
    """`status` and a word for the device."""

    def __init__(self, status: int, word: str) -> None:
        self.status, self.word = status, word
        super().__init__(word)


async def device(scope: Scope, receive: Receive, send: Send) -> None:
    """Everything under /testing/device/."""
    question = {
        ("POST", "/testing/device/batch"): _batch,
        ("GET", "/testing/device/session"): _session,
    }.get((scope["method"], scope["path"]))
    try:
        if question is None:
            raise Refused(404, "unknown")
        status, content = 200, await question(await _who(scope), receive)
    except Refused as fault:
        status, content = fault.status, msgspec.json.encode({"protocol": rules.ACK, "error": fault.word})
    await answer(send, status, content)


async def answer(send: Send, status: int, content: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if status == 503:
        headers.append((b"retry-after", str(AGAIN).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _batch(session: Session, receive: Receive) -> bytes:
    received = _now()
    try:
        sent_at, items = rules.items_of(await _body(receive))
    except Unreadable as fault:
        raise Refused(400, str(fault)) from None
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[list[Ack] | None] = loop.create_future()
    if not writer.offer(Sheaf(session, sent_at, items, received), partial(_hand, loop, answered)):
        raise Refused(503, "busy")
    acks = await answered
    if acks is None:
        raise Refused(503, "unavailable")
    return msgspec.json.encode(Answer(rules.ACK, session.device, received, acks))


async def _session(session: Session, receive: Receive) -> bytes:
    """What the station needs before it can work without a network, and how far the server has come with it."""
    held, last = await _read(queries.held, session)
    told = {
        "protocol": rules.ACK, "device": session.device, "now": _now(), "state": session.state, "where": session.where, "campaign": session.campaign,
        "size": session.station.size, "zones": sorted(session.station.zones), "held": held, "last_seq": last,
        "wipe": session.state == DeviceState.REVOKED,
    }  # fmt: skip
    return msgspec.json.encode(told)


async def _who(scope: Scope) -> Session:
    """The device that asks. Its secret is compared by digest; a wrong one is not told from an unknown device."""
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"").decode("latin-1")
    kind, _space, token = given.partition(" ")
    number, _dot, secret = token.partition(".")
    if kind.lower() != "device" or not (number.isascii() and number.isdigit() and len(number) < 17):
        raise Refused(401, "device")
    when, session = _sessions.get(int(number), (0.0, None))
    if time.monotonic() - when > FRESH:
        session = await _read(queries.session, int(number))
        if len(_sessions) >= MOST_SESSIONS:
            _sessions.clear()
        _sessions[int(number)] = (time.monotonic(), session)
    digest = sha256(secret.encode("latin-1")).hexdigest()
    if session is None or not hmac.compare_digest(digest, session.secret_hash):
        raise Refused(401, "device")
    return session


async def _read[T](question: Callable[..., T], *given: Any) -> T:
    try:
        return await asyncio.get_running_loop().run_in_executor(_reader, question, *given)
    except Error:
        await asyncio.get_running_loop().run_in_executor(_reader, connection.close)
        raise Refused(503, "unavailable") from None


async def _body(receive: Receive) -> bytes:
    parts, length, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "cut")
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > LONGEST:
            raise Refused(413, "size")
        more = message.get("more_body", False)
    return b"".join(parts)


def _hand(
    loop: asyncio.AbstractEventLoop, answered: "asyncio.Future[list[Ack] | None]", acks: list[Ack] | None
) -> None:
    """From the writer's thread to whoever waits; a device that hung up meanwhile waits no more."""
    loop.call_soon_threadsafe(lambda: answered.done() or answered.set_result(acks))


def _now() -> int:
    return time.time_ns() // 1_000_000
