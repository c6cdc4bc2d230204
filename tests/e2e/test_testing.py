"""A round of testing from its draft to the laboratory: the command post, a point's chief, a device, boxes, conflicts, results, a pool."""

import json
import re
import time
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/testing/"
NAME, POINT = "江城第1轮区域核酸检测", "桥头小学"


def test_a_round_is_drafted_sampled_judged_and_followed_up(come: Come, tmp_path: Path) -> None:
    """Feng drafts a round; Ke, who heads Bridge Street, sets up a point and enrols a device, which then sends what it scanned.

    Feng watches the board, decides the one conflict, imports results in which a tube is positive, and looks at the account.
    Ke seals a box on his phone and sees whom to resample.
    """
    feng, ke = come("feng"), come("ke")
    campaign = draft(feng)
    point = set_up(ke)
    begin(feng, campaign)
    device = enrol(ke, point)
    sampled(urlsplit(feng.url), device)
    watch(feng, campaign)
    watch_elsewhere(come("feng", phone=True), feng, campaign)
    keys(feng, campaign)
    judge(feng, campaign)
    seal(come("ke", phone=True))
    results(feng, campaign, tmp_path, {"202209070000": "阳性", "202209070001": "阴性"})
    follow(come("ke", phone=True))
    feng.goto(campaign)
    feng.get_by_role("link", name="对账").first.click()
    expect(feng.get_by_role("heading", level=1)).to_contain_text("对账")
    expect(feng.get_by_role("heading", name=re.compile("实验室没有收到"))).to_be_visible()
    look(feng, "testing-9-account")
    look(account_of_a_phone(come("feng", phone=True), campaign), "testing-9-account")
    english(come("feng", phone=True), campaign)


def draft(page: Page) -> str:
    page.goto(f"{ROOM}new/")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=called]").fill("全体居民，带身份证或采样码；高热者不来，联系社区。")
    page.locator("[name=expected]").fill("40")
    look(page, "testing-1-new")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    return page.url


def set_up(page: Page) -> str:
    page.goto(f"{ROOM}points/new/")
    page.locator("[name=campaign]").select_option(label=NAME)
    page.locator("[name=unit]").select_option(label="桥头街道")
    for name, value in {"name": POINT, "place": "操场，北门进南门出", "tables": "2", "expected": "40"}.items():
        page.locator(f"[name={name}]").fill(value)
    look(page, "testing-2-point")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(POINT)
    page.get_by_role("button", name="开放", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("开放")
    return page.url


def begin(page: Page, campaign: str) -> None:
    page.goto(campaign)
    page.get_by_role("button", name="开始采样").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("采样中")
    look(page, "testing-3-begun")


def enrol(page: Page, point: str) -> tuple[str, str]:
    page.goto(point)
    page.get_by_role("link", name="登记终端").click()
    look(page, "testing-4-enrol")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("密钥只显示这一次")).to_be_visible()
    number, secret = page.locator("dd code").all_inner_texts()
    return number, secret


def sampled(at: Any, device: tuple[str, str]) -> None:
    """Twelve people in two tubes, as the device wrote them down; the last is the first again."""
    now, items = int(time.time() * 1000), []
    people = [*range(1, 12), 1]
    texts = [
        {
            "kind": "sample",
            "at": now,
            "tube": f"20220907{n // 10:04}",
            "person": {"name": f"模拟{p}", "kind": "none", "number": f"E2E{p}"},
        }
        for n, p in enumerate(people)
    ] + [{"kind": "close", "at": now, "tube": "202209070000"}]
    for seq, fact in enumerate(texts, 1):
        text = json.dumps(fact)
        items.append({"seq": seq, "digest": b64encode(sha256(text.encode()).digest()).decode(), "text": text})
    content = json.dumps({"protocol": "tz-batch-1", "sent_at": now, "items": items}).encode()
    asked = Request(
        f"{at.scheme}://{at.netloc}/testing/device/batch", content, {"Authorization": f"Device {device[0]}.{device[1]}"}
    )
    with urlopen(asked, timeout=30) as answer:
        said = [one["status"] for one in json.load(answer)["items"]]
    assert said == ["stored"] * 11 + ["conflict", "stored"]


def watch(page: Page, campaign: str) -> None:
    page.goto(campaign)
    page.get_by_role("link", name="实时大屏").click()
    expect(page.locator(".tile-figure").first).to_have_text("12")
    expect(page.get_by_text("本轮已采 1")).to_be_visible()
    look(page, "testing-5-live")
    page.route("**/testing/live/*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("status").filter(has_text="连接断了")).to_be_visible()
    look(page, "testing-5-live-lost")
    page.unroute("**/testing/live/*")  # what comes then takes the words away
    expect(page.get_by_text("连接断了")).to_have_count(0)


def watch_elsewhere(phone: Page, office: Page, campaign: str) -> None:
    """The same board in the street; and in English, on both."""
    phone.goto(campaign)
    phone.get_by_role("link", name="实时大屏").click()
    expect(phone.locator(".tile-figure").first).to_have_text("12")
    look(phone, "testing-5-live")
    for page in (phone, office):
        page.locator(".language button").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Live board")
        look(page, "testing-5-live-english")
        page.locator(".language button").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("实时大屏")


def keys(page: Page, campaign: str) -> None:
    """A key for the laboratory's program; the notebook on which it was is lost, so it is revoked and another made."""
    for label in ("江城疾控", "江城二院"):
        page.goto(campaign)
        page.get_by_role("link", name="实验室接口密钥").click()
        page.locator("[name=label]").fill(label)
        page.get_by_role("button", name="生成密钥").click()
        expect(page.get_by_role("heading", name=f"已登记：{label}")).to_be_visible()
    look(page, "testing-5-key")
    told = [one.inner_text() for one in page.locator("dl.fields code").all()]
    assert handed_in(page.url, told) == ["系统里没有这一管：不是这一轮的，或还有终端没有上传。"]
    page.goto(page.url)  # not as it was sent: that would make another key
    expect(page.locator("tr", has_text="江城疾控")).to_contain_text("还没有用过")
    expect(page.locator("tr", has_text="江城二院")).not_to_contain_text("还没有用过")
    page.get_by_role("link", name="吊销 江城疾控").click()
    page.locator("[name=note]").fill("笔记本电脑丢失")
    page.get_by_role("button", name="吊销").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已吊销")
    page.goto(campaign)
    page.get_by_role("link", name="实验室接口密钥").click()
    expect(page.get_by_role("link", name="吊销 江城疾控")).to_have_count(0)
    expect(page.locator("tr", has_text="江城疾控")).to_contain_text("已吊销")
    look(page, "testing-5-keys")


def handed_in(page: str, key: list[str]) -> list[str]:
    """What the laboratory's program is answered, asking as the page says."""
    line = {"tube": "NOSUCHTUBE", "value": "negative", "tested_at": "2022-09-07T20:15:00+08:00", "look": 1}
    at = urlsplit(page)
    headers = {"Authorization": f"Device {key[0]}.{key[1]}", "Content-Type": "application/json"}
    content = json.dumps({"results": [line]}).encode()
    with urlopen(Request(f"{at.scheme}://{at.netloc}/testing/device/results", content, headers), timeout=30) as answer:
        told: list[str] = json.load(answer)["items"]
    return told


def judge(page: Page, campaign: str) -> None:
    page.goto(campaign)
    page.get_by_role("link", name=re.compile("待核记录")).first.click()
    page.get_by_role("link", name="本轮已采，又采一次").click()
    expect(page.get_by_text("模**")).to_be_visible()
    look(page, "testing-6-conflict")
    page.get_by_role("button", name="查看原文").click()
    expect(page.get_by_text("E2E1", exact=True)).to_be_visible()
    look(page, "testing-6-revealed")
    page.get_by_role("link", name="待核记录").click()
    page.locator("[name=keys]").first.check()
    page.get_by_label("确有其事，计入").check()
    look(page, "testing-6-conflicts")
    page.get_by_role("button", name="处理").click()
    expect(page.get_by_text("已处理 1 条")).to_be_visible()


def seal(page: Page) -> None:
    page.goto(f"{ROOM}boxes/new/")
    page.locator("[name=point]").select_option(label=POINT)
    page.locator("[name=code]").fill("X0001")
    page.locator("[name=codes]").fill("202209070000\n202209070001")
    look(page, "testing-7-box")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="核对、封箱").click()
    page.locator("[name=in_hand]").fill("2")
    look(page, "testing-7-seal")
    page.get_by_role("button", name="核对、封箱").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已封箱")


def results(page: Page, campaign: str, folder: Path, found: dict[str, str]) -> None:
    """Results of tubes as a laboratory's sheet says them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["管码", "结果", "出结果时间", "实验室"])
    later = time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() + 8 * 3600 + 60))
    for tube, value in found.items():
        sheet.append([tube, value, later, "江城疾控"])
    book.save(folder / "results.xlsx")
    page.goto(campaign)
    page.get_by_role("link", name="导入检测结果").click()
    page.locator("input[type=file]").set_input_files(folder / "results.xlsx")
    page.locator("main button[type=submit], main button").first.click()
    look(page, "testing-8-results")
    page.get_by_role("button", name=re.compile("导入|确认|登记")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)


def follow(page: Page) -> None:
    page.goto(f"{ROOM}pools/")
    page.get_by_role("link", name="202209070000").click()
    expect(page.get_by_text("名单上 10 人，已复采 0 人，还差 10 人")).to_be_visible()
    look(page, "testing-8-pool")
    expect(page.get_by_text("模拟3", exact=True)).to_be_hidden()
    page.get_by_role("button", name="查看姓名、证件号码和住处").click()
    expect(page.get_by_text("模拟3", exact=True)).to_be_visible()
    look(page, "testing-8-people")


def account_of_a_phone(page: Page, campaign: str) -> Page:
    page.goto(campaign)
    page.get_by_role("link", name="对账").first.click()
    return page


def english(page: Page, campaign: str) -> None:
    page.goto(campaign)
    page.context.add_cookies([{"name": "language", "value": "en", "url": page.url}])
    page.get_by_role("link", name="实时大屏").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Live board")
    look(page, "testing-en-live")
    page.goto(f"{ROOM}points/")
    look(page, "testing-en-points")
