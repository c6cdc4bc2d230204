"""Late, open, too long, counted: tables and what always holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel import rulebook
from tongzhou.modules.meetings import rules
from tongzhou.modules.meetings.rules import Turnout

NINE = datetime(2022, 3, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "grace", "late"),
    [(-300, 0, 0), (0, 0, 0), (59, 0, 0), (60, 0, 1), (119, 0, 1), (359, 5, 0), (360, 5, 6), (7200, 0, 120)],
)
def test_minutes_late_are_whole_and_beyond_the_grace(seconds: int, grace: int, late: int) -> None:
    assert rules.minutes_late(NINE, NINE + timedelta(seconds=seconds), grace) == late


@given(st.integers(-86400, 86400), st.integers(0, 86400), st.integers(0, 60))
def test_who_comes_later_is_never_less_late(seconds: int, more: int, grace: int) -> None:
    first, second = NINE + timedelta(seconds=seconds), NINE + timedelta(seconds=seconds + more)
    assert rules.minutes_late(NINE, first, grace) <= rules.minutes_late(NINE, second, grace)


def test_door_opens_before_the_start() -> None:
    assert rules.door_opens(NINE, 60) == datetime(2022, 3, 5, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("planned", "minutes", "over"), [([20, 30], 60, 0), ([30, 30], 60, 0), ([40, None, 30], 60, 10), ([90], None, 0)]
)
def test_overrun_is_what_the_agenda_takes_beyond_the_end(
    planned: list[int | None], minutes: int | None, over: int
) -> None:
    ends = NINE + timedelta(minutes=minutes) if minutes else None
    assert rules.overrun(planned, NINE, ends) == over


def test_deadline_is_the_last_good_day() -> None:
    today = date(2022, 3, 5)
    assert [rules.overdue(today + timedelta(days=n), today) for n in (-1, 0, 1)] == [True, False, False]


def test_turnout_counts_each_once_and_only_those_expected() -> None:
    rows = [
        ("present", True, False), ("present", False, True), ("coming", False, False), ("invited", False, False),
        ("declined", False, False), ("absent", False, False), ("withdrawn", False, False),
    ]  # fmt: skip
    assert rules.turnout(rows) == Turnout(invited=1, coming=1, declined=1, present=2, absent=1, late=1, by_proxy=1)
    assert (rules.turnout(rows).expected, rules.turnout(rows).answered) == (6, 5)


STATES = ["invited", "coming", "proxy", "declined", "present", "absent", "withdrawn"]


@given(st.lists(st.tuples(st.sampled_from(STATES), st.booleans(), st.booleans())))
def test_turnout_adds_up(rows: list[tuple[str, bool, bool]]) -> None:
    came = rules.turnout(rows)
    assert came.expected == sum(state != "withdrawn" for state, _late, _proxy in rows)
    assert 0 <= came.late <= came.present
    assert 0 <= came.by_proxy <= came.present


def test_customs_of_attendance_have_a_source_that_says_they_are_the_houses_own() -> None:
    edition = rulebook.in_force("meetings", "attendance", date(2022, 3, 5))
    assert dict(edition.values) == {"opens_minutes": 60, "late_minutes": 0, "remind_minutes": 60}
    assert "无文件规定" in edition.source
