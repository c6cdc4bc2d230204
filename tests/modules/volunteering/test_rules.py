"""Time of service, limits of fatigue and weather, codes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel import rulebook
from tongzhou.modules.volunteering import rules
from tongzhou.modules.volunteering.rules import Span, Touched

DAY = datetime(2022, 3, 5, tzinfo=UTC)
LIMITS = rulebook.in_force("volunteering", "service", date(2022, 3, 5)).values
WEATHER = rulebook.in_force("volunteering", "weather", date(2022, 3, 5)).values


def span(first: float, last: float) -> Span:
    """Hours after the beginning of the day."""
    return Span(DAY + timedelta(hours=first), DAY + timedelta(hours=last))


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(-60, 0), (0, 0), (59, 0), (60, 1), (119, 1), (3 * 3600, 180), (86400, 1440)]
)
def test_minutes_are_full_minutes(seconds: int, minutes: int) -> None:
    assert rules.minutes(DAY, DAY + timedelta(seconds=seconds)) == minutes


@pytest.mark.parametrize(
    ("number", "said"), [(None, ""), (0, "0 分钟"), (45, "45 分钟"), (60, "1 小时"), (200, "3 小时 20 分钟")]
)
def test_hours_are_said_in_words(number: int | None, said: str) -> None:
    assert rules.hours(number) == said


def test_clock_says_when_it_ends_on_another_day() -> None:
    assert (rules.clock(span(8, 11.5)), rules.clock(span(20, 30))) == ("08:00–11:30", "20:00–06:00(+1)")


@pytest.mark.parametrize(("minute", "is_open"), [(-31, False), (-30, True), (0, True), (179, True), (180, False)])
def test_doors_open_before_the_start_and_close_with_the_end(minute: int, is_open: bool) -> None:
    one = span(9, 12)
    assert rules.doors_open(one.start, one.end, one.start + timedelta(minutes=minute), 30) == is_open


@pytest.mark.parametrize(
    ("one", "others", "found"),
    [
        (span(8, 14), [], []),  # six hours are the limit itself
        (span(8, 15), [], [Touched("stretch", 420, 6)]),
        (span(8, 12), [span(13, 17)], []),
        (span(8, 12), [span(13, 17.5)], [Touched("day", 510, 8)]),
        (span(26, 30), [span(18, 22)], [Touched("rest", 240, 10)]),  # four hours between two days
        (span(32, 36), [span(18, 22)], []),  # ten
        (span(24, 28), [span(20, 25)], []),  # they meet: refused elsewhere, no rest to tell of
    ],
)
def test_fatigue(one: Span, others: list[Span], found: list[Touched]) -> None:
    assert rules.fatigue(LIMITS, one, others) == found


@pytest.mark.parametrize(
    ("outdoor", "high", "low", "length", "found"),
    [
        (False, 41, -30, 600, []),
        (True, None, None, 600, []),
        (True, 34, -14, 600, []),
        (True, 35, 20, 240, ["heat_rotate"]),
        (True, 37, 20, 360, ["heat_short"]),
        (True, 39, 20, 361, ["heat_short", "heat_long"]),
        (True, 40, 20, 60, ["heat_stop"]),
        (True, -5, -15, 60, ["cold_short"]),
    ],
)
def test_weather(outdoor: bool, high: int | None, low: int | None, length: int, found: list[str]) -> None:
    told = rules.weather(WEATHER, outdoor=outdoor, high=high, low=low, length=length)
    assert [one.what for one in told] == found


def test_codes_are_long_plain_and_never_the_same() -> None:
    made = {rules.code() for _n in range(500)}
    assert (len(made), {len(code) for code in made}) == (500, {16})
    assert set("".join(made)) <= set(rules.LETTERS)
    assert set("01ILO") & set(rules.LETTERS) == set()


def test_code_is_read_as_people_type_it() -> None:
    code = rules.code()
    shown = rules.spaced(code)
    assert (len(shown), rules.read(f"  {shown.lower()} "), rules.read(shown.replace("-", " "))) == (19, code, code)
    assert [rules.read(typed) for typed in ("", code[:-1], code + "A", "!" * 16, "0" * 16, "x" * 10_000)] == [""] * 6


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_nothing(typed: str) -> None:
    read = rules.read(typed)
    assert read == "" or rules.read(rules.spaced(read)) == read


def test_skills_are_set_apart_however_they_are_written() -> None:
    assert rules.skills("医护、采样，驾驶; 采样  外语") == ["医护", "采样", "驾驶", "外语"]
