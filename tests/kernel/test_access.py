"""One rule: a grant at a unit reaches that unit and everything below it, today, for the capabilities of its role."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from tests.errands.models import Errand, Item
from tests.world import World, answer, person, unit
from tongzhou.kernel import access, steps
from tongzhou.kernel.models import Grant, Person, Response, Unit

Make = Callable[..., Errand]


def fresh(who: Person) -> Person:
    """As the next request sees the person: grants are read once for each request."""
    return Person.objects.get(pk=who.pk)


def shown(who: Person) -> list[str]:
    return sorted(access.visible(Errand.objects.all(), fresh(who), "errands.read").values_list("what", flat=True))


@pytest.fixture
def spread(cast: World, errand: Make) -> None:
    for name in ("branch1", "branch2", "branch3", "org", "elsewhere", "street1"):
        steps.file(errand(what=name, unit=getattr(cast.units, name)), by=cast.people.house)


# -- reach


def test_a_grant_reaches_its_unit_and_all_below(cast: World, spread: None) -> None:
    p = cast.people
    assert {who.username: shown(who) for who in [p.sun, p.wu, p.wang, p.outsider, p.zhao, p.zhou]} == {
        "sun": ["branch1"],
        "wu": ["branch3"],
        "wang": ["branch1", "branch2", "branch3", "org"],
        "outsider": ["elsewhere"],
        "zhao": [],
        "zhou": [],
    }
    assert len(shown(p.house)) == 6


def test_a_unit_whose_code_begins_alike_is_not_below(cast: World, errand: Make) -> None:
    alike = unit("branch11", "第十一支社", "branch", cast.units.org)
    steps.file(errand(unit=alike), by=cast.people.house)
    assert (shown(cast.people.sun), shown(cast.people.wang)) == ([], ["买药"])
    assert not access.may(cast.people.sun, "errands.ask", alike)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [(0, None, True), (0, 0, True), (-9, 0, True), (1, None, False), (-9, -1, False), (-9, 9, True)],
)
def test_a_grant_holds_from_its_first_to_its_last_day(
    since: int, until: int | None, holds: bool, cast: World, spread: None
) -> None:
    today = timezone.localdate()
    last = None if until is None else today + timedelta(days=until)
    Grant.objects.create(
        person=cast.people.zhao,
        unit=cast.units.branch1,
        role="secretary",
        since=today + timedelta(days=since),
        until=last,
    )
    assert shown(cast.people.zhao) == (["branch1"] if holds else [])
    assert access.holders("errands.ask", cast.units.branch1).contains(cast.people.zhao) == holds


def test_a_person_no_longer_active_reaches_nothing(cast: World, spread: None) -> None:
    for who in (cast.people.sun, cast.people.house):
        Person.objects.filter(pk=who.pk).update(is_active=False)
        assert shown(who) == []
    assert not access.holders("errands.ask", cast.units.branch1).contains(cast.people.sun)


def test_the_keeper_of_the_house_does_not_read_personal_data(cast: World) -> None:
    assert access.reach(cast.people.house, "people.manage") == ("/",)
    assert access.reach(cast.people.house, "people.reveal") == ()
    assert access.reach(cast.people.han, "people.reveal") == ("/org/",)
    assert [p.username for p in vars(cast.people).values() if access.needs_second_factor(p)] == ["han"]


def test_an_undeclared_capability_is_a_fault_of_the_code(cast: World) -> None:
    with pytest.raises(KeyError):
        access.reach(cast.people.wang, "errands.fly")


def test_what_concerns_a_person_is_seen_without_any_grant(cast: World, errand: Make, spread: None) -> None:
    steps.file(errand(what="我的", unit=cast.units.branch3, runner=cast.people.zhao), by=cast.people.house)
    assert shown(cast.people.zhao) == ["我的"]
    row = Errand.objects.get(what="我的")
    assert [access.may(cast.people.zhao, name, row) for name in ("errands.run", "errands.ask")] == [True, False]
    assert not access.may(cast.people.chen, "errands.run", row)


# -- questions


def test_what_a_model_withholds_is_not_there_although_in_reach(
    cast: World, spread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Errand, "withheld", classmethod(lambda cls, person: Q(what="branch2")))
    kept, wang = Errand.objects.get(what="branch2"), fresh(cast.people.wang)
    assert shown(wang) == ["branch1", "branch3", "org"]
    assert not access.may(wang, "errands.read", kept)
    with pytest.raises(Http404):
        access.find(Errand.objects.all(), wang, "errands.read", pk=kept.pk)
    for errand in Errand.objects.all():
        Item.objects.create(errand=errand, name=errand.what, measure="件", count=1)
    parts = access.visible(Item.objects.all(), wang, "errands.read", "errand")
    assert sorted(parts.values_list("name", flat=True)) == ["branch1", "branch3", "org"]
    assert len(shown(cast.people.house)) == 6  # who keeps the house is kept from nothing


def test_what_a_model_withholds_from_nobody_in_particular_is_confidential_whoever_asks(
    cast: World, spread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the person who asks may see it: `withheld` lets Wang see branch two, and nobody else."""
    wang = cast.people.wang
    kept = classmethod(lambda cls, person: Q(what="branch2") & ~Q(pk__in=[] if person != wang else cls.objects.all()))
    monkeypatch.setattr(Errand, "withheld", kept)
    rows = {one.what: access.is_confidential(one) for one in Errand.objects.filter(what__startswith="branch")}
    assert rows == {"branch1": False, "branch2": True, "branch3": False}
    assert "branch2" in shown(wang)
    monkeypatch.undo()
    assert access.is_confidential(Errand.objects.get(what="branch2")) is False


def test_find_gives_the_row_or_not_found_alike(cast: World, spread: None) -> None:
    mine, other = Errand.objects.get(what="branch1"), Errand.objects.get(what="branch3")
    assert access.find(Errand.objects.all(), cast.people.sun, "errands.read", pk=mine.pk) == mine
    for by in ({"pk": other.pk}, {"pk": cast.response.pk}):
        with pytest.raises(Http404):
            access.find(Errand.objects.all(), cast.people.sun, "errands.read", **by)


def test_require_explains_what_is_missing_and_who_has_it(cast: World, errand: Make) -> None:
    access.require(cast.people.wang, "errands.drop", cast.units.branch1)
    with pytest.raises(PermissionDenied) as refused:
        access.require(cast.people.sun, "errands.drop", cast.units.branch1)
    assert str(refused.value) == "您在此处没有“作罢、重开”的权限；具有该权限的角色：机关工作人员、签发领导。"


def test_units_and_holders_follow_the_tree(cast: World, errand: Make) -> None:
    assert list(access.units(cast.people.sun, "errands.ask")) == [cast.units.branch1]
    names = [u.code for u in access.units(cast.people.wang, "errands.ask")]
    assert names == ["org", "branch1", "branch2", "branch3"]
    assert list(access.units(cast.people.zhao, "errands.ask")) == []
    assert {p.username for p in access.holders("errands.ask", cast.units.branch1)} == {"wang", "sun"}
    assert {p.username for p in access.holders("errands.ask", cast.units.org)} == {"wang"}
    assert {p.username for p in access.holders("errands.ask", cast.units.street1)} == set()


# -- responses


def responses(who: Person) -> list[str]:
    return [found.slug for found in access.responses(fresh(who))]


def test_responses_are_those_in_which_ones_unit_takes_part(cast: World) -> None:
    p = cast.people
    assert {who.username: responses(who) for who in [p.sun, p.zhao, p.feng, p.outsider]} == {
        "sun": ["test-2022"],
        "zhao": ["test-2022"],
        "feng": ["test-2022"],
        "outsider": ["elsewhere-2022"],
    }
    assert sorted(responses(p.house)) == ["elsewhere-2022", "test-2022"]
    with pytest.raises(Http404):
        access.find_response(p.sun, "elsewhere-2022")
    with pytest.raises(Http404):
        access.find_response(p.sun, "nowhere")


def test_a_response_of_one_branch_is_not_seen_from_the_next(cast: World) -> None:
    answer("branch1-2022", "一社的响应", cast.units.branch1, [cast.units.branch1])
    assert "branch1-2022" in responses(cast.people.sun)
    assert "branch1-2022" not in responses(cast.people.wu)


def test_whoever_reaches_a_part_of_a_response_from_above_finds_it(cast: World) -> None:
    """Wang's grant at the organisation reaches the branch's records, so the response they belong to is found too."""
    answer("branch1-2022", "一社的响应", cast.units.branch1, [cast.units.branch1])
    assert "branch1-2022" in responses(cast.people.wang)
    assert "branch1-2022" not in responses(cast.people.outsider)


def test_a_grant_that_ended_opens_no_response(cast: World) -> None:
    guest = person("guest", "客人", cast.units.elsewhere)
    grant = Grant.objects.create(person=guest, unit=cast.units.branch1, role="auditor", since=date(2020, 1, 1))
    assert "test-2022" in responses(guest)
    Grant.objects.filter(pk=grant.pk).update(until=date(2021, 1, 1))
    assert responses(guest) == ["elsewhere-2022"]
    Grant.objects.filter(pk=grant.pk).update(since=timezone.localdate() + timedelta(days=1), until=None)
    assert responses(guest) == ["elsewhere-2022"]


# -- the table of capabilities


def test_every_capability_is_held_by_known_roles() -> None:
    for name, known in access.CAPABILITIES.items():
        assert (known.name, set(known.roles) - set(access.ROLES)) == (name, set())


def test_the_tree_is_one_prefix(cast: World) -> None:
    assert [u.path for u in Unit.objects.filter(path__startswith=cast.units.command.path)] == [
        "/command/",
        "/command/district/",
        "/command/district/street1/",
        "/command/district/street2/",
    ]
    assert [cast.units.org.contains(cast.units.branch1), cast.units.branch1.contains(cast.units.org)] == [True, False]
    assert Response.objects.get(slug="test-2022").unit == cast.units.org
