"""One point by itself: its queue with its band, its buildings; and its tubes, counted as the forecast counts them."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from django.test import Client

from tests.modules.siting import planned
from tests.modules.siting.planned import fed, lines, ready
from tests.world import World
from tongzhou import planning as pl
from tongzhou.kernel.models import Person
from tongzhou.modules.siting import actions, queries, rules
from tongzhou.modules.siting.models import Option

SignIn = Callable[[Person], Client]
pytestmark = pytest.mark.any_engine


@pytest.mark.usefixtures("at_hand")
def test_a_row_leads_to_the_queue_of_its_point(cast: World, signed_in: SignIn) -> None:
    made, client = fed(cast), signed_in(cast.people.feng)
    option = actions.planning.ask(made, by=cast.people.feng, seconds=0.1, early=60)
    actions.planning.work(str(option.pk))
    done = Option.objects.select_related("study", "outcome").get(pk=option.pk)
    page = client.get(done.get_absolute_url()).content.decode()
    for row in done.outcome.shown["points"]:
        address = f"/{cast.response.slug}/siting/options/{done.pk}/points/{row['key']}/"
        answer = client.get(address)
        (chart,) = answer.context["charts"]
        (line,) = chart.series
        assert (address in page, str(chart.title), chart.x[0]) == (True, "这个点的排队人数", "08:00")
        assert all(low <= middle <= high for low, middle, high in zip(line.low, line.values, line.high, strict=True))  # type: ignore[operator]  # numbers: none is left out
        assert 0 < max(line.high) <= 2 * row["queue"][2] + 5  # type: ignore[type-var]  # the same
        assert sum(unit["persons"] for unit in answer.context["units"]) == row["persons"]
    assert client.get(f"/{cast.response.slug}/siting/options/{done.pk}/points/P99/").status_code == 404


def test_without_the_engine_the_page_says_that_the_chart_comes(cast: World, signed_in: SignIn) -> None:
    option = ready(cast, fed(cast))
    key = option.outcome.shown["points"][0]["key"]
    answer = signed_in(cast.people.feng).get(f"/{cast.response.slug}/siting/options/{option.pk}/points/{key}/")
    assert "几秒后刷新就有这个点的排队图" in answer.content.decode()


@pytest.mark.parametrize("pool", [3, 10, 20])
def test_tubes_are_those_of_the_forecast(cast: World, pool: int) -> None:
    option = actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1, pool=pool)
    actions.planning.work(str(option.pk))
    done = Option.objects.select_related("outcome").get(pk=option.pk)
    forecast = pl.simulate(queries.plan_of(done), replications=1)
    assert done.tubes == forecast.tubes == sum(row["tubes"] for row in done.outcome.shown["points"])


def test_a_tube_is_of_one_table() -> None:
    assert [rules.tubes(n, t, 10) for n, t in ((0, 1), (20, 2), (21, 2), (22, 2), (9, 3))] == [0, 2, 3, 4, 3]


def test_how_many_points_would_do_is_answered_with_how_sure_that_is(cast: World, signed_in: SignIn) -> None:
    """Brute force agrees: of all choices of sites the smallest with one near everybody, and the best two."""
    made, client = fed(cast), signed_in(cast.people.feng)
    case = queries.case_of(made)
    walk = near(case)
    sets = [[*chosen] for n in range(1, 7) for chosen in combinations(range(6), n)]
    least = min(len(one) for one in sets if (walk[:, one].min(1) <= 500).all())
    best = max(int(case.demand.persons[walk[:, one].min(1) <= 300].sum()) for one in sets if len(one) == 2)
    address = f"/{cast.response.slug}/siting/{made.pk}/cover/"
    assert (
        f"要让人人500米以内有点，{least}个点就够，已证明再好不了。"
        in client.get(f"{address}?within=500").content.decode()
    )
    page = client.get(f"{address}?within=300&points=2").content.decode()
    assert f"设2个点，最多能让{best}人（{100 * best // 3060}%）在300米以内有点，已证明再好不了。" in page
    assert "米内没有候选点" in client.get(f"{address}?within=50").content.decode()
    for wrong in ("?within=1", "?within=x&points=-1", "?within=500&points=99999", ""):
        assert client.get(address + wrong).status_code == 200


def near(case: Any) -> Any:
    home, site = case.walk.plane(case.demand, case.sites)
    return np.hypot(*(home[:, None] - site[None]).transpose(2, 0, 1)) * case.walk.detour


def test_buildings_of_people_who_cannot_walk_far_have_a_limit_of_their_own(cast: World) -> None:
    made, feng = fed(cast), cast.people.feng
    homes = [row | {"impaired": 100 if row["key"] == "B3" else 0} for row in planned.HOMES]
    actions.tables.take(made, "demand", lines(homes), by=feng)
    case = queries.case_of(made, {"impaired_walk_m": 400, "max_walk_m": 900})
    assert {str(key): float(limit) for key, limit in zip(case.demand.key, case.limit, strict=True)} == {
        row["key"]: 400.0 if row["key"] == "B3" else 900.0 for row in homes
    }
    option = actions.planning.ask(made, by=feng, seconds=0.1, impaired_walk_m=400)
    assert option.changes == {"impaired_walk_m": 400}
    assert actions.planning.work(str(option.pk)) == "ready"
    units = Option.objects.select_related("outcome").get(pk=option.pk).outcome.shown["units"]
    assert next(unit["walk"] for unit in units if unit["key"] == "B3") <= 400
