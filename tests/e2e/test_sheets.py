"""An office's own spreadsheet comes in, once, and goes out again."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/donations/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GOOD = {
    "经办单位": "江城市委员会",
    "日期": "2022-03-08",
    "捐赠方（其他）": "岸上食品厂",
    "对外公布": "公布本名",
    "品名": "面包",
    "数量": 300,
    "计量单位": "袋",
}


def test_office_brings_in_a_spreadsheet_once(come: Come) -> None:
    """Wen has two gifts in a spreadsheet. The first version has a quantity in words and a unit nobody knows.

    The house names both lines and takes nothing. Corrected, it shows what it read, takes it, and takes it only once, whoever sends it
    again. The list, narrowed to the donor, comes out as Excel with the same rows.
    """
    page = come("wen")
    page.goto(ROOM)
    page.get_by_role("link", name="导入").click()
    look(page, "sheets-1-upload")
    blank = page.context.request.get(f"{ROOM}import/template.xlsx").body()
    send(page, filled(blank, GOOD | {"数量": "很多"}, GOOD | {"经办单位": "无名支社"}))
    expect(page.get_by_role("alert")).to_contain_text("现在没有登记任何一行")
    expect(page.locator("table.data").first.locator("tbody tr")).to_have_count(2)
    look(page, "sheets-2-faults")
    good = filled(blank, GOOD, GOOD | {"品名": "饼干", "数量": 40})
    send(page, good)
    look(page, "sheets-3-preview")
    page.get_by_role("button", name="确认登记 2 条").click()
    expect(page.get_by_role("status").first).to_contain_text("已登记 2 条")
    send(come("zhou"), good, again=True)
    page.goto(f"{ROOM}?q=岸上食品厂")
    expect(page.locator("table.data tbody tr")).to_have_count(2)
    look(page, "sheets-4-list")
    link = page.get_by_role("link", name=re.compile("导出 Excel")).get_attribute("href")
    sheet = openpyxl.load_workbook(BytesIO(page.context.request.get(link or "").body())).worksheets[0]
    told = [
        str(cell)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell and ("面包" in str(cell) or "饼干" in str(cell))
    ]
    assert sorted(told) == ["面包300袋", "饼干40袋"]


def send(page: Page, content: bytes, again: bool = False) -> None:
    page.goto(f"{ROOM}import/")
    page.locator("input[type=file]").set_input_files({"name": "捐赠登记.xlsx", "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("捐赠登记.xlsx")
    if again:
        expect(page.get_by_role("status")).to_contain_text("不会重复登记")


def filled(template: bytes, *rows: dict[str, Any]) -> bytes:
    """The house's own template with rows under its heading, as a person fills it."""
    book = openpyxl.load_workbook(BytesIO(template))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any("品名" in str(cell.value) for cell in row))
    columns = {str(cell.value).rstrip("*＊ "): cell.column for cell in head if cell.value}
    for number, row in enumerate(rows, head[0].row + 1):
        for name, value in row.items():
            sheet.cell(number, columns[name], value)
    book.save(kept := BytesIO())
    return kept.getvalue()
