"""A campaign with a point and devices, and what a device would send."""

import hashlib
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from tests.world import World
from tongzhou.kernel import module, steps
from tongzhou.kernel.models import Unit
from tongzhou.modules.testing import queries, rules
from tongzhou.modules.testing.actions.ingest import Sheaf, ingest
from tongzhou.modules.testing.models import Campaign, Device, Point
from tongzhou.modules.testing.queries import Session
from tongzhou.modules.testing.rules import Ack, Item

NOW = int(datetime(2022, 9, 7, 1, 0, tzinfo=UTC).timestamp() * 1000)  # 9 o'clock in Benxi
DAY = datetime(2022, 9, 7, tzinfo=UTC).date()
SECRET = "correct-horse"


def campaign(cast: World, unit: Unit | None = None, **fields: Any) -> Campaign:
    made = Campaign(
        response=cast.response, unit=unit or cast.units.district,
        **{"happened_on": DAY, "name": "测试区第15轮", "mode": "ten", "expected": 1000} | fields,
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


def point(cast: World, of: Campaign, unit: Unit | None = None, **fields: Any) -> Point:
    made = Point(
        response=of.response, unit=unit or cast.units.street1, campaign=of, happened_on=DAY,
        **{"name": "东街小学", "tables": 4, "expected": 500} | fields,
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


def device(cast: World, at: Point, number: int = 7001, table: int = 1, **fields: Any) -> Device:
    made = Device(
        response=at.response, unit=at.unit, campaign=at.campaign, point=at, table=table, label=f"{at} {table}", number=number,
        secret_hash=hashlib.sha256(SECRET.encode()).hexdigest(), enrolled_at=datetime.fromtimestamp(NOW / 1000, UTC) - timedelta(hours=3),
        happened_on=DAY, **fields,
    )  # fmt: skip
    return steps.file(made, by=cast.people.house, data={"label": made.label})[0]


def session(cast: World, number: int = 7001, **fields: Any) -> Session:
    """A device at work at a table of its own campaign; the campaign is made with the first."""
    found = Device.objects.filter(response=cast.response).first()
    of = found.campaign if found else campaign(cast)
    at = Point.objects.filter(campaign=of).first() or point(cast, of)
    device(cast, at, number, **fields)
    made = queries.session(number)
    assert made is not None
    return made


def device_beside(at: Session, number: int) -> Session:
    """Another device at the next table of the same point."""
    beside = Device.objects.get(number=at.device)
    Device.objects.create(
        response=beside.response, unit=beside.unit, campaign=beside.campaign, point=beside.point, table=2, label="旁边", number=number,
        secret_hash=beside.secret_hash, enrolled_at=beside.enrolled_at, happened_on=DAY, state="active", filed_by=beside.filed_by,
    )  # fmt: skip
    made = queries.session(number)
    assert made is not None
    return made


def code(n: int, zone: int = 0, expires: int = NOW + 30 * 86_400_000) -> str:
    return rules.make_code(rules.person_key("id", f"person {n}"), expires, zone)


def text(n: int = 0, tube: str = "T0001", kind: str = "sample", at: int = NOW, **fields: Any) -> str:
    """The exact text of a fact: person `n` swabbed, unless it says otherwise."""
    who = {"code": code(n)} if kind == "sample" and not {"code", "person"} & set(fields) else {}
    return json.dumps({"kind": kind, "at": at, "tube": tube, **who, **fields}, ensure_ascii=False)


def item(seq: int, said: str) -> Item:
    return Item(seq, hashlib.sha256(said.encode()).digest(), said)


def send(at: Session, *items: Item | None, sent_at: int = NOW, received: int = NOW) -> list[Ack]:
    return ingest([Sheaf(at, sent_at, items, received)])[0]


def statuses(acks: list[Ack]) -> list[str]:
    return [str(ack.status) for ack in acks]


def body(items: list[Item | Any], sent_at: int | None = None) -> bytes:
    """A batch as it goes over the wire."""
    told = [
        {"seq": one.seq, "digest": b64encode(one.digest).decode(), "text": one.text} if isinstance(one, Item) else one
        for one in items
    ]
    now = int(timezone.now().timestamp() * 1000)
    return json.dumps({"protocol": rules.BATCH, "sent_at": sent_at or now, "items": told}).encode()
