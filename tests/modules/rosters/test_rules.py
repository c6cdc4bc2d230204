"""Patterns, words of skills, the decision table of Yangzhong row by row, the line at which one has a fever."""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel import rulebook
from tongzhou.modules.rosters import rules
from tongzhou.modules.rosters.queries import rest_rules
from tongzhou.planning.rosters import ANYONE, Rules


@pytest.mark.parametrize(
    ("people", "text", "expected"),
    [
        (3, "", ((ANYONE, 3),)),
        (3, "医护1、公安1", (("公安", 1), ("医护", 1), (ANYONE, 1))),
        (2, "医护 ×2", (("医护", 2),)),
        (2, "医护", (("医护", 1), (ANYONE, 1))),
        (3, "医护1，医护 1人", (("医护", 2), (ANYONE, 1))),
        (2, "medic 1, police 1", (("medic", 1), ("police", 1))),
    ],
)
def test_places_are_read_from_words(people: int, text: str, expected: rules.Places) -> None:
    assert rules.places(people, text) == expected


@pytest.mark.parametrize(("people", "text"), [(1, "医护2"), (2, "1"), (2, "医护1、2")])
def test_places_that_cannot_be_are_refused(people: int, text: str) -> None:
    with pytest.raises(rules.Unreadable):
        rules.places(people, text)


@pytest.mark.parametrize(
    ("pattern", "begins", "expected"),
    [
        ("24h", time(8), ["08:00–08:00"]),
        ("12h", time(8), ["08:00–20:00", "20:00–08:00"]),
        ("8h", time(0), ["00:00–08:00", "08:00–16:00", "16:00–00:00"]),
        ("8h", time(7, 30), ["07:30–15:30", "15:30–23:30", "23:30–07:30"]),
    ],
)
def test_patterns_go_round_the_clock(pattern: str, begins: time, expected: list[str]) -> None:
    turns = rules.turns(pattern, begins, 2, "")
    assert [str(turn) for turn in turns] == expected
    assert sum(turn.minutes for turn in turns) == 24 * 60


def test_shifts_of_ones_own_are_read_line_by_line() -> None:
    turns = rules.turns(
        "custom", time(8), 3, "医护1", "20:00-08:00 2人\n08:00－14:00\n 14:00~20:00 4人 采样2、医护1 \n"
    )
    assert [(str(turn), turn.minutes, turn.places) for turn in turns] == [
        ("08:00–14:00", 360, (("医护", 1), (ANYONE, 2))),
        ("14:00–20:00", 360, (("医护", 1), ("采样", 2), (ANYONE, 1))),
        ("20:00–08:00", 720, ((ANYONE, 2),)),
    ]


@pytest.mark.parametrize("line", ["", "早班", "08:00-25:61", "08:00-14:00 0人", "08:00-14:00 1人 医护2"])
def test_a_line_that_is_no_shift_is_refused(line: str) -> None:
    with pytest.raises(rules.Unreadable):
        rules.turns("custom", time(8), 1, "", line)


TABLE = rulebook.in_force("rosters", "checkpoint", date(2022, 3, 1))
SEEN = {"code": "green", "fever": False, "star": False, "tested": True, "local": True, "letter": False}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("passed", 5)),
        ({"fever": True}, ("referred", 2)),
        ({"fever": True, "local": False}, ("turned_back", 3)),
        ({"code": "red"}, ("referred", 1)),
        ({"code": "red", "fever": True, "local": False}, ("referred", 1)),
        ({"code": "yellow"}, ("turned_back", 4)),
        ({"tested": False}, ("passed", 5)),  # without a star no test is asked for
        ({"star": True}, ("passed", 6)),
        ({"star": True, "tested": False, "local": False}, ("turned_back", 7)),
        ({"star": True, "tested": False, "letter": True}, ("released", 8)),
        ({"star": True, "tested": False}, ("waiting", 9)),
        # a letter is for residents
        (
            {"star": True, "tested": False, "local": False, "letter": True},
            ("turned_back", 7),
        ),
    ],
)
def test_the_table_of_yangzhong_decides(changes: dict[str, Any], expected: tuple[str, int]) -> None:
    assert rules.decide(TABLE["rows"], SEEN | changes) == expected


@given(
    st.fixed_dictionaries(
        {
            "code": st.sampled_from(["red", "yellow", "green"]),
            **{name: st.booleans() for name in ("fever", "star", "tested", "local", "letter")},
        }
    )
)
def test_the_table_decides_every_case_and_passes_nobody_with_fever_or_a_coloured_code(seen: dict[str, Any]) -> None:
    decided = rules.decide(TABLE["rows"], seen)
    assert decided is not None
    if seen["fever"] or seen["code"] != "green":
        assert decided[0] in {"turned_back", "referred"}


def test_there_was_no_table_before_the_first() -> None:
    with pytest.raises(rulebook.NoRule):
        rulebook.in_force("rosters", "checkpoint", date(2020, 12, 31))
    assert rulebook.in_force("rosters", "checkpoint", date(2021, 1, 1)).version == TABLE.version


def test_the_fever_line_itself_is_a_fever() -> None:
    assert [rules.feverish(heat, TABLE["fever_line"]) for heat in (37.2, 37.3, 38.0)] == [False, True, True]


def test_rules_of_rest_are_the_edition_of_the_day() -> None:
    assert rest_rules(date(2022, 3, 1)) == Rules(12, 24, 24, 3, 48, 0, 6, 3)


@pytest.mark.parametrize(
    ("minute", "late", "open_"),
    [(-61, 0, False), (-60, 0, True), (0, 0, True), (7, 7, True), (479, 479, True), (480, 480, False)],
)
def test_who_signs_in_when_is_early_in_time_or_late(minute: int, late: int, open_: bool) -> None:
    starts, ends = datetime(2022, 3, 7, 8), datetime(2022, 3, 7, 16)
    now = datetime(2022, 3, 7, 8 + minute // 60, minute % 60)
    assert (rules.late(starts, now), rules.open_for_signing(starts, ends, now, 60)) == (late, open_)
