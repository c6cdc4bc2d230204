"""A proposal whose reply, or the opinion of a co-handling unit, is nearly due or overdue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access
from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.proposals.models import Case
from tongzhou.modules.proposals.workflow import SECRET, SUBMIT, CaseState

BEFORE = timedelta(days=7)


def alarms(now: datetime) -> Iterator[Alarm]:
    today = timezone.localdate(now)
    rows = Case.objects.filter(
        state=CaseState.ASSIGNED, response__ended_on=None, source="", reply_by__lte=today + BEFORE
    )
    for case in rows.select_related("response", "unit", "item"):
        people = access.holders(SUBMIT, case.unit)
        if case.item.is_confidential:
            people = people.filter(pk__in=access.holders(SECRET, case.unit))
        late = case.is_late(today)
        words = _("提案已过答复期限（{day}）：{case}") if late else _("提案答复期限将到（{day}）：{case}")
        name = f"{'late' if late else 'due'}/{case.rounds}"
        yield Alarm(case, name, format_lazy(words, day=str(case.reply_by), case=case), list(people))
