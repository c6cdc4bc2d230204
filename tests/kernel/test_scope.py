from collections.abc import Callable
from datetime import date

import pytest
from django.http import QueryDict

from tests.errands.models import Errand, Item
from tests.world import World
from tongzhou.kernel import steps
from tongzhou.kernel.scope import Scope

Make = Callable[..., Errand]


@pytest.fixture
def spread(cast: World, errand: Make) -> None:
    rows = [("一社", "branch1", 1), ("二社", "branch2", 5), ("市委", "org", 9), ("街道", "street1", 5)]
    for name, where, day in rows:
        row = errand(what=name, unit=getattr(cast.units, where), happened_on=date(2022, 3, day))
        Item.objects.create(errand=steps.file(row, by=cast.people.house)[0], name="米", measure="袋", count=1)
    elsewhere = errand(what="别处", unit=cast.units.elsewhere, response=cast.other_response)
    steps.file(elsewhere, by=cast.people.house)


def names(scope: Scope) -> set[str]:
    return set(scope.of(Errand.objects.all()).values_list("what", flat=True))


def test_a_scope_is_one_response_a_unit_with_all_below_and_whole_days(cast: World, spread: None) -> None:
    whole = Scope(cast.response)
    assert names(whole) == {"一社", "二社", "市委", "街道"}
    assert names(whole.narrowed(unit=cast.units.org)) == {"一社", "二社", "市委"}
    assert names(whole.narrowed(unit=cast.units.branch2)) == {"二社"}
    assert names(whole.narrowed(first=date(2022, 3, 5))) == {"二社", "市委", "街道"}
    assert names(whole.narrowed(last=date(2022, 3, 5))) == {"一社", "二社", "街道"}
    assert names(whole.narrowed(first=date(2022, 3, 5), last=date(2022, 3, 5), unit=cast.units.org)) == {"二社"}
    assert names(whole.narrowed(first=date(2022, 3, 6), last=date(2022, 3, 5))) == set()


def test_parts_are_in_the_scope_of_their_record(cast: World, spread: None) -> None:
    scope = Scope(cast.response, cast.units.org, date(2022, 3, 2))
    found = scope.of(Item.objects.all(), via="errand").values_list("errand__what", flat=True)
    assert sorted(found) == sorted(names(scope)) == ["二社", "市委"]


def test_a_scope_survives_the_address(cast: World) -> None:
    for scope in [
        Scope(cast.response),
        Scope(cast.response, cast.units.street1, date(2022, 3, 1), date(2022, 4, 30)),
        Scope(cast.response, None, None, date(2022, 4, 30)),
    ]:
        query = QueryDict(mutable=True)
        query.update(scope.query())
        assert Scope.from_query(cast.response, QueryDict(query.urlencode())) == scope
        assert Scope.from_query(cast.response, scope.as_data()) == scope


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "nowhere", "first": "", "last": ""},
        {"unit": "", "first": "2022-13-01", "last": "yesterday"},
        {"unit": "' OR 1=1", "first": "٢٠٢٢-٠٣-٠١", "last": "2022-02-30"},
        {"unit": "a\x00b", "first": "2022-3-5", "last": "9" * 400},
        {"unit": "\ud800", "first": "\ud800", "last": "\x00"},
    ],
)
def test_what_does_not_parse_is_left_open(query: dict[str, str], cast: World) -> None:
    assert Scope.from_query(cast.response, query) == Scope(cast.response)


def test_the_query_names_only_what_is_set(cast: World) -> None:
    assert Scope(cast.response).query() == {}
    scope = Scope(cast.response, cast.units.org, date(2022, 3, 1))
    assert scope.query() == {"unit": "org", "first": "2022-03-01"}
    assert scope.as_data() == {"response": "test-2022", "unit": "org", "first": "2022-03-01"}
