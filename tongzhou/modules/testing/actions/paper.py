"""Paper lists typed in afterwards, by the same door as everything else: once each, whoever types them and however often."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.actions import devices
from tongzhou.modules.testing.actions.ingest import Sheaf, ingest
from tongzhou.modules.testing.models import Device, Point
from tongzhou.modules.testing.rules import Ack, Item
from tongzhou.modules.testing.rules.paper import close_seq, line_seq
from tongzhou.modules.testing.workflow import RUN, DeviceState

TYPED = _("{by}补录纸质登记表{sheet}：{n}人")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Line:
    """One person: `who` is {"code": …} or {"person": {name, kind, number}}; `place` is the line on the paper, from 0."""

    place: int
    tube: str
    who: Mapping[str, Any]


def type_in(point: Point, sheet: int, at: datetime, lines: Sequence[Line], *, by: Person, close: bool) -> list[Ack]:
    """Answers to the lines, in order. The tubes of the sheet are closed a minute after its swabs. Raises ValidationError, PermissionDenied."""
    access.require(by, RUN, point)
    session = queries.session(_device(point, by).number)
    assert session is not None
    items = [_item(line_seq(sheet, one.place), kind="sample", at=at, tube=one.tube, **one.who) for one in lines]
    if close:
        tubes = dict.fromkeys(one.tube for one in lines)
        items += [_item(close_seq(sheet, n), kind="close", at=at + MINUTE, tube=tube) for n, tube in enumerate(tubes)]
    now = time.time_ns() // 1_000_000
    acks = ingest([Sheaf(session, now, items, now)])[0][: len(lines)]
    steps.note(point, "paper", by=by, said=TYPED, data={"sheet": sheet, "n": len(lines)})
    return acks


def _device(point: Point, by: Person) -> Device:
    """The point's paper, which counts like a device."""
    rows = Device.objects.filter(point=point, use=Device.Use.PAPER, state=DeviceState.ACTIVE)
    return rows.order_by("filed_at").first() or devices.paper(point, by=by)


def _item(seq: int, *, at: datetime, **fact: Any) -> Item:
    text = json.dumps(fact | {"at": int(at.timestamp() * 1000)}, ensure_ascii=False, sort_keys=True)
    return Item(seq, sha256(text.encode()).digest(), text)
