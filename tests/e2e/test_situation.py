"""An outbreak as the command post sees it: counts, the curve, a zone opened and lifted by rule, the reporting clock, an assessment signed."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/situation/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAVE = [1, 2, 2, 4, 3, 6, 8, 7, 11, 14, 12, 16, 18, 15, 17, 13, 12, 9, 8, 6, 5]


def ago(days: int) -> date:
    return date.today() - timedelta(days=days)


def test_commander_reads_the_outbreak_and_a_zone_is_opened_and_lifted_by_rule(come: Come) -> None:
    """Feng is on duty at the command post. Bridge Street has sent three weeks of counts in one sheet; a line does not add up, and the
    house takes none until it does. Yesterday's count is corrected after a second test. He looks at the curve and at what it cannot say.

    He closes two buildings, playing the ninth edition; a new infection starts the countdown again; stepping down too early is refused
    with the day. When the day has come he steps it down, may not lift it himself, and Lei lifts it. Map and timeline show it. A cluster
    in a school starts the reporting clock. Feng drafts the assessment of the week, Lei signs it, and it goes on paper.
    """
    feng = come("feng")
    counts(feng)
    correct(feng)
    curve(feng)
    lei = come("lei")
    zone = closed(feng)
    lifted(feng, lei, zone)
    drawn(feng)
    clock(come("feng", phone=True))
    assessed(feng, lei)
    in_english(come("feng", phone=True))


def counts(page: Page) -> None:
    page.goto(f"{ROOM}import/")
    blank = page.context.request.get(f"{ROOM}import/template.xlsx").body()
    rows = [line(n, number) for n, number in enumerate(WAVE)]
    send(page, filled(blank, [*rows[:-1], rows[-1] | {"核酸筛查发现": 3}]))
    expect(page.get_by_role("alert")).to_contain_text("现在没有登记任何一行")
    expect(page.locator("body")).to_contain_text("确诊与无症状共5例，五种发现途径之和是4例，对不上。")
    look(page, "situation-1-faulty")
    send(page, filled(blank, rows))
    page.get_by_role("button", name="确认登记 21 条").click()
    expect(page.get_by_role("status").first).to_contain_text("已登记 21 条")
    look(page, "situation-1-counts")


def correct(page: Page) -> None:
    page.locator("table.data tbody tr").first.get_by_role("link").click()
    page.get_by_role("link", name="修改").click()
    page.locator("[name=asymptomatic]").fill("5")
    page.locator("[name=screening]").fill("5")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".field.has-error")).to_contain_text("更正原因")
    look(page, "situation-2-reason")
    page.locator("[name=reason]").fill("复核后增加一例")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".history")).to_contain_text("复核后增加一例")
    look(page, "situation-2-corrected")


def curve(page: Page) -> None:
    page.goto(f"{ROOM}curve/?unit=bridge-street")
    expect(page.locator(".chart svg")).to_have_count(4)
    expect(page.locator(".chart-figure").nth(2)).to_contain_text("有效再生数（窗口7天）")
    expect(page.get_by_role("heading", name="这些数字不能说明什么")).to_be_visible()
    look(page, "situation-3-curve")
    page.locator(".chart-table").nth(2).locator("summary").click()
    expect(page.locator(".chart-table").nth(2).locator("tbody tr")).to_have_count(len(WAVE))
    page.locator("[name=window]").fill("14")
    page.locator("[name=preset]").select_option("flu2009")
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".chart-figure").nth(2)).to_contain_text("有效再生数（窗口14天）")


def closed(page: Page) -> str:
    page.goto(f"{ROOM}zones/")
    page.get_by_role("link", name="新建风险区").first.click()
    page.locator("[name=unit]").select_option(label="桥头街道")
    page.locator("[name=level]").select_option("high")
    page.locator("[name=place]").fill("居仁路23#、21#号楼")
    page.locator("[name=when]").fill(ago(20).isoformat())
    page.locator("[name=reason]").fill("核酸筛查发现阳性")
    page.locator("[name=lat]").fill("41.295")
    page.locator("[name=lon]").fill("123.77")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("form.sheet")).to_contain_text("不再划定风险区")  # the rule of today has none
    look(page, "situation-4-no-rule")
    page.locator("[name=edition]").select_option("9th")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("高风险区：居仁路23#、21#号楼")
    expect(page.locator("body")).to_contain_text("已到期，可降为中风险区")
    page.get_by_role("link", name="登记新增感染").click()
    page.locator("[name=day]").fill(ago(18).isoformat())
    page.get_by_role("button", name="登记新增感染").click()
    expect(page.locator(".history")).to_contain_text(f"{ago(11)}可解除或降级")
    look(page, "situation-5-zone")
    return page.url


def lifted(page: Page, lei: Page, zone: str) -> None:
    move(page, "降级", ago(12))
    expect(page.locator("form.sheet")).to_contain_text(f"要到{ago(11)}")
    look(page, "situation-6-too-early")
    page.locator("[name=day]").fill(ago(11).isoformat())
    page.get_by_role("button", name="降级").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("中风险区")
    expect(page.get_by_role("link", name="解除", exact=True)).to_have_count(0)  # not by the one who opened it
    lei.goto("/")
    lei.get_by_role("link", name=re.compile("居仁路23#")).first.click()
    move(lei, "解除", ago(8))
    expect(lei.get_by_role("heading", level=1)).to_contain_text("已解除")
    expect(lei.locator(".history")).to_contain_text("雷签发按规则解除中风险区")
    look(lei, "situation-6-lifted")
    assert lei.url == zone


def drawn(page: Page) -> None:
    page.goto(f"{ROOM}map/")
    expect(page.locator(".map svg path")).to_have_count(1)
    expect(page.locator(".timeline li")).to_have_count(1)
    expect(page.locator(".timeline rect.bar-high")).to_have_count(1)
    expect(page.locator(".timeline rect.bar-medium")).to_have_count(1)
    look(page, "situation-7-map")


def clock(page: Page) -> None:
    page.goto(f"{ROOM}events/new/")
    page.locator("[name=unit]").select_option(label="桥头街道")
    page.locator("[name=name]").fill("第一小学聚集性发热")
    found = datetime.now() - timedelta(minutes=100)
    page.locator("[name=found_at]").fill(found.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("报告中")
    look(page, "situation-8-clock")
    page.goto("/")
    expect(page.locator(".todo").filter(has_text="突发事件待报告")).to_contain_text("第一小学聚集性发热")
    look(page, "situation-8-to-do")
    page.goto("/jiangcheng/board/")
    expect(page.locator(".board-tile").filter(has_text="突发事件报告")).to_contain_text("县级卫生行政主管部门")
    look(page, "situation-8-board")
    page.goto(f"{ROOM}events/")
    page.get_by_role("link", name="第一小学聚集性发热").click()
    page.get_by_role("link", name="登记已报告").click()
    page.locator("[name=done_at]").fill(datetime.now().strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=note]").fill("区卫健局值班室接报")
    page.get_by_role("button", name="登记已报告").click()
    expect(page.locator("table.data")).to_contain_text("按时")
    look(page, "situation-8-told")


def assessed(page: Page, lei: Page) -> None:
    page.goto(f"{ROOM}assessments/new/")
    page.locator("[name=unit]").select_option(label="江城市疫情防控指挥部")
    page.locator("[name=first_on]").fill(ago(21).isoformat())
    page.locator("[name=last_on]").fill(ago(1).isoformat())
    page.locator("[name=participants]").fill("冯指挥\n雷签发")
    page.locator("[name=view]").fill("新增100例，社会面风险仍在。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".field.has-error")).to_contain_text("意见里不写数字")
    page.locator("[name=view]").fill("疫情已过高峰。建议继续盯紧社会面发现的感染者，保障好风险区群众生活。")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".prose").first).to_contain_text("新增确诊病例")
    look(page, "situation-9-draft")
    lei.goto("/")
    lei.get_by_role("link", name=re.compile("疫情研判报告")).first.click()
    lei.get_by_role("button", name="签发").click()
    expect(lei.get_by_role("heading", level=1)).to_contain_text("已签发")
    look(lei, "situation-9-signed")
    lei.locator(".prose a.figure").first.click()
    expect(lei.locator(".drill")).to_contain_text("新增确诊病例")
    lei.go_back()
    for form, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        paper = lei.context.request.get(f"{lei.url}report.{form}")
        assert (paper.status, paper.body()[: len(begins)]) == (200, begins)
    lei.get_by_role("link", name="打印", exact=True).click()
    expect(lei.get_by_role("heading", level=1)).to_contain_text("疫情研判报告")
    look(lei, "situation-9-printed")


def in_english(page: Page) -> None:
    page.goto(f"{ROOM}curve/")
    page.locator(".language button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Curve and reproduction number")
    look(page, "situation-10-curve-en")
    for place in ("map", "zones", "assessments", "events"):
        page.goto(f"{ROOM}{place}/")
        look(page, f"situation-10-{place}-en")
    page.goto("/rulebook/")
    look(page, "situation-10-rules-en")
    page.locator(".language button").first.click()


def move(page: Page, label: str, day: date) -> None:
    page.get_by_role("link", name=label, exact=True).click()
    page.locator("[name=day]").fill(day.isoformat())
    page.get_by_role("button", name=label, exact=True).click()


def line(number: int, cases: int) -> dict[str, Any]:
    """A third are confirmed; found in quarantine, by screening, and now and then in the community."""
    confirmed, out = cases // 3, number % 4 == 0
    return {
        "区域": "桥头街道", "日期": ago(len(WAVE) - number).isoformat(), "新增确诊": confirmed, "新增无症状": cases - confirmed,
        "核酸筛查发现": cases - out, "社会面发现": int(out),
    }  # fmt: skip


def send(page: Page, content: bytes) -> None:
    page.goto(f"{ROOM}import/")
    page.locator("input[type=file]").set_input_files({"name": "日报数.xlsx", "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("日报数.xlsx")


def filled(template: bytes, rows: list[dict[str, Any]]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(template))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any("区域" in str(cell.value) for cell in row))
    columns = {str(cell.value).rstrip("*＊ "): cell.column for cell in head if cell.value}
    for number, row in enumerate(rows, head[0].row + 1):
        for name, value in row.items():
            sheet.cell(number, columns[name], value)
    book.save(kept := BytesIO())
    return kept.getvalue()
