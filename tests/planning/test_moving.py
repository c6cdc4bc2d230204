"""A point closes: its people move, neighbours only where there is no room without, nobody far away, and nobody who has been."""

import numpy as np
import pytest

from tests.planning.towns import town
from tongzhou import planning as pl

EFFORT = pl.Effort(4, 4)


def test_closing_a_point_moves_its_people_and_never_far_ones() -> None:
    case = town(300, 80, 4, tables=6, person_seconds=150)
    plan = pl.solve(case, points=30, effort=pl.Effort(3, 3))
    busiest = str(case.sites.key[int(np.argmax(plan.load))])
    after = plan.close(busiest)
    moved = after.diff(plan)
    people = {str(case.demand.key[i]) for i in np.flatnonzero(plan.at == case.sites.place(busiest))}
    assert people <= {move["key"] for move in moved.moves}
    assert moved.closed == (busiest,)
    assert (after.load <= case.sites.tables * case.rules.persons_per_table).all()
    place = np.array([case.sites.x[case.sites.place(busiest)], case.sites.y[case.sites.place(busiest)]])
    for move in moved.moves:
        i = case.demand.place(move["key"])
        assert move["from"] == busiest or np.hypot(case.demand.x[i] - place[0], case.demand.y[i] - place[1]) < 1200
    assert after.reopen(busiest).value <= after.value


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
