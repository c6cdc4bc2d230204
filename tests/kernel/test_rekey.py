import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

import tongzhou
from tests import world
from tongzhou.kernel import seal
from tongzhou.kernel.management.commands import rekey
from tongzhou.kernel.models import Person

BASE = Path(tongzhou.__file__).parents[1]
PHONE = "13800138000"


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> None:
    settings.TONGZHOU_KEYS = tmp_path / "keys.json"
    assert seal.new_keys()


def person(name: str = "张三", phone: str = PHONE) -> Person:
    return Person.objects.create(name=name, phone=phone, synthetic=True)


def plain_texts() -> dict[str, str]:
    return {row.name: seal.open(row, "phone") for row in Person.objects.all()}


@pytest.mark.django_db
def test_rekey_moves_every_text_to_the_current_key() -> None:
    for n in range(5):
        person(name=f"模拟{n}", phone=f"1380013800{n}")
    person(name="无", phone="")
    before, indexes = plain_texts(), set(Person.objects.values_list("phone_index", flat=True))
    added, out = seal.add_key(), StringIO()
    call_command("rekey", batch=2, stdout=out)
    assert out.getvalue().splitlines()[:-1] == [f"kernel_person.phone: {n}/5" for n in (2, 4, 5)]
    texts = [row.phone.text for row in Person.objects.exclude(phone="")]
    assert [text.split("|")[1] for text in texts] == [added] * 5
    assert (plain_texts(), set(Person.objects.values_list("phone_index", flat=True))) == (before, indexes)
    call_command("rekey", stdout=StringIO())
    assert [row.phone.text for row in Person.objects.exclude(phone="")] == texts


@pytest.mark.django_db
def test_rekey_computes_indexes_anew_when_asked() -> None:
    row = person()
    Person.objects.update(phone_index="old")
    call_command("rekey", stdout=StringIO())
    row.refresh_from_db()
    assert row.phone_index == "old"
    call_command("rekey", index=True, stdout=StringIO())
    row.refresh_from_db()
    assert row.phone_index == seal.index(PHONE, "phone")


@pytest.mark.django_db
@pytest.mark.parametrize("index", [False, True])
def test_rekey_loses_no_change_made_meanwhile(index: bool) -> None:
    row = person()
    read = row.phone.text
    seal.add_key()
    row.phone = "13900139000"
    row.save()
    assert rekey.Command()._renew(Person._meta.get_field("phone"), row.pk, read, index=index)
    row.refresh_from_db()
    assert (seal.open(row, "phone"), row.phone_index) == ("13900139000", seal.index("13900139000", "phone"))


@pytest.mark.django_db
def test_rekey_names_what_does_not_open_and_does_the_rest() -> None:
    lost, other = person(), person(name="李四", phone="13900139000")
    Person.objects.filter(pk=lost.pk).update(phone=seal.Sealed("v1|0|" + "A" * 16 + "|" + "A" * 40))
    added, err = seal.add_key(), StringIO()
    with pytest.raises(CommandError, match="^1 处内容无法解密"):
        call_command("rekey", stdout=StringIO(), stderr=err)
    assert err.getvalue() == f"kernel_person|phone|{lost.pk}：密钥文件中没有密钥 0。\n"
    assert Person.objects.get(pk=other.pk).phone.text.startswith(f"v1|{added}|")


FILL = """
import django; django.setup()
from django.core.management import call_command
from tongzhou.kernel.models import Person
call_command("keys", "init", verbosity=0)
Person.objects.bulk_create([Person(name=str(n), phone=f"138{n:08d}", synthetic=True) for n in range(300)])
call_command("keys", "rotate", verbosity=0)
"""
COUNT = """
import django; django.setup()
from tongzhou.kernel import seal
from tongzhou.kernel.models import Person
from tongzhou.kernel.seal import keys
rows = list(Person.objects.all())
assert {r.name: seal.open(r, "phone") for r in rows} == {str(n): f"138{n:08d}" for n in range(300)}
print(sum(r.phone.text.split("|")[1] == keys.load().current for r in rows))
"""


@pytest.fixture
def house(tmp_path: Path) -> dict[str, str]:
    """An environment of its own: a database file and keys that a process may be killed over."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("TONGZHOU_", "DATABASE_URL"))}
    return own | {"TONGZHOU_DATA": str(tmp_path / "house"), "DJANGO_SETTINGS_MODULE": "tongzhou.web.settings"}


def test_rekey_killed_half_way_continues(house: dict[str, str], django_db_setup: None) -> None:
    world.lay_tables(Path(house["TONGZHOU_DATA"]) / "tongzhou.sqlite3")

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=house, cwd=BASE, check=True, capture_output=True, text=True).stdout

    run("-c", FILL)
    work = ["-m", "tongzhou", "rekey", "--batch", "1"]
    with subprocess.Popen([sys.executable, *work], env=house, cwd=BASE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any(line.endswith(" 50/300\n") for line in process.stdout)
        process.kill()
    done = int(run("-c", COUNT).splitlines()[-1])
    assert 50 <= done < 300
    assert f"{300 - done}/{300 - done}\n" in run(*work)
    assert int(run("-c", COUNT).splitlines()[-1]) == 300
