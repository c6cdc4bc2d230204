"""The planner of rosters: agrees with trying everything, never breaks a rule, names what is short, and comes out the same again."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongzhou.planning.rosters import (
    ANYONE,
    Breach,
    Case,
    Person,
    Reason,
    Rules,
    Shift,
    Span,
    Wish,
    all_breaches,
    breaches,
    greedy,
    score,
    seated,
    short,
)
from tongzhou.planning.rosters.solving import Progress, propose

MONDAY = datetime(2022, 3, 7)


def span(day: int, hour: int, hours: int) -> Span:
    start = MONDAY + timedelta(days=day, hours=hour)
    return Span(start, start + timedelta(hours=hours))


def days(first: int, last: int) -> Span:
    return span(first, 0, (last - first + 1) * 24)


def shift(key: str, day: int, hour: int, hours: int, *needs: tuple[str, int], post: str = "gate") -> Shift:
    return Shift(key, post, span(day, hour, hours), needs or ((ANYONE, 1),))


# -- rules of rest


@pytest.mark.parametrize(
    ("new", "others", "rules", "expected"),
    [
        (span(0, 8, 8), [], Rules(), []),
        (span(0, 8, 8), [span(0, 12, 8)], Rules(), [Reason.ELSEWHERE]),
        (span(1, 0, 8), [span(0, 16, 8)], Rules(), [Reason.REST]),  # 0 hours between
        (span(1, 12, 8), [span(0, 16, 8)], Rules(), []),  # exactly 12 hours
        (span(0, 8, 8), [span(1, 0, 8)], Rules(), [Reason.REST]),  # the later duty is the one in the way
        (span(2, 0, 8), [span(0, 8, 24)], Rules(), [Reason.LONG]),  # 16 hours after a day's shift, 24 wanted
        (span(2, 8, 8), [span(0, 8, 24)], Rules(), []),
        (span(3, 0, 8), [span(n, 0, 8) for n in range(3)], Rules(), [Reason.NIGHTS]),
        (span(1, 0, 8), [span(0, 0, 8), span(2, 0, 8), span(3, 0, 8)], Rules(), [Reason.NIGHTS]),  # joins two rows
        (span(4, 0, 8), [span(n, 0, 8) for n in range(3)], Rules(), []),
        (span(6, 8, 8), [span(n, 8, 8) for n in range(6)], Rules(), [Reason.HOURS]),
        (span(7, 8, 8), [span(n, 8, 8) for n in range(6)], Rules(), []),  # the first of them is seven days ago
        (span(6, 8, 8), [span(n, 8, 8) for n in range(6)], Rules(hours_in_7_days=0), []),
        (span(3, 0, 8), [span(n, 0, 8) for n in range(3)], Rules(nights_in_a_row=0), []),
    ],
)
def test_a_duty_breaks_exactly_the_rules_it_breaks(
    new: Span, others: list[Span], rules: Rules, expected: list[Reason]
) -> None:
    assert [one.reason for one in breaches(rules, Person("a"), new, others)] == expected


def test_a_breach_says_what_was_found_and_what_is_allowed() -> None:
    before = span(0, 16, 8)
    assert breaches(Rules(), Person("a"), span(1, 4, 8), [before]) == [Breach(Reason.REST, 4, 12, before)]


def test_skill_and_absence_come_first() -> None:
    person = Person("a", cannot=(days(0, 0),))
    assert [one.reason for one in breaches(Rules(), person, span(0, 8, 8), [], "medic")] == [Reason.SKILL, Reason.AWAY]


@pytest.mark.parametrize(
    ("shift_", "night"),
    [
        (span(0, 0, 8), date(2022, 3, 7)),
        (span(0, 20, 12), date(2022, 3, 8)),
        (span(0, 8, 24), date(2022, 3, 8)),
        (span(0, 8, 8), None),
        (span(0, 22, 4), None),  # two hours of the night only
        (span(0, 22, 5), date(2022, 3, 8)),
    ],
)
def test_a_night_is_the_morning_it_keeps_watch_on(shift_: Span, night: date | None) -> None:
    assert Rules().night(shift_) == night


# -- places


@pytest.mark.parametrize(
    ("places", "people", "expected"),
    [
        (["medic", ANYONE], [{"medic"}, set()], {}),
        (["medic", ANYONE], [set(), set()], {"medic": 1}),
        (["medic", ANYONE], [{"medic"}], {ANYONE: 1}),
        # who can do both leaves the other place to be filled
        (
            ["medic", "police"],
            [{"medic", "police"}, {"medic"}],
            {},
        ),
        (["medic", "medic", "police"], [{"medic", "police"}] * 2, {"police": 1}),
        ([], [set()], {}),
    ],
)
def test_people_fill_as_many_places_as_they_can(
    places: list[str], people: list[set[str]], expected: dict[str, int]
) -> None:
    assert short(places, [frozenset(one) for one in people]) == expected


@given(
    st.lists(st.sampled_from(["a", "b", ""]), max_size=5), st.lists(st.frozensets(st.sampled_from("ab")), max_size=5)
)
def test_no_other_seating_fills_more_places(places: list[str], people: list[frozenset[str]]) -> None:
    holders = seated(places, people)
    assert len(set(holders.values())) == len(holders)
    assert all(places[place] == ANYONE or places[place] in people[one] for one, place in holders.items())
    best = max(
        n for n in range(min(len(places), len(people)) + 1)
        for some in combinations(range(len(people)), n)
        if any(_fits(places, people, some, where) for where in _orders(range(len(places)), n))
    )  # fmt: skip
    assert len(holders) == best


def _orders(rest: range, n: int) -> Iterator[tuple[int, ...]]:
    from itertools import permutations

    yield from permutations(rest, n)


def _fits(places: list[str], people: list[frozenset[str]], some: tuple[int, ...], where: tuple[int, ...]) -> bool:
    return all(places[place] == ANYONE or places[place] in people[one] for one, place in zip(some, where, strict=True))


# -- the planner


def test_a_fair_roster_is_found_and_proven() -> None:
    case = Case(
        tuple(Person(name) for name in "abcd"), tuple(shift(f"{d}-{h}", d, h, 8) for d in range(4) for h in (0, 8, 16))
    )
    plan = propose(case, seconds=30)
    assert (plan.status, plan.reason, plan.value, plan.bound, plan.gap, plan.unmet) == (
        "optimal",
        "proven",
        0,
        0,
        0,
        (),
    )
    assert (plan.score.hours.least, plan.score.hours.most) == (24, 24)


def test_what_nobody_can_do_is_named_with_the_reason() -> None:
    """A medic is asked for and nobody is one; a gate at night, where one is away and the other would not have rested."""
    case = Case(
        (Person("a", cannot=(days(1, 1),)), Person("b")),
        # the longer one is filled
        (
            shift("s1", 0, 16, 8, ("medic", 1), (ANYONE, 1)),
            shift("s2", 1, 0, 8),
            shift("s3", 0, 7, 9),
        ),
    )
    plan = propose(case, seconds=30)
    told = {(one.shift, one.skill): (one.number, dict(one.why), one.free) for one in plan.unmet}
    assert told == {
        ("s1", "medic"): (1, {Reason.SKILL: 2}, 0),
        ("s2", ANYONE): (1, {Reason.AWAY: 1, Reason.REST: 1}, 0),
    }
    assert (plan.status, plan.score.short) == ("optimal", 2)


def test_wishes_are_met_where_they_cost_nothing_and_paid_for_where_they_must() -> None:
    two = (Person("a", wishes=(Wish(days(0, 0)),)), Person("b", wishes=(Wish(days(1, 1)),)))
    one_a_day = tuple(shift(f"s{d}", d, 8, 8) for d in range(2))
    met = propose(Case(two, one_a_day), seconds=30)
    assert (met.pairs, met.value, met.score.wishes) == ((("s0", "b"), ("s1", "a")), 0, (2, 2))
    alone = propose(Case(two[:1], one_a_day), seconds=30)
    assert (alone.value, alone.score.regret, alone.score.wishes, alone.unmet) == (6, 6, (0, 1), ())
    eager = Person("a", wishes=(Wish(days(0, 0), on=True, weight=3),))
    keen = propose(Case((eager, Person("b")), one_a_day), seconds=30)
    assert dict(keen.pairs)["s0"] == "a"


def test_duties_that_people_have_already_stay_and_count() -> None:
    """A has been on duty all of Monday: Tuesday morning is B's, by the rule of rest; and B's share is the smaller for it."""
    case = Case((Person("a", busy=(span(0, 0, 24),)), Person("b")), (shift("s", 1, 8, 8),), within=days(0, 1))
    assert propose(case, seconds=30).pairs == (("s", "b"),)


def test_people_are_put_at_home_and_left_where_they_were() -> None:
    posts = {"east": "/city/east/", "west": "/city/west/"}
    shifts = tuple(
        Shift(f"{name}{d}", name, span(d, 8, 8), ((ANYONE, 1),), home) for name, home in posts.items() for d in range(3)
    )
    people = tuple(Person(name, home=home) for name, home in posts.items())
    assert all(shift_.startswith(person) for shift_, person in propose(Case(people, shifts), seconds=30).pairs)


def test_same_seed_same_roster_and_a_stop_is_obeyed() -> None:
    case = month(people=12, days_=14)
    first, again = (propose(case, seconds=60, seed=3) for _n in range(2))
    assert (first.pairs, first.value, first.bound) == (again.pairs, again.value, again.bound)
    seen: list[Progress] = []

    def watch(progress: Progress) -> bool:
        seen.append(progress)
        return False

    stopped = propose(month(people=30, days_=28), seconds=60, watch=watch)
    best = stopped.status == "optimal"  # what was at hand when it stopped may be that
    assert (stopped.reason, len(seen) >= 1, stopped.seconds < 30) == ("proven" if best else "stopped", True, True)
    assert stopped.value == seen[0].value or stopped.value < seen[0].value


def month(people: int, days_: int) -> Case:
    skills = ["medic", "police", ""]
    crew = tuple(
        Person(
            f"p{n:02}",
            frozenset({skills[n % 3]} - {""}),
            (days(n % days_, n % days_),),
            (Wish(days(n * 3 % days_, n * 3 % days_)),),
        )
        for n in range(people)
    )
    needs = (("medic", 1), (ANYONE, 1))
    return Case(crew, tuple(shift(f"{d}-{h}", d, h, 8, *needs) for d in range(days_) for h in (0, 8, 16)))


# -- against trying everything

cases = st.builds(
    lambda people, shifts, rules: Case(tuple(people), tuple(shifts), rules),
    st.lists(
        st.builds(
            lambda skills, cannot, wishes: (skills, cannot, wishes),
            st.frozensets(st.sampled_from("mp")), st.lists(st.integers(0, 2), max_size=1), st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=2),
        ), min_size=1, max_size=3,
    ).map(lambda rows: [
        Person(f"p{n}", skills, tuple(days(d, d) for d in cannot), tuple(Wish(days(d, d), on=on) for d, on in wishes))
        for n, (skills, cannot, wishes) in enumerate(rows)
    ]),
    st.lists(
        st.tuples(
            st.integers(0, 2), st.sampled_from([(0, 8), (8, 8), (16, 8), (8, 24)]),
            st.sampled_from([(("m", 1),), ((ANYONE, 1),), (("p", 1), (ANYONE, 1))]),
        ),
        min_size=1, max_size=4, unique_by=lambda row: row[:2],
    ).map(lambda rows: [shift(f"s{n}", d, h, hours, *needs) for n, (d, (h, hours), needs) in enumerate(rows)]),
    st.builds(Rules, rest_hours=st.sampled_from([8, 12]), nights_in_a_row=st.sampled_from([1, 2]), hours_in_7_days=st.sampled_from([16, 48])),
)  # fmt: skip


@settings(max_examples=40)
@given(cases)
def test_the_planner_agrees_with_trying_everything(case: Case) -> None:
    plan = propose(case, seconds=300)  # it takes a fraction of a second, on a machine that has one to spare
    assert kept(case, plan.pairs)
    assert (plan.value, plan.status) == (min(score(case, pairs).value for pairs in everything(case)), "optimal")
    assert plan.bound == plan.value
    assert sum(one.number for one in plan.unmet) == plan.score.short


@given(cases)
def test_the_hand_written_roster_breaks_no_rule_either(case: Case) -> None:
    assert kept(case, tuple(greedy(case)))


def test_a_month_breaks_no_rule_and_is_better_than_by_hand() -> None:
    case = month(people=20, days_=28)
    plan = propose(case, seconds=20)
    assert kept(case, plan.pairs)
    assert plan.bound <= plan.value < score(case, greedy(case)).value


def kept(case: Case, pairs: tuple[tuple[str, str], ...]) -> bool:
    """Nobody breaks a rule, and every place is filled by someone who may fill it."""
    people, shifts = {one.key: one for one in case.people}, {one.key: one for one in case.shifts}
    duties: dict[str, list[Span]] = {}
    there: dict[str, list[frozenset[str]]] = {}
    for key, who in pairs:
        duties.setdefault(who, []).append(shifts[key].span)
        there.setdefault(key, []).append(people[who].skills)
    rested = not any(all_breaches(case.rules, people[who], spans) for who, spans in duties.items())
    return rested and all(len(some) - len(seated(shifts[key].places, some)) == 0 for key, some in there.items())


def everything(case: Case) -> Iterator[tuple[tuple[str, str], ...]]:
    """Every roster that keeps the rules: for each shift any set of people."""
    sets = [
        [
            some
            for n in range(min(len(one.places), len(case.people)) + 1)
            for some in combinations([p.key for p in case.people], n)
        ]
        for one in case.shifts
    ]
    for chosen in product(*sets):
        pairs = tuple((one.key, who) for one, some in zip(case.shifts, chosen, strict=True) for who in some)
        if kept(case, pairs):
            yield pairs
