"""Commands that keepers of the house run: verify, backup, reap, and the card of the demonstration."""

import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from tests.world import World
from tongzhou.kernel import loading, steps
from tongzhou.kernel.management.commands.demo import print_card
from tongzhou.kernel.models import Entry, Person, Unit


def new_unit(code: str) -> Unit:
    made = Unit(code=code, name="新支社", kind="branch")
    made.place()
    return made


@pytest.fixture
def chained(db: None) -> Unit:
    house = loading.house()
    unit = steps.file(new_unit("a"), by=house, needs="people.manage")[0]
    return steps.amend(unit, by=house, needs="people.manage", name="新名")


def verify() -> tuple[int, list[str], list[str]]:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify", stdout=out, stderr=err)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue().splitlines(), err.getvalue().splitlines()
    return 0, out.getvalue().splitlines(), err.getvalue().splitlines()


def test_verify_counts_and_passes(chained: Unit) -> None:
    assert verify() == (0, ["台账：2 条，1 条链", "全部相符。"], [])


def test_verify_names_the_first_broken_entry(chained: Unit) -> None:
    second = Entry.objects.get(record=chained.pk, seq=2)
    Entry(table="kernel.unit", record=chained.pk, seq=3, verb="note", at=second.at, said="{by}改写", digest="x").save(
        force_insert=True
    )
    code, out, err = verify()
    assert (code, out) == (1, ["台账：3 条，1 条链"])
    assert err[0] == f"第一处断裂：kernel.unit {chained.pk} 第 3 条（系统改写）：与前一条不相连"


def test_reap_tells_what_waits(db: None) -> None:
    out = StringIO()
    call_command("reap", stdout=out)
    assert out.getvalue().splitlines() == [
        "重新排队的任务：0；放弃的任务：0",
        "等待发送的消息：0（其中到期：0）；未能送出：0",
    ]


def test_backup_is_a_whole_database_and_never_overwrites(committed: None, cast: World, tmp_path: Path) -> None:
    file = tmp_path / "copy.sqlite3"
    call_command("backup", file, stdout=StringIO())
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as copy:
            assert copy.execute("SELECT count(*) FROM kernel_person").fetchone() == (Person.objects.count(),)
    else:
        assert file.read_bytes().startswith(b"PGDMP")  # PostgreSQL's own format; what is in it is pg_dump's matter
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["copy.sqlite3"]
    before = file.read_bytes()
    with pytest.raises(CommandError, match="已存在"):
        call_command("backup", file)
    assert file.read_bytes() == before


def test_backup_into_a_missing_folder_says_so(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有文件夹"):
        call_command("backup", tmp_path / "none" / "copy.sqlite3")


def test_card_tells_address_and_sign_ins(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "response.toml").write_text(
        '[response]\nslug = "a"\nname = "甲市响应"\nname_en = "A"\n'
        '[[sign_in]]\nusername = "office"\npassword = "p1"\nsees = "全部 / all"\n'
        '[[sign_in]]\nusername = "li"\npassword = "p2"\n'
    )
    print_card("http://127.0.0.1:8000/", [tmp_path])
    assert [line.strip() for line in capsys.readouterr().out.splitlines() if line] == [
        "同舟 Tongzhou  http://127.0.0.1:8000/",
        "甲市响应 · A",
        "office  p1  全部 / all",
        "li      p2",
        "Ctrl+C 停止，数据保留 / stops; the data stay",
    ]
