"""What must be told before it is too late: a drill begins within the hour, a finding is due tomorrow or overdue."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel.alarms import Alarm
from tongzhou.modules.drills import queries, rules
from tongzhou.modules.drills.models import Finding
from tongzhou.modules.drills.workflow import FindingState


def alarms(now: datetime) -> Iterator[Alarm]:
    now = timezone.localtime(now)
    for drill in queries.starting(now, timedelta(hours=rules.WARNING_HOURS)):
        text = format_lazy(
            _("演练“{drill}”{time}开始，地点：{place}。"), drill=drill, time=drill.begins, place=drill.place
        )
        lead = [drill.lead] if drill.lead else []
        people = list(dict.fromkeys([*lead, *drill.evaluators.all(), *drill.people.all()]))
        yield Alarm(drill, f"starts/{drill.happened_on}/{drill.begins}", text, people)
    yield from _findings(now)


def _findings(now: datetime) -> Iterator[Alarm]:
    """Each once for each deadline: to its owner the day before, to whoever filed it too when it is past."""
    tomorrow = now.date() + timedelta(days=1)
    rows = Finding.objects.filter(state=FindingState.OPEN, due_on__lte=tomorrow).exclude(due_on=now.date())
    for finding in rows.select_related("response", "owner", "filed_by").order_by("due_on", "pk"):
        words = {"what": str(finding), "due": str(finding.due_on)}
        if finding.due_on == tomorrow:
            text = format_lazy(_("演练问题明天到期：{what}（{due}）。"), **words)
            yield Alarm(finding, f"due/{finding.due_on}", text, [finding.owner])
        else:
            text = format_lazy(_("演练问题逾期未整改：{what}（期限{due}）。"), **words)
            yield Alarm(finding, f"overdue/{finding.due_on}", text, [finding.owner, finding.filed_by])
