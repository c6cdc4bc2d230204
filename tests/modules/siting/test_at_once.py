"""A first answer before the page does: no task is waited for where the engine is at hand; and places put on the map."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.modules.siting import planned
from tests.modules.siting.planned import fed, ready, study
from tests.world import World
from tongzhou.kernel import ledger, module
from tongzhou.kernel.models import Person
from tongzhou.modules.siting import actions, forms, queries, rules
from tongzhou.modules.siting.models import Option, Outcome, Table
from tongzhou.modules.siting.workflow import OptionState

SignIn = Callable[[Person], Client]


@pytest.mark.usefixtures("at_hand")
def test_a_first_plan_is_there_before_any_task_has_run(cast: World, signed_in: SignIn) -> None:
    made, client = fed(cast), signed_in(cast.people.feng)
    answer = client.post(f"/{cast.response.slug}/siting/{made.pk}/ask/", {"points": "4", "seconds": "1"}, follow=True)
    option = made.options.get()
    page = answer.content.decode()
    assert (option.state, option.points, Outcome.objects.filter(option=option).exists()) == ("running", 4, True)
    assert ("4个采样点、" in page, "data-map" in page, "先看初步方案，还在继续改进" in page) == (True, True, True)
    first = option.value or 0
    assert actions.planning.work(str(option.pk)) == OptionState.READY
    done = Option.objects.get(pk=option.pk)
    assert (done.value or 0) <= first


@pytest.mark.usefixtures("at_hand")
def test_what_cannot_be_is_said_at_once(cast: World) -> None:
    option = actions.planning.ask(fed(cast), by=cast.people.feng, points=1)
    assert (option.state, option.faults[0][:15]) == (OptionState.FAILED, "候选点：需容纳3060人，1个")
    assert actions.planning.work(str(option.pk)) == ""


@pytest.mark.usefixtures("at_hand")
def test_who_would_move_is_there_at_once(cast: World) -> None:
    option = ready(cast, fed(cast), 5)
    key = option.outcome.shown["points"][0]["key"]
    closing = actions.planning.close_points(option, [key], by=cast.people.feng, at="10:00")
    found = Option.objects.get(pk=closing.pk)
    assert (found.state, found.moved) == ("running", sum(m["persons"] for m in found.outcome.shown["moves"]))
    assert found.moved > 0
    actions.planning.work(str(closing.pk))
    assert Option.objects.get(pk=closing.pk).moved == found.moved


def test_a_city_is_left_to_the_task(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.engine, "at_hand", lambda: True)
    monkeypatch.setattr(actions.glances, "AT_ONCE", 12 * 6 - 1)
    option = actions.planning.ask(fed(cast), by=cast.people.feng)
    assert not Outcome.objects.filter(option=option).exists()


def test_a_what_if_turns_speed_and_leaves_sites_out(cast: World) -> None:
    """Two schools are under water; and each table takes 100 an hour instead of 80."""
    made = fed(cast)
    form = forms.WhatIf(
        {"an_hour": "100", "without": "P0，小学3"}, study=made, sites=made.sheets.get(kind=Table.Kind.SITES).rows
    )
    assert form.is_valid()
    assert form.asked() == {"person_seconds": 36, "without": ["P0", "P3"]}
    option = actions.planning.ask(made, by=cast.people.feng, seconds=0.1, **form.asked())
    assert option.changes == {"person_seconds": 36, "without": ["P0", "P3"]}
    assert forms.WhatIf.of(option.changes) == {"an_hour": 100, "without": "P0、P3"}
    assert actions.planning.work(str(option.pk)) == OptionState.READY
    rows = {row["key"]: row for row in Outcome.objects.get(option=option).shown["points"]}
    assert set(rows) & {"P0", "P3"} == set()
    case = queries.case_of(made, option.changes)
    assert (case.rules.person_seconds, case.sites.banned.tolist()) == (36, [1, 0, 0, 1, 0, 0])
    wrong = forms.WhatIf({"without": "P0, 二中"}, study=made, sites=planned.SITES)
    assert wrong.errors["without"] == ["候选点里没有“二中”，请填编号或名称。"]


def test_words_name_rows_by_key_or_name_however_they_are_divided() -> None:
    rows = [{"key": "P1", "name": "一小 北门"}, {"key": "P2", "name": "二小"}]
    assert rules.named("P2、一小 北门", rows) == (["P2", "P1"], [])
    assert rules.named("P1 P2;三小", rows) == (["P1", "P2"], ["三小"])


def test_a_point_is_closed_from_the_map(cast: World, signed_in: SignIn) -> None:
    """Its mark offers it; the form then has that point chosen. Without the right to plan none is offered."""
    option = ready(cast, fed(cast))
    module.perform(option, "adopt", by=cast.people.feng)
    key = option.outcome.shown["points"][1]["key"]
    client = signed_in(cast.people.feng)
    context = client.get(option.get_absolute_url()).context
    offered = {words: url for place in context["map"].places for words, url in place.links if key in url}
    assert list(offered) == ["看这个点的数", "关闭这个点…", "这个点少几张台…"]
    for words in list(offered)[1:]:
        assert client.get(offered[words]).context["form"]["points"].value() == [key]
    shown = option.outcome.shown
    assert {words for place in queries.drawing(shown).places for words, _url in place.links} == {"看这个点的数"}


def test_van_rounds_are_a_layer_and_colours_have_a_legend(cast: World) -> None:
    option = actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1)
    actions.planning.work(str(option.pk))
    shown = Outcome.objects.get(option=option).shown
    drawn = queries.drawing(shown)
    (layer,) = drawn.layers
    assert len(layer.places) == sum(len(tour["points"]) for tour in shown["tours"]) > 0
    assert [tone for tone, _words in drawn.legend] == ["good", "wait", "bad", "off", "plain"]


def test_a_site_is_placed_moved_and_taken_off(cast: World, signed_in: SignIn) -> None:
    made, client = study(cast), signed_in(cast.people.feng)
    address = f"/{cast.response.slug}/siting/{made.pk}/places/sites/"
    assert "GCJ-02" in client.get(address).content.decode()
    given = {"was": "", "name": "河边广场", "tables": "4", "use": "", "lon": "123.7912345678", "lat": "41.31"}
    assert client.post(address, given).status_code == 302
    table = made.sheets.get(kind="sites")
    assert table.rows == [{"name": "河边广场", "tables": 4, "kept": False, "banned": False, "lon": 123.791235, "lat": 41.31, "key": "P1"}]  # fmt: skip
    client.post(address, given | {"name": "南门"})
    chosen = client.get(f"{address}?row=P1").context
    assert (chosen["form"]["name"].value(), chosen["chosen"]["key"]) == ("河边广场", "P1")
    client.post(f"{address}?row=P1", given | {"was": "P1", "key": "P1", "lat": "41.33", "use": "kept"})
    table.refresh_from_db()
    assert [(row["key"], row["lat"], row["kept"]) for row in table.rows] == [("P1", 41.33, True), ("P2", 41.31, False)]
    taken = client.post(address, given | {"key": "P2"})
    assert (taken.status_code, "已有编号“P2”" in taken.content.decode()) == (422, True)
    client.post(address, {"was": "P2", "remove": "1"})
    table.refresh_from_db()
    assert ([row["key"] for row in table.rows], table.number) == (["P1"], 1)
    said = [ledger.sentence(entry) for entry in ledger.entries(made)]
    assert {"冯指挥在地图上加了候选点：P1", "冯指挥改了候选点：P1", "冯指挥删去候选点：P2"} <= set(said)


def test_people_of_a_placed_building_are_no_longer_assumed(cast: World) -> None:
    made = study(cast, people=1000)
    blank = [{**row, "persons": None} for row in planned.HOMES[:2]]
    actions.tables.take(made, "demand", planned.lines(blank), by=cast.people.feng)
    row = {"name": "0号楼", "persons": 300, "lon": 123.8, "lat": 41.3}
    table = actions.tables.put(made, "demand", row, by=cast.people.feng, was="B0")
    assert ([one["persons"] for one in table.rows], table.assumed, table.people) == ([300, 500], 1, 800)
    with pytest.raises(ValidationError, match="已经不在了"):
        actions.tables.put(made, "demand", row, by=cast.people.feng, was="B9")


def test_the_map_is_in_the_datum_of_its_list(cast: World) -> None:
    """Sites by GPS, buildings by a map of China: on the map of sites the buildings are moved, on theirs the sites."""
    made = fed(cast, sites_datum="WGS-84")
    sites, homes = (queries.sketches.sketch(made, kind, "/") for kind in ("sites", "demand"))
    at = {kind: {place.label: (place.lat, place.lon) for place in drawn.places} for kind, drawn in (("sites", sites), ("demand", homes))}  # fmt: skip
    assert (at["sites"]["小学0：6台"], at["demand"]["0号楼：200人"]) == ((41.311, 123.791), (41.31, 123.79))
    assert 0.003 < at["demand"]["小学0：6台"][1] - 123.791 < 0.008
    assert 0.003 < 123.79 - at["sites"]["0号楼：200人"][1] < 0.008


def test_cost_falls_with_larger_tubes_and_stands_in_the_curve(cast: World) -> None:
    """Staff from eight to the last swab, tubes, swabs, and rounds of vans at each of two pick-ups, by the rates of the rulebook."""
    made = fed(cast)
    ten, twenty = (
        actions.planning.ask(made, by=cast.people.feng, seconds=0.1, points=3 + n, pool=pool)
        for n, pool in enumerate((10, 20))
    )
    for one in (ten, twenty):
        actions.planning.work(str(one.pk))
        one.refresh_from_db()
    rates = queries.rates_of(made).values
    tubes, rounds = sum(row["tubes"] for row in ten.outcome.shown["points"]), 2 * len(ten.outcome.shown["tours"])
    hours = ten.staff * (max(12, ten.ends or 0) - 8)
    wanted = hours * rates["staff_hour"] + tubes * rates["tube"] + 3060 * rates["swab"] + rounds * rates["van_round"]
    assert (ten.people, ten.tubes, ten.trips, queries.cost_of(ten)) == (3060, tubes, rounds, round(wanted))
    assert (twenty.tubes or 0) < 0.6 * tubes
    assert queries.frontier([ten, twenty], str) == []  # ten in a tube and twenty are no curve


def test_a_curve_compares_like_with_like(cast: World) -> None:
    """Three to five points as the study has it; twenty in a tube with three and four; one with other hours: two lines."""
    made, found = fed(cast), []
    asked: list[dict[str, Any]] = [
        {"points": 4}, {}, {"points": 5}, {"pool": 20}, {"points": 4, "pool": 20}, {"closes": time(13)}, {"points": 4, "no_show": 5},
    ]  # fmt: skip
    for said in asked:
        option = actions.planning.ask(made, by=cast.people.feng, seconds=0.1, **said)
        actions.planning.work(str(option.pk))
        found.append(Option.objects.select_related("study").get(pk=option.pk))
    four, three, five, pooled, more = found[:5]
    walk, *_others, cost = queries.frontier(
        found, lambda changes: "20合1" if changes == {"pool": 20} else str(changes or "")
    )
    assert (walk.x, [series.name for series in walk.series]) == (["3", "4", "5"], ["按测算的设定", "20合1"])
    assert [list(series.values) for series in cost.series] == [
        [queries.cost_of(one) for one in (three, four, five)], [queries.cost_of(pooled), queries.cost_of(more), None],
    ]  # fmt: skip


@pytest.mark.usefixtures("at_hand")
def test_measured_ways_are_walked_in_the_first_plan_too(cast: World) -> None:
    made = fed(cast)
    actions.tables.take(
        made, "walks", planned.lines([{"home": "B0", "site": "P0", "metres": 180}]), by=cast.people.feng
    )
    option = actions.planning.ask(made, by=cast.people.feng, seconds=1, pool=20)
    assert Outcome.objects.filter(option=option).exists()
    assert actions.planning.work(str(option.pk)) == OptionState.READY
