"""Paper lists typed in afterwards, by the same door as everything else: once each, whoever types them and however often."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.actions import devices
from tongzhou.modules.testing.actions.ingest import Sheaf, ingest
from tongzhou.modules.testing.models import Device, Point
from tongzhou.modules.testing.rules import Ack, Item
from tongzhou.modules.testing.rules.paper import close_seq, line_seq, sheet_number
from tongzhou.modules.testing.workflow import RUN, DeviceState

PRINTED = _("{by}打印纸质登记表{n}张：{first}至{last}")
TYPED = _("{by}补录纸质登记表{sheet}：{n}人")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Line:
    """One person: `who` is {"code": …} or {"person": {name, kind, number}}; `place` is the line on the paper, from 0."""

    place: int
    tube: str
    who: Mapping[str, Any]


@transaction.atomic
def number(point: Point, n: int, *, by: Person) -> list[int]:
    """The numbers of `n` sheets to be printed, which no other sheet of the point bears; who printed which is an entry."""
    access.require(by, RUN, point)
    own = Point.objects.filter(pk=point.pk)
    own.update(sheets=F("sheets") + n)
    last = own.values_list("sheets", flat=True).get()
    numbers = [sheet_number(count, point.pk) for count in range(last - n + 1, last + 1)]
    steps.note(point, "print", by=by, said=PRINTED, data={"n": n, "first": numbers[0], "last": numbers[-1]})
    return numbers


def type_in(point: Point, sheet: int, at: datetime, lines: Sequence[Line], *, by: Person, close: bool) -> list[Ack]:
    """Answers to the lines, in order. The tubes of the sheet are closed a minute after its swabs. Raises ValidationError, PermissionDenied.

    The time is the sheet's and not the line's, and handwriting: a line is the same whatever minute was read, and keeps the first.
    """
    access.require(by, RUN, point)
    session = queries.session(_device(point, by).number)
    assert session is not None
    facts = [(line_seq(sheet, one.place), at, {"kind": "sample", "tube": one.tube, **one.who}) for one in lines]
    if close:
        tubes = dict.fromkeys(one.tube for one in lines)
        facts += [(close_seq(sheet, n), at + MINUTE, {"kind": "close", "tube": tube}) for n, tube in enumerate(tubes)]
    now = time.time_ns() // 1_000_000
    marks = [_digest(_text(fact)) for _seq, _at, fact in facts]
    acks = ingest([Sheaf(session, now, [_item(*one) for one in facts], now, marks)])[0][: len(lines)]
    steps.note(point, "paper", by=by, said=TYPED, data={"sheet": sheet, "n": len(lines)})
    return acks


def _device(point: Point, by: Person) -> Device:
    """The point's paper, which counts like a device."""
    rows = Device.objects.filter(point=point, use=Device.Use.PAPER, state=DeviceState.ACTIVE)
    return rows.order_by("filed_at").first() or devices.paper(point, by=by)


def _item(seq: int, at: datetime, fact: dict[str, Any]) -> Item:
    text = _text(fact | {"at": int(at.timestamp() * 1000)})
    return Item(seq, _digest(text), text)


def _text(fact: dict[str, Any]) -> str:
    return json.dumps(fact, ensure_ascii=False, sort_keys=True)


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
