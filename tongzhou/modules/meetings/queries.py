"""Reads over meetings: who heads a unit, who is on a list and how far they have come, what is still to be done."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from tongzhou.kernel import access
from tongzhou.kernel.models import Grant, Person, Unit
from tongzhou.modules.meetings import rules
from tongzhou.modules.meetings.models import Attendance, Meeting, Task
from tongzhou.modules.meetings.workflow import READ, AttendanceState, MeetingState, TaskState

HEADS = ("secretary", "chief", "leader")  # who heads a unit, the first found


def heads(units: Iterable[Unit]) -> dict[UUID, Person]:
    """For each unit the person who heads it: holds one of the leading posts at that very unit. Units without one are left out."""
    today = timezone.localdate()
    current = Q(until=None) | Q(until__gte=today)
    rows = Grant.objects.filter(current, since__lte=today, role__in=HEADS, unit__in=list(units), person__is_active=True)
    first = Case(*(When(role=role, then=Value(n)) for n, role in enumerate(HEADS)))
    found: dict[UUID, Person] = {}
    for grant in rows.annotate(first=first).order_by("first", "since", "pk").select_related("person__unit"):
        found.setdefault(grant.unit_id, grant.person)
    return found


def roll(meeting: Meeting) -> QuerySet[Attendance]:
    """The list of a meeting: members first, then observers, each by name; those no longer invited are left out."""
    rows = meeting.attendances.exclude(state=AttendanceState.WITHDRAWN)
    rows = rows.select_related("person__unit", "for_unit", "proxy", "signed_by", "meeting", "response", "unit")
    return rows.order_by("observer", "person__unit__path", "person__pinyin", "pk")


def turnout(rows: Iterable[Attendance]) -> rules.Turnout:
    """Observers are not expected and do not count."""
    return rules.turnout((row.state, row.late > 0, row.is_by_proxy) for row in rows if not row.observer)


def mine(meeting: Meeting, person: Person) -> list[Attendance]:
    """On whose behalf the person comes: their own place, and those they stand in for."""
    standing = Q(proxy=person, state__in=[AttendanceState.PROXY, AttendanceState.PRESENT, AttendanceState.ABSENT])
    return list(roll(meeting).filter(Q(person=person) | standing))


def reads_minutes(meeting: Meeting, person: Person) -> bool:
    """Whoever reads the room; once approved also who was invited, or if they are internal, who was there."""
    if access.may(person, READ, meeting):
        return True
    if meeting.state != MeetingState.APPROVED:
        return False
    rows = meeting.attendances.filter(Q(person=person) | Q(proxy=person)).exclude(state=AttendanceState.WITHDRAWN)
    if meeting.internal:
        return rows.filter(signed_by=person).exists()
    return rows.exists()


def running() -> QuerySet[Meeting]:
    """Called and not over: those that began long ago and were never concluded too, until somebody concludes them."""
    return Meeting.objects.filter(state=MeetingState.CALLED, starts_at__isnull=False)


def open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(state=TaskState.TODO).select_related("meeting", "owner", "response")


def attended_as(person: Person) -> QuerySet[Attendance]:
    """Meetings still to come to which the person goes: invited and coming, or in somebody's place."""
    coming = Q(person=person, state=AttendanceState.COMING) | Q(proxy=person, state=AttendanceState.PROXY)
    rows = Attendance.objects.filter(coming, meeting__state=MeetingState.CALLED)
    return rows.select_related("meeting", "person", "proxy").order_by("meeting__starts_at", "pk")
