"""Posts, people and rosters for tests, made through the doors."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.rosters import actions
from tongzhou.modules.rosters.models import Crew, Duty, Post, Roster, Shift


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def post(cast: World, unit: Unit | None = None, **fields: Any) -> Post:
    """A checkpoint with one shift of 24 hours a day from midnight, one person each, unless told otherwise."""
    given = {
        "name": "南门卡口",
        "pattern": "24h",
        "begins": "00:00",
        "people": 1,
        "happened_on": date(2022, 3, 1),
    } | fields
    made = Post(pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, **given)
    made.clean_fields()
    return module.file(made, by=cast.people.wang)[0]


def person(cast: World, name: str, unit: Unit | None = None) -> Person:
    return Person.objects.create(name=name, unit=unit or cast.units.branch1, synthetic=True)


def crew(cast: World, who: Person, unit: Unit | None = None, skills: str = "") -> Crew:
    made = Crew(pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, person=who, skills=skills)
    return module.file(made, by=cast.people.wang)[0]


def people(cast: World, *names: str, skills: str = "", unit: Unit | None = None) -> list[Person]:
    found = [person(cast, name, unit) for name in names]
    for one in found:
        crew(cast, one, unit, skills)
    return found


def roster(cast: World, *posts: Post, first: int = 1, days: int = 3, unit: Unit | None = None, **fields: Any) -> Roster:
    """A draft that begins so many days from today."""
    made = Roster(
        pk=uuid4(), response=cast.response, unit=unit or cast.units.branch1, name=fields.pop("name", "三月值守"), first_on=day(first),
        last_on=day(first + days - 1), **fields,
    )  # fmt: skip
    return module.file(made, by=cast.people.wang, posts=list(posts))[0]


def laid(cast: World, *posts: Post, **fields: Any) -> Roster:
    return module.perform(roster(cast, *posts, **fields), "lay", by=cast.people.wang)


def shifts(roster: Roster) -> list[Shift]:
    return list(
        roster.shifts.select_related("post", "unit", "roster__unit", "response").order_by("starts_at", "post__name")
    )


def staffed(cast: World, roster: Roster, *who: Person) -> list[Duty]:
    """Each shift, in order, by the next of these people; then published."""
    rows = shifts(roster)
    found = actions.duties.put_many(roster, list(zip(rows, who, strict=False)), by=cast.people.wang)
    module.perform(roster, "publish", by=cast.people.wang)
    return fresh(*found)


def fresh(*duties: Duty) -> list[Duty]:
    rows = Duty.objects.select_related(
        "shift__post", "shift__roster__unit", "shift__unit", "person", "unit", "response", "roster"
    )
    return list(rows.filter(pk__in=[one.pk for one in duties]).order_by("shift__starts_at"))
