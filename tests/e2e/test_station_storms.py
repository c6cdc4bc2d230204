"""The station on its worst days. Everything that was said to be saved is on the server once, whatever became of network, page and browser.

A captive portal, half an answer, a cut connection, no network; then a reload, a second tab that writes at the same moment, a browser that is
killed. TONGZHOU_STATION_RUNS says how many such days there are, of 20 swabs each where there is more than one: 50 are 1,000 check-ins.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, Route, expect

from tests.e2e import test_station as station
from tests.e2e.look import look
from tests.e2e.telephone import Telephone

Come = Callable[..., Page]
RUNS = int(os.environ.get("TONGZHOU_STATION_RUNS", "1"))
SWABS = 20 if RUNS > 1 else 8
IN_A_TUBE = 5
NETWORKS, EVENTS = ("portal", "half", "cut", "away", "good"), ("reload", "tabs", "kill", "nothing")


def test_a_station_loses_and_doubles_nothing(
    come: Come, monkeypatch: Any, house: str, browser: Browser, tmp_path: Path
) -> None:
    campaign, point = station.begun(come, monkeypatch, "江城第2轮区域核酸检测", "桥头中学")
    feng, ke, done, met = come("feng"), come("ke"), 0, Counter[str]()
    for run in range(RUNS):
        with closing(Telephone(browser, house, tmp_path / f"telephone{run}")) as telephone:
            station.enrol(ke, point, telephone.page)
            done += day(telephone, run, met)
        print(f"\n{run + 1} days, {done} check-ins; {dict(met)}")  # noqa: T201 -- figures of a full run, by pytest -s
    station.swabbed(feng, campaign, done)
    feng.goto(f"{campaign}conflicts/")
    expect(feng.locator("main")).to_contain_text("没有待核记录")


def day(telephone: Telephone, run: int, met: Counter[str]) -> int:
    """Swabs, each on another network and followed by another misfortune. Returns how many people were swabbed."""
    chance = random.Random(run)
    facts, swabs, n = 0, 0, 0
    while swabs < SWABS:
        page = telephone.page
        if swabs % IN_A_TUBE == 0 or n == 0:
            facts += tube(page, f"E{run:03}{swabs:03}")
        network = NETWORKS[n] if n < len(NETWORKS) else chance.choice(NETWORKS)
        event = EVENTS[n] if n < len(EVENTS) else chance.choice(EVENTS)
        n, met[network], met[event] = n + 1, met[network] + 1, met[event] + 1
        spoil(page, network)
        pair = event == "tabs" and swabs % IN_A_TUBE < IN_A_TUBE - 1
        written(page, *([telephone.opened()] if pair else []), name=f"模拟{run}之{swabs}")
        facts, swabs = facts + 1 + pair, swabs + 1 + pair
        station.kept(page, facts)
        if event == "kill":
            telephone.kill()
        elif event == "reload":
            page.reload()
        station.kept(telephone.page, facts)
        mend(telephone.page)
    page = telephone.page
    if run == 0:
        look(page, "station-2-storm")
    page.locator("summary", has_text="更多").click()
    page.locator("#send-now").click()
    expect(page.locator("#n-confirmed")).to_have_text(str(facts))
    expect(page.locator("#n-pending")).to_have_text("0")
    if run == 0:
        look(page, "station-3-confirmed")
    return swabs


def tube(page: Page, code: str) -> int:
    """A new tube; the one before is closed. Returns how many facts that makes."""
    closes = page.locator("#close").is_enabled()
    if closes:
        page.locator("#close").click()
        expect(page.locator("#verdict strong")).to_contain_text("已封管")
    station.scan(page, code)
    expect(page.locator("#tube-code")).to_have_text(code)
    return int(closes)


def written(*pages: Page, name: str) -> None:
    """Someone without a document is typed in; with two pages, two of them at the same moment."""
    for n, page in enumerate(pages):
        page.locator("#typed").evaluate("element => { element.open = true }")
        page.locator("#t-name").fill(f"{name}之{n}")
        page.locator("#t-kind").select_option("none")
    for page in pages:
        page.locator("#typed-form").evaluate("form => { setTimeout(() => form.requestSubmit(), 50) }")


def spoil(page: Page, network: str) -> None:
    """What becomes of a batch that is sent now."""

    def portal(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<html>请登录</html>")

    def half(route: Route) -> None:
        text = route.fetch().text()
        route.fulfill(status=200, content_type="application/json", body=text[: len(text) // 2])

    answers: dict[str, Callable[[Route], None]] = {"portal": portal, "half": half, "cut": lambda route: route.abort()}
    if network == "away":
        page.context.set_offline(True)
    elif network in answers:
        page.route(station.BATCH, _until_killed(answers[network]))


def mend(page: Page) -> None:
    page.context.set_offline(False)
    for one in page.context.pages:
        one.unroute_all(behavior="ignoreErrors")
        if one is not page:
            one.close()


def _until_killed(answer: Callable[[Route], None]) -> Callable[[Route], None]:
    def answered(route: Route) -> None:
        try:
            answer(route)
        except Error:  # the page that asked is gone
            return

    return answered
