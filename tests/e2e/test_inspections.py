"""An unannounced round from the assignment to the closed finding, one leg of it without a network; and what outsiders try."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/inspections/"
PLACES = [  # type, name, latitude, longitude
    ("药店", "桥头大药房", 41.310, 123.760), ("药店", "康民药店", 41.312, 123.764), ("商超", "江北便民超市", 41.318, 123.770),
    ("餐饮", "老码头饭店", 41.325, 123.775), ("社区卫生服务中心", "桥头社区卫生服务中心", 41.330, 123.781),
]  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_an_unannounced_round_from_the_assignment_to_the_closed_finding(come: Come) -> None:
    """Du has five places of Bridge Street in a spreadsheet, opens a round that nobody there is to know of, and takes Ding along.

    Ding walks it with a phone: at the pharmacy two things are wrong, one is put right at once; at the next the network is gone, the page
    is loaded again twice, and what was filled in is sent once, when there is a network. Meanwhile Ke, the street's chief, and Niu, who
    owns the pharmacy, find nothing, until the notice is out. Niu rectifies with a photograph, Du finds that it is not enough, Ke sends
    another, Ding may not close what Ding found, Du does. The place nobody went to stands on the coverage page; the four lists are printed.
    """
    du = come("du")
    register(du)
    walked = plan(du)
    ding = come("ding", phone=True)
    walk(ding, walked)
    without_network(ding)
    plainly(come("du", java_script_enabled=False), walked)
    unseen = [walked, f"{walked}route/", f"{walked}coverage/", f"{walked}lists.pdf"]
    ke, niu = come("ke"), come("niu", phone=True)
    for watcher in (ke, niu):
        assert [watcher.context.request.get(at).status for at in unseen] == [404] * len(unseen)
        watcher.goto("/")
        expect(watcher.locator("body")).not_to_contain_text("夜间暗访")
    finding = issue(du)
    rectify(niu, finding)
    recheck(du, ke, ding, finding)
    close_the_round(du, walked)
    assert ke.context.request.get(walked).status == 200


def test_forged_links_and_bad_uploads_lead_nowhere(come: Come) -> None:
    """Zhao has nothing to do with it and knows every address; Niu, who may send photographs, sends what is none."""
    du = come("du")
    du.goto(f"{ROOM}findings/?q=桥头大药房")
    addresses = [link.get_attribute("href") or "" for link in du.locator("table.data td.cell-link a").all()]
    assert addresses, "the round above leaves findings"
    du.goto(addresses[0])
    shown = [one.get_attribute("src") or "" for one in du.locator(".attachments img").all()]
    zhao = come("zhao")
    for at in [
        *addresses,
        *(f"{one}moves/rectify/" for one in addresses),
        *(f"{one}print/" for one in addresses),
        *shown,
    ]:
        assert (at, zhao.context.request.get(at).status) == (at, 404)
    token = (
        next(one["value"] for one in zhao.context.cookies() if one["name"] == "csrftoken")
        if zhao.context.cookies()
        else ""
    )
    sent = zhao.context.request.post(
        f"{ROOM}sync/", multipart={"item": "{}"}, headers={"X-CSRFToken": token, "Referer": zhao.url}
    )
    assert sent.status in {403, 404}
    assert come().context.request.get(f"{ROOM}session/").status == 401
    assert du.context.request.get(f"{ROOM}00000000-0000-4000-8000-000000000000/route/").status == 404
    refuse(come("niu"), come("du"), come("ke"))


# -- the steps


def register(page: Page) -> None:
    page.goto(f"{ROOM}places/")
    look(page, "inspections-1-no-places")
    blank = page.context.request.get(f"{ROOM}places/import/template.xlsx").body()
    book = openpyxl.load_workbook(BytesIO(blank))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for number, (kind, name, lat, lon) in enumerate(PLACES, 2):
        row = {
            "街道（社区）": "桥头街道",
            "类型": kind,
            "场所名称": name,
            "经营地址": f"桥头路{number}号",
            "负责人姓名": "模拟店长",
            "纬度": lat,
            "经度": lon,
        }
        for column, head in enumerate(heads, 1):
            sheet.cell(number, column, row.get(str(head)))
    out = BytesIO()
    book.save(out)
    page.goto(f"{ROOM}places/import/")
    page.locator("[name=file]").set_input_files({"name": "places.xlsx", "mimeType": XLSX, "buffer": out.getvalue()})
    page.get_by_role("button", name="检查文件").click()
    page.get_by_role("button", name="确认登记 5 条").click()
    expect(page.locator("table.data tbody tr")).to_have_count(5)
    look(page, "inspections-1-places")
    page.get_by_role("link", name="桥头大药房").click()
    page.get_by_role("link", name="修改").click()
    page.locator("[name=owner]").fill("牛队员")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("桥头大药房")
    expect(page.locator("body")).not_to_contain_text("模拟店长")
    look(page, "inspections-1-place")


def plan(page: Page) -> str:
    page.goto(f"{ROOM}new/")
    page.locator("[name=name]").fill("桥头街道夜间暗访")
    page.get_by_label("不打招呼（暗访）").check()
    for kind in ("药店", "商超", "餐饮", "社区卫生服务中心"):
        page.get_by_label(kind, exact=True).check()
    page.get_by_label("桥头街道", exact=True).first.check()
    page.locator("[name=lines-0-person]").fill("丁督导")
    page.locator("[name=lines-1-person]").fill("杜督导")
    look(page, "inspections-2-plan")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="开始检查").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("检查中")
    look(page, "inspections-2-begun")
    return page.url


def walk(page: Page, walked: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("桥头街道夜间暗访")).first.click()
    expect(page.locator(".walk-list > li")).to_have_count(5)
    expect(page.locator("[data-said]")).to_contain_text("可离线使用")
    look(page, "inspections-3-route")
    open_place(page, "桥头大药房")
    all_in_order(page)
    verdict(page, "G06", "no")
    page.locator("[name=G06-words]").fill("近三日没有消杀记录")
    page.locator("[name=G06-pictures]").set_input_files(photo("red"))
    verdict(page, "G01", "no")
    page.locator("[name=G01-spot]").check()
    page.get_by_role("button", name="完成，存到本机并上传").click()
    expect(page.locator("[data-lacking]")).to_contain_text("还有 1 处没有填")
    page.locator("[name=G01-fixed]").set_input_files(photo("green"))
    expect(page.locator(".thumb")).to_have_count(2)
    page.locator("[name=met_post]").fill("店长")
    look(page, "inspections-3-form")
    page.get_by_role("button", name="完成，存到本机并上传").click()
    expect(mark(page, "桥头大药房")).to_have_text("服务器已确认")
    assert page.url.startswith(f"{walked}route/")


def without_network(page: Page) -> None:
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".walk-list > li")).to_have_count(5)
    expect(page.locator("[data-said]")).to_contain_text("没有网络")
    expect(mark(page, "桥头大药房")).to_have_text("服务器已确认")
    look(page, "inspections-4-offline")
    open_place(page, "康民药店")
    all_in_order(page)
    verdict(page, "P02", "no")
    page.locator("[name=P02-words]").fill("两日未上传")
    page.locator("[name=P02-pictures]").set_input_files(photo("blue"))
    expect(page.locator(".thumb")).to_have_count(1)
    page.wait_for_timeout(600)  # drafts are kept a moment after the last stroke
    page.reload()
    expect(page.locator(".walk-form h2")).to_have_text("康民药店")
    expect(page.locator("[name=P02-words]")).to_have_value("两日未上传")
    expect(page.locator(".thumb")).to_have_count(1)
    page.get_by_role("button", name="完成，存到本机并上传").click()
    expect(mark(page, "康民药店")).to_have_text("已存本机，待上传")
    expect(page.locator("[data-said]")).to_contain_text("待上传 1 份")
    look(page, "inspections-4-kept")
    page.reload()
    expect(mark(page, "康民药店")).to_have_text("已存本机，待上传")
    page.context.set_offline(False)
    expect(mark(page, "康民药店")).to_have_text("服务器已确认", timeout=30_000)
    expect(page.locator("[data-said]")).to_contain_text("没有待上传的内容")
    open_place(page, "江北便民超市")
    all_in_order(page)
    page.get_by_role("button", name="完成，存到本机并上传").click()
    expect(mark(page, "江北便民超市")).to_have_text("服务器已确认")
    look(page, "inspections-4-sent")
    page.goto(f"{ROOM}visits/")
    expect(page.locator("table.data tbody tr")).to_have_count(3)


def plainly(page: Page, walked: str) -> None:
    """A browser without scripts: the same form, sent at once."""
    page.goto(f"{walked}route/")
    page.locator(".walk-list a", has_text="老码头饭店").click()
    page.locator("[name=result][value=shut]").check()
    page.get_by_role("button", name="登记检查").click()
    expect(page.locator("form.sheet").get_by_role("alert").first).to_be_visible()
    page.locator("[name=words]").fill("盘点歇业一天")
    page.get_by_role("button", name="登记检查").click()
    expect(page.locator(".walk-list li", has_text="老码头饭店")).to_contain_text("未营业")


def issue(page: Page) -> str:
    page.goto(f"{ROOM}visits/?q=桥头大药房")
    page.get_by_role("link", name="桥头大药房").click()
    look(page, "inspections-5-visit")
    page.get_by_role("button", name="一并下发整改通知").click()
    expect(page.get_by_role("status").first).to_contain_text("1 条已完成")
    look(page, "inspections-5-findings")
    page.locator("table.data tbody tr", has_text="近三日没有消杀记录").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("整改中")
    look(page, "inspections-5-finding")
    return page.url


def rectify(page: Page, finding: str) -> None:
    """Niu, on the phone."""
    page.goto("/")
    page.get_by_role("link", name=re.compile("近三日没有消杀记录")).first.click()
    expect(page.locator("body")).not_to_contain_text("夜间暗访")
    expect(page.locator("body")).not_to_contain_text("丁督导")
    look(page, "inspections-6-notice")
    assert page.url == finding
    assert page.context.request.get(f"{finding}notice.pdf").body()[:5] == b"%PDF-"
    page.get_by_role("link", name="登记整改").click()
    page.locator("[name=measure]").fill("今日起每天两次消杀并记录")
    page.get_by_role("button", name="登记整改").click()
    expect(page.get_by_role("alert").first).to_contain_text("还不能保存")
    page.locator("[name=measure]").fill("今日起每天两次消杀并记录")
    page.locator("[name=pictures]").set_input_files(photo("green"))
    look(page, "inspections-6-rectify")
    page.get_by_role("button", name="登记整改").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已整改，待复查")


def recheck(du: Page, ke: Page, ding: Page, finding: str) -> None:
    du.goto("/")
    du.get_by_role("link", name=re.compile("近三日没有消杀记录")).first.click()
    du.get_by_role("link", name="复查不合格，退回整改").click()
    du.locator("[name=note]").fill("记录只有一天")
    du.get_by_role("button", name="复查不合格，退回整改").click()
    expect(du.get_by_role("heading", level=1)).to_contain_text("整改中")
    ke.goto(finding)
    ke.get_by_role("link", name="登记整改").click()
    ke.locator("[name=measure]").fill("连续三日记录已补齐")
    ke.locator("[name=pictures]").set_input_files(photo("green"))
    ke.get_by_role("button", name="登记整改").click()
    expect(ke.get_by_role("heading", level=1)).to_contain_text("待复查")
    ding.goto(finding)
    ding.get_by_role("link", name="复查合格，销号").click()
    ding.get_by_role("button", name="复查合格，销号").click()
    expect(ding.get_by_role("alert").first).to_contain_text("您发现的")
    du.goto(finding)
    du.get_by_role("link", name="复查合格，销号").click()
    du.get_by_role("button", name="复查合格，销号").click()
    expect(du.get_by_role("heading", level=1)).to_contain_text("已销号")
    look(du, "inspections-7-closed")


def close_the_round(page: Page, walked: str) -> None:
    page.goto(f"{walked}coverage/")
    expect(page.locator(".card", has_text="没有人到过的场所").first).to_contain_text("桥头社区卫生服务中心")
    look(page, "inspections-8-coverage")
    page.goto(f"{walked}lists/")
    expect(page.locator(".card table")).to_have_count(4)
    look(page, "inspections-8-lists")
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK\x03\x04"), ("xlsx", b"PK\x03\x04")):
        assert page.context.request.get(f"{walked}lists.{kind}").body()[:4] == begins
    page.goto("/jiangcheng/board/")
    look(page, "inspections-8-board")
    page.goto(walked)
    page.get_by_role("button", name="结束检查").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.locator("[name=note]").fill("卫生服务中心当日封闭消杀，下轮补查")
    page.get_by_role("button", name="结束检查").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已结束")
    look(page, "inspections-8-done")
    page.goto("/rulebook/")
    look(page, "inspections-8-rules")
    in_english(page, walked)


def in_english(page: Page, walked: str) -> None:
    page.context.add_cookies([{"name": "language", "value": "en", "url": page.url}])
    for name, at in (
        ("round", walked),
        ("coverage", f"{walked}coverage/"),
        ("lists", f"{walked}lists/"),
        ("findings", f"{ROOM}findings/"),
        ("plan", f"{ROOM}new/"),
    ):
        page.goto(at)
        look(page, f"inspections-en-{name}")
    page.context.clear_cookies(name="language")


def refuse(niu: Page, du: Page, ke: Page) -> None:
    """A program, a drawing and thirty megabytes, each called a photograph."""
    du.goto(f"{ROOM}findings/?state=found")
    du.get_by_role("link", name="康民药店").click()
    finding = du.url
    du.get_by_role("link", name="下发整改通知").click()
    du.get_by_role("button", name="下发整改通知").click()
    expect(du.get_by_role("heading", level=1)).to_contain_text("整改中")
    assert niu.context.request.get(f"{finding}moves/rectify/").status == 404  # another's place
    for content, why in (
        (b"MZ" + bytes(4000), "看不懂"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "看不懂"),
        (b"\xff\xd8\xff" + bytes(30 * 2**20), "15 MB"),
    ):
        ke.goto(f"{finding}moves/rectify/")
        ke.locator("[name=measure]").fill("已上传")
        ke.locator("[name=pictures]").set_input_files(file("photo.jpg", content))
        ke.get_by_role("button", name="登记整改").click()
        expect(ke.get_by_role("alert").first).to_contain_text(why)
    look(ke, "inspections-9-refused")
    ke.goto(finding)
    expect(ke.get_by_role("heading", level=1)).to_contain_text("整改中")


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def open_place(page: Page, name: str) -> None:
    page.locator(".walk-list a[data-open]", has_text=name).click()
    expect(page.locator(".walk-form h2")).to_have_text(name)


def all_in_order(page: Page) -> None:
    for radio in page.locator(".walk-form [name$='-verdict'][value=yes]").all():
        radio.check()


def verdict(page: Page, code: str, said: str) -> None:
    page.locator(f".walk-form [name='{code}-verdict'][value={said}]").check()


def mark(page: Page, name: str) -> Any:
    return page.locator(".walk-list li", has_text=name).locator("[data-mark]")


def photo(colour: str) -> dict[str, Any]:
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return file("photo.jpg", out.getvalue())
