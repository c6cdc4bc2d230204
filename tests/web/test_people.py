"""The register: who is found, what is masked, and that looking is written down before it is shown."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from tests.world import World
from tongzhou.kernel import ledger, seal, steps
from tongzhou.kernel.models import Entry, Grant, Person

SignIn = Callable[[Person], Client]
PHONE = "13800001234"


@pytest.fixture
def chen(cast: World) -> Person:
    return steps.amend(cast.people.chen, by=cast.people.house, needs="people.manage", phone=PHONE, posts="财务")


@pytest.fixture
def registrar(cast: World, signed_in: SignIn) -> Client:
    TOTP.activate(cast.people.han, generate_totp_secret())
    return signed_in(cast.people.han)


def names(client: Client, **query: str) -> list[str]:
    return [person.name for person, _ in client.get("/people/", query).context["rows"]]


def sentences(person: Person) -> list[str]:
    return [ledger.sentence(entry) for entry in ledger.entries(person)]


# -- found and not found


def test_people_are_found_by_name_initials_and_post(cast: World, chen: Person, signed_in: SignIn) -> None:
    wang = signed_in(cast.people.wang)
    found = {word: names(wang, q=word) for word in ["陈", "csy", "chensheyuan", "财务", "CSY", "没有"]}
    assert found == {word: [] if word == "没有" else ["陈社员"] for word in found}


def test_people_are_those_in_reach(cast: World, signed_in: SignIn) -> None:
    p = cast.people
    assert names(signed_in(p.sun)) == ["陈社员", "孙支社", "赵社员"]
    assert names(signed_in(p.wang), unit="branch3") == ["吴三社"]
    outside = [signed_in(p.sun).get("/people/", {"unit": "branch3"}), signed_in(p.zhao).get("/people/")]
    assert [page.status_code for page in outside] == [404, 404]


@pytest.mark.parametrize("page", ["", "edit/", "reveal/", "grants/", "invite/"])
def test_a_person_out_of_reach_is_not_found(cast: World, signed_in: SignIn, page: str) -> None:
    client = signed_in(cast.people.sun)
    address = f"/people/{cast.people.wu.pk}/{page}"
    answers = [
        client.get(address) if page in {"", "edit/"} else client.post(address),
        client.get(f"/people/{uuid4()}/"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_one_finds_oneself_and_nobody_else(cast: World, signed_in: SignIn) -> None:
    p = cast.people
    client = signed_in(p.zhao)
    assert [client.get(f"/people/{who.pk}/").status_code for who in [p.zhao, p.chen]] == [200, 404]


# -- masked and unmasked


def test_a_phone_is_masked_everywhere(cast: World, chen: Person, signed_in: SignIn) -> None:
    wang = signed_in(cast.people.wang)
    pages = [
        wang.get(address).content.decode()
        for address in ["/people/", f"/people/{chen.pk}/", f"/people/{chen.pk}/edit/"]
    ]
    assert [(PHONE in page, "138****1234" in page) for page in pages] == [(False, True), (False, True), (False, False)]
    sheet = openpyxl.load_workbook(BytesIO(wang.get("/people/export.xlsx?q=csy").content)).worksheets[0]
    assert [row[3] for row in sheet.iter_rows(values_only=True) if row[0] == "陈社员"] == ["138****1234"]


def test_an_export_is_an_entry_on_who_made_it(cast: World, signed_in: SignIn) -> None:
    signed_in(cast.people.sun).get("/people/export.xlsx")
    assert sentences(cast.people.sun) == ["孙支社导出了人员名册，共 3 人"]


def test_unmasking_is_written_down_with_its_purpose(cast: World, chen: Person, registrar: Client) -> None:
    page = registrar.post(f"/people/{chen.pk}/reveal/", {"purpose": "通知领取物资"})
    entry = ledger.entries(chen).last()
    assert (PHONE in page.content.decode(), page.headers["Cache-Control"]) == (
        True,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert (entry.verb, entry.by, entry.note) == ("reveal", cast.people.han, "通知领取物资")
    assert PHONE not in registrar.get(f"/people/{chen.pk}/").content.decode()


def test_the_look_is_written_down_before_the_seal_is_broken(cast: World, chen: Person, registrar: Client) -> None:
    """A text that does not open is still a look: the entry came first."""
    other = steps.amend(cast.people.zhao, by=cast.people.house, needs="people.manage", phone="13900005678")
    Person.objects.filter(pk=chen.pk).update(phone=other.phone)
    page = registrar.post(f"/people/{chen.pk}/reveal/", {"purpose": "通知领取物资"}, follow=True).content.decode()
    assert ("无法读取" in page, PHONE in page, "13900005678" in page) == (True, False, False)
    assert Entry.objects.get(verb="reveal").record == chen.pk


def test_unmasking_needs_a_purpose_and_the_right(
    cast: World, chen: Person, registrar: Client, signed_in: SignIn
) -> None:
    address = f"/people/{chen.pk}/reveal/"
    without = registrar.post(address, {"purpose": "  "}, follow=True)
    assert ("请写明查看用途" in without.content.decode(), PHONE in without.content.decode()) == (True, False)
    refused = signed_in(cast.people.wang).post(address, {"purpose": "看看"})
    assert (refused.status_code, PHONE in refused.content.decode()) == (403, False)
    assert (registrar.get(address).status_code, Entry.objects.filter(verb="reveal").exists()) == (405, False)


def test_who_looked_is_told_to_the_person(cast: World, chen: Person, registrar: Client, signed_in: SignIn) -> None:
    registrar.post(f"/people/{chen.pk}/reveal/", {"purpose": "通知领取物资"})
    assert (
        "韩信息查看了未脱敏的“手机号”，用途：通知领取物资"
        in signed_in(chen).get(f"/people/{chen.pk}/").content.decode()
    )


# -- written


def test_a_person_is_registered_once(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.wang)
    key, unit = str(uuid4()), cast.units.branch2.pk
    form = {"key": key, "name": "郑新人", "unit": unit, "phone": "+86 139 0000 5678", "is_active": "on"}
    answers = [client.post("/people/new/", form).headers["Location"] for _ in range(2)]
    person = Person.objects.get(name="郑新人")
    assert (answers, seal.open(person, "phone")) == ([f"/people/{key}/"] * 2, "13900005678")
    assert sentences(person) == ["王保管登记"]


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("phone", "12345", "请填写 11 位手机号，或带区号的固定电话。"),
        ("phone", "138****1234", "请填写 11 位手机号，或带区号的固定电话。"),
        ("username", "13800001234", "用户名用 2 至 60 个字母、数字、汉字或 . @ - _，不要用手机号。"),
        ("username", "王 保管", "用户名用 2 至 60 个字母、数字、汉字或 . @ - _，不要用手机号。"),
        ("username", "qian", "具有 用户名 的 Person 已存在。"),
    ],
)
def test_what_cannot_be_registered_is_said_at_its_field(
    cast: World, signed_in: SignIn, field: str, given: str, said: str
) -> None:
    form = {"name": "郑新人", "unit": cast.units.branch2.pk, "is_active": "on", field: given}
    page = signed_in(cast.people.wang).post("/people/new/", form)
    assert (page.status_code, page.context["form"].errors) == (422, {field: [said]})


def test_a_unit_not_ones_own_is_not_offered(cast: World, signed_in: SignIn) -> None:
    form = {"name": "郑新人", "unit": cast.units.elsewhere.pk, "is_active": "on"}
    page = signed_in(cast.people.wang).post("/people/new/", form)
    assert (list(page.context["form"].errors), Person.objects.filter(name="郑新人").exists()) == (["unit"], False)


def test_an_edit_keeps_the_phone_it_does_not_mention(cast: World, chen: Person, signed_in: SignIn) -> None:
    form = {
        "version": chen.version,
        "name": "陈社员",
        "unit": chen.unit_id,
        "posts": "会计",
        "username": "chen",
        "is_active": "on",
    }
    signed_in(cast.people.wang).post(f"/people/{chen.pk}/edit/", form)
    now = Person.objects.get(pk=chen.pk)
    assert (now.posts, seal.open(now, "phone"), sentences(now)[-1]) == ("会计", PHONE, "王保管修改了职务")


def test_an_edit_does_not_overwrite_what_another_changed(cast: World, chen: Person, signed_in: SignIn) -> None:
    form = {
        "version": chen.version,
        "name": "陈社员",
        "unit": chen.unit_id,
        "posts": "会计",
        "username": "chen",
        "is_active": "on",
    }
    steps.amend(chen, by=cast.people.house, needs="people.manage", posts="出纳")
    page = signed_in(cast.people.wang).post(f"/people/{chen.pk}/edit/", form)
    assert (page.status_code, "已被他人处理" in page.content.decode()) == (422, True)
    assert Person.objects.get(pk=chen.pk).posts == "出纳"


# -- roles


def test_a_role_is_given_once_and_ended(cast: World, chen: Person, signed_in: SignIn) -> None:
    client, address = signed_in(cast.people.qian), f"/people/{chen.pk}/grants/"
    for _ in range(2):
        client.post(address, {"role": "secretary", "unit": cast.units.branch1.pk, "until": ""})
    grant = Grant.objects.get(person=chen)
    assert (grant.role, grant.unit, grant.until) == ("secretary", cast.units.branch1, None)
    client.post(f"{address}{grant.pk}/end/")
    grant.refresh_from_db()
    assert (grant.until, [ledger.sentence(e) for e in ledger.entries(grant)]) == (
        timezone.localdate(),
        ["钱签发登记", "钱签发修改了止"],
    )


def test_a_role_is_given_only_where_one_may(cast: World, chen: Person, signed_in: SignIn) -> None:
    address = f"/people/{chen.pk}/grants/"
    signed_in(cast.people.qian).post(address, {"role": "office", "unit": cast.units.elsewhere.pk})
    signed_in(cast.people.wang).post(address, {"role": "office", "unit": cast.units.branch1.pk})
    past = timezone.localdate() - timedelta(days=1)
    signed_in(cast.people.qian).post(address, {"role": "office", "unit": cast.units.branch1.pk, "until": past})
    assert not Grant.objects.filter(person=chen).exists()


def test_nobody_gives_a_role_to_themselves(cast: World, signed_in: SignIn) -> None:
    """A leader who made themselves office could draft what they sign; the keeper of the house could read what is sealed."""
    for person, role in [(cast.people.qian, "office"), (cast.people.house, "registrar")]:
        client, before = signed_in(person), person.grants.count()
        answer = client.post(f"/people/{person.pk}/grants/", {"role": role, "unit": cast.units.org.pk, "until": ""})
        assert (answer.status_code, person.grants.count()) == (403, before)
        assert client.get(f"/people/{person.pk}/").context["grant_form"] is None
