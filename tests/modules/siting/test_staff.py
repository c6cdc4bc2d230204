"""How many people work: one number on the line, in the table, in the list of staff with what is short, and in the roster."""

import re
from datetime import time
from typing import Any

import pytest

from tests.modules.siting.planned import fed, lines
from tests.world import World
from tongzhou.kernel import handoff, module
from tongzhou.modules.siting import actions, queries
from tongzhou.modules.siting.models import Option, Outcome

SKILLS = {"one": ["采样"], "none said": [""], "two": ["采样", "扫码"], "no swabber": ["秩序", "消杀"]}


def worked_out(cast: World, people: int, skills: list[str], **said: Any) -> Option:
    made, feng = fed(cast), cast.people.feng
    staff = [
        {"key": f"H{i:03}", "skill": skills[i % len(skills)], "lon": 123.79 + i / 20_000, "lat": 41.31} for i in range(people)
    ]  # fmt: skip
    actions.tables.take(made, "staff", lines(staff), by=feng)
    option = actions.planning.ask(made, by=feng, seconds=0.1, **said)
    actions.planning.work(str(option.pk))
    return Option.objects.select_related("study", "outcome").get(pk=option.pk)


@pytest.mark.parametrize("skills", SKILLS.values(), ids=SKILLS)
@pytest.mark.parametrize("people", [3, 120])
@pytest.mark.any_engine
def test_line_table_list_and_what_is_short_agree(cast: World, skills: list[str], people: int) -> None:
    """Nine hours in two turns: twice the people who are there at once, at the tables and beside them."""
    option = worked_out(cast, people, skills, opens=time(7), closes=time(16))
    shown = Outcome.objects.get(option=option).shown
    rows = shown["points"]
    assert option.staff == sum(row["staff"] for row in rows) == 2 * option.tables + 2 * option.points
    assert (option.turns, option.posts) == (2, sum(row["posts"] for row in rows))
    assert option.posts == sum(len(row["shifts"]) for row in shown["staff"]) + sum(one["n"] for one in shown["short"])
    assert len({row["person"] for row in shown["staff"]}) == len(shown["staff"]) == min(people, option.posts)
    assert {row["skill"] for row in shown["staff"]} <= {skill or "采样" for skill in skills}
    for row in rows:
        swabbers = [one for one in shown["staff"] if one["point"] == row["key"]]
        assert len(swabbers) <= row["posts"]


@pytest.mark.any_engine
def test_line_and_roster_say_the_same_in_words(cast: World) -> None:
    option = worked_out(cast, 10, ["采样"], opens=time(7), closes=time(16))
    n = option.staff
    assert f"张采样台，同时在岗{n}人（2班共{2 * n}人次）；" in queries.line(option)
    assert f"缺{2 * n - 10}人次" in option.outcome.shown["short"][0]["zh"]
    module.perform(option, "adopt", by=cast.people.feng)
    roster: Any = next(one for one in handoff.went_to(option) if one._meta.label == "rosters.Roster")
    places = [int(people) for post in roster.posts.all() for people in re.findall(r"(\d+)人", post.custom)]
    assert (sum(places), len(places)) == (2 * n, 2 * option.points)


@pytest.mark.any_engine
def test_each_table_has_its_swabber_before_swabbers_do_anything_else(cast: World) -> None:
    """Swabbers enough for the tables, and more; who scans codes is short: the swabbers left over help, the rest is said of other posts."""
    option = worked_out(cast, 30, ["采样", "采样", "采样", "采样", "扫码"])
    shown = option.outcome.shown
    at = {row["key"]: row["tables"] for row in shown["points"]}
    for point, tables in at.items():
        assert sum(one["skill"] == "采样" for one in shown["staff"] if one["point"] == point) >= tables
    assert len(shown["staff"]) == min(30, option.posts)
    short = option.posts - len(shown["staff"])
    assert [one["n"] for one in shown["short"]] == ([short] if short else [])
