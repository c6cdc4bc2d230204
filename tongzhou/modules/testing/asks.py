"""What awaits whom: points to open, boxes to count, pools to resample, accounts to close."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.testing.models import Box, Campaign, Conflict, Point, Pool
from tongzhou.modules.testing.workflow import (
    FOLLOW,
    JUDGE,
    PLAN,
    RUN,
    BoxState,
    CampaignState,
    PointState,
    PoolState,
)  # fmt: skip


def to_open(person: Person) -> QuerySet[Point]:
    rows = Point.objects.filter(_reached(person, RUN), state=PointState.PLANNED, campaign__state=CampaignState.OPEN)
    return rows.order_by("name", "pk")


def to_begin(person: Person) -> QuerySet[Campaign]:
    return Campaign.objects.filter(_reached(person, PLAN), state=CampaignState.DRAFT).order_by("begins_at", "pk")


def to_judge(person: Person) -> QuerySet[Campaign]:
    open_ones = Conflict.objects.filter(decision="").values("campaign")
    return Campaign.objects.filter(_reached(person, JUDGE), pk__in=open_ones).order_by("happened_on", "pk")


def to_reconcile(person: Person) -> QuerySet[Campaign]:
    return Campaign.objects.filter(_reached(person, JUDGE), state=CampaignState.CLOSED).order_by("happened_on", "pk")


def to_pack(person: Person) -> QuerySet[Box]:
    return Box.objects.filter(_reached(person, RUN), state=BoxState.OPEN).order_by("filed_at", "pk")


def to_send(person: Person) -> QuerySet[Box]:
    return Box.objects.filter(_reached(person, RUN), state=BoxState.PACKED).order_by("filed_at", "pk")


def to_resample(person: Person) -> QuerySet[Pool]:
    return Pool.objects.filter(_reached(person, FOLLOW), state=PoolState.REPORTED).order_by("due_at", "pk")


def to_conclude(person: Person) -> QuerySet[Pool]:
    return Pool.objects.filter(_reached(person, FOLLOW), state=PoolState.RESAMPLED).order_by("due_at", "pk")


def _reached(person: Person, capability: str) -> Any:
    return access.within(access.reach(person, capability))


ASKS = (
    Ask("to_begin", _("待开始的检测"), to_begin, due="begins_at"),
    Ask("to_open", _("待开放的采样点"), to_open),
    Ask("to_pack", _("待核对封箱"), to_pack),
    Ask("to_send", _("待交转运"), to_send),
    Ask("to_resample", _("待复采的异常管"), to_resample, due="due_at"),
    Ask("to_conclude", _("待登记复核结果"), to_conclude, due="due_at"),
    Ask("to_judge", _("有待核的采样记录"), to_judge, url=lambda campaign: campaign.conflicts_url()),
    Ask("to_reconcile", _("待对账的检测"), to_reconcile, url=lambda campaign: campaign.account_url()),
)
