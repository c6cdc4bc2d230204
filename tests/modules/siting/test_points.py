"""One point by itself: its queue with its band, its buildings; and its tubes, counted as the forecast counts them."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.modules.siting.planned import fed, ready
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
