"""Enrolment: whoever answers for a point shows a code that holds for a few minutes; the telephone that scans it gets a secret of its own."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid4

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __

from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Person
from tongzhou.modules.testing.models import Campaign, Device, Point
from tongzhou.modules.testing.workflow import RUN, CampaignState, PointState

HOLDS = 600  # seconds in which a telephone may scan the code
_signer = signing.TimestampSigner(salt="testing.enrol")


@dataclass(frozen=True)
class Enrolled:
    """The secret is told once and kept nowhere; of it only the digest stands in the database."""

    device: Device
    secret: str


class Known(ValidationError):
    """The page was sent twice. The device is there; of its secret nothing is left to be shown again."""


def invitation(point: Point, *, by: Person) -> str:
    """The text of the code on show. Raises PermissionDenied, ValidationError."""
    access.require(by, RUN, point)
    _ready(point)
    return _signer.sign_object([str(point.pk), str(by.pk)], compress=False)


def enrol(code: str, *, table: int, label: str = "") -> Enrolled:
    """A telephone at a table, in the name of whoever showed the code. Raises ValidationError where the code holds no longer."""
    try:
        key, shown_by = _signer.unsign_object(code, max_age=HOLDS)
    except signing.BadSignature:
        raise ValidationError(__("登记码已失效，请点位负责人重新出示。")) from None
    point = Point.objects.select_related("campaign", "unit", "response").get(pk=key)
    by = Person.objects.get(pk=shown_by)
    return register(point, by=by, table=table, label=label)


def register(
    point: Point, *, by: Person, table: int, label: str = "", use: str = Device.Use.STATION, key: UUID | None = None
) -> Enrolled:
    """The same by hand, for a device that cannot scan and for the point's paper lists. Asked again under the same key: Known."""
    _ready(point)
    if not 1 <= table <= point.tables:
        raise ValidationError({"table": __("这个采样点只有 %(n)d 个采样台。") % {"n": point.tables}})
    assert point.campaign is not None
    return _made(point.campaign, point, by=by, table=table, label=label or f"{point.name} {table}", use=use, key=key)


def paper(point: Point, *, by: Person) -> Device:
    """The point's lists on paper: they count like a device that was there from the beginning, also when sampling is over."""
    assert point.campaign is not None
    if point.campaign.state not in (CampaignState.DRAFT, CampaignState.OPEN, CampaignState.CLOSED):
        raise ValidationError(__("这一轮检测已对账，不能补录。"))
    since = point.campaign.begins_at or datetime.combine(
        point.campaign.happened_on, time.min, timezone.get_current_timezone()
    )
    return _made(
        point.campaign,
        point,
        by=by,
        table=1,
        label=f"{point.name} 纸质登记"[:60],
        use=Device.Use.PAPER,
        since=min(since, timezone.now()),
    ).device


def laboratory(campaign: Campaign, *, by: Person, label: str, key: UUID | None = None) -> Enrolled:
    """A key with which a laboratory hands in results of this campaign. Asked again under the same `key`: Known."""
    return _made(campaign, None, by=by, table=1, label=label, use=Device.Use.LABORATORY, key=key)


@transaction.atomic
def _made(
    campaign: Campaign,
    point: Point | None,
    *,
    by: Person,
    table: int,
    label: str,
    use: str,
    since: datetime | None = None,
    key: UUID | None = None,
) -> Enrolled:
    secret = secrets.token_urlsafe(24)
    device = Device(
        pk=key or uuid4(), response=campaign.response, unit=point.unit if point else campaign.unit, campaign=campaign, point=point,
        table=table, label=label[:60], use=use, number=secrets.randbelow(2**53 - 2**40) + 2**40, secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        enrolled_at=since or timezone.now(),
    )  # fmt: skip
    device, new = steps.file(device, by=by, data={"label": device.label})
    if not new:
        raise Known(__("已登记过：%(label)s，密钥只显示一次；没有记下的，请吊销后重新登记。") % {"label": device.label})
    return Enrolled(device, secret)


def _ready(point: Point) -> None:
    if point.campaign is None or point.campaign.state not in (CampaignState.DRAFT, CampaignState.OPEN):
        raise ValidationError(__("这一轮检测不在采样中，不能登记终端。"))
    if point.state == PointState.CLOSED:
        raise ValidationError(__("采样点已关闭，不能登记终端。"))
