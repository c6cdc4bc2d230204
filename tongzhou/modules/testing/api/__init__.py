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
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError

from tongzhou.kernel.server import AGAIN, LONGEST
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.actions import devices, results
from tongzhou.modules.testing.api.asking import Refused, checked, known, read, refusal, same, token
from tongzhou.modules.testing.api.batches import batch
from tongzhou.modules.testing.api.files import published
from tongzhou.modules.testing.api.shedding import BOARD, pressed, writer
from tongzhou.modules.testing.queries import Session
from tongzhou.modules.testing.views.pages import TICKETS, draw, shed_words
from tongzhou.modules.testing.workflow import DeviceState

__all__ = ["batch", "device", "pressed", "published", "watch"]

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

LONGEST_STREAM = 600  # seconds a viewer watches before the right to do so is looked at again
LOOK = 2.0  # seconds between two looks at the figures, whoever and however many watch

_drawer = ThreadPoolExecutor(1, "board")  # a thread of its own, so that no device waits for a board
_drawn: dict[tuple[str, str], tuple[float, str]] = {}


async def device(scope: Scope, receive: Receive, send: Send) -> None:
    """Everything under /testing/device/."""
    try:
        match scope["method"], scope["path"]:
            case "POST", "/testing/device/batch":
                status, content = await _batch(scope, receive)
                await answer(send, status, content)
                return
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
        status, content = refusal(fault)
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
            text = await read(draw, key, language, by=_drawer)
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


async def _batch(scope: Scope, receive: Receive) -> tuple[int, bytes]:
    answered: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
    batch(_authorization(scope), await _body(receive), partial(_tell, answered))
    return await answered


def _tell(answered: asyncio.Future[tuple[int, bytes]], status: int, content: bytes) -> None:
    """A device that hung up meanwhile waits no more."""
    if not answered.done():
        answered.set_result((status, content))


async def _session(session: Session, receive: Receive) -> bytes:
    """What the station needs before it can work without a network, and how far the server has come with it."""
    held, last = await read(queries.held, session)
    told = {
        "protocol": rules.ACK, "device": session.device, "now": rules.now(), "state": session.state, "where": session.where, "campaign": session.campaign,
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
        made = await read(partial(devices.enrol, asked.code, table=asked.table, label=asked.label[:60]))
    except (ValidationError, PermissionDenied):
        raise Refused(403, "code") from None
    return msgspec.json.encode({"protocol": rules.ACK, "device": made.device.number, "secret": made.secret})


class _Results(msgspec.Struct):
    results: list[results.Line]


async def _results(scope: Scope, receive: Receive) -> bytes:
    number, secret = token(_authorization(scope))
    laboratory = await read(queries.laboratory, number)
    if laboratory is None or not same(secret, laboratory.secret_hash):
        raise Refused(401, "device")
    lines = _decoded(await _body(receive), _Results).results
    if not 1 <= len(lines) <= rules.MOST_ITEMS:
        raise Refused(400, "size")
    said = await read(results.take_from, laboratory, lines)
    return msgspec.json.encode({"protocol": rules.ACK, "items": said})


def _decoded[S: msgspec.Struct](body: bytes, shape: type[S]) -> S:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "shape") from None


async def _who(scope: Scope) -> Session:
    """The device that asks, with the session kept of it."""
    number, secret = token(_authorization(scope))
    return checked(await known.of(number), secret)


def _authorization(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"authorization"), b"")


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
