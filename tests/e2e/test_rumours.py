"""A rumour from a member's telephone to the answer everyone can read, and its correction."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/rumours/"
SAID = "听说桥头大药房明天起停售退烧药"
ANSWER = "不实。市市场监管局今天核实：全市药店照常销售退烧药，实名登记即可购买。"
RIGHT = "部分不实。只有桥头大药房因盘点停业一天，其他药店照常销售。"


def test_a_rumour_is_answered_in_public_and_the_answer_corrected(come: Come) -> None:
    """Zhao reads in her group that a pharmacy will stop selling. She reports it from her telephone in half a minute.

    Wen of the office takes it, writes what was found and from whom, and cannot publish it herself; Qin, who did not judge it, does. A
    stranger reads it on the public page, Zhao finds the notice. Later it turns out to be half true: Wen corrects, Qin publishes, and
    both answers stand, the first marked. Qin hears the same rumour again and finds it answered while writing.
    """
    zhao, wen, qin = come("zhao", phone=True), come("wen"), come("qin")
    report(zhao)
    address = judge(wen)
    publish(qin, address)
    stranger = come(phone=True)
    stranger.goto(f"{ROOM}public/")
    expect(stranger.locator("main")).to_contain_text(ANSWER)
    assert "赵" not in stranger.locator("main").inner_text()  # who reported it is nobody's business
    look(stranger, "rumours-4-public")
    zhao.goto("/inbox/")
    expect(zhao.locator("main")).to_contain_text("桥头大药房")
    look(zhao, "rumours-5-told")
    correct(wen, qin, address)
    stranger.reload()
    expect(stranger.locator("article", has_text=SAID)).to_contain_text(RIGHT)
    expect(stranger.locator("article", has_text=SAID)).to_contain_text("已被更正")
    look(stranger, "rumours-7-corrected")
    in_english(qin, address)


def report(page: Page) -> None:
    page.goto(ROOM)
    page.get_by_role("link", name="报告传言").first.click()
    look(page, "rumours-1-report")
    page.get_by_role("button", name="报告", exact=True).click()
    expect(page.locator("main")).to_contain_text(re.compile("必填|请填写|必须填写"))
    look(page, "rumours-1-empty")
    page.locator("[name=said]").fill(SAID)
    page.get_by_text("几处见到").click()
    page.get_by_role("button", name="报告", exact=True).click()
    expect(page.get_by_text("已收到，谢谢。核实后会通知您。")).to_be_visible()
    look(page, "rumours-1-reported")


def judge(page: Page) -> str:
    page.goto("/")
    page.get_by_role("link", name=re.compile(SAID)).first.click()
    page.get_by_role("button", name="由我核实").click()
    page.get_by_role("link", name="写明结论和回应").click()
    page.get_by_text("不实", exact=True).click()
    page.locator("[name=against]").fill("市市场监管局药品科电话答复")
    page.locator("[name=answer]").fill(ANSWER)
    page.get_by_label("江城市委员会", exact=True).check()
    look(page, "rumours-2-verdict")
    page.get_by_role("button", name="写明结论和回应").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待发布")
    look(page, "rumours-2-judged")
    return page.url


def publish(page: Page, address: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(SAID)).first.click()
    assert page.url == address
    page.get_by_role("button", name="公开回应").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已公开回应")
    look(page, "rumours-3-published")


def correct(office: Page, leader: Page, address: str) -> None:
    office.goto(address)
    office.get_by_role("link", name="更正", exact=True).click()
    office.locator("[name=note]").fill("药店来电说明停业一天")
    office.get_by_role("button", name="更正", exact=True).click()
    office.get_by_role("link", name="写明结论和回应").click()
    office.get_by_text("部分不实", exact=True).click()
    office.locator("[name=answer]").fill(RIGHT)
    office.get_by_role("button", name="写明结论和回应").click()
    leader.goto(address)
    leader.get_by_role("button", name="公开回应").click()
    expect(leader.locator("main")).to_contain_text("已被更正")
    look(leader, "rumours-6-corrected")


def in_english(page: Page, address: str) -> None:
    page.locator(".language button").first.click()
    for name, at in {"list": ROOM, "rumour": address, "public": f"{ROOM}public/"}.items():
        page.goto(at)
        look(page, f"rumours-8-english-{name}")
    page.goto("/")
    page.locator(".language button").first.click()
