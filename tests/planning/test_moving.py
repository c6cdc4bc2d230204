"""A point closes: its people move, neighbours only where there is no room without, nobody far away, and nobody who has been."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tests.planning.towns import town
from tongzhou import planning as pl
from tongzhou.planning.siting.rows import Rows
from tongzhou.planning.walking import Given

EFFORT = pl.Effort(4, 4)


@pytest.mark.parametrize(("seed", "tables", "most", "seconds", "far"), [(4, 6, 40, 150, 700), (5, 3, 20, 850, 1100)])
def test_closing_a_point_moves_its_people_and_nobody_else_while_there_is_room(
    seed: int, tables: int, most: int, seconds: float, far: float
) -> None:
    """Points stand some 365 m apart in these two kilometres; in one town they are a fifth full, in the other nine tenths."""
    case = town(300, 80, seed, tables=tables, most=most, person_seconds=seconds)
    plan = pl.solve(case, points=30, effort=pl.Effort(3, 3))
    middling = plan.open[np.argsort(plan.load[plan.open])[3]]
    closing = int(np.argmax(plan.load)) if tables > 3 else int(middling)
    key = str(case.sites.key[closing])
    after = plan.close(key)
    moved = after.diff(plan)
    assert {move["key"] for move in moved.moves} == set(case.demand.key[plan.at == closing].tolist())
    assert moved.closed == (key,)
    assert (after.load <= case.sites.tables * case.rules.persons_per_table).all()
    assert max(move["walk_after_m"] for move in moved.moves) < far
    assert after.reopen(key).value <= after.value


def test_neighbours_move_on_only_where_there_is_no_room_without() -> None:
    """P closes; A fits nowhere until C leaves Q for R."""
    demand = [{"key": key, "persons": 10, "x": x, "y": 0} for key, x in (("A", 0), ("C", 110), ("D", 300))]
    sites = [
        {"key": key, "x": x, "y": 0, "tables": tables} for key, x, tables in (("P", 0, 1), ("Q", 100, 1), ("R", 300, 2))
    ]
    rules = pl.Rules(person_seconds=4320, utilisation=1.0, max_walk_m=250)
    case = pl.Case(demand=demand, sites=sites, rules=rules)
    plan = pl.solve(case, points=3, effort=EFFORT)
    assert [row["point"] for row in plan.assignments] == ["P", "Q", "R"]
    assert [row["point"] for row in plan.close("P").assignments] == ["Q", "R", "R"]
    with pytest.raises(pl.Unfit) as caught:
        plan.close("P", "R")
    assert str(caught.value) == "points: when “P, R” closes 20 people have nowhere to go; open a point nearby first."
    with pytest.raises(pl.Unfit):
        plan.close("Z")


def test_who_has_been_swabbed_does_not_move_and_notice_is_given() -> None:
    case = town(200, 40, 4, tables=6, most=80, person_seconds=60)
    plan = pl.solve(case, points=12, effort=pl.Effort(3, 3))
    busiest = str(case.sites.key[int(np.argmax(plan.load))])
    before = pl.slots(plan)
    after = plan.close(busiest, at="10:00")
    moved = np.flatnonzero(after.at != plan.at)
    gone = np.flatnonzero((plan.at == case.sites.place(busiest)) & (after.at == plan.at))
    assert len(moved)
    assert len(gone)
    assert all(before.hour(int(before.last[i]) + 1) <= 10.0 for i in gone)
    new = pl.slots(after)
    assert all(new.hour(int(new.first[i])) >= 10.5 for i in moved)


def test_who_is_behind_the_plan_moves_too_where_people_were_counted() -> None:
    """Counted as planned by ten nothing changes; nobody seen, all of the point's people move; all seen, nobody."""
    case = town(200, 40, 4, tables=6, most=80, person_seconds=60)
    plan = pl.solve(case, points=12, effort=pl.Effort(3, 3))
    busiest = str(case.sites.key[int(np.argmax(plan.load))])
    here = {row["key"] for row in plan.assignments if row["point"] == busiest and row["persons"]}
    by_ten = {row["key"] for row in plan.close(busiest, at="10:00").diff(plan).moves} & here

    def moved(seen: int) -> set[str]:
        after = plan.close(busiest, at="10:00", seen={busiest: seen})
        rows = np.flatnonzero(
            (after.at != plan.at) & (plan.at == case.sites.place(busiest)) & (case.demand.persons > 0)
        )
        assert all(pl.slots(after).hour(int(pl.slots(after).first[i])) >= 10.5 for i in rows)
        return {str(case.demand.key[i]) for i in rows}

    first = min(case.demand.persons[[str(key) in here for key in case.demand.key]])
    assert (moved(0), moved(10**6), by_ten < here) == (here, set(), True)
    assert set() < moved(2 * int(first) + 80) < here
    # both end the one order of slots
    assert moved(2 * int(first) + 80) >= by_ten or moved(2 * int(first) + 80) <= by_ten


@pytest.mark.parametrize("at", ["10:00", None])
def test_who_stays_keeps_the_slot_whoever_joins_and_who_joins_is_spread_over_the_rest(at: str | None) -> None:
    case = town(200, 40, 4, tables=6, most=80, person_seconds=60)
    plan = pl.solve(case, points=12, effort=pl.Effort(3, 3))
    busiest = str(case.sites.key[int(np.argmax(plan.load))])
    after = plan.close(busiest, at=at) if at else plan.close(busiest)
    before, new = pl.slots(plan), pl.slots(after)
    joined = set(after.at[after.at != plan.at].tolist())
    left = set(plan.at[after.at != plan.at].tolist())
    stay = np.flatnonzero((after.at == plan.at) & np.isin(plan.at, list(joined - left)))
    assert len(stay)
    assert (new.first[stay].tolist(), new.last[stay].tolist()) == (
        before.first[stay].tolist(),
        before.last[stay].tolist(),
    )
    calls = new.calls()
    assert [sum(n for _minute, n in row) for row in calls] == case.demand.persons.tolist()
    last = round(case.rules.hours * 60 / case.rules.slot_minutes)
    late = int(np.flatnonzero(new.hour(0) + np.arange(last) / 4 >= (10.5 if at else 0))[0])
    for place in np.searchsorted(after.open, list(joined - left)).tolist():
        filled = new.filled[place]
        assert filled[last:].sum() <= 10  # a household at most is left over when the point closes
        # households are whole; shares are rounded up, so the last slots have less
        assert np.ptp(filled[late : last - 3]) <= 10
        assert filled.max() == filled[late:last].max()


HOURS = ("06:00", "09:00", "12:30", "15:00", "16:00", "16:50", "17:15", "17:31", "17:45", "19:00")


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 40), at=st.sampled_from(HOURS), share=st.floats(0.3, 0.95), budgeted=st.booleans())
def test_late_in_the_day_no_point_is_given_more_people_than_it_can_still_take(
    seed: int, at: str, share: float, budgeted: bool
) -> None:
    """Nobody is called after closing or before the notice is over; else it is refused in words. Households are whole: two may be over."""
    plan = plan_of(seed)
    rules = plan.case.rules
    if budgeted:
        budget = int(plan.tables[plan.open].sum()) + seed % 3
        plan = plan.replace(case=plan.case.replace(rules=replace(rules, tables=budget)))
    point = str(plan.case.sites.key[plan.open[int(share * len(plan.open))]])
    try:
        after = plan.close(point, at=at)
    except pl.Unfit as unfit:
        assert "结束" in unfit.faults[0].words["zh"]
        return
    made, number = pl.slots(after), rules.slots
    moved = np.flatnonzero((after.at != plan.at) & (plan.case.demand.persons > 0))
    since = rules.slot_from(hours(at) + rules.notice_minutes / 60)
    assert made.slot.max() < number
    assert (made.first[moved] >= since).all()
    each = rules.persons_per_table / number
    for place, j in enumerate(after.open.tolist()):
        assert after.tables[j] <= max(plan.case.sites.tables[j], 1)
        for slot in range(int(since), number, 3):
            assert made.filled[place][slot:].sum() <= after.tables[j] * each * (number - slot) + 6
    if budgeted:
        assert after.tables[after.open].sum() <= budget


def plan_of(seed: int) -> pl.Plan:
    if seed not in PLANS:
        PLANS[seed] = pl.solve(
            town(120, 30, seed, tables=4, most=90, person_seconds=60), points=8, seed=seed, effort=pl.Effort(1, 1)
        )
    return PLANS[seed]


PLANS: dict[int, pl.Plan] = {}


def hours(at: str) -> float:
    return int(at[:2]) + int(at[3:]) / 60


def test_a_place_full_by_the_end_of_the_day_says_when_people_could_come_and_what_to_do() -> None:
    """Of 400 people at A half are still to come at noon; in the afternoon B can take 200, of whom 100 are its own."""
    demand = [
        {"key": f"{key}{k}", "persons": 100, "x": x, "y": 0}
        for key, x, n in (("A", 0, 4), ("B", 100, 2))
        for k in range(n)
    ]
    sites = [{"key": key, "x": x, "y": 0, "tables": 1} for key, x in (("P", 0), ("Q", 100))]
    rules = pl.Rules(opens="08:00", closes="16:00", person_seconds=72, utilisation=1.0, notice_minutes=0)
    plan = pl.solve(pl.Case(demand=demand, sites=sites, rules=rules), points=2, effort=EFFORT)
    assert plan.load.tolist() == [400, 200]
    with pytest.raises(pl.Unfit) as caught:
        plan.close("P", at="12:00")
    assert caught.value.faults[0].text("zh") == (
        "points：“P”12:00关闭、12:00起改签，到16:00结束时还有100人排不下；请延长采样时间、增加采样台，或先开设附近的点。"
    )
    with pytest.raises(pl.Unfit) as caught:
        plan.replace(case=plan.case.replace(rules=replace(rules, notice_minutes=30))).close("P", at="15:40")
    assert "提前告知后最早" in caught.value.faults[0].words["zh"]
    roomier = plan.replace(case=plan.case.replace(sites=[sites[0], sites[1] | {"tables": 2}]))
    assert roomier.close("P", at="12:00").tables.tolist()[1] == 2
    short = roomier.replace(case=roomier.case.replace(rules=replace(rules, tables=1)))
    with pytest.raises(pl.Unfit):
        short.close("P", at="12:00")
    assert roomier.close("P", at="12:00", seen={"P": 150, "Q": 200}).load.tolist() == [100, 500]
    with pytest.raises(pl.Unfit):  # a point that has seen nobody by noon has all of its people in the afternoon
        roomier.close("P", at="12:00", seen={"P": 150, "Q": 0})


def test_a_chain_of_neighbours_is_moved_on_before_it_is_said_that_nobody_can_go() -> None:
    """A has to leave P: B leaves Q for R only when C leaves R for S; and two small rows leave a point for a large one."""
    at = {"A": 0, "B": 100, "C": 200}
    demand = [{"key": key, "persons": 10, "x": x, "y": 0} for key, x in at.items()]
    sites = [{"key": key, "x": x, "y": 0, "tables": 1} for key, x in (("P", 0), ("Q", 100), ("R", 200), ("S", 300))]
    rules = pl.Rules(person_seconds=4320, utilisation=1.0, max_walk_m=120)
    plan = pl.solve(pl.Case(demand=demand, sites=sites, rules=rules), points=4, effort=EFFORT)
    assert [row["point"] for row in plan.assignments] == ["P", "Q", "R"]
    assert [row["point"] for row in plan.close("P").assignments] == ["Q", "R", "S"]
    demand = [{"key": "A", "persons": 10, "x": 0, "y": 0}] + [
        {"key": f"B{k}", "persons": 5, "x": 100, "y": 0} for k in range(2)
    ]
    plan = pl.solve(pl.Case(demand=demand, sites=sites[:3], rules=rules), points=3, effort=EFFORT)
    assert [row["point"] for row in plan.close("P").assignments] == ["Q", "R", "R"]


def test_a_second_closing_leaves_the_slots_of_the_first_as_they_were_told() -> None:
    case = town(200, 40, 4, tables=6, most=80, person_seconds=60)
    plan = pl.solve(case, points=12, effort=pl.Effort(3, 3))
    first, second = (str(case.sites.key[plan.open[k]]) for k in (0, 1))
    one = plan.close(first, at="09:00")
    two = one.close(second, at="13:00")
    moved = np.flatnonzero((one.at != plan.at) & (two.at == one.at) & (case.demand.persons > 0))
    assert len(moved)
    assert pl.slots(one).first[moved].tolist() == pl.slots(two).first[moved].tolist()


def test_a_point_opens_only_while_people_can_still_be_told_and_has_tables() -> None:
    plan = plan_of(1)
    spare = next(j for j in range(30) if j not in plan.open)
    key = str(plan.case.sites.key[spare])
    with pytest.raises(pl.Unfit):
        plan.add(key, at="17:40")
    late, early = plan.add(key, at="16:00"), plan.add(key)
    rules = plan.case.rules
    left = rules.slots - rules.slot_from(16.5)
    assert 0 < late.load[spare] <= plan.case.sites.tables[spare] * rules.persons_per_table * left / rules.slots
    assert late.load[spare] < early.load[spare]
    full = plan.replace(case=plan.case.replace(rules=replace(rules, tables=int(plan.tables[plan.open].sum()))))
    with pytest.raises(pl.Unfit) as caught:
        full.add(key)
    assert "总数限" in caught.value.faults[0].words["zh"]


@pytest.mark.parametrize("matrix", [False, True])
def test_an_empty_building_is_no_hindrance_wherever_it_stands(matrix: bool) -> None:
    """Beyond every limit it is given the nearest open point, in a first plan as when a point closes, early or late."""
    case = town(60, 20, 3, tables=5, most=60, person_seconds=100)
    demand = {
        name: [*values, extra]
        for (name, values), extra in zip(case.demand.lists().items(), ("far", "", 0, 9000.0, 9000.0, 0, 0), strict=True)
    }
    walk: object = pl.Plane()
    if matrix:
        metres = np.hypot(np.array(demand["x"])[:, None] - case.sites.x, np.array(demand["y"])[:, None] - case.sites.y)
        walk = pl.Matrix(np.where(metres > 3000, np.inf, metres))
    case = pl.Case(demand=demand, sites=case.sites, walk=walk, rules=replace(case.rules, max_walk_m=1500))  # type: ignore[arg-type]  # a walk
    assert pl.check(case, 8) == []
    plan = pl.prove(pl.solve(case, points=8, effort=EFFORT), seconds=5)
    assert plan.at[-1] in plan.open
    assert np.isfinite(plan.value)
    for at in (None, "12:00"):
        after = plan.close(str(case.sites.key[plan.at[-1]]), at=at)
        assert after.at[-1] in after.open
        assert after.load.sum() == case.demand.persons.sum()
    with pytest.raises(pl.Unfit) as caught:
        pl.solve(case.replace(demand=demand | {"persons": [0] * 61}), points=2, effort=EFFORT)
    assert caught.value.faults[0].words["en"] == "nobody lives in any of the rows; give their people."


@pytest.mark.parametrize("holes", [False, True])
def test_ways_of_a_given_matrix_are_looked_up_not_searched(holes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: the walks of a plan ask no row for its neighbours, and a closing asks once for all rows that move."""
    case = town(200, 40, 4, tables=6, most=80, person_seconds=60)
    metres = np.hypot(case.demand.x[:, None] - case.sites.x, case.demand.y[:, None] - case.sites.y)
    straight = pl.solve(case, points=12, effort=pl.Effort(1, 1))
    given_ = case.replace(walk=pl.Matrix(np.where(holes & (metres > 1900), np.nan, metres)))
    plan = straight.replace(case=given_)
    asked: list[int] = []
    nearest = Given.nearest

    def counted(self: Given, units: np.ndarray, count: int) -> Rows:
        asked.append(len(units))
        return nearest(self, units, count)

    monkeypatch.setattr(Given, "nearest", counted)
    assert plan.metres == pytest.approx(straight.metres)
    assert asked == []
    point = plan.points[0]["point"]
    assert (plan.close(point).at == straight.close(point).at).all()
    assert asked == [plan.points[0]["rows"]]
    assert (plan.add(str(case.sites.key[0])).at == straight.add(str(case.sites.key[0])).at).all()
    assert len(asked) == 1


def test_a_sparse_matrix_holds_ways_of_nought_and_no_others() -> None:
    """A building at its point is nought metres away, which is not the same as no way."""
    table = csr_array((np.array([0.0, 50.0, 30.0]), (np.array([0, 0, 1]), np.array([0, 1, 1]))), shape=(2, 3))
    ways = Given(table)
    assert ways.between(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])).tolist() == [0.0, 50.0, np.inf, 30.0]
    assert ways.closest(np.array([0, 1]), np.array([0, 1, 2])).tolist() == [0, 1]
    demand, sites = [{"key": "A", "persons": 1}, {"key": "B", "persons": 1}], [{"key": key} for key in "PQR"]
    plan = pl.solve(pl.Case(demand=demand, sites=sites, walk=pl.Matrix(table)), points=2, effort=EFFORT)
    assert [row["walk_m"] for row in plan.assignments] == [0.0, 30.0]
    with pytest.raises(pl.Unfit) as caught:
        pl.Case(demand=demand, sites=sites, walk=pl.Matrix(-table))
    assert "is below 0" in str(caught.value)


@pytest.mark.parametrize("at", ["10:00", None])
def test_of_a_point_that_loses_tables_only_as_many_move_as_the_others_cannot_take(at: str | None) -> None:
    case = town(200, 40, 4, tables=6, most=80, person_seconds=60)
    plan = pl.solve(case, points=12, effort=pl.Effort(3, 3))
    j = int(np.argmax(plan.load))
    busiest, tables = str(case.sites.key[j]), int(plan.tables[j])
    assert tables > 2
    after = plan.reduce(busiest, tables - 2, at=at)
    moved = np.flatnonzero(after.at != plan.at)
    assert set(plan.at[moved].tolist()) == {j}
    assert (after.open.tolist(), after.case.sites.tables[j]) == (plan.open.tolist(), tables - 2)
    before, new, hour = pl.slots(plan), pl.slots(after), 10.0 if at else 6.0
    still = (before.last >= 0) & (before.hour(0) + (before.last + 1) * before.minutes / 60 > hour) & (after.at == j)
    room = (tables - 2) * case.rules.persons_per_table * (18 - hour) / 12
    stay = int(case.demand.persons[still].sum())
    assert stay <= room < stay + 80 + case.demand.persons[moved].max()  # no more than must
    assert all(new.hour(int(new.first[i])) >= 10.5 for i in moved) or not at
    assert plan.reduce(busiest, tables, at=at).diff(plan).persons <= stay
    everyone_seen = plan.reduce(busiest, 1, at="10:00", seen={busiest: 10**6})
    assert everyone_seen.diff(plan).persons == 0
    with pytest.raises(pl.Unfit):
        plan.reduce("Z", 1)


def test_tables_that_are_lost_are_no_spare_ones_elsewhere() -> None:
    """P and Q have three tables of 85 people each and room for a fourth, for which there is nobody."""
    demand = [{"key": f"A{n}", "persons": 40, "x": 10 * n} for n in range(10)]
    sites = [{"key": "P", "x": 0, "tables": 4}, {"key": "Q", "x": 100, "tables": 4}]
    rules = pl.Rules(person_seconds=432, tables=6)
    plan = pl.solve(pl.Case(demand=demand, sites=sites, rules=rules), points=2, effort=pl.Effort(3, 3))
    assert (plan.load.tolist(), plan.tables.tolist()) == ([200, 200], [3, 3])
    fewer = plan.reduce("P", 2)
    assert (fewer.load.tolist(), fewer.tables.tolist()) == ([160, 240], [2, 3])
    with pytest.raises(pl.Unfit) as caught:
        plan.reduce("P", 1)
    assert "75 people" in str(caught.value)
