"""Activities and sign-ups for tests, made through the doors."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.world import World
from tongzhou.kernel import codes, module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.volunteering import actions
from tongzhou.modules.volunteering.actions.doors import DOOR
from tongzhou.modules.volunteering.models import Activity, Post, Signup

NOON = timedelta(hours=12)


def at(days: int = 0, hour: int = 9) -> datetime:
    """So many days from today, at an hour of the house."""
    day = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return day + timedelta(days=days)


def person(cast: World, name: str, unit: Unit | None = None) -> Person:
    return Person.objects.create(name=name, unit=unit or cast.units.branch1, synthetic=True)


def draft(cast: World, unit: Unit | None = None, people: int = 2, skill: str = "", **fields: Any) -> Activity:
    """Tomorrow from nine to twelve, led by Wang, with one post."""
    starts = fields.pop("starts_at", at(1))
    given = {
        "name": "采样点引导", "starts_at": starts, "ends_at": starts + timedelta(hours=3), "place": "东门广场", "risks": "人多，请戴口罩。",
        "organiser": cast.people.wang,
    } | fields  # fmt: skip
    made = Activity(pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, **given)
    lines = [{"work": "引导", "people": people, "skill": skill}]
    return module.file(made, by=cast.people.house, lines=lines)[0]


def opened(
    cast: World, unit: Unit | None = None, people: int = 2, now: datetime | None = None, **fields: Any
) -> Activity:
    made = draft(cast, unit, people, **fields)
    assert made.starts_at is not None
    return actions.activities.open(made, by=cast.people.house, now=now or made.starts_at - timedelta(days=1))


def past(cast: World, unit: Unit | None = None, **fields: Any) -> Activity:
    """Yesterday, asked for the day before."""
    return opened(cast, unit, starts_at=fields.pop("starts_at", at(-1)), **fields)


def post(activity: Activity) -> Post:
    found = activity.posts.first()
    assert found is not None
    return found


def join(activity: Activity, who: Person, **more: Any) -> Signup:
    assert activity.starts_at is not None
    return actions.joining.join(
        activity, post(activity), who, by=more.pop("by", who), now=activity.starts_at - timedelta(hours=1), **more
    )


def sign(row: Signup, moment: datetime) -> Signup:
    assert row.person is not None
    return actions.doors.sign(row, by=row.person, code=codes.at_door(row.activity, DOOR, moment), now=moment)


def served(activity: Activity, who: Person, minutes: int = 180) -> Signup:
    """Signed in at the start, out after so many minutes."""
    row = join(activity, who)
    assert activity.starts_at is not None
    sign(row, activity.starts_at)
    return sign(row, activity.starts_at + timedelta(minutes=minutes))


def confirmed(cast: World, activity: Activity, who: Person, minutes: int = 180) -> Signup:
    return module.perform(served(activity, who, minutes), "confirm", by=cast.people.house)
