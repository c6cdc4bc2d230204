"""A batch, answered by a call when the disk has it: no task and no future stands for it, since they would cost more than all the rest."""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec

from tongzhou.modules.testing import rules
from tongzhou.modules.testing.actions.ingest import Sheaf
from tongzhou.modules.testing.api.asking import Refused, checked, known, refusal, token
from tongzhou.modules.testing.api.shedding import writer
from tongzhou.modules.testing.queries import Session
from tongzhou.modules.testing.rules import Ack, Answer, Unreadable

type Answered = Callable[[int, bytes], object]  # status, content; called in the loop, once


def batch(authorization: bytes, body: bytes | None, answered: Answered) -> None:
    """One to 500 items of a device; None where it sent more than is taken in. In a running loop."""
    try:
        number, secret = token(authorization)
    except Refused as fault:
        answered(*refusal(fault))
        return
    session = known.at_hand(number)
    if session is None:
        waits = asyncio.ensure_future(known.of(number))
        waits.add_done_callback(lambda told: _met(told, secret, body, answered))
    else:
        _offer(session, secret, body, answered)


def _met(told: asyncio.Future[Session | None], secret: str, body: bytes | None, answered: Answered) -> None:
    """Who comes for the first time, or after a while."""
    if told.cancelled() or told.exception():
        answered(*refusal(Refused(503, "unavailable")))
    else:
        _offer(told.result(), secret, body, answered)


def _offer(session: Session | None, secret: str, body: bytes | None, answered: Answered) -> None:
    received = rules.now()
    try:
        who = checked(session, secret)
        if body is None:
            raise Refused(413, "size")
        sent_at, items = rules.items_of(body)
        # waking the loop costs more than answering: once for all who waited
        writer.deliver = asyncio.get_running_loop().call_soon_threadsafe
        if not writer.offer(Sheaf(who, sent_at, items, received), partial(_acknowledge, who, received, answered)):
            raise Refused(503, "busy")
    except Unreadable as fault:
        answered(*refusal(Refused(400, str(fault))))
    except Refused as fault:
        answered(*refusal(fault))


def _acknowledge(session: Session, received: int, answered: Answered, acks: list[Ack] | None) -> None:
    if acks is None:
        answered(*refusal(Refused(503, "unavailable")))
    else:
        answered(200, msgspec.json.encode(Answer(rules.ACK, session.device, received, acks)))
