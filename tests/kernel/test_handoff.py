from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from tests.errands.models import Errand
from tests.world import World
from tongzhou.kernel import handoff, module, steps
from tongzhou.kernel.models import Link, Person, Record
from tongzhou.kernel.module import Module

Make = Callable[..., Errand]
SignIn = Callable[[Person], Client]


def take_over(source: Record, by: Person) -> Record:
    return steps.file(Errand(response=source.response, unit=source.unit, what=f"接：{source}"), by=by)[0]


@pytest.fixture
def taker(errands_room: Module) -> Module:
    """The room also takes over matters called "repair"; the fixture that opened it closes it."""
    module.register(replace(errands_room, accepts={"repair": take_over}))
    return module.room("errands")


@pytest.fixture
def source(cast: World, errand: Make, taker: Module) -> Errand:
    return steps.file(errand(what="水管漏水"), by=cast.people.sun)[0]


def test_a_matter_becomes_a_record_of_the_room_that_accepts_it(cast: World, source: Errand) -> None:
    target = handoff.hand_over(source, "repair", by=cast.people.sun)
    assert (str(target), target.unit, target.pk != source.pk) == ("接：水管漏水", cast.units.branch1, True)
    assert (handoff.went_to(source), handoff.came_from(target)) == ([target], [source])
    assert (handoff.came_from(source), handoff.went_to(target)) == ([], [])


def test_handed_over_twice_it_is_the_record_it_already_became(cast: World, source: Errand) -> None:
    first = handoff.hand_over(source, "repair", by=cast.people.sun)
    assert handoff.hand_over(source, "repair", by=cast.people.wang) == first
    assert (Link.objects.count(), Errand.objects.count()) == (1, 2)


def test_nobody_accepts_an_unknown_kind(cast: World, source: Errand) -> None:
    assert handoff.accepted("flight") is None
    with pytest.raises(handoff.NobodyAccepts):
        handoff.hand_over(source, "flight", by=cast.people.sun)
    assert Link.objects.count() == 0


def test_the_taker_checks_its_own_capabilities_and_a_refusal_leaves_nothing(cast: World, source: Errand) -> None:
    with pytest.raises(PermissionDenied):
        handoff.hand_over(source, "repair", by=cast.people.zhao)
    assert (Link.objects.count(), Errand.objects.count()) == (0, 1)


@pytest.mark.urls("tests.errands.urls")
def test_a_page_names_only_the_matters_its_reader_reaches(cast: World, source: Errand, signed_in: SignIn) -> None:
    """The name of what a matter came from may be a person's."""
    target = handoff.hand_over(source, "repair", by=cast.people.sun)
    Errand.objects.filter(pk=source.pk).update(unit=cast.units.branch3, what="吴家水管")
    pages = [
        signed_in(who).get(target.get_absolute_url()).content.decode() for who in (cast.people.sun, cast.people.wang)
    ]
    assert [("吴家水管" in page, "相关事项" in page) for page in pages] == [(False, False), (True, True)]
