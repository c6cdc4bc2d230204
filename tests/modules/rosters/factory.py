"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.modules.rosters import staffing
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.rosters import actions
from tongzhou.modules.rosters.models import Crew, Duty, Post, Roster, Shift, Swap


def post(cast: World, unit: Unit | None = None, marker: str = "") -> Post:
    return staffing.post(
        cast, unit, name=f"卡口{marker}", place=f"路口{marker}", skills=f"医护{marker}1" if not marker else ""
    )


def crew(cast: World, unit: Unit | None = None, marker: str = "") -> Crew:
    return staffing.crew(cast, staffing.person(cast, f"队员{marker}", unit), unit, skills=f"采样{marker}")


def roster(cast: World, unit: Unit | None = None, marker: str = "") -> Roster:
    """Laid out, nobody on it yet."""
    return staffing.laid(cast, post(cast, unit, marker), unit=unit, name=f"排班{marker}")


def duty(cast: World, unit: Unit | None = None, marker: str = "") -> Duty:
    """Stood yesterday, at a checkpoint that counted."""
    place = staffing.post(cast, unit, name=f"卡口{marker}", place=f"路口{marker}")
    who = staffing.people(cast, f"值守人{marker}", unit=unit)
    made = staffing.laid(cast, place, first=-2, days=1, unit=unit, name=f"排班{marker}")
    (found,) = staffing.staffed(cast, made, *who)
    assert found.shift is not None
    for kind in ("passed", "turned_back", "vehicles"):
        actions.checkpoints.tap(found.shift, by=cast.people.house, kind=kind, key=uuid4())
    actions.checkpoints.sign_letter(found.shift, by=cast.people.house, body=f"社区{marker}", people=2, key=uuid4())
    return module.perform(found, "confirm", by=cast.people.wang)


def shift(cast: World, unit: Unit | None = None, marker: str = "") -> Shift:
    found = duty(cast, unit, marker).shift
    assert found is not None
    return module.perform(found, "hand_over", by=cast.people.house, handover=f"对讲机{marker}")


def swap(cast: World, unit: Unit | None = None, marker: str = "") -> Swap:
    """Asked by one of two people who stand a post in turn."""
    place = staffing.post(cast, unit, name=f"卡口{marker}")
    who = staffing.people(cast, f"甲{marker}", f"乙{marker}", unit=unit)
    mine, _theirs = staffing.staffed(cast, staffing.laid(cast, place, days=3, unit=unit), who[0], who[1])[:2]
    made = Swap(
        pk=uuid4(), duty=mine, colleague=staffing.people(cast, f"丙{marker}", unit=unit)[0], reason=f"家事{marker}"
    )
    return module.file(made, by=who[0])[0]


MAKE: dict[type[Record], Callable[..., Record]] = {
    Post: post,
    Crew: crew,
    Roster: roster,
    Shift: shift,
    Duty: duty,
    Swap: swap,
}


def _of(make: Callable[..., Record], **more: Any) -> Callable[[World, Unit], dict[str, Any]]:
    return lambda cast, unit: {"key": make(cast, unit).pk} | more


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "rosters.wishes": _of(crew),
    "rosters.swap": _of(duty),
    "rosters.calendar": _of(roster),
    "rosters.wall": _of(roster),
    "rosters.proposal": _of(roster),
    "rosters.propose": _of(roster),
    "rosters.decide": _of(roster, what="adopt"),
    "rosters.put": _of(shift),
    "rosters.door": _of(post),
    "rosters.sign": _of(post),
    "rosters.helper": _of(shift),
    "rosters.tap": _of(shift),
    "rosters.letter": _of(shift),
}
