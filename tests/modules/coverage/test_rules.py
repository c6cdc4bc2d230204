"""When somebody is due next, what follows from a declaration in which edition, who is the same person."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.coverage.factory import document
from tongzhou.kernel import rulebook
from tongzhou.modules.coverage import rules
from tongzhou.modules.coverage.rules import Schedule, Stayed, next_due

D = date(2022, 7, 1)


def day(n: int) -> date:
    """Day n, of which the first is 1."""
    return D + timedelta(days=n - 1)


CLOSE = Schedule(days=(1, 2, 3, 5, 7))


@pytest.mark.parametrize(
    ("schedule", "last", "due"),
    [
        (Schedule(every=1), None, 1), (Schedule(every=1), 1, 2), (Schedule(every=2), None, 2), (Schedule(every=2), 1, 3),
        (Schedule(every=3), None, 3), (Schedule(every=3), 5, 8), (Schedule(every=7), None, 7), (Schedule(every=7), 7, 14),
        (Schedule(every=3), 0, 3), (Schedule(every=3), -9, 1),
        (CLOSE, None, 1), (CLOSE, 1, 2), (CLOSE, 3, 5), (CLOSE, 4, 5), (CLOSE, 5, 7), (CLOSE, 7, None),
        (Schedule(within=2), None, 2), (Schedule(within=2), 1, None), (Schedule(within=1), 0, 1),
    ],
)  # fmt: skip
def test_next_due_follows_the_schedule(schedule: Schedule, last: int | None, due: int | None) -> None:
    found = next_due(schedule, D, None, None if last is None else day(last))
    assert found == (None if due is None else day(due))


@pytest.mark.parametrize(
    ("schedule", "spared", "due"),
    [(Schedule(every=1), 4, 5), (Schedule(every=7), 2, 7), (CLOSE, 3, 5), (CLOSE, 6, 7), (CLOSE, 9, None), (Schedule(within=1), 3, 4)],
)  # fmt: skip
def test_an_accepted_reason_puts_off_what_is_due(schedule: Schedule, spared: int, due: int | None) -> None:
    assert next_due(schedule, D, None, None, day(spared)) == (None if due is None else day(due))


def test_nothing_is_due_after_the_end() -> None:
    assert next_due(Schedule(every=3), D, day(5), day(2)) == day(5)
    assert next_due(Schedule(every=3), D, day(4), day(2)) is None


schedules = st.one_of(
    st.integers(1, 14).map(lambda n: Schedule(every=n)),
    st.lists(st.integers(1, 30), min_size=1, max_size=8, unique=True).map(
        lambda found: Schedule(days=tuple(sorted(found)))
    ),
    st.integers(1, 14).map(lambda n: Schedule(within=n)),
)
offsets = st.integers(-30, 60)


@given(schedules, st.none() | offsets, st.none() | offsets, st.none() | st.integers(0, 60))
def test_what_is_due_lies_after_what_was_done_and_inside_the_time(
    schedule: Schedule, last: int | None, spared: int | None, length: int | None
) -> None:
    ends = None if length is None else day(length)
    found = next_due(schedule, D, ends, last if last is None else day(last), spared if spared is None else day(spared))
    if found is not None:
        assert found >= D
        assert last is None or found > day(last) or schedule.within
        assert spared is None or found > day(spared)
        assert ends is None or found <= ends


@given(schedules, st.lists(offsets, max_size=12))
def test_more_evidence_never_makes_something_due_sooner(schedule: Schedule, done: list[int]) -> None:
    before = None
    for n in sorted(done):
        found = next_due(schedule, D, None, day(n))
        if before is not None and found is not None:
            assert found >= before
        before = found or before


@pytest.mark.parametrize(
    ("due", "last", "spared", "says"),
    [
        (day(3), None, None, "due"), (day(2), None, None, "overdue"), (day(4), day(2), None, "covered"), (day(4), None, None, "ahead"),
        (None, None, None, "covered"), (day(2), None, day(3), "spared"),
    ],
)  # fmt: skip
def test_status_is_told_from_dates(due: date | None, last: date | None, spared: date | None, says: str) -> None:
    assert rules.status(due, last, spared, day(3)) == says


def outcome(on: date, area: str, back: int = 2, *, ill: bool = False) -> tuple[str, str, list[int], int] | str:
    """Version, code, test days, days looked after; only the version where nothing follows."""
    edition = rulebook.in_force("coverage", "travel", on)
    found = rules.follows(edition.values, [Stayed(area, on - timedelta(days=back))], ill=ill, arrived=on, on=on)
    if found is None:
        return edition.version
    return edition.version, found.outcome["code"], found.outcome["tests"], found.outcome["care_days"]


@pytest.mark.parametrize(
    ("on", "area", "follows"),
    [
        (date(2022, 6, 27), "high", ("8", "high", [1, 4, 7, 14], 14)),
        (date(2022, 6, 27), "overseas", ("8", "overseas", [1, 4, 7, 14, 16, 21], 21)),
        (date(2022, 6, 28), "high", ("9", "high", [1, 2, 3, 5, 7], 7)),
        (date(2022, 6, 28), "medium", ("9", "medium", [1, 4, 7], 7)),
        (date(2022, 11, 10), "contact", ("9", "contact", [1, 2, 3, 5, 7, 10], 10)),
        (date(2022, 11, 11), "contact", ("20", "contact", [1, 2, 3, 5, 8], 8)),
        (date(2022, 11, 11), "medium", "20"),
        (date(2023, 1, 7), "high", ("20", "high", [1, 3, 5, 7], 7)),
        (date(2023, 1, 8), "overseas", "B"),
        (date(2022, 7, 1), "none", "9"),
    ],
)  # fmt: skip
def test_the_edition_of_the_day_says_what_follows(on: date, area: str, follows: Any) -> None:
    assert outcome(on, area) == follows


def test_what_lies_further_back_than_the_rule_looks_does_not_count() -> None:
    assert outcome(date(2022, 6, 27), "high", 14) == ("8", "high", [1, 4, 7, 14], 14)
    assert outcome(date(2022, 6, 27), "high", 15) == "8"
    assert outcome(date(2022, 6, 28), "high", 7) == ("9", "high", [1, 2, 3, 5, 7], 7)
    assert outcome(date(2022, 6, 28), "high", 8) == "9"


def test_the_gravest_of_several_counts_and_symptoms_begin_today() -> None:
    on, values = D, rulebook.in_force("coverage", "travel", D).values
    stays = [Stayed("low", on), Stayed("high", on - timedelta(days=1))]
    grave = rules.follows(values, stays, ill=True, arrived=None, on=on)
    assert grave is not None
    assert (grave.outcome["code"], grave.begins) == ("high", on - timedelta(days=1))
    ill = rules.follows(values, [], ill=True, arrived=on - timedelta(days=3), on=on)
    assert ill is not None
    assert (ill.outcome["code"], ill.begins) == ("symptoms", on)


@pytest.mark.parametrize("edition", rulebook.rule("coverage", "groups").editions, ids=lambda edition: edition.version)
def test_every_group_of_every_edition_has_a_schedule_and_what_counts(edition: rulebook.Edition) -> None:
    what = {rules.DECLARED, rules.CONTACT, rules.TESTED, rules.VISIT}
    for group in edition["groups"]:
        assert Schedule.of(group).data().items() <= group.items()
        assert group["kind"] in {rules.CHECK, rules.TEST, rules.CARE}
        assert set(group["proof"]) <= what
        assert group["proof"]
    assert len({group["code"] for group in edition["groups"]}) == len(edition["groups"])


def test_a_schedule_says_one_thing() -> None:
    for given_ in ({}, {"every": 1, "days": [1]}, {"every": 0}):
        with pytest.raises(ValueError, match="a schedule is"):
            Schedule.of(given_)


def test_the_same_person_is_known_by_document_else_by_name_and_telephone() -> None:
    assert rules.identity("李四", "id", "21059919800101001x ", "") == rules.identity(
        "李 四", "id", "21059919800101001X", "138"
    )
    assert rules.identity("李四", "none", "", "10000000001") == rules.identity("李 四", "none", "", "10000000001")
    assert rules.identity("李四", "none", "", "10000000001") != rules.identity("李五", "none", "", "10000000001")
    assert rules.identity("李四", "none", "", "") == ""


def test_a_citizens_number_is_checked_and_another_document_taken_as_it_is() -> None:
    good = document(7)
    assert rules.document_number("id", f" {good[:6]} {good[6:]}") == good
    wrong = good[:16] + str((int(good[16]) + 1) % 10) + good[17]
    with pytest.raises(ValueError, match="校验码"):
        rules.document_number("id", wrong)
    assert rules.document_number("passport", "e 1234") == "E1234"
