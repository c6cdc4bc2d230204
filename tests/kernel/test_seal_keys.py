import re
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.kernel import seal
from tongzhou.kernel.seal import cipher, keys

PHONE = "13800138000"
PLACE = "people|phone|2b0e6ad0-0d43-4a3b-8e5b-5a0d0d2f6c11"


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.TONGZHOU_KEYS = tmp_path / "keys.json"
    assert seal.new_keys()
    return tmp_path / "keys.json"


# -- keys


def test_new_keys_never_overwrite(key_file: Path) -> None:
    before = key_file.read_bytes()
    assert not seal.new_keys()
    assert key_file.read_bytes() == before
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o400
    assert [f.name for f in key_file.parent.iterdir()] == ["keys.json"]


def test_add_key_becomes_current_and_keeps_the_old(key_file: Path) -> None:
    sealed, before = cipher.encrypt("甲", PLACE), keys.load()
    added = seal.add_key()
    after = keys.load()
    assert (after.current, after.index) == (added, before.index)
    assert after.data.items() > before.data.items()
    assert cipher.decrypt(sealed, PLACE) == "甲"
    assert cipher.encrypt("甲", PLACE).text.startswith(f"v1|{added}|")


def test_load_says_what_to_do_without_a_key_file(key_file: Path) -> None:
    key_file.unlink()
    with pytest.raises(ImproperlyConfigured, match="tongzhou keys init"):
        keys.load()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"current": "a"}', '{"current": "a", "data": {"a": "AA=="}, "index": "AA=="}']
)
def test_load_refuses_a_damaged_key_file(key_file: Path, content: str) -> None:
    key_file.chmod(0o600)
    key_file.write_text(content)
    with pytest.raises(ImproperlyConfigured, match="damaged"):
        keys.load()


def test_keys_command_makes_and_rotates(key_file: Path) -> None:
    out = StringIO()
    call_command("keys", "init", stdout=out)
    assert out.getvalue() == f"密钥文件 {key_file} 已存在，未作改动。\n"
    call_command("keys", "rotate", stdout=out)
    assert keys.load().current in out.getvalue()
    assert len(keys.load().data) == 2


def test_deployment_check_warns_of_a_key_file_others_can_read(key_file: Path) -> None:
    assert keys.readable_by_others() == []
    key_file.chmod(0o440)
    assert [warning.id for warning in keys.readable_by_others()] == ["kernel.W001"]


def test_deployment_check_warns_where_there_is_no_key_file(key_file: Path) -> None:
    assert keys.not_there() == []
    key_file.unlink()
    assert [warning.id for warning in keys.not_there()] == ["kernel.W002"]


# -- texts


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_decrypt_reverses_encrypt(plain: str) -> None:
    sealed = cipher.encrypt(plain, PLACE)
    assert cipher.decrypt(sealed, PLACE) == plain
    assert cipher.SEALED_TEXT.fullmatch(sealed.text)
    assert cipher.encrypt(plain, PLACE) != sealed


@given(st.integers(0, 10_000), st.sampled_from("Ab0_|é"))
def test_decrypt_refuses_any_changed_letter(at: int, letter: str) -> None:
    """What is drawn must not depend on the sealed text, which is another at every sealing."""
    text = cipher.encrypt(PHONE, PLACE).text
    at %= len(text)
    letter = letter if letter != text[at] else "é"
    changed = text[:at] + letter + text[at + 1 :]
    try:
        opened = cipher.decrypt(seal.Sealed(changed), PLACE)
    except seal.Broken:
        return
    assert opened == PHONE and at == len(text) - 1  # the last letter carries bits that base64 leaves unused


@pytest.mark.parametrize("place", [PLACE.replace("phone", "name"), PLACE.replace("people", "units"), PLACE[:-1] + "2"])
def test_decrypt_refuses_another_place(place: str) -> None:
    with pytest.raises(seal.Broken, match="移来"):
        cipher.decrypt(cipher.encrypt(PHONE, PLACE), place)


def test_sealed_shows_nothing() -> None:
    sealed = cipher.encrypt(PHONE, PLACE)
    assert {str(sealed), repr(sealed), f"{sealed}", f"{[sealed]}"} == {"•••", "[•••]"}


def test_index_is_equal_for_the_same_value_in_any_dress() -> None:
    typed = [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "+86 13800138000",
        "13800138000\u200b",
    ]
    assert len({seal.index(t, "phone") for t in typed}) == 1
    assert seal.index("21059919900101002x", "id") == seal.index("21059919900101002X", "id")
    assert seal.index(PHONE, "phone") != seal.index(PHONE, "id")
    assert re.fullmatch(r"[\w-]{43}", seal.index(PHONE, "phone"))
    assert seal.index(" - ", "phone") == ""
