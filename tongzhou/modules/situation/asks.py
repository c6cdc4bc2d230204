"""What awaits whom: counts missing today, zones whose day has come, reports due on the clock, assessments to sign."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.asks import Ask
from tongzhou.kernel.models import Person
from tongzhou.modules.situation import queries
from tongzhou.modules.situation.models import Assessment, DayCount, Event, Zone
from tongzhou.modules.situation.workflow import (
    ASSESS,
    COUNT,
    LIFT,
    REPORT,
    SIGN,
    AssessmentState,
    EventState,
    ZoneState,
)


def missing(person: Person) -> QuerySet[DayCount]:
    return queries.areas_without(timezone.localdate(), access.reach(person, COUNT))


def to_lift(person: Person) -> QuerySet[Zone]:
    """Open zones whose day has come, except those that only step down or that the person drew: another one lifts them."""
    rows = Zone.objects.filter(
        access.within(access.reach(person, LIFT)), state=ZoneState.OPEN, due_on__lte=timezone.localdate()
    )
    return rows.exclude(filed_by=person).order_by("due_on", "pk")


def to_report(person: Person) -> QuerySet[Event]:
    rows = Event.objects.filter(access.within(access.reach(person, REPORT)), state=EventState.OPEN)
    return rows.order_by("due_at", "pk")


def to_sign(person: Person) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(access.within(access.reach(person, SIGN)), state=AssessmentState.DRAFT)
    return rows.exclude(filed_by=person).order_by("happened_on", "pk")


def unfinished(person: Person) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(access.within(access.reach(person, ASSESS)), state=AssessmentState.DRAFT)
    return rows.filter(filed_by=person, view="").order_by("happened_on", "pk")


def _today(count: Any) -> str:
    return f"{reverse('situation.daycount.new', args=[count.response.slug])}?unit={count.unit_id}&when={timezone.localdate()}"


ASKS = (
    Ask("to_report", _("突发事件待报告"), to_report, due="due_on"),
    Ask("missing", _("今天还没有日报数的区域（列出最近一次）"), missing, url=_today),
    Ask("to_lift", _("到期可解除或降级的风险区"), to_lift, due="due_on"),
    Ask("to_sign", _("待签发的研判报告"), to_sign),
    Ask("unfinished", _("还没有写研判意见的草稿"), unfinished),
)
