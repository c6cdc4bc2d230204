from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.errands.views import errands
from tests.world import World
from tongzhou.kernel import steps
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.chronicle import queries
from tongzhou.modules.chronicle.queries import Once

pytestmark = pytest.mark.urls("tests.errands.urls")
Make = Callable[..., Any]
DAY = date(2022, 3, 5)


def counted(cast: World, by: Person) -> dict[str, Once]:
    return {room.name: count for room, count in queries.once(Scope(cast.response, None, DAY, DAY), by)}


def test_a_record_is_typed_once_and_asked_for_at_every_level(cast: World, errand: Make) -> None:
    errand(weight=30, items=[("口罩", "个", 20)])
    # typed: unit, day, what, weight; name, measure, count. Told by the branch and above it: times, weight, households, masks;
    # the brief of the day tells each of them in all as well
    expected = Once(typed=7, returns=4, briefs=8, lists=2 * len(errands.columns))
    assert counted(cast, cast.people.house) == {"errands": expected}
    assert (expected.asked, expected.times) == (12 + 2 * len(errands.columns), (12 + 2 * len(errands.columns)) / 7)


def test_two_records_of_a_day_are_one_figure_in_the_return(cast: World, errand: Make) -> None:
    errand(weight=30)
    errand(weight=12)
    found = counted(cast, cast.people.house)["errands"]
    assert (found.typed, found.returns, found.briefs, found.lists) == (8, 3, 6, 4 * len(errands.columns))


def test_moves_and_their_reasons_are_typed_too(cast: World, errand: Make) -> None:
    made = errand()
    before = counted(cast, cast.people.house)["errands"].typed
    steps.amend(made, by=cast.people.house, weight=5, note="称过了")
    assert counted(cast, cast.people.house)["errands"].typed == before + 3  # the weight, the change, its reason


def test_only_what_a_person_reaches_and_only_these_days(cast: World, errand: Make) -> None:
    errand(weight=30)
    errand(unit=cast.units.branch2, weight=12)
    errand(weight=7, happened_on=date(2022, 3, 6))
    assert counted(cast, cast.people.sun)["errands"].typed == 4
    assert counted(cast, cast.people.zhao) == {}


def test_queries_do_not_grow_with_records(cast: World, errand: Make) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            counted(cast, cast.people.house)
        return len(seen)

    errand(items=[("口罩", "个", 20)])
    one = asked()
    for weight in (1, 2, 3):
        errand(weight=weight, items=[("药", "盒", 2)], unit=cast.units.branch2)
    assert asked() == one


def test_the_page_and_the_command_tell_the_same(
    cast: World, errand: Make, signed_in: Callable[[Person], Client]
) -> None:
    errand(weight=30)
    found = counted(cast, cast.people.house)["errands"]
    at = f"/{cast.response.slug}/chronicle/record-once/?first={DAY}&last={DAY}"
    page = signed_in(cast.people.house).get(at)
    assert page.context["total"] == found
    out = StringIO()
    call_command("record_once", cast.response.slug, last=DAY, stdout=out)
    cells = [cell.strip() for cell in out.getvalue().splitlines()[-1].strip("|").split("|")]
    assert cells == ["合计", "4", "3", "6", "0", str(found.lists), str(found.asked), f"{found.times:.1f}"]
    assert signed_in(cast.people.zhao).get(at).status_code == 403
