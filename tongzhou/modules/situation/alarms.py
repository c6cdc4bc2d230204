"""The reporting clock: told some minutes (as the rule says) before a report is due, and once more when it is late."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.situation.models import Event
from tongzhou.modules.situation.workflow import REPORT, EventState


def alarms(now: datetime) -> Iterator[Alarm]:
    ahead = rulebook.in_force("situation", "reporting", timezone.localdate(now))["warn_minutes"]
    rows = Event.objects.filter(state=EventState.OPEN, due_at__lte=now + timedelta(minutes=ahead))
    for event in rows.select_related("response", "unit").prefetch_related("tellings").order_by("due_at"):
        tick = event.next_tick()
        if tick is None:
            continue
        late = event.is_late(now)
        words = (
            _("“{event}”的报告已超过时限（{at}），请立即报告并登记。")
            if late
            else _("“{event}”须在{at}前报告下一级，请按时报告并登记。")
        )
        text = format_lazy(words, event=event.name, at=f"{timezone.localtime(tick.due_at):%H:%M}")
        people = list(access.holders(REPORT, event.unit))
        yield Alarm(event, f"{'late' if late else 'due'}-{tick.number}", text, people, units=[event.unit])
