"""The to-do page, a response's front, the inbox, units, language, and what every page brings."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.errands.models import Errand
from tests.world import World, unit
from tongzhou.kernel import steps
from tongzhou.kernel.models import Channel, Notice, Person
from tongzhou.kernel.module import Module
from tongzhou.web.errors import failure

SignIn = Callable[[Person], Client]
in_the_house = pytest.mark.urls("tests.errands.urls")


@pytest.fixture
def given(cast: World, errands_room: Module) -> Callable[..., Errand]:
    """An errand that a person has taken on."""

    def give(runner: Person, **fields: Any) -> Errand:
        usual: dict[str, Any] = {"pk": uuid4(), "response": cast.response, "unit": cast.units.branch1, "what": "买药"}
        filed, _ = steps.file(Errand(**usual | fields), by=cast.people.wang)
        return steps.advance(filed, "take", by=cast.people.wang, runner=runner)

    return give


# -- home


@in_the_house
def test_home_lists_what_awaits_the_overdue_first(cast: World, given: Callable[..., Errand], signed_in: SignIn) -> None:
    today = timezone.localdate()
    given(cast.people.zhao, what="不急")
    given(cast.people.zhao, what="明天", due_on=today + timedelta(days=1))
    given(cast.people.zhao, what="昨天", due_on=today - timedelta(days=1))
    given(cast.people.chen, what="别人的")
    page = signed_in(cast.people.zhao).get("/")
    items = page.context["rooms"][0][1][0].items
    assert [(item.record.what, item.overdue) for item in items] == [("昨天", True), ("明天", False), ("不急", False)]
    assert (page.context["count"], page.context["overdue"]) == (3, 1)
    assert page.content.decode().count('class="late"><a') == 1


def test_home_says_when_nothing_awaits(cast: World, signed_in: SignIn) -> None:
    assert "现在没有等您处理的事" in signed_in(cast.people.zhao).get("/").content.decode()


# -- a response


@in_the_house
def test_a_response_shows_figures_as_far_as_one_reaches(
    cast: World, given: Callable[..., Errand], signed_in: SignIn
) -> None:
    given(cast.people.zhao)
    given(cast.people.zhao, unit=cast.units.branch3)

    def figures(who: Person) -> list[str]:
        rooms = signed_in(who).get("/test-2022/").context["rooms"]
        return [found.text() for room, _, findings in rooms if room.name == "errands" for found in findings]

    p = cast.people
    assert [figures(who) for who in [p.wang, p.sun]] == [["2次", "2户"], ["1次", "1户"]]


def test_a_response_of_others_is_not_found(cast: World, signed_in: SignIn) -> None:
    p = cast.people
    pages = {who.username: signed_in(who).get("/test-2022/").status_code for who in [p.wang, p.zhao, p.outsider]}
    assert pages == {"wang": 200, "zhao": 200, "outsider": 404}


# -- inbox


def test_a_notice_is_read_by_opening_it(cast: World, signed_in: SignIn) -> None:
    notice = Notice.objects.create(person=cast.people.zhao, text="请答复倡议", url="/test-2022/")
    client = signed_in(cast.people.zhao)
    assert client.get("/inbox/").context["unread"] == 1
    assert client.post(f"/inbox/{notice.pk}/").headers["Location"] == "/test-2022/"
    assert client.get("/inbox/").context["unread"] == 0


def test_a_notice_leads_nowhere_outside(cast: World, signed_in: SignIn) -> None:
    notice = Notice.objects.create(person=cast.people.zhao, text="看这里", url="https://elsewhere.example/")
    assert signed_in(cast.people.zhao).post(f"/inbox/{notice.pk}/").headers["Location"] == "/inbox/"


def test_the_inbox_is_ones_own(cast: World, signed_in: SignIn) -> None:
    notice = Notice.objects.create(person=cast.people.zhao, text="给赵社员")
    client = signed_in(cast.people.chen)
    assert list(client.get("/inbox/").context["page"]) == []
    assert client.post(f"/inbox/{notice.pk}/").status_code == 404
    client.post("/inbox/")
    notice.refresh_from_db()
    assert notice.read_at is None


# -- units


def tree(client: Client, under: str = "") -> list[tuple[str, int, int]]:
    page = client.get("/units/", {"under": under} if under else {})
    return [(row.name, row.below, row.staff) for row in page.context["rows"]]


def test_units_open_down_as_far_as_one_reaches(cast: World, signed_in: SignIn) -> None:
    p = cast.people
    assert tree(signed_in(p.wang)) == [("测试市委员会", 3, 5)]
    assert tree(signed_in(p.wang), "org") == [("第一支社", 0, 3), ("第二支社", 0, 0), ("第三支社", 0, 1)]
    assert tree(signed_in(p.sun)) == [("第一支社", 0, 3)]


def test_units_out_of_reach_are_not_found(cast: World, signed_in: SignIn) -> None:
    p = cast.people
    asked = [(p.sun, "org"), (p.wang, "command"), (p.zhao, ""), (p.wang, "nothing-of-the-kind")]
    assert [signed_in(who).get("/units/", {"under": code} if code else {}).status_code for who, code in asked] == [
        404
    ] * 4


def test_units_ask_no_more_of_the_database_when_there_are_more(cast: World, signed_in: SignIn) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            signed_in(cast.people.wang).get("/units/", {"under": "org"})
        return len(asked)

    few = queries()
    for i in range(4, 9):
        unit(f"branch{i}", f"第{i}支社", "branch", cast.units.org)
    assert queries() == few


# -- language and what every page brings


def test_the_language_is_kept_and_leads_back(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.zhao)
    assert client.post("/language/", {"language": "en", "next": "/inbox/"}).headers["Location"] == "/inbox/"
    assert '<html lang="en"' in client.get("/inbox/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/inbox/"})
    assert '<html lang="zh-hans"' in client.get("/inbox/").content.decode()


def test_the_language_takes_no_other_and_leads_nowhere_outside(db: None) -> None:
    answer = Client().post("/language/", {"language": "xx", "next": "https://elsewhere.example/"})
    assert (answer.headers["Location"], dict(answer.cookies)) == ("/", {})


def test_every_page_brings_the_strict_policy(cast: World, signed_in: SignIn) -> None:
    policies = {
        signed_in(cast.people.wang).get(address).headers["Content-Security-Policy"]
        for address in ["/", "/people/", "/test-2022/", "/nothing/here/", "/account/2fa/"]
    }
    (policy,) = policies
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert (rules["default-src"], rules["script-src"], rules["style-src"]) == ("'none'", "'self'", "'self'")


@pytest.mark.parametrize(
    "address",
    ["/", "/people/", "/people/new/", "/people/import/", "/units/", "/ledger/", "/inbox/", "/channels/", "/account/2fa/",
     "/account/password/change/", "/test-2022/", "/nothing/here/"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_breaks_its_own_policy(cast: World, signed_in: SignIn, address: str, language: str) -> None:
    """No inline style, no inline script, no on… attribute; a data block of JSON is no script."""
    client = signed_in(cast.people.wang)
    client.cookies["language"] = language
    page = client.get(address).content.decode()
    scripts = re.findall(r"<script\b([^>]*)>", page)
    assert [s for s in scripts if "src=" not in s and "application/json" not in s] == []
    assert re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", page) == []


def test_the_house_answers_that_it_is_well(db: None) -> None:
    assert Client().get("/health/").content == b"ok"


def test_what_is_not_there_is_said_in_the_house_words(cast: World, signed_in: SignIn) -> None:
    page = signed_in(cast.people.zhao).get("/nothing/here/")
    assert (page.status_code, "没有找到" in page.content.decode()) == (404, True)


@pytest.mark.parametrize("headers", [{"Accept": "text/plain"}, {"HX-Request": "true"}])
def test_what_would_drop_the_page_unread_is_refused_in_a_sentence(
    cast: World, signed_in: SignIn, headers: dict[str, str]
) -> None:
    answer = signed_in(cast.people.wang).get("/nowhere/", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert "没有找到" in answer.content.decode()
    assert {"Accept", "HX-Request"} <= set(answer["Vary"].split(", "))


def test_the_menu_stands_on_the_page_twice_and_is_the_same(cast: World, signed_in: SignIn) -> None:
    page = signed_in(cast.people.wang).get("/people/").content.decode()
    aside, dock = re.findall(r'<(?:nav class="menu"[^>]*|div class="dock-menu")>(.*?)</(?:nav|div)>', page, re.DOTALL)
    assert (aside, 'href="/people/" aria-current="page"' in aside) == (dock, True)


def test_a_stale_form_is_told_to_reload(cast: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people.zhao)
    page = client.post("/inbox/")
    assert (page.status_code, "请刷新后再试" in page.content.decode()) == (403, True)


def test_a_fault_is_shown_without_asking_the_database(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = failure(RequestFactory().get("/"))
    assert (page.status_code, "系统出错" in page.content.decode(), len(asked)) == (500, True, 0)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", []),
        ("http://169.254.169.254/latest", ["机器人地址须为企业微信、钉钉或飞书给出的 https 地址。"]),
        ("https://[x", ["机器人地址须为企业微信、钉钉或飞书给出的 https 地址。"]),
    ],
)
def test_a_robot_of_a_strange_address_is_refused_when_it_is_added(
    cast: World, signed_in: SignIn, url: str, said: list[str]
) -> None:
    form = {"unit": cast.units.org.pk, "kind": "wecom", "name": "工作群", "url": url}
    answer = signed_in(cast.people.wang).post("/channels/", form)
    assert (answer.status_code, Channel.objects.count()) == ((422, 0) if said else (302, 1))
    assert not said or answer.context["form"].errors == {"url": said}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "back", ["money", "", "https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_language_leads_back_only_to_an_address_of_the_house(client: Client, back: str) -> None:
    answer = client.post("/language/", {"language": "en", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, "/")
