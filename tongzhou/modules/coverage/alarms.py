"""What must be told before it is too late: what is due of me and my family today, who is overdue in my unit, which list expires."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.alarms import Alarm
from tongzhou.kernel.models import Unit
from tongzhou.modules.coverage import queries
from tongzhou.modules.coverage.models import Listing, Roll, Subject
from tongzhou.modules.coverage.workflow import LIST, WORK, RollState

EARLIEST = 7  # nobody is woken by a reminder


def alarms(now: datetime) -> Iterator[Alarm]:
    here = timezone.localtime(now)
    limits = rulebook.in_force("coverage", "limits", here.date())
    if here.hour >= EARLIEST:
        yield from _reminders(here.date())
        yield from _expiring(here.date(), limits["warn_days"])
    if here.hour >= limits["tell_hour"]:
        yield from _overdue(here.date())


def _reminders(today: date) -> Iterator[Alarm]:
    """Those who declare for themselves and family; the others are told by the list worker who taps."""
    rows = queries.due(Subject.objects.filter(declarant__isnull=False, response__ended_on=None), today)
    for subject in queries.with_listings(rows).select_related("declarant"):
        kinds = sorted({str(one.kind) for one in subject.listings.all() if one.next_due and one.next_due <= today})
        text = format_lazy(
            _("提醒：{who}今天需要{what}。"), who=subject.who, what=DO["test" if "test" in kinds else kinds[0]]
        )
        yield Alarm(subject, f"due/{today}", text, [subject.declarant] if subject.declarant else [])


def _overdue(today: date) -> Iterator[Alarm]:
    """Once in the evening, to whoever works there: how many of their people are overdue."""
    late = Listing.objects.filter(subject=OuterRef("pk"), next_due__lt=today)
    rows = Subject.objects.filter(Exists(late), response__ended_on=None)
    counted = list(rows.order_by().values_list("response", "unit").annotate(n=Count("pk")))
    units = Unit.objects.in_bulk([unit for _response, unit, _n in counted])
    for response, unit, n in counted:
        first = (
            Subject.objects.filter(response=response, unit=unit)
            .order_by("filed_at", "pk")
            .select_related("response")
            .first()
        )
        assert first is not None
        text = format_lazy(_("{unit}有 {n} 人逾期未查、未检或未上门。"), unit=str(units[unit]), n=n)
        address = reverse("coverage.today", args=[first.response.slug])
        yield Alarm(first, f"overdue/{today}", text, list(access.holders(WORK, units[unit])), url=address)


def _expiring(today: date, warn: int) -> Iterator[Alarm]:
    soon = Q(keep_until__lte=today + timedelta(days=warn))
    for roll in Roll.objects.filter(soon).exclude(state=RollState.ERASED).select_related("unit", "response"):
        text = format_lazy(
            _("名单“{name}”的个人信息保存到{day}，到期须清除。"), name=str(roll), day=str(roll.keep_until)
        )
        yield Alarm(roll, f"expires/{roll.keep_until}", text, list(access.holders(LIST, roll.unit)))


DO = {"check": _("配合核查"), "test": _("做核酸检测"), "care": _("配合健康监测")}
