"""What awaits whom: people to reach today, what I and my family must do, reasons to accept, exports to decide and to take, lists to erase."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.coverage import queries
from tongzhou.modules.coverage.models import Excuse, Release, Roll, Subject
from tongzhou.modules.coverage.workflow import ACCEPT, APPROVE, ExcuseState, ReleaseState


def to_reach(person: Person) -> QuerySet[Subject]:
    return queries.to_reach(person, timezone.localdate())


def mine(person: Person) -> QuerySet[Subject]:
    return queries.mine(person, timezone.localdate())


def to_accept(person: Person) -> QuerySet[Excuse]:
    rows = Excuse.objects.filter(access.within(access.reach(person, ACCEPT)), state=ExcuseState.PROPOSED)
    return rows.exclude(filed_by=person).select_related("subject").order_by("happened_on", "pk")


def to_approve(person: Person) -> QuerySet[Release]:
    rows = Release.objects.filter(access.within(access.reach(person, APPROVE)), state=ReleaseState.ASKED)
    return rows.exclude(filed_by=person).select_related("roll").order_by("filed_at", "pk")


def to_take(person: Person) -> QuerySet[Release]:
    rows = Release.objects.filter(filed_by=person, state=ReleaseState.APPROVED)
    return rows.select_related("roll").order_by("decided_at", "pk")


def to_erase(person: Person) -> QuerySet[Roll]:
    return queries.to_erase(person, timezone.localdate()).order_by("keep_until", "pk")


def _today(subject: Any) -> str:
    return f"{reverse('coverage.today', args=[subject.response.slug])}#s{subject.pk}"


ASKS = (
    Ask("to_reach", _("今天要查、要检、要上门的人"), to_reach, due="due", url=_today),
    Ask("mine", _("本人和家人今天要办的检测、健康监测"), mine, due="due"),
    Ask("to_accept", _("待认可的理由"), to_accept, due="due"),
    Ask("to_approve", _("待批准的名单导出"), to_approve),
    Ask("to_take", _("已批准、待下载的名单"), to_take, due="holds_until"),
    Ask("to_erase", _("到期应清除个人信息的名单"), to_erase, due="due"),
)
