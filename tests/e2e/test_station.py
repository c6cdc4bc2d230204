"""The station on a bad day: no network, reloads, two tabs, a captive portal, half an answer. Nothing lost, nothing doubled.

TONGZHOU_STATION_RUNS says how many times the journey is made; once where it says nothing.
"""

import os
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e import test_testing as office
from tests.e2e.look import look

Come = Callable[..., Page]
RUNS = int(os.environ.get("TONGZHOU_STATION_RUNS", "1"))
STATION = "/jiangcheng/testing/station/?lang=zh-hans"
BATCH = "**/testing/device/batch"
office.NAME, office.POINT = "江城第2轮区域核酸检测", "桥头中学"


def test_a_station_loses_and_doubles_nothing(come: Come) -> None:
    feng, ke = come("feng"), come("ke")
    campaign, point = office.draft(feng), office.set_up(ke)
    office.begin(feng, campaign)
    done = 0
    for run in range(RUNS):
        page = come(phone=True)
        enrol(ke, point, page, run)
        done += day(page, run)
    feng.goto(campaign)
    feng.get_by_role("link", name="实时大屏").click()
    expect(feng.locator(".tile-figure").first).to_have_text(str(done))


def enrol(ke: Page, point: str, page: Page, run: int) -> None:
    ke.goto(point)
    ke.get_by_role("link", name="登记终端").click()
    page.goto(STATION)
    expect(page.locator("html[data-ready=yes]")).to_be_attached()
    if run == 0:
        look(page, "station-1-enrol")
    page.locator("#invitation").fill(ke.locator("code.break").text_content() or "")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#place")).to_contain_text(f"{office.POINT} 1")


def scan(page: Page, text: str) -> None:
    page.locator("#scanned").fill(text)
    page.locator("#scan button").click()


def typed(page: Page, name: str) -> None:
    page.locator("#typed summary").click()
    page.locator("#t-name").fill(name)
    page.locator("#t-kind").select_option("none")
    page.locator("#typed-form button").click()
    expect(page.locator("#verdict strong")).to_have_text(re.compile("可以采样|已封管"))


def kept(page: Page, n: int) -> None:
    expect(page.locator("#n-kept")).to_have_text(str(n))


def day(page: Page, run: int) -> int:
    """Four swabs and a tube closed, each under another misfortune. Returns how many people were swabbed."""
    answers: list[Callable[[Route], Any]] = [
        lambda route: route.fulfill(status=200, content_type="text/html", body="<html>请登录</html>"),
        lambda route: route.fulfill(status=200, content_type="application/json", body=(route.fetch().text())[:40]),
    ]
    scan(page, f"E{run:03}1")
    for n, answer in enumerate(answers, 1):
        page.route(BATCH, answer)
        typed(page, f"模拟{n}")
        kept(page, n)
        expect(page.locator("#net")).to_contain_text("连不上服务器")
        page.reload()
        kept(page, n)
        page.unroute_all(behavior="ignoreErrors")
    page.context.set_offline(True)
    page.reload()
    typed(page, "模拟3")
    if run == 0:
        look(page, "station-2-offline")
    second = page.context.new_page()
    second.goto(STATION)
    typed(second, "模拟4")
    kept(page, 4)
    page.locator("#close").click()
    kept(second, 5)
    page.context.set_offline(False)
    page.locator("summary", has_text="更多").click()
    page.get_by_role("button", name="现在上传").click()
    expect(page.locator("#n-confirmed")).to_have_text("5")
    expect(page.locator("#n-pending")).to_have_text("0")
    if run == 0:
        look(page, "station-3-confirmed")
    return 4
