"""What devices ask, answered before Django in the same process: small questions, many of them, in the worst hour of the year.

    POST /testing/device/batch      1 to 500 items; answered item by item, after the disk has them
    POST /testing/device/enrol      a telephone that scanned its point's code; answers with its number and secret, this once
    POST /testing/device/results    a laboratory's results, tube by tube, line by line
    GET  /testing/device/session    where the device sits, what fits into a tube, what the server holds of it
    GET  /testing/live/<ticket>     the live board as a stream of events; shed first when the writer is behind
    GET  /testing/results/<file>    published results, where no web server in front gives them out (files.py)

docs/station-protocol.md says it to whoever writes the other end.
"""

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection

from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.actions import devices, results
from tongzhou.modules.testing.actions.ingest import Sheaf
from tongzhou.modules.testing.api.files import published
from tongzhou.modules.testing.api.sessions import Sessions
from tongzhou.modules.testing.api.shedding import BOARD, pressed, writer
from tongzhou.modules.testing.queries import Session
from tongzhou.modules.testing.rules import Ack, Answer, Unreadable
from tongzhou.modules.testing.views.pages import TICKETS, draw, shed_words
from tongzhou.modules.testing.workflow import DeviceState

__all__ = ["device", "pressed", "published", "watch"]

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

LONGEST = 2 * 1024 * 1024  # bytes of a batch
AGAIN = 2  # seconds after which to come again

LONGEST_STREAM = 600  # seconds a viewer watches before the right to do so is looked at again
LOOK = 2.0  # seconds between two looks at the figures, whoever and however many watch

_reader = ThreadPoolExecutor(1, "devices")
_drawer = ThreadPoolExecutor(1, "board")  # a thread of its own, so that no device waits for a board
_drawn: dict[tuple[str, str], tuple[float, str]] = {}


class Refused(Exception):
    """`status` and a word for the device."""

    def __init__(self, status: int, word: str) -> None:
        self.status, self.word = status, word
        super().__init__(word)


async def device(scope: Scope, receive: Receive, send: Send) -> None:
    """Everything under /testing/device/."""
    try:
        match scope["method"], scope["path"]:
            case "POST", "/testing/device/batch":
                content = await _batch(await _known(scope, receive), receive)
            case "GET", "/testing/device/session":
                content = await _session(await _who(scope), receive)
            case "POST", "/testing/device/enrol":
                content = await _enrol(receive)
            case "POST", "/testing/device/results":
                content = await _results(scope, receive)
            case _:
                raise Refused(404, "unknown")
        status = 200
    except Refused as fault:
        status, content = fault.status, msgspec.json.encode({"protocol": rules.ACK, "error": fault.word})
    await answer(send, status, content)


async def watch(scope: Scope, receive: Receive, send: Send) -> None:
    """The live board, pushed when it changes. The figures are read once for all who watch; check-ins go first."""
    try:
        key, language = signing.loads(scope["path"].rpartition("/")[2], salt=TICKETS, max_age=LONGEST_STREAM)
    except signing.BadSignature:
        return await answer(send, 401, b"{}")
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone, until, before = asyncio.ensure_future(_hung_up(receive)), time.monotonic() + LONGEST_STREAM, ""
    try:
        while not gone.done() and time.monotonic() < until:
            name, text = await _figures(key, language)
            if text != before:
                await send({"type": "http.response.body", "body": event(name, text), "more_body": True})
                before = text
            await asyncio.wait([gone], timeout=LOOK)
        if not gone.done():
            await send({"type": "http.response.body", "body": event("renew", ""), "more_body": False})
    finally:
        gone.cancel()


async def _figures(key: str, language: str) -> tuple[str, str]:
    """The event to push: the figures, or that they have to wait."""
    if writer.waiting > BOARD:
        return "behind", shed_words(language)
    when, text = _drawn.get((key, language), (0.0, ""))
    if time.monotonic() - when > LOOK / 2:
        _drawn[key, language] = (time.monotonic(), text)  # who comes meanwhile sees what was there
        try:
            text = await _read(draw, key, language, by=_drawer)
        except Refused:
            return "behind", shed_words(language)
        _drawn[key, language] = (time.monotonic(), text)
    return "figures", text


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def event(name: str, text: str) -> bytes:
    """One event of a stream; each line of its text on a line of its own (HTML standard, 9.2.6)."""
    lines = "".join(f"data: {line}\n" for line in text.splitlines() or [""])
    return f"event: {name}\n{lines}\n".encode()


async def answer(send: Send, status: int, content: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-store"),
        (b"content-length", b"%d" % len(content)),
    ]
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
    writer.deliver = loop.call_soon_threadsafe  # waking the loop costs more than answering: once for all who waited
    if not writer.offer(Sheaf(session, sent_at, items, received), partial(_set, answered)):
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


class _Enrolment(msgspec.Struct):
    code: str
    table: int
    label: str = ""


async def _enrol(receive: Receive) -> bytes:
    """By whoever holds a code that is on show; nobody else can make one."""
    asked = _decoded(await _body(receive), _Enrolment)
    try:
        made = await _read(partial(devices.enrol, asked.code, table=asked.table, label=asked.label[:60]))
    except (ValidationError, PermissionDenied):
        raise Refused(403, "code") from None
    return msgspec.json.encode({"protocol": rules.ACK, "device": made.device.number, "secret": made.secret})


class _Results(msgspec.Struct):
    results: list[results.Line]


async def _results(scope: Scope, receive: Receive) -> bytes:
    number, secret = _token(scope)
    laboratory = await _read(queries.laboratory, number)
    if laboratory is None or not _same(secret, laboratory.secret_hash):
        raise Refused(401, "device")
    lines = _decoded(await _body(receive), _Results).results
    if not 1 <= len(lines) <= rules.MOST_ITEMS:
        raise Refused(400, "size")
    said = await _read(results.take_from, laboratory, lines)
    return msgspec.json.encode({"protocol": rules.ACK, "items": said})


def _decoded[S: msgspec.Struct](body: bytes, shape: type[S]) -> S:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "shape") from None


async def _known(scope: Scope, receive: Receive) -> Session:
    """Who asks. A stranger's batch is taken in before it is refused: an answer before that is lost where a web server in front still sends."""
    try:
        return await _who(scope)
    except Refused:
        with suppress(Refused):
            await _body(receive)
        raise


async def _who(scope: Scope) -> Session:
    """The device that asks, with the session kept of it."""
    number, secret = _token(scope)
    session = await _sessions.of(number)
    if session is None or not _same(secret, session.secret_hash):
        raise Refused(401, "device")
    return session


def _same(secret: str, kept: str) -> bool:
    """By digest; a wrong secret is not told from an unknown device."""
    return hmac.compare_digest(sha256(secret.encode("latin-1")).hexdigest(), kept)


def _token(scope: Scope) -> tuple[int, str]:
    given = next((value for name, value in scope["headers"] if name == b"authorization"), b"").decode("latin-1")
    kind, _space, token = given.partition(" ")
    number, _dot, secret = token.partition(".")
    if kind.lower() != "device" or not (number.isascii() and number.isdigit() and len(number) < 17):
        raise Refused(401, "device")
    return int(number), secret


async def _read[T](question: Callable[..., T], *given: Any, by: ThreadPoolExecutor = _reader) -> T:
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(by, question, *given)
    except Error:
        await loop.run_in_executor(by, connection.close)
        raise Refused(503, "unavailable") from None


_sessions: Sessions[Session] = Sessions(partial(_read, queries.sessions))


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


def _set(answered: "asyncio.Future[list[Ack] | None]", acks: list[Ack] | None) -> None:
    """To whoever waits; a device that hung up meanwhile waits no more."""
    if not answered.done():
        answered.set_result(acks)


def _now() -> int:
    return time.time_ns() // 1_000_000
