"""Reading pages of a desk: the list with its query bar, paging, drill-down, print, Excel, the record's own page."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client

from tests.errands.models import Errand
from tests.world import World
from tongzhou.kernel import ledger, steps
from tongzhou.kernel.desk.lists import PAGE
from tongzhou.kernel.figures import Bound
from tongzhou.kernel.models import Person

Make = Callable[..., Errand]
SignIn = Callable[[Person], Client]
LIST = "/test-2022/errands/"
pytestmark = pytest.mark.urls("tests.errands.urls")


@pytest.fixture
def file(cast: World, errand: Make) -> Callable[..., Errand]:
    return lambda **fields: steps.file(errand(**fields), by=cast.people.house)[0]


@pytest.fixture
def wang(cast: World, signed_in: SignIn) -> Client:
    return signed_in(cast.people.wang)


def titles(client: Client, address: str = LIST, **query: Any) -> list[str]:
    """The titles in the table, in order."""
    answer = client.get(f"{address}?{urlencode(query)}" if query else address)
    assert answer.status_code == 200
    return re.findall(r'<td data-label="事项"[^>]*><a href="[^"]+">([^<]+)</a>', answer.content.decode())


def workbook(client: Client, **query: Any) -> list[list[Any]]:
    answer = client.get(f"{LIST}export.xlsx?{urlencode(query)}")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


# -- the list


def test_the_list_shows_what_is_in_reach(cast: World, file: Make, signed_in: SignIn) -> None:
    file(what="一社的", happened_on=date(2022, 3, 1))
    file(what="三社的", unit=cast.units.branch3)
    p = cast.people
    seen = {who.username: titles(signed_in(who)) for who in [p.wang, p.sun, p.wu, p.zhao, p.chen]}
    assert seen == {"wang": ["三社的", "一社的"], "sun": ["一社的"], "wu": ["三社的"], "zhao": [], "chen": []}


def test_filters_narrow_and_what_does_not_parse_is_shown_as_a_fault(cast: World, file: Make, wang: Client) -> None:
    file(what="买米", happened_on=date(2022, 3, 1), runner=cast.people.zhao)
    done = file(what="买药", happened_on=date(2022, 3, 9), unit=cast.units.branch2)
    steps.advance(done, "take", by=cast.people.house)
    assert titles(wang, q="米") == ["买米"]
    assert titles(wang, q="买 药") == ["买药"]
    assert titles(wang, q="没有") == []
    assert titles(wang, state="taken") == ["买药"]
    assert titles(wang, unit="branch2") == ["买药"]
    assert titles(wang, first="2022-03-02") == ["买药"]
    assert titles(wang, last="2022-03-02") == ["买米"]
    assert titles(wang, runner=cast.people.zhao.pk) == ["买米"]
    assert titles(wang, first="昨天", q="米") == ["买米"]
    assert "输入一个有效的日期。" in wang.get(LIST, {"first": "昨天"}).content.decode()


def test_a_filter_offers_only_what_the_rows_in_reach_hold(cast: World, file: Make, signed_in: SignIn) -> None:
    file(runner=cast.people.zhao)
    file(runner=cast.people.wu, unit=cast.units.branch3)
    names = ["赵社员", "吴三社", "陈社员"]
    for who, offered in [(cast.people.sun, [True, False, False]), (cast.people.wang, [True, True, False])]:
        text = signed_in(who).get(LIST).content.decode()
        assert [f">{name}</option>" in text for name in names] == offered
    hidden = signed_in(cast.people.sun).get(LIST, {"runner": cast.people.wu.pk})
    assert hidden.status_code == 200
    assert "选择一个有效的选项" in hidden.content.decode()


def test_the_list_is_ordered_by_any_column_that_can_be(cast: World, file: Make, wang: Client) -> None:
    for what, weight, day in [("乙", 2, 1), ("甲", 3, 2), ("丙", 1, 3)]:
        file(what=what, weight=weight, happened_on=date(2022, 3, day))
    assert titles(wang) == ["丙", "甲", "乙"]
    assert titles(wang, sort="happened_on") == ["乙", "甲", "丙"]
    assert titles(wang, sort="weight") == ["丙", "乙", "甲"]
    assert titles(wang, sort="-weight") == ["甲", "乙", "丙"]
    assert titles(wang, sort="phone_index") == titles(wang, sort="unit__people__password") == ["丙", "甲", "乙"]


@pytest.mark.parametrize("sort", ["-happened_on", "weight", "what", "-unit__path"])
def test_paging_shows_every_record_once_there_and_back(sort: str, cast: World, file: Make, wang: Client) -> None:
    units, first = [cast.units.branch2, cast.units.branch1], date(2022, 3, 1)
    common = {"response": cast.response, "state": "asked", "filed_by": cast.people.house}
    rows = [
        Errand(**common, unit=units[n % 2], what=f"{n % 7:03}", weight=n % 3, happened_on=first + timedelta(days=n % 5))
        for n in range(2 * PAGE + 7)
    ]
    Errand.objects.bulk_create(rows)
    keys, pages, address = [], [], f"{LIST}?sort={sort}"
    while address:
        text = wang.get(address).content.decode()
        pages.append(re.findall(rf"{LIST}([0-9a-f-]{{36}})/", text))
        keys += pages[-1]
        found = re.search(r'rel="next" href="([^"]+)"', text)
        before = re.search(r'rel="prev" href="([^"]+)"', text)
        address = LIST + found[1].replace("&amp;", "&") if found else ""
    assert [len(page) for page in pages] == [PAGE, PAGE, 7]
    assert sorted(keys) == sorted(str(row.pk) for row in rows)
    for expected in (pages[1], pages[0]):
        assert before is not None
        text = wang.get(LIST + before[1].replace("&amp;", "&")).content.decode()
        assert re.findall(rf"{LIST}([0-9a-f-]{{36}})/", text) == expected
        before = re.search(r'rel="prev" href="([^"]+)"', text)
    assert before is None


@pytest.mark.parametrize(
    "token",
    ["x", "e30", "W10", "WzEsMl0", "bnVsbA==", "WyJcdWQ4MDAiLCAiXHVkODAwIl0=", "W0luZmluaXR5LCAieCJd", "%00", "汉"],
)
def test_a_forged_page_token_is_not_found(token: str, file: Make, wang: Client) -> None:
    file()
    for sort in ("weight", "what", "-happened_on"):
        for way in ("after", "before"):
            assert wang.get(f"{LIST}?sort={sort}&{way}={token}").status_code == 404


def test_the_fragment_for_htmx_is_the_table_and_nothing_else(file: Make, wang: Client) -> None:
    file(what="买米")
    part = wang.get(LIST, headers={"HX-Request": "true"})
    whole = wang.get(LIST)
    again = wang.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert ["<html" in a.content.decode() for a in (part, whole, again)] == [False, True, True]
    assert ["买米" in a.content.decode() for a in (part, whole, again)] == [True, True, True]
    assert part["Vary"].split(", ") == ["HX-Request", "Cookie", "Accept-Language"]


def test_a_summary_record_says_that_it_is_one_wherever_it_is_shown(cast: World, file: Make, wang: Client) -> None:
    row = file(what="二十余次", quantity=20, bound=Bound.AT_LEAST, source="三月简报")
    for address in [LIST, f"{LIST}print/", row.get_absolute_url(), f"{row.get_absolute_url()}print/"]:
        assert "代表 20余 次，只知道总数" in wang.get(address).content.decode(), address
    assert "代表 20 次" in wang.get(LIST).content.decode()


def test_an_empty_list_says_what_to_do_next(cast: World, errands_room: object, signed_in: SignIn) -> None:
    text = signed_in(cast.people.wang).get(LIST).content.decode()
    assert "没有符合条件的记录" in text
    assert f'href="{LIST}new/"' in text
    assert f'href="{LIST}new/"' not in signed_in(cast.people.li).get(LIST).content.decode()


# -- Excel and print


def test_excel_holds_exactly_what_the_list_shows(cast: World, file: Make, wang: Client) -> None:
    file(what="=1+1", weight=3, happened_on=date(2022, 3, 9))
    file(what="买米", happened_on=date(2022, 3, 1), happened_precision="month")
    file(what="三社", unit=cast.units.branch3, happened_on=date(2022, 4, 1))
    header, *rows = workbook(wang, last="2022-03-31", sort="what")
    assert header == ["事项", "日期", "单位", "公斤", "状态"]
    assert [row[0] for row in rows] == titles(wang, last="2022-03-31", sort="what") == ["=1+1", "买米"]
    assert [row[2:] for row in rows] == [["第一支社", 3, "待接"], ["第一支社", 0, "待接"]]


def test_print_holds_what_the_list_shows(cast: World, file: Make, wang: Client, signed_in: SignIn) -> None:
    file(what="买米")
    file(what="三社", unit=cast.units.branch3)
    text = wang.get(f"{LIST}print/", {"q": "米"}).content.decode()
    assert ("买米" in text, "三社" in text, "王保管" in text) == (True, False, True)
    assert "三社" not in signed_in(cast.people.sun).get(f"{LIST}print/").content.decode()


# -- the record


def test_a_record_shows_its_fields_its_moves_and_its_history(cast: World, file: Make, signed_in: SignIn) -> None:
    row = file(what="买米", phone="13800138000")
    steps.amend(row, by=cast.people.sun, what="买面")
    text = signed_in(cast.people.wang).get(row.get_absolute_url()).content.decode()
    assert re.findall(r"<p>(\w+)</p>", text)[-2:] == ["孙支社修改了事项", "系统登记了跑腿"]
    assert ("<del>买米</del>" in text, "<ins>买面</ins>" in text) == (True, True)
    assert "13800138000" not in text
    offered = {
        who.username: re.findall(r"/moves/(\w+)/", signed_in(who).get(row.get_absolute_url()).content.decode())
        for who in [cast.people.wang, cast.people.sun, cast.people.li, cast.people.qian]
    }
    assert offered == {"wang": ["take", "drop"], "sun": ["take"], "li": [], "qian": ["drop"]}


def test_a_record_out_of_reach_or_of_another_response_is_not_found(cast: World, file: Make, signed_in: SignIn) -> None:
    row, sun = file(unit=cast.units.branch3), signed_in(cast.people.sun)
    house = signed_in(cast.people.house)
    for page in ["", "print/", "edit/", "moves/take/"]:
        assert sun.get(f"{LIST}{row.pk}/{page}").status_code == 404, page
        assert house.get(f"/elsewhere-2022/errands/{row.pk}/{page}").status_code == 404, page
        assert sun.get(f"{LIST}{uuid4()}/{page}").status_code == 404, page


def test_taking_a_list_away_is_an_entry_on_the_person(file: Make, wang: Client, cast: World) -> None:
    file()
    workbook(wang)
    last = ledger.entries(cast.people.wang).last()
    assert last is not None
    assert ledger.sentence(last) == "王保管导出了“跑腿”，共 1 条"


@pytest.mark.parametrize("page", ["", "print/", "export.xlsx", "import/template.xlsx", "{key}/", "{key}/print/"])
def test_reading_pages_take_no_other_method(page: str, cast: World, file: Make, wang: Client) -> None:
    address = LIST + page.format(key=file().pk)
    assert [getattr(wang, m)(address).status_code for m in ("get", "head", "post", "put", "delete")] == [
        200,
        200,
        405,
        405,
        405,
    ]


def test_pages_of_a_response_that_is_not_ones_own_are_not_found(cast: World, file: Make, signed_in: SignIn) -> None:
    file()
    outsider = signed_in(cast.people.outsider)
    for page in ["", "print/", "export.xlsx", "new/", "import/"]:
        assert outsider.get(LIST + page).status_code == 404, page
    assert titles(outsider, "/elsewhere-2022/errands/") == []
