"""What a page has shown is never lost: a search that is cut short, a worker that died, two that work on one option."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil
from random import Random

import pytest
from django.tasks import default_task_backend
from django.test import Client
from django.utils import timezone

from tests.modules.siting import planned
from tests.modules.siting.planned import fed, lines, ready, study
from tests.world import World
from tongzhou.kernel.models import Person
from tongzhou.kernel.workflow import OutOfStep
from tongzhou.modules.siting import actions, queries
from tongzhou.modules.siting.models import Option, Outcome, Study
from tongzhou.modules.siting.workflow import OptionState
from tongzhou.planning.columns import Unfit

SignIn = Callable[[Person], Client]


def tight(cast: World) -> Study:
    """Room for 2 in 100 more than there are: where a search begins, some point is too full; a tenth of a second mends that."""
    chance = Random(5)

    def at() -> dict[str, float]:
        return {"lon": round(123.79 + chance.random() / 40, 6), "lat": round(41.31 + chance.random() / 50, 6)}

    homes = [{"key": f"B{i}", "name": f"{i}号楼", "persons": chance.randrange(100, 800)} | at() for i in range(12)]
    people = sum(row["persons"] for row in homes)
    tables = ceil(1.02 * people / (3 * 272))
    sites = [{"key": f"P{j}", "name": f"小学{j}", "tables": tables} | at() for j in range(6)]
    made = study(cast)
    for kind, rows in {"demand": homes, "sites": sites}.items():
        actions.tables.take(made, kind, lines(rows), by=cast.people.house)
    return made


@pytest.mark.usefixtures("at_hand")
def test_stopped_before_its_worker_begins_it_is_the_first_plan(cast: World) -> None:
    """The search that is stopped at once has no plan that keeps every rule. Without the first plan that is a failure; with it, the answer."""
    option = actions.planning.ask(tight(cast), by=cast.people.feng)
    first = Option.objects.get(pk=option.pk)
    actions.planning.stop(option, by=cast.people.feng)
    assert actions.planning.work(str(option.pk)) == OptionState.READY
    done = Option.objects.get(pk=option.pk)
    assert (done.value, done.points) == (first.value, 3)


def test_stopped_without_any_plan_it_has_none(cast: World) -> None:
    option = actions.planning.ask(tight(cast), by=cast.people.feng)
    actions.planning.stop(option, by=cast.people.feng)
    assert actions.planning.work(str(option.pk)) == OptionState.FAILED


def test_not_found_at_once_it_is_searched_for_as_long_as_was_allowed(
    cast: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look is over before it has found anything, as in a town of which the first plan is too full."""
    option = actions.planning.ask(tight(cast), by=cast.people.feng, seconds=0.5)
    monkeypatch.setattr(actions.planning, "FIRST", 0.0)
    assert actions.planning.work(str(option.pk)) == OptionState.READY


@pytest.mark.usefixtures("at_hand")
def test_two_closings_too_many_are_said_to_be_so_at_once(cast: World, signed_in: SignIn) -> None:
    option = ready(cast, fed(cast))
    keys = [row["key"] for row in option.outcome.shown["points"]]
    client = signed_in(cast.people.feng)
    page = client.post(f"{option.get_absolute_url()}close/", {"points": keys[:2]}, follow=True).content.decode()
    closing = Option.objects.latest("number")
    assert (closing.state, closing.base, closing.faults[0] in page) == (OptionState.FAILED, option, True)
    assert [row["key"] for row in Option.objects.get(pk=option.pk).outcome.shown["points"]] == keys


def test_what_one_worker_has_ended_another_neither_fails_nor_writes_over(cast: World) -> None:
    """The house took the first for dead; it comes back with its own plan after the second has ended the option."""
    option = actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1)
    slow = actions.planning._option(str(option.pk))
    assert actions.planning.work(str(option.pk), again=True) == OptionState.READY
    done = Outcome.objects.get(option=option)
    plan = queries.plan_of(Option.objects.get(pk=option.pk))
    assert actions.glances.keep(slow, plan, None) is False
    with pytest.raises(OutOfStep):
        actions.planning.keep(slow, plan)
    assert actions.planning._given_up(str(option.pk), actions.planning.UNEXPECTED) == OptionState.READY
    assert (Outcome.objects.get(option=option).days, done.days) == (20, 20)


def test_a_fault_after_the_last_step_leaves_no_option_running_for_ever(cast: World) -> None:
    """The option in hand reads as ready while the database took that back: it is read anew before it is given up."""
    option = actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1)
    mine = actions.planning._option(str(option.pk))
    mine.state = OptionState.READY
    assert actions.planning._given_up(str(mine.pk), actions.planning.UNEXPECTED) == OptionState.FAILED
    assert Option.objects.get(pk=option.pk).faults[0].startswith("计算时出了意外")


def test_stopping_takes_up_what_nobody_works_on(cast: World) -> None:
    feng = cast.people.feng
    option = actions.planning.ask(fed(cast), by=feng)
    tried = len(default_task_backend.results)
    for ago, more in ((5, 0), (31, 1)):
        Option.objects.filter(pk=option.pk).update(beat_at=timezone.now() - timedelta(seconds=ago))
        actions.planning.stop(option, by=feng)
        assert len(default_task_backend.results) == tried + more


@pytest.mark.usefixtures("at_hand")
def test_the_first_plan_has_its_table_its_charts_and_its_bottleneck(cast: World, signed_in: SignIn) -> None:
    option = actions.planning.ask(fed(cast), by=cast.people.feng)
    client = signed_in(cast.people.feng)
    seen = client.get(option.get_absolute_url())
    page = seen.content.decode()
    assert [str(chart.title) for chart in seen.context["charts"]] == ["全区排队人数", "采样管：在途与待检"]
    assert ("瓶颈在实验室" in page, "先按 3 天的模拟估计" in page) == (True, True)
    rows = seen.context["shown"]["points"]
    assert all(row["first"] and row["wait"] and row["tubes"] for row in rows)
    assert (seen.context["shown"]["staff"], seen.context["shown"]["tours"]) == ([], [])  # they come with the last plan
    assert (Option.objects.get(pk=option.pk).results or 0) > 0
    state = f"{option.get_absolute_url()}state/"
    assert [client.get(f"{state}?seen={days}").headers.get("HX-Refresh") for days in ("", "0", "3")] == [
        "true", "true", None,
    ]  # fmt: skip


@pytest.mark.usefixtures("at_hand")
def test_of_a_large_town_the_forecast_follows_the_first_plan(
    cast: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page does not wait for it: the task begins with it, and the page is drawn anew."""
    monkeypatch.setattr(actions.glances, "PLAYED", 3059)
    option = actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1)
    client = signed_in(cast.people.feng)
    page = client.get(option.get_absolute_url()).content.decode()
    assert ("估计马上就来" in page, "瓶颈在实验室" in page) == (True, False)
    actions.planning._searched(actions.planning._option(str(option.pk)))
    assert client.get(f"{option.get_absolute_url()}state/?seen=0").headers["HX-Refresh"] == "true"
    assert "瓶颈在实验室" in client.get(option.get_absolute_url()).content.decode()


def test_the_progress_never_reads_worse_than_the_plan_that_is_shown(cast: World) -> None:
    """A search begins anew, from worse than the first plan."""
    option = actions.planning.ask(fed(cast), by=cast.people.feng, seconds=0.1)
    Option.objects.filter(pk=option.pk).update(value=1.0, least=0.5, walk=9.0)
    mine = actions.planning._option(str(option.pk))
    actions.planning._searched(mine)
    told = Option.objects.get(pk=option.pk)
    assert ((told.value or 0) <= queries.plan_of(told).value, told.least >= 0.5 or told.stopped == "time") == (
        True,
        True,
    )


def test_a_case_too_tight_for_any_plan_says_so(cast: World) -> None:
    with pytest.raises(Unfit):
        actions.planning._searched(actions.planning.ask(fed(cast), by=cast.people.feng, points=1, seconds=0.1))
    assert planned.HOMES[0]["persons"] == 200
