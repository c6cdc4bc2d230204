"""Writing pages of a desk: each sends to one door, nothing is lost on the way back, and nothing happens twice."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.errands.models import Errand
from tests.world import World
from tongzhou.kernel import ledger, seal, steps
from tongzhou.kernel.figures import Bound
from tongzhou.kernel.models import Entry, Person

Make = Callable[..., Errand]
SignIn = Callable[[Person], Client]
LIST = "/test-2022/errands/"
pytestmark = pytest.mark.urls("tests.errands.urls")


@pytest.fixture
def filed(cast: World, errand: Make) -> Errand:
    return steps.file(errand(what="买米", phone="13800138000"), by=cast.people.sun)[0]


@pytest.fixture
def wang(cast: World, errands_room: object, signed_in: SignIn) -> Client:
    return signed_in(cast.people.wang)


def sheet(unit: object, **fields: object) -> dict[str, object]:
    """What the form sends."""
    return {"unit": getattr(unit, "pk", unit), "what": "买米", "when": "2022-03-05", "weight": "2", **fields}


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found[1]


# -- new


def test_a_new_record_is_filed_once_however_often_the_form_is_sent(cast: World, wang: Client) -> None:
    key = hidden(wang.get(f"{LIST}new/").content.decode(), "key")
    sent = sheet(cast.units.branch1, key=key, phone="13800138000")
    answers = [wang.post(f"{LIST}new/", sent) for _again in range(3)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, f"{LIST}{key}/")] * 3
    row = Errand.objects.get()
    assert (row.pk, row.what, row.weight, row.happened_on, row.filed_by) == (
        UUID(key),
        "买米",
        2,
        date(2022, 3, 5),
        cast.people.wang,
    )
    assert (seal.open(row, "phone"), Entry.objects.count()) == ("13800138000", 1)
    assert "这条记录先前已登记，未重复登记。" in wang.get(f"{LIST}{key}/").content.decode()


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"what": ""}, "这个字段是必填项"),
        ({"what": "长" * 101}, "100"),
        ({"what": "a\x00b"}, "空字符"),
        ({"when": "3月5日"}, "2022"),
        ({"weight": "-1"}, "0"),
        ({"weight": "9" * 400}, ""),
        ({"total": "许多"}, "20余次"),
        ({"total": "20余次"}, "只有总数的记录须写明来源"),
        ({"unit": "junk"}, ""),
        ({"unit": ""}, "这个字段是必填项"),
    ],
)
def test_what_cannot_be_filed_comes_back_with_everything_typed(
    fields: dict[str, str], fault: str, cast: World, wang: Client
) -> None:
    answer = wang.post(
        f"{LIST}new/", sheet(cast.units.branch1, key=str(uuid4()), source="", phone="13900139000") | fields
    )
    text = answer.content.decode()
    assert (answer.status_code, Errand.objects.count(), Entry.objects.count()) == (422, 0, 0)
    assert "还不能保存" in text
    assert fault in text
    assert 'value="13900139000"' in text or "phone" in fields


def test_a_total_with_its_source_is_filed_as_a_summary(cast: World, wang: Client) -> None:
    wang.post(
        f"{LIST}new/", sheet(cast.units.branch1, key=str(uuid4()), total="20余次", source="三月简报", when="2022-03")
    )
    row = Errand.objects.get()
    assert (row.quantity, row.bound, row.source, row.happened_precision) == (20, Bound.AT_LEAST, "三月简报", "month")


def test_new_is_for_those_who_may_and_only_at_their_units(cast: World, errands_room: object, signed_in: SignIn) -> None:
    p = cast.people
    people = [p.wang, p.sun, p.li, p.zhao, p.feng]
    assert [signed_in(who).get(f"{LIST}new/").status_code for who in people] == [200, 200, 404, 404, 404]
    for who, where in [(p.sun, cast.units.branch3), (p.sun, cast.units.org), (p.wang, cast.units.elsewhere)]:
        assert signed_in(who).post(f"{LIST}new/", sheet(where, key=str(uuid4()))).status_code == 422
    assert signed_in(p.zhao).post(f"{LIST}new/", sheet(cast.units.branch1)).status_code == 404
    assert Errand.objects.count() == 0


def test_a_key_that_is_no_key_gets_a_new_one(cast: World, wang: Client) -> None:
    for key in ["", "x", "\x00", "9" * 999]:
        assert wang.post(f"{LIST}new/", sheet(cast.units.branch1, key=key)).status_code == 302
    assert Errand.objects.count() == 4


def test_a_forged_key_of_a_record_out_of_reach_changes_and_shows_nothing(
    cast: World, errand: Make, signed_in: SignIn
) -> None:
    other = steps.file(errand(what="三社的秘密", unit=cast.units.branch3), by=cast.people.house)[0]
    answer = signed_in(cast.people.sun).post(f"{LIST}new/", sheet(cast.units.branch1, key=other.pk), follow=True)
    assert (answer.status_code, "秘密" in answer.content.decode()) == (404, False)
    assert list(Errand.objects.values_list("what", "version")) == [("三社的秘密", 1)]


# -- edit


def test_edit_changes_what_was_typed_and_nothing_else(cast: World, filed: Errand, wang: Client) -> None:
    text = wang.get(f"{LIST}{filed.pk}/edit/").content.decode()
    assert "13800138000" not in text
    sent = sheet(cast.units.branch1, what="买面", phone="", version=hidden(text, "version"), source="")
    assert wang.post(f"{LIST}{filed.pk}/edit/", sent)["Location"] == f"{LIST}{filed.pk}/"
    row = Errand.objects.get()
    assert (row.what, row.weight, row.version, seal.open(row, "phone")) == ("买面", 2, 2, "13800138000")
    assert [e.data.get("new") for e in ledger.entries(row)] == [None, {"what": "买面", "weight": "2"}]


def test_edit_on_an_old_version_loses_neither_what_was_typed_nor_what_is_there(
    cast: World, filed: Errand, wang: Client
) -> None:
    steps.amend(filed, by=cast.people.sun, what="买面")
    sent = sheet(cast.units.branch1, what="买油", version=1)
    answer = wang.post(f"{LIST}{filed.pk}/edit/", sent)
    text = answer.content.decode()
    assert (answer.status_code, Errand.objects.get().what, hidden(text, "version")) == (422, "买面", "2")
    assert ("他人修改了这条记录" in text, 'value="买油"' in text) == (True, True)
    wang.post(f"{LIST}{filed.pk}/edit/", sent | {"version": 2})
    assert Errand.objects.get().what == "买油"


@pytest.mark.parametrize("version", ["²", "-1", "9" * 5000, "x", "\x00", "٣"])
def test_a_version_that_is_no_number_is_no_failure(version: str, cast: World, filed: Errand, wang: Client) -> None:
    answer = wang.post(f"{LIST}{filed.pk}/edit/", sheet(cast.units.branch1, version=version))
    assert answer.status_code in {302, 422}


def test_edit_is_refused_with_the_reason_where_it_is_closed(cast: World, filed: Errand, signed_in: SignIn) -> None:
    steps.advance(filed, "drop", by=cast.people.wang, note="不办了")
    answer = signed_in(cast.people.wang).get(f"{LIST}{filed.pk}/edit/")
    assert (answer.status_code, "状态为“作罢”" in answer.content.decode()) == (403, True)
    assert signed_in(cast.people.li).get(f"{LIST}{filed.pk}/edit/").status_code == 403
    assert signed_in(cast.people.wu).get(f"{LIST}{filed.pk}/edit/").status_code == 404


# -- moves


def test_a_move_is_made_by_post_only_and_once(cast: World, filed: Errand, wang: Client) -> None:
    address = f"{LIST}{filed.pk}/moves/take/"
    assert wang.get(address).status_code == 200
    assert Errand.objects.get().state == "asked"
    assert [wang.post(address).status_code for _again in range(2)] == [302, 302]
    row = Errand.objects.get()
    assert (row.state, row.version) == ("taken", 2)
    assert "已被他人处理" in wang.get(row.get_absolute_url()).content.decode()


def test_a_move_that_needs_a_reason_asks_for_it(cast: World, filed: Errand, wang: Client) -> None:
    address = f"{LIST}{filed.pk}/moves/drop/"
    for note in ("", "  "):
        answer = wang.post(address, {"note": note})
        assert (answer.status_code, Errand.objects.get().state) == (422, "asked")
    assert wang.post(address, {"note": "已自取"}).status_code == 302
    assert ledger.entries(filed).last().note == "已自取"


def test_a_move_one_may_not_make_is_refused_and_explained(cast: World, filed: Errand, signed_in: SignIn) -> None:
    sun = signed_in(cast.people.sun)
    for answer in [sun.get(f"{LIST}{filed.pk}/moves/drop/"), sun.post(f"{LIST}{filed.pk}/moves/drop/", {"note": "x"})]:
        assert (answer.status_code, "机关工作人员、签发领导" in answer.content.decode()) == (403, True)
    assert sun.post(f"{LIST}{filed.pk}/moves/fly/").status_code == 404
    assert signed_in(cast.people.wu).post(f"{LIST}{filed.pk}/moves/take/").status_code == 404
    assert Errand.objects.get().version == 1


def test_moves_in_bulk_go_one_by_one(cast: World, errand: Make, signed_in: SignIn) -> None:
    rows = {
        name: steps.file(errand(what=name, unit=getattr(cast.units, where)), by=cast.people.house)[0]
        for name, where in [("可办", "branch1"), ("未接", "branch1"), ("三社", "branch3")]
    }
    for name in ("可办", "三社"):
        steps.advance(rows[name], "take", by=cast.people.house)
    keys = [str(row.pk) for row in rows.values()] + ["x", str(uuid4()), "\x00"]
    answer = signed_in(cast.people.sun).post(f"{LIST}bulk/", {"move": "finish", "keys": keys}, follow=True)
    text = answer.content.decode()
    assert dict(Errand.objects.values_list("what", "state")) == {"可办": "done", "未接": "asked", "三社": "taken"}
    assert ("办完：1 条已完成。" in text, "未接：这条记录已被他人处理" in text, "三社" in text) == (True, True, False)


@pytest.mark.parametrize("move", ["take", "fly", "", "\x00"])
def test_only_moves_meant_for_it_go_in_bulk(move: str, filed: Errand, wang: Client) -> None:
    assert wang.post(f"{LIST}bulk/", {"move": move, "keys": [str(filed.pk)]}).status_code == 404
    assert Errand.objects.get().state == "asked"


def test_bulk_without_ticks_says_so(filed: Errand, wang: Client) -> None:
    assert "请先勾选" in wang.post(f"{LIST}bulk/", {"move": "finish"}, follow=True).content.decode()


@pytest.mark.parametrize("page", ["new/", "{key}/edit/", "{key}/moves/take/", "import/"])
def test_writing_pages_take_no_put_and_no_delete(page: str, filed: Errand, wang: Client) -> None:
    address = LIST + page.format(key=filed.pk)
    assert [getattr(wang, method)(address).status_code for method in ("get", "put", "delete")] == [200, 405, 405]
    assert wang.get(f"{LIST}bulk/").status_code == 405
    assert Errand.objects.get().version == 1


def test_nothing_is_written_without_the_token_of_the_form(cast: World, filed: Errand) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people.wang)
    for page, sent in [("new/", sheet(cast.units.branch1)), (f"{filed.pk}/moves/take/", {})]:
        assert client.post(LIST + page, sent).status_code == 403
    assert (Errand.objects.count(), Errand.objects.get().version) == (1, 1)
