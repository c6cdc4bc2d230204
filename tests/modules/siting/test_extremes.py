"""Whatever a what-if is asked, a page answers: the least, the most and nonsense of every field, laboratories that have failed, a first look that breaks."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.modules.siting import planned
from tests.modules.siting.planned import fed, lines, ready, study
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person
from tongzhou.modules.siting import actions, forms, queries, rules
from tongzhou.modules.siting.models import Option, Outcome, Study
from tongzhou.modules.siting.workflow import OptionState
from tongzhou.planning.forecasting import simulate

SignIn = Callable[[Person], Client]
pytestmark = [pytest.mark.usefixtures("at_hand"), pytest.mark.any_engine]


def two_labs(cast: World) -> Study:
    made = fed(cast)
    labs = [planned.LABS[0] | {"lanes": 4}, {"key": "市医院", "lanes": 8, "lon": 123.8, "lat": 41.315}]
    actions.tables.take(made, "labs", lines(labs), by=cast.people.feng)
    return made


def bar(made: Study) -> forms.WhatIf:
    return forms.WhatIf(study=made, labs=queries.labs_of(made))


def extremes(made: Study) -> list[dict[str, str]]:
    """Each field at its least, at its most, beyond both and filled with nonsense; and all together."""
    found: list[dict[str, str]] = [
        {"opens": "08:00", "closes": "08:01"}, {"opens": "00:00", "closes": "23:59"}, {"opens": "11:59:30"}, {"without": "P0 P1 P2 P3 P4 P5"},
        {"opens": "08:00", "closes": "08:01", "utilisation": "30", "an_hour": "6"},
    ]  # fmt: skip
    limits = {name: field for name, field in bar(made).fields.items() if hasattr(field, "min_value")}
    for name, field in limits.items():
        found += [{name: str(value)} for value in (field.min_value, field.max_value, -1, 10**400, "五")]
    found += [{name: str(getattr(field, end)) for name, field in limits.items()} for end in ("min_value", "max_value")]
    return found


def test_no_extreme_of_a_what_if_is_a_fault_of_the_house(cast: World, signed_in: SignIn) -> None:
    made, client = two_labs(cast), signed_in(cast.people.feng)
    asked = extremes(made)
    assert {name for one in asked for name in one} >= set(bar(made).fields) - {"seconds"}
    for said in asked:
        answer = client.post(f"/{cast.response.slug}/siting/{made.pk}/ask/", said | {"seconds": "1"}, follow=True)
        assert answer.status_code == 200, said
    for option in made.options.filter(state=OptionState.RUNNING):
        Option.objects.filter(pk=option.pk).update(limit=0.1)
        assert actions.planning.work(str(option.pk)) in (OptionState.READY, OptionState.FAILED), option.changes
        done = Option.objects.get(pk=option.pk)
        assert done.why != actions.planning.UNEXPECTED, option.changes
        assert client.get(done.get_absolute_url()).status_code == 200


def test_laboratories_that_have_failed_give_no_result_and_every_page_says_so(cast: World, signed_in: SignIn) -> None:
    made, client = two_labs(cast), signed_in(cast.people.feng)
    room = f"/{cast.response.slug}/siting/"
    client.post(f"{room}{made.pk}/ask/", {"lanes_0": "0", "lanes_1": "0", "seconds": "1"})
    option = made.options.get()
    assert option.changes == {"lanes": {"疾控中心": 0, "市医院": 0}}
    first = client.get(option.get_absolute_url()).content.decode()
    assert "没有可用检测线，出不了结果" in first
    assert actions.planning.work(str(option.pk)) == OptionState.READY
    other = actions.planning.ask(made, by=cast.people.feng, seconds=0.1)
    actions.planning.work(str(other.pk))
    option.refresh_from_db()
    page = client.get(option.get_absolute_url()).content.decode()
    assert (option.results, "没有可用检测线，出不了结果" in page, option.ends is None) == (None, True, False)
    assert "检测线：疾控中心 0；检测线：市医院 0" in page
    compared = client.get(f"{room}options/{option.pk}/compare/?with={other.pk}").content.decode()
    row = compared.split("最后结果</th>")[1].split("</tr>")[0]
    assert (row.count("—"), "没有可用检测线，出不了结果" in compared) == (1, True)
    for address in (f"{room}options/", f"{room}options/export.xlsx", f"{room}options/{option.pk}/excel/points/"):
        assert client.get(address).status_code == 200
    module.perform(option, "adopt", by=cast.people.feng)
    assert client.get(f"/{cast.response.slug}/board/").status_code == 200


def test_what_is_shown_of_lanes_is_what_is_computed(cast: World, signed_in: SignIn) -> None:
    """Four and eight; six are asked for in the larger, and none in the smaller."""
    made = two_labs(cast)
    form = forms.WhatIf({"lanes_0": "0", "lanes_1": "6"}, study=made, labs=queries.labs_of(made))
    assert form.is_valid()
    option = actions.planning.ask(made, by=cast.people.feng, seconds=0.1, **form.asked())
    assert queries.case_of(made, option.changes).labs.lanes.tolist() == [0, 6]
    actions.planning.work(str(option.pk))
    shown = Outcome.objects.get(option=option).shown
    assert {lab["name"]: lab["lanes"] for lab in shown["places"]} == {"疾控中心": 0, "市医院": 6}
    cdc, hospital = shown["tested"]
    assert (cdc["tubes"], cdc["last"], hospital["lanes"]) == (0, "", 6)
    assert hospital["last"] == rules.hour(Option.objects.get(pk=option.pk).results)
    page = signed_in(cast.people.feng).get(option.get_absolute_url())
    assert [page.context["whatif"][f"lanes_{i}"].value() for i in range(2)] == [0, 6]
    blank = signed_in(cast.people.feng).get(made.get_absolute_url()).context["whatif"]
    assert [blank.fields[f"lanes_{i}"].widget.attrs["placeholder"] for i in range(2)] == ["4", "8"]


def test_where_many_are_positive_more_tests_are_expected_and_larger_pools_are_not_advised(cast: World) -> None:
    made = fed(cast)
    few, many = (
        actions.planning.ask(made, by=cast.people.feng, seconds=0.1, prevalence=value, lanes={"疾控中心": 1})
        for value in (0, 200)
    )
    shown = []
    for option in (few, many):
        actions.planning.work(str(option.pk))
        shown.append(Outcome.objects.get(option=option).shown)
    assert queries.case_of(made, many.changes).rules.prevalence == 0.02
    assert shown[1]["tests"] > 1.5 * shown[0]["tests"]
    assert ["20合1" in one["bottleneck"]["zh"] for one in shown] == [True, False]


def test_a_town_that_nobody_lives_in_and_one_that_nobody_leaves_are_pages_too(cast: World, signed_in: SignIn) -> None:
    made, client = study(cast, points=1), signed_in(cast.people.feng)
    for kind, rows in (("demand", [planned.HOMES[0] | {"persons": 1}]), ("sites", planned.SITES[:1])):
        actions.tables.take(made, kind, lines(rows), by=cast.people.feng)
    for said in ({"no_show": "90"}, {"slot_minutes": "240"}, {}):
        answer = client.post(f"/{cast.response.slug}/siting/{made.pk}/ask/", said, follow=True)
        assert answer.status_code == 200


def test_a_first_look_that_breaks_leaves_the_page_to_the_task(
    cast: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise IndexError

    made, client = fed(cast), signed_in(cast.people.feng)
    monkeypatch.setattr("tongzhou.planning.forecasting.simulate", broken)
    answer = client.post(f"/{cast.response.slug}/siting/{made.pk}/ask/", {"seconds": "1"}, follow=True)
    option = made.options.get()
    assert (answer.status_code, option.state) == (200, OptionState.RUNNING)
    monkeypatch.setattr("tongzhou.planning.forecasting.simulate", simulate)
    assert actions.planning.work(str(option.pk)) == OptionState.READY


def test_lanes_asked_for_before_are_told_as_what_they_changed(cast: World) -> None:
    """Six of twelve in one figure left none in the first laboratory and eight in the other."""
    made = two_labs(cast)
    old, closed = ready(cast, made), ready(cast, made)
    Option.objects.filter(pk=old.pk).update(changes={"lanes": 6, "pool": 20})
    Option.objects.filter(pk=closed.pk).update(spots=["P0"])
    import_module("tongzhou.modules.siting.migrations.0005_steps").told(apps, None)
    found = {one.pk: (one.changes, one.step) for one in Option.objects.all()}
    assert found[old.pk] == ({"lanes": {"疾控中心": 0}, "pool": 20}, "")
    assert found[closed.pk] == ({}, Option.Step.CLOSE)
