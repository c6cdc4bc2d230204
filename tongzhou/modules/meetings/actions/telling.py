"""Whom a meeting tells what. Each hears it in their own language."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import notices
from tongzhou.kernel.models import Notice, Person
from tongzhou.modules.meetings.models import Attendance, Meeting, Task


def reachable(person: Person | None) -> bool:
    """Whether a notice arrives: in the inbox of who can sign in, or by e-mail. Nothing is sent to telephones."""
    return bool(person and (person.username or person.email))


def invited(meeting: Meeting, people: Iterable[Person], units: Iterable[Any] = ()) -> None:
    text = _("请参加“{meeting}”：{time}，{place}。请答复能否参加。")
    _tell(meeting, people, text, units=units)


def changed(meeting: Meeting, people: Iterable[Person], reason: str) -> None:
    _tell(meeting, people, _("“{meeting}”改为{time}，{place}。原因：{reason}。请重新答复。"), reason=reason)


def cancelled(meeting: Meeting, people: Iterable[Person], reason: str) -> None:
    _tell(meeting, people, _("“{meeting}”取消。原因：{reason}。"), reason=reason)


def uninvited(meeting: Meeting, people: Iterable[Person]) -> None:
    """They see the meeting no more, so there is no way to it."""
    _tell(meeting, people, _("您不用参加“{meeting}”（{time}）了。"), url=reverse("inbox"))


def chased(meeting: Meeting, people: Iterable[Person], once: str) -> list[Notice]:
    return _tell(meeting, people, _("催办：请答复能否参加“{meeting}”：{time}。"), once=once)


def sent_as_proxy(attendance: Attendance, proxy: Person) -> None:
    _tell(attendance.meeting, [proxy], _("请代{person}参加“{meeting}”：{time}，{place}。"), person=attendance.person)


def to_approve(meeting: Meeting) -> None:
    if meeting.chair and meeting.chair_id != meeting.submitted_by_id:
        _tell(meeting, [meeting.chair], _("“{meeting}”的纪要已提交，请审定。"), url=meeting.get_absolute_url())


def about(task: Task, people: Iterable[Person | None], text: Any, **words: Any) -> None:
    """`text` may name task, day, meeting and what `words` give."""
    said = format_lazy(text, task=task.text, day=str(task.due_on), meeting=lazystr(task.meeting), **words)
    told = [person for person in people if person is not None]
    notices.tell(told, said, response=task.response, record=task, url=task.get_absolute_url())


def _tell(
    meeting: Meeting, people: Iterable[Person], text: Any, *, url: str = "", units: Iterable[Any] = (), once: str = "", **words: Any
) -> list[Notice]:  # fmt: skip
    said = format_lazy(
        text, meeting=lazystr(meeting), time=_lazily(meeting.time_text), place=_lazily(lambda: meeting.where), **words
    )
    return notices.tell(
        people, said, response=meeting.response, record=meeting, url=url or meeting.own_url(), units=units, once=once
    )


def _lazily(words: Any) -> Any:
    """What is worked out in the language of whoever is told."""
    return lazystr(_Said(words))


class _Said:
    def __init__(self, words: Any) -> None:
        self.words = words

    def __str__(self) -> str:
        return str(self.words())
