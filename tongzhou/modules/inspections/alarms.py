"""What must be told before it is too late: a rectification due tomorrow, one that is overdue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.inspections import queries
from tongzhou.modules.inspections.models import Finding
from tongzhou.modules.inspections.workflow import FindingState

OLDEST = timedelta(days=30)  # overdue longer than this is the to-do list's matter


def alarms(now: datetime) -> Iterator[Alarm]:
    today = timezone.localdate(now)
    tomorrow = today + timedelta(days=1)
    rows = Finding.objects.filter(state=FindingState.NOTICED, due_on__lte=tomorrow, due_on__gte=today - OLDEST)
    for finding in rows.select_related("place__owner", "place__unit", "response", "found_by").order_by("due_on", "pk"):
        words = {"place": finding.place, "text": finding.text, "day": str(finding.due_on)}
        people = queries.answerable(finding.place)
        if finding.overdue_on(today):
            text = format_lazy(_("“{place}”整改逾期：{text}，期限{day}。"), **words)
            yield Alarm(finding, f"overdue/{finding.due_on}", text, [*people, finding.found_by])
        elif finding.due_on == tomorrow:
            text = format_lazy(_("“{place}”的整改明天到期：{text}。"), **words)
            yield Alarm(finding, f"tomorrow/{finding.due_on}", text, people)
