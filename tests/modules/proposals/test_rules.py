"""Counting, changed wording, likeness, deadlines, points: tables, and what always holds."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.modules.proposals import rules

TEXT = st.text(alphabet="独居老人采样建议，。 abc12\n", max_size=60)
TABLE = {"alone": {"own": 1, "city": 5}, "merged": {"city": 2.5}, "note": {"city": 10}, "commissioned": 10}


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("", 0),
        ("独居老人", 4),
        ("老人，老人。", 6),
        ("近300户", 3),  # a run of figures is one
        ("COVID-19 疫情", 3),
        ("  \n 一 \n", 1),
        ("“三定”方案——试行", 10),
        ("abc 123, def", 3),
    ],
)
def test_characters_are_counted_as_offices_count(text: str, n: int) -> None:
    assert rules.count(text) == n


@given(TEXT, TEXT)
def test_changed_wording_holds_both_texts_whole(old: str, new: str) -> None:
    pieces = rules.wording(old, new)
    assert "".join(one.text for one in pieces if one.kind != "in") == old
    assert "".join(one.text for one in pieces if one.kind != "out") == new


def test_changed_wording_shows_what_went_out_before_what_came_in() -> None:
    pieces = [(one.kind, one.text) for one in rules.wording("由街道排班。", "由社区排班。")]
    assert pieces == [("same", "由"), ("out", "街道"), ("in", "社区"), ("same", "排班。")]


def test_grams_are_pairs_within_a_word_or_phrase_each_once() -> None:
    assert rules.grams("老人，老人A1", "人A") == ["老人", "人a", "a1"]
    assert rules.grams("。", "一") == []
    assert len(rules.grams("".join(chr(0x4E00 + n) for n in range(900)))) == rules.GRAMS


def test_likeness_is_the_share_of_the_shorter_text() -> None:
    assert (rules.likeness(5, 10, 40), rules.likeness(0, 0, 9)) == (0.5, 0.0)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2022, 4, 1), -3, date(2022, 1, 1)),
        (date(2022, 3, 15), 6, date(2022, 9, 15)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, then: date) -> None:
    assert rules.months_after(day, months) == then


def test_working_days_leave_out_the_weekend() -> None:
    assert rules.workdays_after(date(2022, 3, 4), 7) == date(2022, 3, 15)  # from a Friday
    assert rules.workdays_after(date(2022, 3, 5), 1) == date(2022, 3, 7)  # from a Saturday


def test_a_quarter_has_its_first_and_last_day() -> None:
    assert rules.quarter(date(2022, 3, 31)) == (date(2022, 1, 1), date(2022, 3, 31))
    assert rules.quarter(date(2022, 10, 1)) == (date(2022, 10, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("outcomes", "commissioned", "points"),
    [
        ([], True, 0),
        ([("alone", "city")], False, 5),
        ([("alone", "own"), ("alone", "city"), ("note", "city")], False, 16),
        ([("merged", "city")], True, Fraction(25, 2)),
        ([("forward", "city"), ("alone", "moon")], True, 10),
        ([("note", "city")], True, 10),  # a note is no adoption: the extra is not given
    ],
)
def test_points_add_up(outcomes: list[tuple[str, str]], commissioned: bool, points: Fraction) -> None:
    assert rules.points(outcomes, TABLE, commissioned=commissioned) == points


@given(st.fractions(min_value=0, max_value=500), st.integers(1, 9))
def test_points_shared_out_are_all_there_is(total: Fraction, n: int) -> None:
    assert sum(rules.shared(total, range(n)).values()) == total


def test_a_rate_is_never_rounded_up_and_points_read_as_people_write_them() -> None:
    assert (rules.rate(2, 3), rules.rate(0, 0), rules.rate(3, 3)) == (66, None, 100)
    assert (rules.shown(Fraction(5)), rules.shown(Fraction(5, 2)), rules.shown(Fraction(10, 3))) == ("5", "2.5", "3.3")
