"""What may be counted of meetings. A meeting counts once it took place; a total that only a report gives counts as that total.

Attendance counts those who were there, person by person and meeting by meeting; decisions count when the minutes are approved.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, facts
from tongzhou.kernel.facts import Fact, Finding, Sentence
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.meetings.models import Attendance, Meeting, Task
from tongzhou.modules.meetings.workflow import READ, TOOK_PLACE, AttendanceState, TaskState

MOST_NAMED = 8  # people named by a report whose meetings are told one by one; the rest are in the total


def held() -> QuerySet[Meeting]:
    return Meeting.objects.filter(state__in=TOOK_PLACE)


def present() -> QuerySet[Attendance]:
    return Attendance.objects.filter(state=AttendanceState.PRESENT, meeting__state__in=TOOK_PLACE)


def decided() -> QuerySet[Task]:
    return Task.objects.all()


def done() -> QuerySet[Task]:
    return Task.objects.filter(state=TaskState.DONE)


_DECISIONS = ("decision", "decisions")

FACTS = (
    Fact("meetings", _("会议{value}"), held, measure="次", nouns=("meeting", "meetings"), label=_("会议")),
    Fact(
        "attendances", _("参会{value}"), present, measure="人次", nouns=("attendance", "attendances"), label=_("参会")
    ),
    Fact("decisions", _("议定事项{value}"), decided, measure="项", nouns=_DECISIONS, label=_("议定事项")),
    Fact("done", _("办结议定事项{value}"), done, measure="项", nouns=_DECISIONS, label=_("办结议定事项")),
)


def tell(scope: Scope, by: Person, findings: dict[str, list[Finding]]) -> list[Sentence]:
    """What a report says of somebody's meetings, as it says it; then the meetings with attendance and decisions, in one sentence."""
    rows = access.visible(scope.of(held()), by, READ)
    named = list(rows.filter(named__isnull=False).select_related("named").order_by("happened_on", "pk")[:MOST_NAMED])
    told = [_named(meeting, scope, by) for meeting in named]
    if rows.exclude(pk__in=[meeting.pk for meeting in named]).exists():
        told += _counted(findings, bool(named))
    return told


def _named(meeting: Meeting, scope: Scope, by: Person) -> Sentence:
    """That there were meetings, whose and where; not that the person called, led or even attended them: the report does not say."""
    fact = replace(FACTS[0], room="meetings")
    found = facts.one(fact, scope, by, meeting)
    said = __("在{area}记有会议{value}") if meeting.area else __("记有会议{value}")
    return Sentence(said.format(area=meeting.place_named, value=found[0].token), tuple(found), who=str(meeting.named))


def _counted(findings: dict[str, list[Finding]], with_named: bool) -> list[Sentence]:
    meetings, *others = (_found(findings, name) for name in ("meetings", "attendances", "decisions", "done"))
    if not meetings:
        return []
    said = __("连同上述，共有会议{value}") if with_named else __("召开会议{value}")
    parts = [said.format(value=meetings[0].token), *(one.sentence(one.token) for some in others for one in some)]
    return [Sentence(__("，").join(parts) + __("。"), (*meetings, *(one for some in others for one in some)))]


def _found(findings: dict[str, list[Finding]], name: str) -> Sequence[Finding]:
    return facts.nonzero(findings.get(f"meetings.{name}", []))
