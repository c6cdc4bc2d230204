"""The commander's morning: what stands on the board, what lies behind a figure, and which rule it goes by."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]


def test_the_commander_reads_the_board_and_what_lies_behind_it(come: Come) -> None:
    """Feng comes in at seven. The screen on the wall already shows the town; he wants to know what is wrong, from where he stands.

    He opens the board from the menu and reads a room's figures; while he looks it renews itself and keeps its place. A figure opens its
    list. He goes by a time limit and wants to see where it is written: the rules, those of today, and of a day in 2020. On his telephone,
    in the car, the same board; and for a visitor who reads English, in English.
    """
    page = come("feng")
    page.clock.install()
    page.goto("/jiangcheng/")
    page.locator("nav").get_by_role("link", name="大屏").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("江城")
    tiles = page.locator(".board-tile")
    expect(tiles.first).to_be_visible()
    assert page.locator(".board-room").count() >= 3
    look(page, "board-1-office")
    lost_and_found(page)
    expect(tiles.first).to_be_visible()
    page.locator(".board-link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "/board/" not in page.url
    page.go_back()
    rules(page)
    car = come("feng", phone=True)
    car.goto("/jiangcheng/board/")
    look(car, "board-4-telephone")
    page.goto("/jiangcheng/board/")
    page.locator(".language button").first.click()
    expect(page.locator(".board-clock")).to_contain_text("Renewed every")
    look(page, "board-5-english")


def lost_and_found(page: Page) -> None:
    """The network is away for half a minute: the screen says that it shows what was, and goes on by itself."""
    page.route("**/jiangcheng/board/", lambda route: route.abort())
    page.clock.fast_forward(20_000)
    expect(page.get_by_role("status").filter(has_text="连接断了")).to_be_visible()
    look(page, "board-1-lost")
    page.unroute("**/jiangcheng/board/")
    with page.expect_response(lambda answer: answer.url.endswith("/jiangcheng/board/")) as renewed:
        page.clock.fast_forward(20_000)
    assert "<html" not in renewed.value.text()
    expect(page.get_by_text("连接断了")).to_have_count(0)


def rules(page: Page) -> None:
    page.locator("nav").get_by_role("link", name="规则").first.click()
    expect(page.locator("main")).to_contain_text("版本")
    look(page, "board-2-rules")
    page.locator("summary", has_text="演练周期").click()
    look(page, "board-2-rule")
    now = page.locator("main").inner_text()
    page.locator("[name=day]").fill("2020-02-01")
    page.get_by_role("button", name="查询").click()
    page.wait_for_url(re.compile("day=2020-02-01"))
    assert page.locator("main").inner_text() != now
    look(page, "board-3-rules-of-2020")
