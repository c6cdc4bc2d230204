"""Cases and plans: faults in words, plans on disk, the command."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.planning.towns import roomy, town
from tongzhou import planning as pl
from tongzhou.__main__ import main
from tongzhou.planning.walking import to_gcj02, to_wgs84

EFFORT = pl.Effort(4, 4)
DEMAND = [{"key": "A", "persons": 10, "x": 0, "y": 0}, {"key": "B", "persons": 20, "x": 100, "y": 0}]
SITES = [{"key": "P", "x": 0, "y": 10, "tables": 1}, {"key": "Q", "x": 5000, "y": 0, "tables": 1}]

WRITTEN = {
    "plan.json", "points.csv", "assignments.csv", "slots.csv", "staff.csv", "rounds.csv", "forecast.json", "slips.html", "map.svg",
}  # fmt: skip


def faults(**changes: object) -> list[str]:
    given: dict[str, object] = {"demand": DEMAND, "sites": SITES} | changes
    with pytest.raises(pl.Unfit) as caught:
        pl.Case(**given)
    return [str(fault) for fault in caught.value.faults]


def test_every_fault_names_its_row_and_the_remedy() -> None:
    rows = [{"key": "A", "persons": "many", "x": 0, "y": 0}, {"key": "A", "persons": -1, "x": 0, "y": 0}]
    assert faults(demand=rows) == [
        "demand, row 1: “persons” must be a number, not “many”; correct it.",
        "demand, row 2: “persons” is -1; it must be between 0 and ∞.",
        "demand, row 2: key “A” is that of row 1 too; change one of them.",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"demand": [DEMAND[0] | {"persons": 2.5}]},
            "demand, row 1: “persons” must be a whole number, not 2.5; correct it.",
        ),
        ({"demand": []}, "demand: there are no residents; give at least one row."),
        ({"sites": [SITES[0] | {"kept": 1, "banned": 1}]}, "sites, row 1: “P” is both kept and banned; choose one."),
        ({"sites": [SITES[0] | {"colour": "red"}]}, "sites: unknown column “colour”; rename or remove it."),
        (
            {"rules": pl.Rules(opens="18:00", closes="06:00")},
            "rules: “18:00” to “06:00” is no stretch of time; correct the rules.",
        ),
        (
            {"walk": pl.Matrix(np.ones((3, 2)))},
            "walk: the walking matrix is 3 by 2 but must be 2 by 2; export it again.",
        ),
        ({"walk": pl.Earth()}, "demand: ({}"),
    ],
)
def test_what_cannot_be_is_refused_in_words(changes: dict[str, object], words: str) -> None:
    if "walk" in changes and isinstance(changes["walk"], pl.Earth):
        assert "is no longitude and latitude" in faults(**changes)[0]
    else:
        assert faults(**changes) == [words]


def test_faults_speak_chinese_too() -> None:
    with pytest.raises(pl.Unfit) as caught:
        pl.Case(demand=[], sites=SITES)
    assert [fault.text("zh") for fault in caught.value.faults] == ["demand：没有居民；请至少填一行。"]


def test_an_impossible_case_says_what_is_short_where_and_by_how_much() -> None:
    case = pl.Case(demand=DEMAND, sites=SITES, rules=pl.Rules(person_seconds=3600, utilisation=1.0))
    assert [str(fault) for fault in pl.check(case, 1)] == [
        "demand, row 2: “B” has 20 people and no site takes so many (at most 12); split it into 2 rows."
    ]
    near = pl.Case(demand=DEMAND, sites=SITES, rules=pl.Rules(person_seconds=2160, utilisation=1.0))
    assert [str(fault) for fault in pl.check(near, 1)] == [
        "sites: 30 people must be taken but the 1 largest points take 20, 1 tables short; add points, tables or hours."
    ]
    walk = near.replace(rules=pl.Rules(person_seconds=2160, utilisation=1.0, max_walk_m=500))
    assert [str(fault) for fault in pl.check(walk, 2)] == [
        "sites: around “B” 2 rows with 30 people can only go to 1 sites that take 20, 1 tables short; add some there."
    ]
    far = near.replace(sites=SITES[1:], rules=pl.Rules(max_walk_m=500))
    assert str(pl.check(far, 1)[0]) == (
        "demand, row 1: “A” has no site within 500 m, the nearest is at 5000 m; add a site near it or allow a longer walk."
    )
    with pytest.raises(pl.Unfit):
        pl.solve(far, points=1, effort=EFFORT)


def test_a_walking_limit_that_asks_for_more_points_says_how_many() -> None:
    demand = [{"key": f"B{i}", "persons": 5, "x": 1000 * i, "y": 0} for i in range(4)]
    sites = [{"key": f"P{i}", "x": 1000 * i, "y": 0, "tables": 9} for i in range(4)]
    case = pl.Case(demand=demand, sites=sites, rules=pl.Rules(max_walk_m=300))
    with pytest.raises(pl.Unfit) as caught:
        pl.solve(case, points=2, effort=EFFORT)
    assert str(caught.value) == (
        "points: the walking limit needs at least 4 points, 2 are asked for, 2 short; ask for more or allow a longer walk."
    )


def test_both_datums_give_the_same_walk() -> None:
    """The shift of GCJ-02 at Benxi is some hundred metres; named rightly it makes no difference, named wrongly it does."""
    chance = np.random.default_rng(1)
    wgs = np.array([123.77, 41.30]) + chance.normal(0, 0.01, (12, 2))
    assert to_wgs84(to_gcj02(wgs)) == pytest.approx(wgs, abs=1e-9)
    shift = (to_gcj02(wgs) - wgs) * [83_600, 111_195]
    assert 100 < np.hypot(*shift.T).mean() < 900

    def value(rows: np.ndarray, demand: str) -> float:
        sites = {"key": ["P", "Q", "R"], "x": wgs[:3, 0], "y": wgs[:3, 1], "tables": [9] * 3}
        people = {"key": [f"B{i}" for i in range(12)], "persons": [5] * 12, "x": rows[:, 0], "y": rows[:, 1]}
        return pl.solve(
            pl.Case(demand=people, sites=sites, walk=pl.Earth(demand, "WGS-84")), points=2, effort=EFFORT
        ).value

    assert value(to_gcj02(wgs), "GCJ-02") == pytest.approx(value(wgs, "WGS-84"), rel=1e-5)
    assert value(to_gcj02(wgs), "WGS-84") != pytest.approx(value(wgs, "WGS-84"), rel=0.01)


def test_a_plan_comes_back_from_disk_number_for_number(tmp_path: Path) -> None:
    plan = pl.solve(town(40, 15, 1, tables=5, person_seconds=200), points=6, effort=EFFORT)
    plan.save(tmp_path / "plan.json")
    again = pl.load(tmp_path / "plan.json")
    assert (again.value, again.bound, again.digest, again.case.digest) == (
        plan.value,
        plan.bound,
        plan.digest,
        plan.case.digest,
    )
    made = pl.solve(again.case, points=6, seed=again.seed, effort=again.effort)
    made.save(tmp_path / "made.json")
    same, other = (json.loads((tmp_path / name).read_text()) for name in ("plan.json", "made.json"))
    assert same == other


def test_a_plan_changed_by_hand_is_refused(tmp_path: Path) -> None:
    plan = pl.solve(roomy(20, 8, 1), points=2, effort=EFFORT)
    plan.save(tmp_path / "plan.json")
    kept = json.loads((tmp_path / "plan.json").read_text())
    kept["at"][0] = int(next(j for j in plan.open if j != plan.at[0]))
    (tmp_path / "plan.json").write_text(json.dumps(kept))
    with pytest.raises(ValueError, match="changed after the plan was made"):
        pl.load(tmp_path / "plan.json")


def test_the_fewest_points_and_the_most_people_reached() -> None:
    demand = [
        {"key": f"B{i}", "persons": persons, "x": x, "y": 0}
        for i, (persons, x) in enumerate([(5, 0), (5, 100), (50, 1000), (7, 2000)])
    ]
    sites = [{"key": f"P{j}", "x": x, "y": 0} for j, x in enumerate([0, 50, 1000, 2000])]
    case = pl.Case(demand=demand, sites=sites)
    few = pl.fewest(case, walk_m=60)
    assert (few.points, few.value, few.bound, few.status) == (("P1", "P2", "P3"), 3.0, 3.0, "optimal")
    most = pl.reach(case, points=2, walk_m=60)
    assert (most.points, most.value) == (("P1", "P2"), 60.0)
    with pytest.raises(pl.Unfit) as caught:
        pl.fewest(case, walk_m=10)
    assert "“B1” has no site within 10 m" in str(caught.value)


def test_a_site_that_may_not_be_used_is_not_the_nearest() -> None:
    sites = [{"key": "P0", "x": 100, "y": 0, "banned": 1}, {"key": "P1", "x": 900, "y": 0}]
    case = pl.Case(demand=[{"key": "B0", "persons": 5, "x": 0, "y": 0}], sites=sites)
    with pytest.raises(pl.Unfit) as caught:
        pl.fewest(case, walk_m=500)
    assert "“B0” has no site within 500 m, the nearest is at 900 m" in str(caught.value)
    none = case.replace(sites=[sites[0]])
    with pytest.raises(pl.Unfit) as caught:
        pl.fewest(none, walk_m=500)
    assert "“B0” can reach no site that may be used" in str(caught.value)


def test_the_command_writes_everything_without_a_server(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demand.csv").write_text(
        "key,name,persons,x,y\nA,一号楼,10,0,0\nB,=二号楼,20,100,0\n", encoding="utf-8"
    )
    (tmp_path / "case.toml").write_text(
        '[demand]\nfile = "demand.csv"\n[sites]\nrows = [{key="P",name="学校",x=0,y=10,tables=1},{key="Q",x=90,y=0,tables=1}]\n'
        '[labs]\nrows = [{key="lab",x=0,y=0,lanes=1}]\n[vans]\nrows = [{key="van",number=1}]\n[staff]\nrows = [{key="S1",x=0,y=0}]\n',
        encoding="utf-8",
    )
    arguments = [
        str(tmp_path / "case.toml"),
        "--points",
        "2",
        "--seconds",
        "0.2",
        "--replications",
        "2",
        "--out",
        str(tmp_path / "out"),
        "--lang",
        "en",
    ]
    monkeypatch.setattr("sys.argv", ["tongzhou", "plan", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert {file.name for file in (tmp_path / "out").iterdir()} == WRITTEN
    assert "2 points, 2 tables; 10 m mean walk; within 0.00% of the best possible" in capsys.readouterr().out
    assert "'=二号楼" in (tmp_path / "out" / "assignments.csv").read_text(encoding="utf-8-sig")
    assert pl.load(tmp_path / "out" / "plan.json").mean_walk == pytest.approx(10.0)


def test_the_command_says_what_is_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "case.toml").write_text(
        '[demand]\nrows = [{key="A",persons=1,x=0,y=0}]\n[sites]\nrows = [{key="P",x=0,y=0}]\n'
    )
    monkeypatch.setattr(
        "sys.argv", ["tongzhou", "plan", str(tmp_path / "case.toml"), "--points", "3", "--out", str(tmp_path)]
    )
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    assert capsys.readouterr().err == "points：要设3个点，可用的候选点只有1个，差2个；请减少点数或增加候选点。\n"
