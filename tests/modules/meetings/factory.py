"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for.

Qian chairs and Wang records, who reach every unit; invited is Chen in the first branch, and Wu in the third, out of Sun's reach.
"""

from collections.abc import Callable
from typing import Any

from tests.modules.meetings import meeting as meetings
from tests.world import World
from tongzhou.kernel.models import Person, Record, Unit
from tongzhou.modules.meetings.models import Attendance, Meeting, Task


def _guest(cast: World, unit: Unit) -> Person:
    return cast.people.chen if unit == cast.units.branch1 else cast.people.wu


def meeting(cast: World, unit: Unit | None = None, marker: str = "") -> Meeting:
    unit = unit or cast.units.branch1
    lines = [{"title": f"通报{marker}", "speaker": f"汇报人{marker}", "minutes": 10}]
    texts = {"name": f"调度会{marker}", "place": f"会议室{marker}", "words": f"请准时{marker}"}
    return meetings.called(cast, unit, lines=lines, people=[_guest(cast, unit)], **texts)


def attendance(cast: World, unit: Unit | None = None, marker: str = "") -> Attendance:
    found = meeting(cast, unit, marker)
    return meetings.of(found, _guest(cast, found.unit))


def task(cast: World, unit: Unit | None = None, marker: str = "") -> Task:
    unit = unit or cast.units.branch1
    guest = _guest(cast, unit)
    decided = meetings.decision(guest, f"增设采样台{marker}")
    made = meetings.approved(cast, decided, unit=unit, name=f"部署会{marker}", people=[guest], came=[cast.people.qian])
    return meetings.task_of(made)


MAKE: dict[type[Record], Callable[..., Record]] = {Meeting: meeting, Attendance: attendance, Task: task}


def _meeting(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": meeting(cast, unit).pk}


def _code(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": meeting(cast, unit).pk, "code": "0123456789abcdef"}


def _attendance(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": attendance(cast, unit).pk}


def _minutes(cast: World, unit: Unit) -> dict[str, Any]:
    return {"key": task(cast, unit).meeting_id}


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "meetings.mine": _meeting,
    "meetings.roll": _meeting,
    "meetings.sheet": _meeting,
    "meetings.chase": _meeting,
    "meetings.admit": _meeting,
    "meetings.papers": _meeting,
    "meetings.door": _meeting,
    "meetings.sign": _code,
    "meetings.minutes": _meeting,
    "meetings.minutes.pdf": _minutes,
    "meetings.minutes.docx": _minutes,
    "meetings.answer": _attendance,
    "meetings.withdraw": _attendance,
}
