"""A response from plain files, through the same doors as typing it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.errands.models import Errand
from tongzhou.kernel import ledger, loading, module, steps
from tongzhou.kernel.dates import When
from tongzhou.kernel.loading import Loading
from tongzhou.kernel.models import Entry, Grant, Person, Response, Unit
from tongzhou.kernel.module import Module

FILES = {
    "response.toml": """
places_under = "city"
[response]
slug = "trial-2022"
name = "试验响应"
name_en = "Trial response"
began = "2022-03"
lead = "org"
roots = ["org", "city"]
synthetic = true
source = "虚构"
[[unit]]
code = "org"
name = "试验委员会"
kind = "organisation"
[[unit]]
code = "branch"
name = "试验支社"
kind = "branch"
parent = "org"
[[unit]]
code = "city"
name = "试验市"
kind = "city"
[[person]]
key = "jia"
name = "甲某"
unit = "branch"
posts = ["主委", "医生"]
phone = "13800138000"
synthetic = true
[[sign_in]]
username = "demo"
name = "演示"
unit = "org"
password = "demo-demo-demo"
grants = [{ role = "office" }, { role = "auditor", unit = "city" }]
""",
    "places.csv": """code,name,kind,parent,name_en
north,北区,district,,North
n1,一街道,street,north,
n1a,甲社区,community,n1,
""",
    "errands.toml": """
[[errand]]
key = "米"
what = "送米"
unit = "branch"
when = "2022-03-08"
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def bring_in(data: dict[str, Any], loading: Loading) -> int:
    for row in data["errand"]:
        made = Errand(
            pk=loading.key("errand", row["key"]), response=loading.response, what=row["what"], source=loading.source
        )
        made.unit, made.state, made.happened_on = loading.units[row["unit"]], "done", date.fromisoformat(row["when"])
        steps.report(made, by=loading.by)
    return len(data["errand"])


@pytest.fixture
def load(db: None, errands_room: Module, folder: Path) -> Callable[[], list[str]]:
    module.register(replace(errands_room, load=bring_in))
    return lambda: list(loading.load(folder, loading.house()))


def test_a_folder_becomes_units_people_and_records(load: Callable[[], list[str]]) -> None:
    assert load() == ["units 6", "people 1", "errands 1"]
    response = Response.objects.get()
    assert (response.slug, response.began, response.lead.code) == ("trial-2022", When(date(2022, 3, 1), "month"), "org")
    assert sorted(response.roots.values_list("code", flat=True)) == ["city", "org"]
    assert list(Unit.objects.values_list("path", flat=True)) == [
        "/city/", "/city/north/", "/city/north/n1/", "/city/north/n1/n1a/", "/org/", "/org/branch/",
    ]  # fmt: skip
    jia = Person.objects.get(name="甲某")
    assert (jia.posts, jia.unit.code if jia.unit else "", jia.synthetic) == ("主委、医生", "branch", True)
    errand = Errand.objects.get()
    assert (errand.what, errand.state, errand.source, errand.filed_by.username) == ("送米", "done", "虚构", "house")
    assert list(ledger.broken()) == []
    assert Entry.objects.count() == 6 + 1 + 1 + 1 + 2 + 1  # units, response, person, sign-in, grants, errand


def test_loading_again_changes_nothing(load: Callable[[], list[str]]) -> None:
    load()
    models = [Unit, Person, Grant, Response, Errand, Entry]
    before = [list(model._default_manager.order_by("pk").values()) for model in models]
    load()
    assert [list(model._default_manager.order_by("pk").values()) for model in models] == before


def test_a_demo_sign_in_has_its_grants_and_keeps_a_password_someone_changed(load: Callable[[], list[str]]) -> None:
    load()
    demo = Person.objects.get(username="demo")
    assert (demo.check_password("demo-demo-demo"), demo.synthetic) == (True, True)
    assert sorted(demo.grants.values_list("role", "unit__code")) == [("auditor", "city"), ("office", "org")]
    demo.set_password("changed-by-someone")
    demo.save()
    load()
    assert Person.objects.get(username="demo").check_password("changed-by-someone")


def test_in_production_nobody_signs_in_with_a_password_of_an_example(
    load: Callable[[], list[str]], settings: Any
) -> None:
    settings.PRODUCTION = True
    load()
    demo = Person.objects.get(username="demo")
    assert (demo.check_password("demo-demo-demo"), demo.has_usable_password()) == (False, False)


def test_the_house_itself_cannot_sign_in(db: None) -> None:
    house = loading.house()
    assert (house.check_password(""), house.has_usable_password() and house.password != "") == (False, False)
    assert loading.house() == house


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("response.toml", 'unit = "branch"', 'unit = "nowhere"', "nowhere"),
        ("response.toml", 'lead = "org"', 'lead = "gone"', "gone"),
        ("response.toml", 'began = "2022-03"', 'began = "三月"', "三月"),
        ("places.csv", "district", "province", "province"),
        ("errands.toml", 'unit = "branch"', 'unit = "nowhere"', "nowhere"),
    ],
)
def test_what_a_folder_lacks_is_named(
    file: str, old: str, new: str, named: str, folder: Path, load: Callable[[], list[str]]
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises((KeyError, ValueError), match=named):
        load()
    (folder / file).write_text(text, encoding="utf-8")
    load()  # corrected, it comes in whole
    assert sorted(Response.objects.get().roots.values_list("code", flat=True)) == ["city", "org"]
    assert Errand.objects.count() == 1


def test_the_same_names_give_the_same_key(load: Callable[[], list[str]], folder: Path) -> None:
    load()
    made = Loading(folder, Response.objects.get(), loading.house())
    assert str(made.key("errand", "米")) == str(Errand.objects.get().pk)
    assert len({made.key("a", "b"), made.key("b", "a"), made.key("a")}) == 3
