"""People of whom only a total is known, turns of the day, numbers of points."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.modules.siting import rules

People = st.lists(st.none() | st.integers(0, 5000), min_size=1, max_size=40)


@given(People, st.integers(0, 10**6))
def test_spread_keeps_the_total_and_what_is_known(people: list[int | None], more: int) -> None:
    rows = [{"key": str(i), "persons": n} for i, n in enumerate(people)]
    total = sum(n or 0 for n in people) + more
    found, assumed = rules.spread(rows, total)
    blank = [row["persons"] for row, n in zip(found, people, strict=True) if n is None]
    assert assumed == len(blank)
    assert [row["persons"] for row, n in zip(found, people, strict=True) if n is not None] == [
        n for n in people if n is not None
    ]
    if blank:
        assert (sum(row["persons"] for row in found), max(blank) - min(blank) <= 1) == (total, True)
        assert [bool(row.get("assumed")) for row in found] == [n is None for n in people]


def test_spread_says_how_many_rows_lack_people_or_how_many_people_are_too_many() -> None:
    with pytest.raises(ValueError, match="^1$"):
        rules.spread([{"key": "a", "persons": None}, {"key": "b", "persons": 3}], None)
    with pytest.raises(ValueError, match="^2$"):
        rules.spread([{"key": "a", "persons": None}, {"key": "b", "persons": 5}], 3)


def test_twice_names_the_line_and_the_first() -> None:
    assert rules.twice([(2, {"key": "a"}), (3, {"key": "b"}), (4, {"key": "a"})]) == [(4, "a", 2)]


def test_turns_are_two_on_a_long_day() -> None:
    assert rules.turns(time(8), time(12), 6) == "08:00-12:00 6人"
    assert rules.turns(time(6), time(18), 6) == "06:00-12:00 6人\n12:00-18:00 6人"


def test_points_follow_the_people() -> None:
    assert [rules.wanted_points(n, (2000, 3000)) for n in (1, 2500, 2501, 300_000)] == [1, 1, 2, 120]
    assert rules.around(100, 1, 120) == [67, 83, 117]


def test_changed_keeps_only_what_differs() -> None:
    base = {"points": 3, "pool": 10, "lanes": {"a": 4, "b": 8}}
    assert rules.changed({"points": 5, "pool": 10, "lanes": {"a": 4, "b": 8}}, base) == {"points": 5}
    assert rules.changed({"lanes": {"a": 0, "b": 8, "c": 1}}, base) == {"lanes": {"a": 0}}


def test_an_hour_of_the_next_day_goes_on_counting() -> None:
    assert [rules.hour(8.0), rules.hour(33.75)] == ["08:00", "33:45"]


@given(st.integers(0, 90), st.integers(1, 40), st.integers(0, 900), st.sampled_from([5, 15, 30]))
def test_people_of_an_old_plan_are_spread_over_their_slots(first: int, slots: int, people: int, length: int) -> None:
    begin = first * length
    made = rules.calls(rules.clock(begin), rules.clock(begin + slots * length), people, length)
    assert ([minute for minute, _n in made], sum(n for _minute, n in made)) == (
        [begin + i * length for i in range(slots)],
        people,
    )
    assert max(n for _minute, n in made) - min(n for _minute, n in made) <= 1


def test_a_building_that_is_not_called_has_no_slots() -> None:
    assert rules.calls("", "", 5, 15) == []


def test_what_an_option_costs_by_the_rates_of_the_house() -> None:
    rates = {"staff_hour": 30, "tube": 80, "swab": 4, "van_round": 100}
    assert rules.cost(rates, staff_hours=10.5, tubes=3, people=25, rounds=2) == 315 + 240 + 100 + 200
