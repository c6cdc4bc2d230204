"""A member declares and is due for tests, overdue, then covered by one tap; one person on two lists is one; an export needs two."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import BASE
from tests.e2e.house import serving
from tests.e2e.look import glance, look

Come = Callable[..., Page]
ROOM = "/jiangcheng/coverage/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ID, HERS, OTHER = "210599198001010019", "210599197203030021", "210599197505050024"
RULE = """title = "旅居史申报后的管理要求"
title_en = "What follows from a declared travel history"
[[edition]]
version = "drill"
since = {day}
source = "本次演练的规则，比照第九版。"
source_en = "The rule of this exercise, after the 9th edition."
values = {{ days_back = 7, keep_days = 30, outcomes = [
  {{ code = "high", name = {{ zh = "7天居家隔离，检测5次", en = "7 days at home, five tests" }}, tests = [1, 2, 3, 5, 7], care_days = 7, care_every = 1 }},
] }}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A house that added an edition of its own: by the rule of today nothing follows from travel."""
    data = tmp_path_factory.mktemp("covered")
    (data / "rulebook" / "coverage").mkdir(parents=True)
    (data / "rulebook" / "coverage" / "travel.toml").write_text(RULE.format(day=date.today() - timedelta(days=9)))
    with serving(data, ["load", str(BASE / "tests" / "e2e" / "town")]) as address:
        yield address


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    return {}


def checked(number: str) -> str:
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17]))
    return number[:17] + "10X98765432"[total % 11]


def test_a_declaration_makes_due_and_one_tap_covers(come: Come) -> None:
    """Zhao came back yesterday from a high-risk area and declares on her telephone in the evening of the next day: by the rule of the house she
    is to be tested from the day of her return, so she is a day late. Sun of her branch finds her on top of his list, taps twice, undoes one
    that was wrong and taps again. The progress page shows nobody overdue. The next day Zhao declares again and types almost nothing.
    """
    zhao, sun = come("zhao", phone=True), come("sun", phone=True)
    declare(zhao)
    tap(sun)
    zhao.goto(f"{ROOM}declare/")
    expect(zhao.get_by_role("heading", level=1)).to_contain_text("为本人申报")
    expect(zhao.locator("[name=number]")).to_be_hidden()
    look(zhao, "coverage-5-again")
    wen = come("wen")
    wen.goto(f"{ROOM}progress/")
    expect(wen.locator("table.data")).to_contain_text("城东支社")
    look(wen, "coverage-6-progress")
    for name, at in {"declarations": ROOM, "people": f"{ROOM}people/"}.items():
        wen.goto(at)
        look(wen, f"coverage-7-{name}")


def declare(page: Page) -> None:
    page.goto(ROOM)
    page.get_by_role("link", name="我要申报").click()
    look(page, "coverage-1-declare")
    page.locator("[name=number]").fill(ID)
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.get_by_text("校验码不对")).to_be_visible()
    look(page, "coverage-1-wrong")
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    page.locator("[name=number]").fill(checked(ID))
    page.locator("[name=phone]").fill("10000000123")
    page.locator("[name=arrived_on]").fill(yesterday)
    page.locator("[name=stays-0-place]").fill("外省某市某街道")
    page.locator("[name=stays-0-area]").select_option("high")
    page.locator("[name=stays-0-until]").fill(yesterday)
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.locator("main")).to_contain_text("7天居家隔离")
    look(page, "coverage-2-follows")
    page.get_by_role("link", name="看日程和办理情况").click()
    expect(page.locator("main")).to_contain_text("逾期")
    look(page, "coverage-3-mine")
    page.goto("/")
    expect(page.locator("main")).to_contain_text("本人和家人今天要办的")


def tap(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("赵")).first.click()
    row = page.locator(".tap-row", has_text="赵**")
    expect(row).to_contain_text("逾期 1 天")
    look(page, "coverage-4-today")
    row.get_by_role("button", name="已检测").click()
    expect(row).to_contain_text("赵**：已检测。")
    row.get_by_role("button", name="撤销").click()
    expect(row.get_by_role("button", name="已检测")).to_be_visible()
    row.get_by_role("button", name="已检测").click()
    expect(row).to_contain_text("赵**：已检测。")
    look(page, "coverage-4-tapped")
    page.reload()
    row = page.locator(".tap-row", has_text="赵**")
    page.context.set_offline(True)
    row.get_by_role("button", name="已上门").click()
    expect(page.get_by_text("没有网络，已留在本机")).to_be_visible()
    page.context.set_offline(False)
    expect(row).to_contain_text("赵**：已上门。")
    page.reload()
    expect(page.locator(".tap-row")).to_have_count(0)
    expect(page.get_by_text("今天都办完了")).to_be_visible()
    look(page, "coverage-4-done")


def test_one_person_on_two_lists_is_phoned_once_and_an_export_needs_two(come: Come) -> None:
    """Feng gets a list of the market office and one of the civil affairs office; one woman stands on both. Ke of the street sees her once,
    looks up her telephone, taps once, and she is done on both. Feng needs the list in clear and asks; Lei approves; Feng takes it once.
    """
    feng, ke, lei = come("feng"), come("ke", phone=True), come("lei")
    first = fill(feng, "药店从业人员", "order-1", [("吴三娘", checked(HERS)), ("郑小四", checked(OTHER))])
    second = fill(feng, "返乡人员检测", "order-3", [("吴三娘", checked(HERS))])
    expect(feng.locator("main")).to_contain_text("其中1人已在别的名单上")
    look(feng, "coverage-8-list")
    feng.get_by_role("link", name="看名单").click()
    look(feng, "coverage-8-people")
    reach(ke)
    for at, done in ((first, "1"), (second, "1")):
        feng.goto(at)
        expect(feng.locator(".tile", has_text="已办过")).to_contain_text(done)
    export(feng, lei, first)
    in_english(ke, feng, first)


def fill(page: Page, name: str, group: str, people: list[tuple[str, str]]) -> str:
    page.goto(f"{ROOM}lists/new/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=group]").select_option(group)
    page.locator("[name=purpose]").fill("重点行业每日检测")
    page.locator("[name=begins_on]").fill((date.today() - timedelta(days=4)).isoformat())
    look(page, "coverage-8-new")
    page.get_by_role("button", name="保存").click()
    address = page.url
    page.get_by_role("link", name="导入人员").click()
    blank = page.context.request.get(f"{page.url}template.xlsx").body()
    page.locator("[name=file]").set_input_files(
        {"name": "people.xlsx", "mimeType": XLSX, "buffer": filled(blank, people)}
    )
    page.locator("main form button.btn-primary").click()
    look(page, "coverage-8-preview")
    page.get_by_role("button", name=re.compile("确认登记")).click()
    expect(page.locator("main")).to_contain_text("已登记")
    return address


def filled(blank: bytes, people: list[tuple[str, str]]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(blank))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any("姓名" in str(cell.value) for cell in row))
    at = {str(cell.value).rstrip("*").strip(): cell.column for cell in head}
    for number, (name, document) in enumerate(people, start=head[0].row + 1):
        for heading, value in {
            "姓名": name,
            "证件号码": document,
            "电话": f"1000000{number:04}",
            "街道（社区）": "桥头街道",
            "住址": "幸福里3号楼",
        }.items():
            sheet.cell(number, at[heading], value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def reach(page: Page) -> None:
    page.goto(f"{ROOM}today/")
    expect(page.locator(".tap-row")).to_have_count(2)
    row = page.locator(".tap-row", has_text="吴**")
    expect(row).to_contain_text("药店从业人员；返乡人员检测")
    look(page, "coverage-9-today")
    row.get_by_role("button", name=re.compile("电话")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("吴三娘")
    look(page, "coverage-9-telephone")
    page.get_by_role("link", name="返回名单").click()
    page.locator(".tap-row", has_text="吴**").get_by_role("button", name="已检测").click()
    expect(page.locator(".tap-row", has_text="吴**")).to_contain_text("已检测。")
    page.reload()
    expect(page.locator(".tap-row")).to_have_count(1)


def export(page: Page, leader: Page, roll: str) -> None:
    page.goto(roll)
    page.get_by_role("link", name="申请导出未脱敏名单").click()
    page.locator("[name=purpose]").fill("送采样点核对身份")
    page.locator("[name=given_to]").fill("一号采样点")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("button", name="批准导出")).to_have_count(0)
    look(page, "coverage-10-asked")
    leader.goto("/")
    leader.get_by_role("link", name=re.compile("药店从业人员 · 一号采样点")).first.click()
    leader.get_by_role("button", name="批准导出").click()
    page.reload()
    look(page, "coverage-10-approved")
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载未脱敏名单").click()
    sheet = openpyxl.load_workbook(BytesIO(coming.value.path().read_bytes())).worksheets[0]
    assert {"吴三娘", "郑小四"} <= {cell for row in sheet.iter_rows(values_only=True) for cell in row}
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已下载")
    expect(page.get_by_role("button", name="下载未脱敏名单")).to_have_count(0)


def in_english(phone: Page, page: Page, roll: str) -> None:
    page.locator(".language button").first.click()
    for name, at in {
        "progress": f"{ROOM}progress/",
        "roll": roll,
        "declare": f"{ROOM}declare/",
        "board": "/jiangcheng/board/",
    }.items():
        page.goto(at)
        look(page, f"coverage-11-english-{name}")
    page.goto("/")
    page.locator(".language button").first.click()
    phone.locator(".language button").first.click()
    phone.goto(f"{ROOM}today/")
    glance(phone, "coverage-11-english-today")
    phone.locator(".language button").first.click()
