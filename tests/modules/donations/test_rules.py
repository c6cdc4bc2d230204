from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.modules.donations import rules


@given(st.integers(0, 10**12), st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any))
def test_split_conserves_and_is_fair(total: int, weights: list[int]) -> None:
    parts = rules.split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)  # less than one piece from the exact share


def test_split_gives_what_is_left_to_the_first() -> None:
    assert rules.split(100, [1, 1, 1]) == [34, 33, 33]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, []), (1, [0]), (1, [2, -1])])
def test_split_refuses_what_cannot_be_split(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="a split needs"):
        rules.split(total, weights)


def test_every_movement_keeps_what_was_received_equal_to_what_is_held() -> None:
    for effects in rules.EFFECTS.values():
        assert effects.get("received", 0) == sum(effects.get(column, 0) for column in rules.HELD)


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_value_of_the_same_quantity_is_unchanged(value: int, quantity: int) -> None:
    assert rules.revalued(value, quantity, quantity) == value


@pytest.mark.parametrize(
    ("value", "counted", "expected"), [(2_400_000, 200, 1_200_000), (100, 133, 33), (None, 10, None)]
)
def test_value_follows_the_price_of_a_piece(value: int | None, counted: int, expected: int | None) -> None:
    assert rules.revalued(value, 400, counted) == expected


def test_names_are_read_line_by_line_and_once() -> None:
    assert rules.names("甲社区\n乙社区、甲社区;丙\n\n") == ["甲社区", "乙社区", "丙"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800138000联系", "电话＊＊联系"),
        ("电话 138 0013 8000", "电话 ＊＊"),
        ("证件210599199001011234", "证件＊＊"),
        ("信箱 a.b@example.org", "信箱 ＊＊"),
        ("由张三丰点错", "由＊＊点错"),
        ("多记20箱，共1350000000件", "多记20箱，共1350000000件"),
    ],
)
def test_public_text_withholds_people(text: str, shown: str) -> None:
    assert rules.public(text, ["张三", "张三丰", ""]) == shown


@pytest.mark.parametrize("day", [date(2022, 3, 5), date(2024, 9, 5)])
def test_gifts_are_disclosed_within_five_days(day: date) -> None:
    assert (rules.disclose_by(day) - day).days == 5


def test_the_law_of_2023_is_the_source_since_it_took_effect() -> None:
    sources = [str(rules.disclosure_period(day).source) for day in (date(2024, 9, 4), date(2024, 9, 5))]
    assert ["第七十二条" in source for source in sources] == [False, True]


def test_digest_does_not_depend_on_the_order_of_names() -> None:
    assert (
        rules.digest({"a": 1, "b": ["口罩"]})
        == rules.digest({"b": ["口罩"], "a": 1})
        != rules.digest({"a": 1, "b": ["口"]})
    )
