"""A meeting from the draft to the notice: whom it invites, when and where it is, that it is put off or called off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, attachments, steps
from tongzhou.kernel.dates import moment
from tongzhou.kernel.figures import Bound, Figure
from tongzhou.kernel.models import Attachment, Person, Record, Unit
from tongzhou.modules.meetings import queries
from tongzhou.modules.meetings.actions import attending, telling
from tongzhou.modules.meetings.models import Attendance, Item, Meeting
from tongzhou.modules.meetings.workflow import OPEN, RECORD, AttendanceState, MeetingState

Rows = Sequence[Mapping[str, Any]]
PAPER = "paper"  # what an attachment of a meeting is for


@dataclass(frozen=True)
class Guests:
    """Whom a meeting invites: people, observers, and units, for each of which its head comes."""

    people: Sequence[Person] = ()
    observers: Sequence[Person] = ()
    units: Sequence[Unit] = ()

    def places(self) -> dict[Person, tuple[bool, Unit | None]]:
        """Whether each observes, and for which unit they come. Raises ValidationError naming the units that nobody heads."""
        heads = queries.heads(self.units)
        if headless := [unit for unit in self.units if unit.pk not in heads]:
            names = __("、").join(map(str, headless))
            raise ValidationError(
                {"units": __("没有登记负责人的单位：%(names)s。请直接写参会人姓名。") % {"names": names}}
            )
        found: dict[Person, tuple[bool, Unit | None]] = {heads[unit.pk]: (False, unit) for unit in self.units}
        found |= {person: (False, None) for person in self.people if person not in found}
        return found | {person: (True, None) for person in self.observers if person not in found}


@transaction.atomic
def file(
    meeting: Meeting, *, by: Person, lines: Rows = (), people: Sequence[Person] = (), observers: Sequence[Person] = (),
    units: Sequence[Unit] = (), present: Figure | None = None,
) -> tuple[Meeting, bool]:  # fmt: skip
    """File a draft with its agenda (`lines` have title, speaker, minutes) and its list; with a source, a meeting that took place.

    `present` is how many were there, for a meeting that is put down from a source.
    """
    if meeting.source:
        return _report(meeting, lines, present, by)
    meeting.chair, meeting.recorder = meeting.chair or by, meeting.recorder or by
    meeting, new = steps.file(meeting, by=by)
    if new:
        _set_items(meeting, lines)
        _set_list(meeting, Guests(people, observers, units), by)
    return meeting, new


@transaction.atomic
def amend(
    meeting: Meeting, *, by: Person, version: int, changes: Mapping[str, Any], lines: Rows | None = None,
    people: Sequence[Person] | None = None, observers: Sequence[Person] = (), units: Sequence[Unit] = (),
    present: Figure | None = None,
) -> Meeting:  # fmt: skip
    """Change a draft with its agenda and list; of a meeting that took place, what was put down wrongly, but not the day or the list."""
    day = changes.get("happened_on", meeting.happened_on)
    if meeting.state == MeetingState.HELD and not meeting.is_reported and day != meeting.happened_on:
        raise ValidationError({"starts_at": __("会议已经召开，不能改日期；只能更正钟点。")})
    if bool(changes.get("source", meeting.source)) != meeting.is_reported:
        raise ValidationError({"source": __("补录的会议和在此召集的会议不能互换，请另行登记。")})
    meeting = steps.amend(meeting, by=by, version=version, **changes)
    if lines is not None and [dict(line) for line in lines] != meeting.line_values():
        _set_items(meeting, lines)
        steps.note(meeting, "amend", by=by, said=_("{by}修改了议程"))
    if meeting.state == MeetingState.DRAFT and people is not None:
        _set_list(meeting, Guests(people, observers, units), by)
    known = meeting.attendances.filter(person=None).first() if meeting.is_reported else None
    if meeting.is_reported and (present or known):
        _set_present(meeting, present or known.stands_for, by)  # type: ignore[union-attr]  # one of the two is there
    return meeting


@transaction.atomic
def call(meeting: Meeting, *, by: Person, note: str = "", now: datetime | None = None) -> Meeting:
    """Send the notice to everyone on the list; the chair is on it. Raises ValidationError naming all that the notice lacks."""
    if lacks := _lacks(meeting):
        raise ValidationError([__("会议通知还缺：%(what)s。") % {"what": __("、").join(lacks)}])
    assert meeting.starts_at is not None
    now = now or timezone.now()
    if meeting.starts_at <= now:
        raise ValidationError(__("开始时间已过。请修改时间；已经开过的会议请按来源补录。"))
    _add(meeting, {meeting.chair: (False, None)} if meeting.chair else {}, by)
    rows = list(queries.roll(meeting))
    steps.advance(meeting, "call", by=by, note=note, data={"n": len(rows)}, called_at=now)
    told = [person for person in _people(rows) if person != by]
    telling.invited(meeting, told, [row.for_unit for row in rows if row.for_unit])
    for row in rows:
        if row.person == by:  # who calls it, comes
            row.meeting = meeting
            attending.confirm(row, by=by)
    return meeting


@transaction.atomic
def invite(
    meeting: Meeting, *, by: Person, people: Sequence[Person] = (), observers: Sequence[Person] = (),
    units: Sequence[Unit] = (), note: str = "",
) -> Meeting:  # fmt: skip
    """Invite more once the notice is out; whoever is on the list already is not told again."""
    places = Guests(people, observers, units).places()
    fresh = _add(meeting, places, by)
    if not fresh:
        raise ValidationError(__("没有新增的人：填写的人都已在名单上。"))
    steps.advance(meeting, "invite", by=by, note=note, data={"n": len(fresh)})
    telling.invited(meeting, fresh)
    return meeting


@transaction.atomic
def postpone(
    meeting: Meeting, *, by: Person, starts_at: datetime, ends_at: datetime | None = None, place: str = "", link: str = "",
    note: str = "",
) -> Meeting:  # fmt: skip
    """Another time or another place: everyone is told and asked again."""
    if starts_at <= timezone.now():
        raise ValidationError({"starts_at": __("请填写以后的时间。")})
    if not place and not link:
        raise ValidationError({"place": __("请填写地点或视频会议链接。")})
    day = timezone.localdate(starts_at)
    changes = {"starts_at": starts_at, "ends_at": ends_at, "place": place, "link": link, "happened_on": day}
    if all(getattr(meeting, name) == value for name, value in changes.items()):
        raise ValidationError(__("时间、地点都没有变。"))
    old = f"{moment(meeting.starts_at)} {meeting.place}".strip()
    data = {"old": old, "new_time": f"{moment(starts_at)} {place}".strip()}
    steps.advance(meeting, "postpone", by=by, note=note, data=data, **changes)
    rows = [row for row in queries.roll(meeting) if row.state in OPEN]
    told = _people(rows)
    steps.advance_many(rows, "ask_again", by=by, happened_on=day, proxy=None, answered_at=None)
    telling.changed(meeting, told, note)
    return meeting


@transaction.atomic
def cancel(meeting: Meeting, *, by: Person, note: str = "") -> Meeting:
    steps.advance(meeting, "cancel", by=by, note=note)
    if meeting.called_at:
        telling.cancelled(meeting, _people(list(queries.roll(meeting))), note)
    return meeting


@transaction.atomic
def chase(meeting: Meeting, *, by: Person) -> tuple[int, int, int]:
    """Remind who has not answered, at most once a day each.

    Returns how many were reminded, how many had been today already, and how many cannot be reached by a notice.
    """
    access.require(by, RECORD, meeting)
    if meeting.state != MeetingState.CALLED:
        raise steps.OutOfStep
    missing = [row.person for row in queries.roll(meeting) if row.state == AttendanceState.INVITED and row.person]
    reached = [person for person in missing if telling.reachable(person)]
    day = timezone.localdate()
    told = telling.chased(meeting, reached, once=f"meetings.meeting/{meeting.pk}/chase/{meeting.happened_on}/{day}")
    if told:
        steps.note(meeting, "chase", by=by, said=_("{by}催办未答复的{n}人"), data={"n": len(told)})
    return len(told), len(reached) - len(told), len(missing) - len(reached)


@transaction.atomic
def withdraw(attendance: Attendance, *, by: Person, note: str = "") -> Attendance:
    """Take somebody off the list. The chair stays on it."""
    meeting = attendance.meeting
    if meeting.state not in {MeetingState.DRAFT, MeetingState.CALLED}:
        raise steps.OutOfStep
    if meeting.called_at and attendance.person_id == meeting.chair_id:
        raise ValidationError(__("主持人不能从名单上去掉。"))
    told = _people([attendance])
    steps.advance(attendance, "withdraw", by=by, note=note, proxy=None)
    if meeting.called_at:
        telling.uninvited(meeting, told)
    return attendance


def add_paper(meeting: Meeting, sent: Any, *, by: Person) -> Attachment:
    """A document for those who come. Raises ValidationError for what is not a PDF, Word or Excel file."""
    if meeting.state == MeetingState.CANCELLED:
        raise steps.OutOfStep
    return attachments.attach_document(meeting, sent, by=by, needs=RECORD, purpose=PAPER)


def accept_meeting(source: Record, *, by: Person) -> Meeting:
    """A matter from another room becomes a draft: its title, its words, its unit. The rest is the caller's to fill in."""
    brief = source.brief()
    meeting = Meeting(
        pk=uuid5(source.pk, "meeting"), response=source.response, unit=source.unit, name=brief.title[:100], words=brief.text,
    )  # fmt: skip
    return file(meeting, by=by)[0]


def _report(meeting: Meeting, lines: Rows, present: Figure | None, by: Person) -> tuple[Meeting, bool]:
    meeting.state = MeetingState.HELD
    meeting, new = steps.report(meeting, by=by)
    if new:
        _set_items(meeting, lines)
        if present:
            _set_present(meeting, present, by)
    return meeting, new


def _set_present(meeting: Meeting, present: Figure, by: Person) -> None:
    """How many were there, as one row that stands for them."""
    known: dict[str, Any] = {
        "quantity": int(present.value), "bound": Bound(present.bound).value,
        "happened_on": meeting.happened_on, "happened_precision": meeting.happened_precision,
    }  # fmt: skip
    row = Attendance(
        pk=uuid5(meeting.pk, "present"), response=meeting.response, unit=meeting.unit, meeting=meeting, source=meeting.source,
        state=AttendanceState.PRESENT, **known,
    )  # fmt: skip
    kept, new = steps.report(row, by=by)
    if not new:
        steps.amend(kept, by=by, **known)


def _set_items(meeting: Meeting, lines: Rows) -> None:
    """The agenda in its order. What the minutes say of an item stays with its place; an item that has such words stays."""
    kept = list(meeting.items.all())
    if any(item.said for item in kept[len(lines) :]):
        raise ValidationError(__("已写了纪要的议题不能删除。"))
    meeting.items.filter(number__gt=len(lines)).delete()
    for number, line in enumerate(lines, 1):
        Item.objects.update_or_create(meeting=meeting, number=number, defaults=dict(line))


def _set_list(meeting: Meeting, guests: Guests, by: Person) -> None:
    """Make the list of a draft what the form says: who is missing is added, who is no longer wanted is taken off."""
    places = guests.places()
    _add(meeting, places, by)
    for row in list(queries.roll(meeting)):
        if row.person not in places:
            steps.advance(row, "withdraw", by=by)
        elif (row.observer, row.for_unit) != places[row.person]:
            observer, unit = places[row.person]
            steps.amend(row, by=by, observer=observer, for_unit=unit)


def _add(meeting: Meeting, places: Mapping[Person, tuple[bool, Unit | None]], by: Person) -> list[Person]:
    """Put people on the list; returns those who were not on it."""
    known = {row.person_id: row for row in meeting.attendances.select_related("meeting", "unit", "response")}
    fresh = [person for person in places if person.pk not in known]
    given = {"response": meeting.response, "unit": meeting.unit, "meeting": meeting, "happened_on": meeting.happened_on}
    rows = [
        Attendance(
            pk=uuid5(meeting.pk, str(one.pk)), person=one, observer=places[one][0], for_unit=places[one][1], **given
        )
        for one in fresh
    ]
    steps.file_many(rows, by=by)
    again = [known[one.pk] for one in places if one.pk in known and known[one.pk].state == AttendanceState.WITHDRAWN]
    for row in again:
        steps.advance(row, "reinvite", by=by, happened_on=meeting.happened_on)
    return fresh + [row.person for row in again if row.person]


def _people(rows: Iterable[Attendance]) -> list[Person]:
    """Those on the list and those who stand in for them."""
    found = [one for row in rows for one in (row.person, row.proxy) if one is not None]
    return list(dict.fromkeys(found))


def _lacks(meeting: Meeting) -> list[str]:
    lacks = [] if meeting.starts_at else [__("开会时间")]
    lacks += [] if meeting.place or meeting.link else [__("地点或视频会议链接")]
    lacks += [] if meeting.items.exists() else [__("议程")]
    others = queries.roll(meeting).exclude(person=meeting.chair_id)
    return lacks + ([] if others.exists() else [__("主持人以外的参会人")])
