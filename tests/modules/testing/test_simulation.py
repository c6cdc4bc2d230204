"""A played morning: what is drawn, what a telephone believes, and a whole one against a real server."""

import asyncio
import json
import re
import subprocess
import sys
import time
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from benchmarks.servers import BASE, House
from tests.world import World
from tongzhou.kernel.sheets.cells import identity_number
from tongzhou.modules.testing import queries
from tongzhou.modules.testing.management.commands.simulate import _bar, _places, _watch
from tongzhou.modules.testing.models import Point
from tongzhou.modules.testing.rules import Verdict, read_code
from tongzhou.modules.testing.rules.verdicts import TubeNow, judge
from tongzhou.modules.testing.simulation import stage
from tongzhou.modules.testing.simulation.laboratory import Laboratory
from tongzhou.modules.testing.simulation.morning import Morning, Progress
from tongzhou.modules.testing.simulation.stage import Place
from tongzhou.modules.testing.simulation.telephone import Telephone, parsed
from tongzhou.modules.testing.simulation.town import Arrival, Mistake, Scenario, arrivals, id_number, mistyped
from tongzhou.planning.command import main as plan

MANY = Scenario(people=20_000, peak=3.0, mistakes=0.1, ill=0.01)


def test_the_same_seed_is_the_same_morning() -> None:
    assert arrivals(MANY) == arrivals(MANY)
    assert arrivals(MANY) != arrivals(Scenario(people=20_000, peak=3.0, mistakes=0.1, ill=0.01, seed=2))


def test_people_come_in_order_with_a_rush_of_three_times_the_mean() -> None:
    everybody = arrivals(MANY)
    times = [who.at for who in everybody]
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] <= MANY.seconds
    in_a_twentieth = Counter(int(at / MANY.seconds * 20) for at in times)
    assert 2.7 < max(in_a_twentieth.values()) / (len(times) / 20) < 3.3
    assert len({who.document for who in everybody}) == len(everybody)
    assert {who.mistake for who in everybody} >= {None, Mistake.NOT_SAVED, Mistake.OTHERS_CODE}


def test_a_share_of_people_comes_to_another_communitys_point() -> None:
    everybody = arrivals(MANY)
    strayed = [who for who in everybody if who.astray]
    assert len(strayed) == pytest.approx(MANY.people * MANY.astray, rel=0.2)
    assert all((who.home != who.table // MANY.tables) == who.astray for who in everybody)
    assert {who.home for who in strayed} == set(range(MANY.points))
    alone = Scenario(people=500, points=1, astray=0.9)
    assert not any(who.astray for who in arrivals(alone)), "there is no other point to go to"
    assert [who.table for who in arrivals(replace(MANY, astray=0.0))] == [who.table for who in everybody]


@pytest.mark.parametrize("n", [0, 1, 499, 500, 123_456, 17_000_000])
def test_documents_are_well_formed_and_of_no_place(n: int) -> None:
    number, wrong = id_number(n), mistyped(id_number(n))
    assert (number[:6], identity_number(number), identity_number(wrong)) == ("210599", number, wrong)
    assert wrong not in {id_number(m) for m in range(n // 500 * 500, n // 500 * 500 + 500)}


def telephone() -> Telephone:
    return Telephone(1, "x", urlsplit("http://localhost"), Random(1))


def acks(phone: Telephone, status: str = "stored", **other: Any) -> list[dict[str, Any]]:
    return [
        {"seq": seq, "digest": b64encode(digest).decode(), "status": status} | other
        for seq, (_text, digest) in phone.waiting.items()
    ]


def test_a_telephone_believes_only_what_is_whole_and_its_own() -> None:
    phone = telephone()
    phone.note(kind="close", tube="T1")
    good = acks(phone)
    whole = b"HTTP/1.1 200 OK\r\n\r\n" + json.dumps({"protocol": "tz-ack-1", "items": good}).encode()
    assert parsed(whole)["items"] == good
    for junk in (
        b"",
        whole[: len(whole) // 2],
        b"HTTP/1.1 200 OK\r\n\r\n<html>",
        b"HTTP/1.1 503 x\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n[]",
    ):
        assert "items" not in parsed(junk)
    assert phone._believe([good[0] | {"digest": "x"}]) is False
    assert phone._believe([good[0] | {"seq": 9}]) is False
    assert list(phone.waiting) == [1]
    assert phone._believe(good) is True
    assert (phone.waiting, phone.said) == ({}, Counter(stored=1))


def test_a_table_to_which_nobody_comes_has_nothing_to_say() -> None:
    phone, chance = telephone(), Random(1)
    morning = Morning(Scenario(), [phone], Laboratory(telephone(), chance), str)
    asyncio.run(morning._table(0, phone, []))
    assert (phone.seq, morning.swabbed) == (0, 0)


def test_a_refused_fact_is_kept_to_be_shown() -> None:
    phone = telephone()
    phone.note(kind="close", tube="T1")
    assert phone._believe(acks(phone, "rejected", reason="tube")) is False
    assert [one.partition(":")[0] for one in phone.refused] == ["tube"]


def test_a_play_has_a_synthetic_response_of_its_own(cast: World) -> None:
    made = stage.new_campaign("play", Scenario(people=30))
    assert (made.response.synthetic, made.expected, made.mode) == (True, 30, "ten")
    assert stage.new_campaign("play", Scenario(size=20)).mode == "twenty"
    type(cast.response).objects.filter(pk=cast.response.pk).update(synthetic=False)
    with pytest.raises(ValidationError):
        stage.new_campaign(cast.response.slug, Scenario())
    with pytest.raises(ValidationError):
        stage.new_campaign("play", Scenario(size=7))


def test_points_come_from_a_file_with_names_and_positions(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("key,name,x,y\n1,永光社区,123.79,41.31\n2,水塔社区,,\n", encoding="utf-8")
    assert _places(file, 2) == [Place("永光社区", 41.31, 123.79), Place("水塔社区")]
    assert _places(file, None) == _places(file, 2), "all of the file, where nobody says how many"
    for content, points in (
        ("name\n永光社区\n", 2),
        ("code\n1\n", 1),
        ("name,x,y\n永光,东,北\n", 1),
        ("name,tables\n永光,-1\n", 1),
        ("name\n", None),
    ):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(CommandError):
            _places(file, points)


def test_the_points_of_a_plan_are_played_with_their_tables_and_people(cast: World, tmp_path: Path) -> None:
    """What `tongzhou plan` writes is what `simulate --places` takes: where, how many tables, and for how many people."""
    case = tmp_path / "case.toml"
    case.write_text(
        '[walk]\nkind = "earth"\n'
        '[demand]\nrows = [{ key = "A", persons = 3000, x = 123.79, y = 41.31 }, { key = "B", persons = 1000, x = 123.90, y = 41.31 }]\n'
        '[sites]\nrows = [{ key = "P", name = "永光社区", x = 123.79, y = 41.311, tables = 3 }, '
        '{ key = "Q", name = "=水塔", x = 123.90, y = 41.311, tables = 1 }]\n',
        encoding="utf-8",
    )
    given = f"{case} --points 2 --seconds 1 --replications 1 --out {tmp_path} --quiet"
    assert plan(given.split()) == 0
    places = _places(tmp_path / "points.csv", None)
    assert places == [Place("永光社区", 41.311, 123.79, 2, 3000), Place("=水塔", 41.311, 123.9, 1, 1000)]
    scenario = Scenario(people=400, points=2)
    made = stage.Stage(stage.new_campaign("mingshan", scenario))
    assert list(stage.build(made, scenario, places)) == [1, 2]
    rows = Point.objects.filter(campaign=made.campaign).order_by("-expected")
    assert [(str(one), one.lat, one.lon, one.tables, one.expected) for one in rows] == [
        ("永光社区", 41.311, 123.79, 2, 300), ("=水塔", 41.311, 123.9, 1, 100),
    ]  # fmt: skip
    assert len(made.telephones) == 3
    come = Counter(who.table for who in arrivals(MANY, stage.tables(places, MANY)))
    assert sorted(come) == [0, 1, 2]
    assert come[0] == pytest.approx(MANY.people * 0.375, rel=0.05)
    assert come[2] == pytest.approx(MANY.people * 0.25, rel=0.06)


def test_every_point_is_a_communitys_and_a_code_says_from_which(cast: World) -> None:
    """A later round finds the communities of the first, and makes those it needs beside them."""
    for points in (2, 3):
        scenario = Scenario(people=30, points=points, tables=1)
        made = stage.Stage(stage.new_campaign("play", scenario))
        list(stage.build(made, scenario, [Place(f"点{n}") for n in range(points)]))
        units = [
            one.unit for one in Point.objects.filter(campaign=made.campaign).order_by("name").select_related("unit")
        ]
        assert [unit.code for unit in units] == [f"play-{n + 1:03}" for n in range(points)]
        assert {(unit.kind, unit.parent) for unit in units} == {("community", made.campaign.unit)}
    show = stage.codes(made.communities)
    who = Arrival(0.0, id_number(1), 0, home=1, astray=True)
    here, there = (queries.session(number) for number, _secret in made.telephones[:2])
    assert here is not None
    assert there is not None
    at = int(time.time() * 1000)
    for session, verdict in ((here, Verdict.OTHER_ZONE), (there, Verdict.FINE)):
        code = read_code(show(who))
        assert code is not None
        assert judge(session.station, at, code.expires, code.zone, TubeNow(), None) == verdict


def test_a_screen_shows_how_far_the_morning_is_and_a_pipe_nothing() -> None:
    class Screen(StringIO):
        def isatty(self) -> bool:
            return True

    with _bar(desc="采样", total=200, unit="人", file=(screen := Screen())) as bar:
        bar.mininterval = 0
        _watch(bar, Progress(5430.0, 50, 7, 12, 4))
    assert "采样:  25%|" in screen.getvalue()
    assert "50/200" in screen.getvalue()
    assert "1:30 排队12人 待发7条 已出结果4管" in screen.getvalue()
    with _bar(desc="采样", total=200, file=(pipe := StringIO())) as bar:
        _watch(bar, Progress(5430.0, 50, 7, 12, 4))
    assert pipe.getvalue() == ""


@pytest.mark.parametrize(
    "wrong",
    [{"people": 0}, {"astray": 1.0}, {"slug": "一个区"}, {"network": 1.0}, {"url": "http://127.0.0.1:9"}, {"url": "x"}],
)
def test_what_cannot_be_played_is_said(cast: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        call_command("simulate", **wrong)


@pytest.mark.own_house
def test_a_morning_with_bad_networks_and_all_mistakes_loses_nothing(tmp_path: Path) -> None:
    """As a district would run it, small: 240 people at four tables in six seconds, every fifth of whom somebody makes a mistake with."""
    house = House(tmp_path)
    subprocess.run(
        [sys.executable, "-m", "tongzhou", "prepare"],
        cwd=BASE,
        env=house.environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    house.start()
    try:
        house.answers()
        asked = "--people 240 --points 2 --tables 2 --minutes 0.1 --mistakes 0.2 --ill 0.02 --network 0.3 --astray 0.1"
        command = [
            sys.executable,
            "-m",
            "tongzhou",
            "simulate",
            "--url",
            f"http://127.0.0.1:{house.port}",
            *asked.split(),
        ]
        done = subprocess.run(
            command, cwd=BASE, env=house.environment, check=False, capture_output=True, text=True, timeout=300
        )
    finally:
        house.kill()
    assert (done.returncode, "丢失 0，重复 0，未发出 0" in done.stdout) == (0, True), done.stdout + done.stderr
    assert "240人在4个采样台采样" in done.stdout
    strayed, told_so = map(int, re.findall(r"走错采样点：(\d+)人出示了别的社区的码，(\d+)人当场", done.stdout)[0])
    assert 5 < strayed == told_so
    told = done.stdout.partition("条，都已存下，等人判断：\n")[2].splitlines()[:2]
    assert [line.split(maxsplit=1)[1] for line in told] == [
        "本轮已采，又采一次：先前有人出示了他的码，本人后来又采", "采样码无法识别：出示的码里没有证件号，照采",
    ]  # fmt: skip
