"""What a duty officer turns besides points: the hours of the day, who does not come, who comes early."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.modules.siting.planned import fed
from tests.world import World
from tongzhou.kernel import handoff, module
from tongzhou.kernel.models import Person
from tongzhou.modules.siting import actions, forms, queries
from tongzhou.modules.siting.models import Option
from tongzhou.modules.siting.views import options

SignIn = Callable[[Person], Client]


def worked_out(cast: World, **said: object) -> Option:
    option = actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1, **said)
    actions.planning.work(str(option.pk))
    return Option.objects.select_related("study", "outcome").get(pk=option.pk)


def test_other_hours_are_planned_told_and_handed_on(cast: World) -> None:
    """From 7 to 16 instead of 8 to 12: two turns of the roster, slots over nine hours, and the study stays as it is."""
    option = worked_out(cast, opens=time(7), closes=time(16))
    assert option.changes == {"opens": "07:00", "closes": "16:00"}
    assert (option.hours, option.study.hours) == ("07:00–16:00", "08:00–12:00")
    case = queries.case_of(option.study, option.changes)
    assert (case.rules.opens, case.rules.closes, case.rules.blocks) == ("07:00", "16:00", 2)
    units = option.outcome.shown["units"]
    assert (min(unit["from"] for unit in units), max(unit["to"] for unit in units)) == ("07:00", "16:00")
    brief = option.brief()
    assert brief.text == "07:00–16:00"
    assert {spot.turns.splitlines()[0][:11] for spot in brief.spots} == {"07:00-11:30"}
    usual = worked_out(cast)
    tours = len(option.outcome.shown["tours"])
    assert (usual.changes, option.trips, usual.hours) == ({}, 5 * tours, "08:00–12:00")  # a pick-up each two hours


def test_a_campaign_of_other_hours_lasts_as_long_as_its_plan(cast: World) -> None:
    option = worked_out(cast, opens=time(7), closes=time(16))
    module.perform(option, "adopt", by=cast.people.feng)
    there: Any = {one._meta.app_label: one for one in handoff.went_to(option)}
    hours = [timezone.localtime(at).strftime("%H:%M") for at in (there["testing"].begins_at, there["testing"].ends_at)]
    assert (hours, there["testing"].called) == (["07:00", "16:00"], "")
    assert {post.custom.split()[0] for post in there["rosters"].posts.all()} == {"07:00-11:30"}


def test_hours_that_are_the_studys_are_no_change_and_backwards_is_refused(cast: World) -> None:
    made = fed(cast)
    same = forms.WhatIf({"opens": "08:00", "closes": "12:00"}, study=made)
    assert same.is_valid()
    assert actions.planning.ask(made, by=cast.people.feng, **same.asked()).changes == {}
    late = forms.WhatIf({"opens": "12:30"}, study=made)
    assert late.errors == {"closes": ["结束应晚于开始。"]}


def test_who_stays_away_and_who_comes_early_change_queues_and_tubes(cast: World) -> None:
    usual, half, early = worked_out(cast), worked_out(cast, no_show=50), worked_out(cast, early=100)
    assert (half.changes, early.changes) == ({"no_show": 50}, {"early": 100})
    assert queries.case_of(half.study, half.changes).rules.no_show == 0.5
    assert (half.points, half.tables) == (usual.points, usual.tables)  # places are for all who are called
    assert (half.wait or 0) < (usual.wait or 0) < (early.wait or 0)
    assert (half.results or 0) < (usual.results or 0)
    own = fed(cast, no_show=10, early=40)
    assert [getattr(queries.case_of(own).rules, name) for name in ("no_show", "early")] == [0.1, 0.4]
    assert queries.case_of(own, {"no_show": 0}).rules.no_show == 0


@pytest.mark.parametrize("field", ["opens", "closes", "no_show", "early"])
def test_the_bar_offers_it_with_what_the_study_says(cast: World, signed_in: SignIn, field: str) -> None:
    page = signed_in(cast.people.feng).get(fed(cast, no_show=5, early=20).get_absolute_url())
    bound = page.context["whatif"][field]
    shown = bound.value() if field in ("opens", "closes") else bound.field.widget.attrs["placeholder"]
    assert shown == {"opens": time(8), "closes": time(12), "no_show": "5", "early": "20"}[field]


def test_what_was_turned_is_on_the_options_page_and_may_be_turned_again(cast: World, signed_in: SignIn) -> None:
    option = worked_out(cast, opens=time(7), early=30)
    page = signed_in(cast.people.feng).get(option.get_absolute_url())
    changed = next(one for one in options.fields if one.name == "changed")
    assert (changed.of(option), changed.of(option) in page.content.decode()) == ("赶早（%） 30；开始采样 07:00", True)
    assert [page.context["whatif"][name].value() for name in ("opens", "closes", "early")] == ["07:00", time(12), 30]
