"""Demand from residents who registered: counts by building and community, the day they were taken, and where nobody has."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from tests.modules.siting import planned
from tests.modules.siting.planned import fed, ready, study
from tests.world import World
from tongzhou.kernel import handoff, ledger, module
from tongzhou.kernel.models import Unit
from tongzhou.modules.siting import actions, rules
from tongzhou.modules.testing.actions.residents import Given, register


def live(cast: World, n: int, home: str = "", unit: Unit | None = None) -> None:
    for _person in range(n):
        register(Given("张三", "none", "", unit, home))


def test_rows_take_who_registered_and_keep_their_list_where_nobody_has() -> None:
    rows = [
        {"key": "B1", "name": "一", "persons": 50, "assumed": True},
        {"key": "B2", "name": "二", "persons": 60},
        {"key": "c", "name": "东社区", "persons": 70},
    ]
    made, missing = rules.registered(rows, "d", {"d/B1": 42, "e/B2": 9}, {"东社区": 80})
    assert [(row["persons"], row.get("assumed", False)) for row in made] == [(42, False), (60, False), (80, False)]
    assert missing == ["二"]
    assert rules.registered(made, "d", {}, {}) == (rows, ["一", "二", "东社区"])


def test_a_study_takes_its_people_from_the_register(cast: World) -> None:
    """The buildings of an earlier plan, adopted: residents named theirs. Two rows have people now, the others are named."""
    feng = cast.people.feng
    module.perform(ready(cast, fed(cast)), "adopt", by=feng)
    code = cast.units.command.code
    live(cast, 3, f"{code}/B0")
    live(cast, 2, f"{code}/B1")
    live(cast, 4, unit=cast.units.street1)
    made = fed(cast)
    table = actions.tables.from_register(made, by=feng)
    assert [row["persons"] for row in table.rows[:3]] == [3, 2, planned.HOMES[2]["persons"]]
    assert table.registered == {
        "on": str(timezone.localdate()), "rows": 2, "people": 5, "missing": [row["name"] for row in planned.HOMES[2:]],
    }  # fmt: skip
    assert table.people == sum(row["persons"] for row in table.rows)
    assert ledger.sentence(ledger.entries(made).last()) == "冯指挥按居民登记取人数：2处5人；10处没有人登记"


def test_a_study_of_communities_takes_them_by_name(cast: World) -> None:
    live(cast, 4, unit=cast.units.street1)
    made = study(cast)
    rows = [planned.HOMES[0] | {"name": "东街道"}, planned.HOMES[1] | {"name": "西街道"}]
    actions.tables.take(made, "demand", planned.lines(rows), by=cast.people.feng)
    table = actions.tables.from_register(made, by=cast.people.feng)
    assert ([row["persons"] for row in table.rows], table.registered["missing"]) == ([4, 210], ["西街道"])


def test_nothing_is_taken_where_nobody_has_registered(cast: World) -> None:
    made = study(cast)
    with pytest.raises(ValidationError, match="请先导入居民表"):
        actions.tables.from_register(made, by=cast.people.feng)
    made = fed(cast)
    with pytest.raises(ValidationError, match="都还没有人登记"):
        actions.tables.from_register(made, by=cast.people.feng)


def test_counts_are_told_within_reach_only(cast: World) -> None:
    live(cast, 4, unit=cast.units.street1)
    assert handoff.answer("residents", cast.response, by=cast.people.feng).units == {"street1": 4}
    assert handoff.answer("residents", cast.response, by=cast.people.sun).units == {}
    assert handoff.answer("weather", cast.response, by=cast.people.sun) is None
    with pytest.raises(PermissionDenied):
        handoff.answer("residents", cast.response, by=cast.people.zhao)


def test_the_page_says_what_was_taken_and_what_is_missing(cast: World, signed_in: object) -> None:
    client: Client = signed_in(cast.people.feng)
    live(cast, 4, unit=cast.units.street1)
    made = study(cast)
    rows = [planned.HOMES[0] | {"name": "东街道"}, planned.HOMES[1] | {"name": "西街道"}]
    actions.tables.take(made, "demand", planned.lines(rows), by=cast.people.feng)
    page = client.post(f"/{cast.response.slug}/siting/{made.pk}/registered/", follow=True).content.decode()
    assert ("1 处没有人登记，人数仍按原表：西街道" in page, "1 处，4 人" in page) == (True, True)
