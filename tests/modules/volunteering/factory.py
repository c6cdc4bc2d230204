"""One valid record of each kind, its texts carrying a marker: what the contract tests plant and look for."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.modules.volunteering import helping
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Record, Unit
from tongzhou.modules.volunteering import actions
from tongzhou.modules.volunteering.models import Activity, Certificate, Signup, Team, Volunteer


def team(cast: World, unit: Unit | None = None, marker: str = "") -> Team:
    made = Team(
        pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, name=f"服务队{marker}{uuid4().hex[:8]}", work=f"引导{marker}"
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


def volunteer(cast: World, unit: Unit | None = None, marker: str = "") -> Volunteer:
    at = unit or cast.units.branch1
    made = Volunteer(
        pk=uuid4(), response=cast.response, unit=at, person=helping.person(cast, f"志愿者{marker}", at), team=team(cast, unit, marker),
        skills=f"采样{marker}", expertise=f"检验{marker}",
    )  # fmt: skip
    return module.file(made, by=cast.people.house)[0]


def signup(cast: World, unit: Unit | None = None, marker: str = "") -> Signup:
    """Served yesterday, confirmed; the activity is over."""
    at = unit or cast.units.branch1
    activity = helping.past(cast, unit, name=f"活动{marker}", place=f"广场{marker}", organiser=cast.people.house)
    row = helping.confirmed(cast, activity, helping.person(cast, f"参加人{marker}", at))
    actions.activities.end(activity, by=cast.people.house, served=30)
    return Signup.objects.select_related("activity", "person", "unit", "response", "post").get(pk=row.pk)


def activity(cast: World, unit: Unit | None = None, marker: str = "") -> Activity:
    """Over."""
    return signup(cast, unit, marker).activity


def draft(cast: World, unit: Unit | None = None, marker: str = "") -> Activity:
    return helping.draft(cast, unit, name=f"草稿{marker}")


def running(cast: World, unit: Unit | None = None, marker: str = "") -> Activity:
    return helping.opened(cast, unit, name=f"招募{marker}", organiser=cast.people.house)


def certificate(cast: World, unit: Unit | None = None, marker: str = "") -> Certificate:
    row = signup(cast, unit, marker)
    assert row.person is not None
    return actions.certificates.issue(cast.response, row.person, row.unit, by=row.person)


MAKE: dict[type[Record], Callable[..., Record]] = {
    Activity: activity,
    Signup: signup,
    Volunteer: volunteer,
    Team: team,
    Certificate: certificate,
}


def _of(make: Callable[..., Record], **more: Any) -> Callable[[World, Unit], dict[str, Any]]:
    return lambda cast, unit: {"key": make(cast, unit).pk} | more


# what the room's odd addresses open
ODD: dict[str, Callable[[World, Unit], dict[str, Any]]] = {
    "volunteering.certificate.pdf": _of(certificate),
    "volunteering.join": _of(running),
    "volunteering.roll": _of(activity),
    "volunteering.on_word": _of(running),
    "volunteering.invite": _of(running),
    "volunteering.sheet": _of(activity),
    "volunteering.door": _of(running),
    "volunteering.sign": _of(activity),
}
