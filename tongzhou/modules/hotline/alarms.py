"""A crisis that nobody has responded to in time, and a follow-up that is overdue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.hotline.models import FollowUp
from tongzhou.modules.hotline.workflow import SUPERVISE, FollowUpState

KEPT = timedelta(days=7)  # what is older is no longer news to anyone


def alarms(now: datetime) -> Iterator[Alarm]:
    rows = FollowUp.objects.filter(
        state=FollowUpState.DUE, due_at__lt=now, due_at__gt=now - KEPT, response__ended_on=None
    )
    for one in rows.select_related("response", "unit", "person"):
        if one.kind == FollowUp.Kind.RESPOND:
            people = access.holders(SUPERVISE, one.unit)
            yield Alarm(one, "late", _("心理援助热线的一件急事已过处置时限，请立即处置。"), list(people))
        elif one.person:
            yield Alarm(one, "late", _("有一次心理援助回访已到时间。"), [one.person])
