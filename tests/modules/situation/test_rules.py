"""Zones by edition, the reporting clock, sums that match; and that the rules in the files are the ones the house knows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel import rulebook
from tongzhou.modules.situation.models.zone import ZoneLevel
from tongzhou.modules.situation.rules import clock, counts, zones

FOUND_AT = datetime(2022, 3, 5, 1, 30, tzinfo=UTC)


def levels(day: date) -> dict[str, zones.Level]:
    return zones.levels(rulebook.in_force("situation", "zones", day).values)


@pytest.mark.parametrize(
    ("day", "version", "names"),
    [
        (date(2022, 6, 27), "3-zones", ["lockdown", "control", "precaution"]),
        (date(2022, 6, 28), "9th", ["high", "medium", "low"]),
        (date(2022, 11, 10), "9th", ["high", "medium", "low"]),
        (date(2022, 11, 11), "20-measures", ["high", "low"]),
        (date(2023, 1, 7), "20-measures", ["high", "low"]),
        (date(2023, 1, 8), "class-B", []),
        (date(2026, 11, 26), "class-B", []),
    ],
)
def test_levels_are_those_of_the_day(day: date, version: str, names: list[str]) -> None:
    assert rulebook.in_force("situation", "zones", day).version == version
    assert list(levels(day)) == names


def test_every_level_of_every_edition_has_a_word_and_leads_to_one_of_its_own() -> None:
    for edition in rulebook.rule("situation", "zones").editions:
        known = zones.levels(edition.values)
        for level in known.values():
            assert level.name in ZoneLevel.values
            assert {level.next, level.raised} <= {"", *known}


def test_before_the_first_edition_there_is_no_rule() -> None:
    with pytest.raises(rulebook.NoRule):
        rulebook.in_force("situation", "zones", date(2019, 12, 31))


def test_countdown_of_the_ninth_edition() -> None:
    """High: 7 days without an infection, then medium; 3 days more, then nothing. Medium from the start: 7 days."""
    known = levels(date(2022, 7, 1))
    assert zones.due(known["high"], date(2022, 7, 1), None) == date(2022, 7, 8)
    assert (known["high"].next, known["medium"].next) == ("medium", "")
    assert zones.due(known["medium"], date(2022, 7, 1), date(2022, 7, 8)) == date(2022, 7, 11)
    assert zones.due(known["medium"], date(2022, 7, 1), None) == date(2022, 7, 8)
    assert zones.due(known["low"], date(2022, 7, 1), None) == date(2022, 7, 1)


def test_countdown_of_the_other_editions() -> None:
    assert zones.due(levels(date(2022, 6, 27))["lockdown"], date(2022, 6, 27), None) == date(2022, 7, 11)
    assert zones.due(levels(date(2022, 11, 11))["high"], date(2022, 11, 11), None) == date(2022, 11, 16)


@pytest.mark.parametrize(
    ("today", "left"), [(date(2022, 7, 1), 7), (date(2022, 7, 7), 1), (date(2022, 7, 8), 0), (date(2022, 9, 1), 0)]
)
def test_days_left_never_fall_below_none(today: date, left: int) -> None:
    assert zones.left(date(2022, 7, 8), today) == left


# -- the clock


def along() -> list[clock.Step]:
    return clock.steps(rulebook.in_force("situation", "reporting", date(2022, 3, 5)).values)


def test_clock_of_the_regulation() -> None:
    """突发公共卫生事件应急条例, arts. 19 and 20: two hours at each step, one for the last."""
    assert [step.hours for step in along()] == [2, 2, 2, 2, 1]
    assert [step.article[1] for step in along()] == ["art. 20"] * 4 + ["art. 19"]


def test_steps_not_done_are_due_one_after_the_other() -> None:
    due = [tick.due_at - FOUND_AT for tick in clock.ticks(FOUND_AT, along(), [])]
    assert due == [timedelta(hours=hours) for hours in (2, 4, 6, 8, 9)]


def test_a_step_begins_when_the_one_before_it_was_done() -> None:
    done = [FOUND_AT + timedelta(minutes=30), FOUND_AT + timedelta(hours=5)]
    told = clock.ticks(FOUND_AT, along(), done)
    assert [(tick.due_at - FOUND_AT, tick.late) for tick in told[:3]] == [
        (timedelta(hours=2), False),
        (timedelta(hours=2, minutes=30), True),
        (timedelta(hours=7), False),
    ]


@given(minutes=st.lists(st.integers(0, 300), max_size=5))
def test_clock_runs_forward(minutes: list[int]) -> None:
    done = [FOUND_AT + timedelta(minutes=sum(minutes[: n + 1])) for n in range(len(minutes))]
    told = clock.ticks(FOUND_AT, along(), done)
    assert [tick.number for tick in told] == [1, 2, 3, 4, 5]
    assert [tick.done_at for tick in told] == [*done, *[None] * (5 - len(done))]
    assert all(tick.due_at > FOUND_AT for tick in told)


# -- sums


def test_parts_must_add_up() -> None:
    nothing = dict.fromkeys(("confirmed", "asymptomatic", *counts.FOUND), 0)
    assert counts.unmatched(nothing) is None
    assert counts.unmatched(nothing | {"confirmed": 2, "asymptomatic": 1, "quarantine": 3}) is None
    assert counts.unmatched(nothing | {"confirmed": 2, "quarantine": 3}) == (2, 3)


def test_days_are_without_gaps() -> None:
    assert counts.days(date(2022, 2, 27), date(2022, 3, 1)) == [date(2022, 2, 27), date(2022, 2, 28), date(2022, 3, 1)]


# -- what the files say


def test_presets_can_be_used_and_say_where_they_are_from() -> None:
    presets = rulebook.in_force("situation", "serial_interval", date(2026, 1, 1))["presets"]
    assert [one["name"] for one in presets] == ["omicron", "delta", "original", "flu2009"]
    assert all(one["mean"] > 1 and one["sd"] > 0 and one["from"] and one["from_en"] for one in presets)


def test_rules_are_told_in_the_readers_language() -> None:
    rule = rulebook.rule("situation", "zones")
    with translation.override("en"):
        _called, (word, told) = rule.called(rule.on(date(2022, 7, 1)))
        assert (word, told[0]["name"], told[0]["days without a new infection"]) == ("levels", "high-risk area", 7)
        assert rule.on(date(2022, 7, 1)).cited().startswith("National prevention and control plan, 9th edition")
    _called, (word, told) = rule.called(rule.on(date(2022, 7, 1)))
    assert (word, told[0]["名称"], told[0]["连续无新增感染（天）"]) == ("级别", "高风险区", 7)
