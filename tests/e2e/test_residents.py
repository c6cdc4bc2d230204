"""A resident on a telephone: codes for the family, a typing error, the station that scans a screenshot, and the result."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e import test_station as station
from tests.e2e import test_testing as office
from tests.e2e.look import glance, look, picture

Come = Callable[..., Page]
ROUND = "江城第4轮区域核酸检测"
CODE, RESULT = "/jiangcheng/testing/code/", "/jiangcheng/testing/result/"
TUBE, NUMBER, WRONG = "R00000401", "210599199003072413", "210599199003072411"


def test_a_family_registers_is_sampled_and_reads_its_results(come: Come, monkeypatch: Any, tmp_path: Path) -> None:
    """Lan registers herself and her baby on her phone, mends her name, and shows a screenshot at the point.

    The laboratory's sheet is imported; her phone shows the result from the published files, her mother's phone by code and last four.
    """
    campaign, point = station.begun(come, monkeypatch, ROUND, "桥头三小")
    phone = come(phone=True)
    code = registered(phone, tmp_path)
    sampled(come, point, tmp_path)
    office.results(come("feng"), campaign, tmp_path, {TUBE: "阴性"})
    published(phone)
    phone.goto(CODE)
    phone.get_by_role("link", name="查结果").click()
    expect(phone.locator(".outcome")).to_have_count(2)
    expect(phone.locator(".results .outcome-1")).to_contain_text("模*兰")
    expect(phone.locator(".results .outcome-0")).to_contain_text("还没有结果")
    look(phone, "residents-6-results")
    other(come(phone=True), code)
    phone.goto(f"{RESULT}?lang=en")
    expect(phone.locator(".results .outcome-1")).to_contain_text("Negative")
    glance(phone, "residents-8-english")


def registered(page: Page, folder: Path) -> str:
    """Codes of a mother and her baby, on her phone; returns the text of hers. The picture of it is kept as code.png."""
    page.goto(CODE)
    look(page, "residents-1-empty")
    fill(page, "模拟岚", "id", WRONG)
    expect(page.locator(".field-error")).to_contain_text("最后一位是校验码")
    look(page, "residents-2-wrong-digit")
    fill(page, "模拟岚", "id", NUMBER)
    expect(page.locator(".code-card")).to_have_count(1)
    page.locator(".code-card summary").click()
    page.get_by_role("link", name="写错了，改正").click()
    page.locator("[name=tail]").fill(NUMBER[-4:])
    page.locator("[name=name]").fill("模拟兰")
    look(page, "residents-3-correct")
    page.get_by_role("button", name="改正").click()
    expect(page.locator(".code-card h2")).to_have_text("模*兰")
    page.locator(".code-picture").screenshot(path=folder / "code.png")
    code = page.locator(".code-card code").text_content() or ""
    fill(page, "模拟宝", "none", "")
    expect(page.locator(".code-card")).to_have_count(2)
    look(page, "residents-4-codes")
    page.emulate_media(media="print")
    picture(page, "residents-5-print")
    page.emulate_media(media="screen")
    return code


def fill(page: Page, name: str, document: str, number: str) -> None:
    page.locator("[name=name]").fill(name)
    page.locator("[name=document]").select_option(document)
    page.locator("[name=number]").fill(number)
    page.locator("[name=unit]").select_option(label="桥头街道")
    page.get_by_role("button", name="取得采样码").click()


def sampled(come: Come, point: str, folder: Path) -> None:
    page = come(phone=True)
    station.enrol(come("ke"), point, page)
    station.scan(page, TUBE)
    page.locator("summary", has_text="更多").click()
    page.locator("#picture").set_input_files(folder / "code.png")
    expect(page.locator("#verdict strong")).to_have_text("可以采样")
    page.locator("#send-now").click()
    expect(page.locator("#n-confirmed")).to_have_text("1")


def published(page: Page) -> None:
    """A task publishes some seconds after the results came in."""
    for _second in range(90):
        answer = page.request.get("/testing/results/jiangcheng/index.txt")
        if answer.ok and ROUND in answer.text():
            return
        page.wait_for_timeout(1000)
    raise AssertionError("nothing was published")


def other(page: Page, code: str) -> None:
    """Another telephone knows nothing of its own."""
    page.goto(RESULT)
    page.locator("[name=code]").fill(code)
    page.locator("[name=tail]").fill("0000")
    page.get_by_role("button", name="查结果").click()
    expect(page.locator("form")).to_contain_text("对不上")
    page.locator("[name=tail]").fill(NUMBER[-4:])
    page.get_by_role("button", name="查结果").click()
    expect(page.locator(".results .outcome-1")).to_contain_text("阴性")
    look(page, "residents-7-looked-up")
