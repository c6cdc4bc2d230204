"""A chronicle is written, signed, read, and every figure opened."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/benxi-2022/chronicle/"


def test_editor_publishes_and_a_reader_follows_a_figure_to_its_record(come: Come) -> None:
    """The office prepares the chronicle of Benxi in 2022. The records have written most of it; the editor adds a sentence of her own.

    A number in it that no record holds is refused, with its place. Without it the text is kept and goes to the leader, who signs it.
    A reader then asks where the 400 suits come from: the figure leads to a list of one gift, and that to the gift. The paper is taken
    away as Word, PDF, Markdown and JSON.
    """
    editor, leader = come("office"), come("leader")
    editor.goto(ROOM)
    editor.locator("table.data tbody .cell-link a").first.click()
    expect(editor.locator("main")).to_contain_text("400套")
    look(editor, "chronicle-1-draft")
    write(editor)
    paper = editor.url
    editor.get_by_role("button", name="送审", exact=True).click()
    expect(editor.get_by_role("heading", level=1)).to_contain_text("待审")
    leader.goto("/")
    leader.get_by_role("link", name=re.compile("疫情纪实")).first.click()
    leader.get_by_role("button", name="签发", exact=True).click()
    expect(leader.get_by_role("heading", level=1)).to_contain_text("已发布")
    look(leader, "chronicle-4-published")
    follow(leader)
    take_away(editor, paper)


def write(page: Page) -> None:
    page.locator("section#service h3 a, section#service p a.btn").first.click()
    prose = page.locator("#id_text")
    prose.fill(f"{prose.input_value()}\n社员们还送出了777个馒头。")
    look(page, "chronicle-2-writing")
    page.get_by_role("button", name="保存").click()
    alert = page.get_by_role("alert").first
    expect(alert.locator("mark")).to_have_text(re.compile("777"))
    expect(alert).to_contain_text(re.compile(r"第 \d+ 行第 \d+ 字"))
    look(page, "chronicle-3-stray")
    alert.get_by_role("button", name="到那里去").first.click()
    assert (
        page.evaluate(
            "() => { const t = document.activeElement; return t.value.slice(t.selectionStart, t.selectionEnd) }"
        )
        == "777个"
    )
    prose.fill(prose.input_value().replace("还送出了777个馒头", "随时待命"))
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("社员们随时待命。")


def follow(page: Page) -> None:
    page.get_by_role("link", name=re.compile("400")).first.click()
    expect(page.locator(".drill-figure")).to_contain_text("400")
    expect(page.locator("table.data tbody tr")).to_have_count(1)
    look(page, "chronicle-5-figure")
    page.locator("table.data tbody .cell-link a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("杨扬")
    expect(page.locator("main")).to_contain_text("防护服")


def take_away(page: Page, paper: str) -> None:
    begins = {"docx": b"PK", "pdf": b"%PDF-", "md": b"# ", "json": b"{"}
    for form, begin in begins.items():
        got = page.context.request.get(f"{paper}paper.{form}")
        assert (got.status, got.body().lstrip()[: len(begin)]) == (200, begin), form
    content: dict[str, Any] = page.context.request.get(f"{paper}paper.json").json()
    said = [one for section in content["sections"] for one in section["sentences"]]
    found = {figure["text"] for one in said for figure in one["figures"]}
    assert {"100瓶", "560袋", "400套"} <= found
    assert all(figure["records"] for one in said for figure in one["figures"])
