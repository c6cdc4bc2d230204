"""Pure rules: levels, follow-ups, what may be shown."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel import rulebook
from tongzhou.modules.hotline import rules

DAY = date(2022, 3, 15)
RISK = rulebook.in_force("hotline", "risk", DAY)
scores, flags = st.integers(0, 16), st.booleans()


@pytest.mark.parametrize(
    ("score", "level"), [(0, "low"), (3, "low"), (4, "moderate"), (7, "moderate"), (8, "high"), (16, "high")]
)
def test_a_score_has_its_level(score: int, level: str) -> None:
    assert rules.level(score, RISK, plan=False, attempt=False, act=False) == (level, False)


@pytest.mark.parametrize("flag", ["plan", "attempt", "act"])
def test_a_plan_an_attempt_or_an_act_is_high_whatever_the_score(flag: str) -> None:
    assert rules.level(0, RISK, **{"plan": False, "attempt": False, "act": False} | {flag: True}) == ("high", True)


@pytest.mark.parametrize("score", [-1, 17])
def test_a_score_off_the_scale_is_refused(score: int) -> None:
    with pytest.raises(ValueError, match=str(score)):
        rules.level(score, RISK, plan=True, attempt=False, act=False)


@given(scores, scores, flags, flags, flags)
def test_a_higher_score_is_never_a_lower_level(one: int, other: int, plan: bool, attempt: bool, act: bool) -> None:
    order = ["low", "moderate", "high"]
    low, high = (rules.level(n, RISK, plan=plan, attempt=attempt, act=act)[0] for n in sorted([one, other]))
    assert order.index(low) <= order.index(high)


def test_high_risk_is_followed_for_a_year_and_low_risk_is_let_be() -> None:
    days = {
        level: [(day - DAY).days for day in rules.follow_ups(level, DAY, RISK)] for level in ("low", "moderate", "high")
    }
    assert days == {"low": [], "moderate": [7], "high": [1, 3, 7, 30, 90, 180, 365]}


@given(st.integers(0, 1000))
def test_no_count_below_five_is_shown(count: int) -> None:
    assert rules.shown(count, 5) == (count if count >= 5 else None)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_week_begins_on_its_monday(day: date) -> None:
    monday = rules.week(day)
    assert (monday.weekday(), timedelta() <= day - monday < timedelta(days=7)) == (0, True)


@given(st.uuids(), st.uuids())
def test_a_code_can_be_read_out_and_is_the_cases_own(one: UUID, other: UUID) -> None:
    assert set(rules.code(one)) <= set(rules.LETTERS) | {"-"}
    assert len(rules.code(one)) == 8
    assert rules.code(one) == rules.code(UUID(str(one)))


def test_any_two_supervisors_are_a_pair() -> None:
    assert rules.pairs(["a", "b", "c"]) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert rules.pairs(["a"]) == []
