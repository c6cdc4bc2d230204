"""A rumour that nobody has answered when its time is nearly up."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.rumours.models import Rumour
from tongzhou.modules.rumours.workflow import CHECK, OPEN

BEFORE = timedelta(hours=4)
KEPT = timedelta(days=7)  # what is older is no longer news to anyone


def alarms(now: datetime) -> Iterator[Alarm]:
    rows = Rumour.objects.filter(state__in=OPEN, filed_at__gt=now - KEPT, response__ended_on=None, source="")
    for rumour in rows.select_related("response", "unit", "filed_by"):
        if rumour.due - BEFORE <= now:
            text = format_lazy(_("传言尚未回应，时限将到：{rumour}"), rumour=rumour)
            yield Alarm(rumour, "due", text, list(access.holders(CHECK, rumour.unit)))
