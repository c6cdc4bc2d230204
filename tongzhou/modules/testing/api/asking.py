"""Who asks, and how who may not is told."""

import asyncio
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
from django.db import Error, connection

from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.api.sessions import Sessions
from tongzhou.modules.testing.queries import Session

_reader = ThreadPoolExecutor(1, "devices")


class Refused(Exception):
    """`status` and a word for the device."""

    def __init__(self, status: int, word: str) -> None:
        self.status, self.word = status, word
        super().__init__(word)


def refusal(fault: Refused) -> tuple[int, bytes]:
    return fault.status, msgspec.json.encode({"protocol": rules.ACK, "error": fault.word})


def token(authorization: bytes) -> tuple[int, str]:
    """The device's number and secret. Raises Refused."""
    kind, _space, given = authorization.decode("latin-1").partition(" ")
    number, _dot, secret = given.partition(".")
    if kind.lower() != "device" or not (number.isascii() and number.isdigit() and len(number) < 17):
        raise Refused(401, "device")
    return int(number), secret


def checked(session: Session | None, secret: str) -> Session:
    """Raises Refused; a wrong secret is not told from an unknown device."""
    if session is None or not same(secret, session.secret_hash):
        raise Refused(401, "device")
    return session


def same(secret: str, kept: str) -> bool:
    """By digest."""
    return hmac.compare_digest(sha256(secret.encode("latin-1")).hexdigest(), kept)


async def read[T](question: Callable[..., T], *given: Any, by: ThreadPoolExecutor = _reader) -> T:
    """A question to the database, beside the loop. Raises Refused where it cannot be asked."""
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(by, question, *given)
    except Error:
        await loop.run_in_executor(by, connection.close)
        raise Refused(503, "unavailable") from None


known: Sessions[Session] = Sessions(partial(read, queries.sessions))
