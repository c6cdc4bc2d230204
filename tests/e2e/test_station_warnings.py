"""What only the server could know comes after the swab: it is seen and heard, waits to be dismissed, and holds up nobody."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e import test_station as station
from tests.e2e.look import look, screen
from tests.e2e.telephone import STATION

Come = Callable[..., Page]
SOUNDS = """() => { window.sounds = 0;
  const made = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () { window.sounds += 1; return made.call(this); } }"""


def test_two_tables_learn_of_each_other_online_and_after_a_while_without_network(come: Come, monkeypatch: Any) -> None:
    """Someone sampled at table 1 comes to table 2, a tube of table 1 too. Online it is said a second later, else when the network is back.

    The next person is sampled meanwhile; a warning outlives a reload, and goes when somebody says that it was seen to.
    """
    campaign, point = station.begun(come, monkeypatch, "江城第6轮区域核酸检测", "桥头五小")
    ke, first, second = come("ke"), come(phone=True), come(phone=True)
    for table, page in ((1, first), (2, second)):
        enrolled(ke, point, page, table)
    swabbed(first, "V00000601", "模拟一", "E1234561")
    swabbed(first, "V00000601", "模拟二", "E1234562")
    told_at_once(second)
    told_later(second)
    seen_to(second)
    feng = come("feng")
    feng.goto(f"{campaign}conflicts/?done=1")
    expect(feng.locator("tbody tr")).to_have_count(1)
    expect(feng.locator("tbody tr")).to_contain_text("采样台取消了这一位")


def told_at_once(page: Page) -> None:
    page.evaluate(SOUNDS)
    swabbed(page, "W00000602", "模拟一", "E 123-4561")
    for place in ("#late strong", "#verdict strong"):
        expect(page.locator(place)).to_have_text("模拟一：本轮已采过")
    expect(page.locator("#late b")).to_have_text(re.compile(r"^桥头五小 1　\d\d:\d\d$"))
    expect(page.locator("#late")).to_contain_text("还没采的，不采，按“取消这一位”")
    expect(page.locator("#late-bar")).to_be_in_viewport(ratio=1)
    assert page.evaluate("sounds") >= 3, "one for the swab, two for the warning"
    look(page, "station-14-warned")


def told_later(page: Page) -> None:
    """A second person of table 1, and a tube of it, without network; the next person is sampled with both warnings on the page."""
    page.context.set_offline(True)
    swabbed(page, "V00000601", "模拟二", "E1234562")
    swabbed(page, "V00000601", "模拟三", "E1234563")
    expect(page.locator("#late .late")).to_have_count(1)
    page.context.set_offline(False)
    expect(page.locator("#late .late")).to_have_count(3)
    expect(page.locator("#late-bar")).to_have_text("V00000601：这一管已用过桥头五小 1 · 有 3 条提醒要处理")
    expect(page.locator("#late strong").first).to_have_text("V00000601：这一管已用过")
    expect(page.locator("#late strong").nth(1)).to_have_text("模拟二：本轮已采过")
    page.reload()
    expect(page.locator("html[data-ready=yes]")).to_be_attached()
    expect(page.locator("#late .late")).to_have_count(3)
    look(page, "station-15-warned")
    page.locator("#late-bar").click()
    screen(page, "station-15-warned-screen")
    typed(page, "模拟四", "E1234564")
    expect(page.locator("#verdict strong")).to_have_text("这一管已用过")  # known here as well now
    page.get_by_role("button", name="不采，下一位").click()
    swabbed(page, "W00000603", "模拟四", "E1234564")


def seen_to(page: Page) -> None:
    """Whoever was not swabbed yet is taken back, however many came after; the others are seen to."""
    page.locator("#late .late", has_text="模拟一").get_by_role("button", name="取消这一位").click()
    expect(page.locator("#verdict strong")).to_have_text("已取消：W00000602 还有 0 人")
    for n in (1, 0):
        page.locator("#late .late").first.get_by_role("button", name="知道了，已处理").click()
        expect(page.locator("#late .late")).to_have_count(n)
    expect(page.locator("#late-bar")).to_be_hidden()
    expect(page.locator("#n-pending")).to_have_text("0")
    page.reload()
    expect(page.locator("html[data-ready=yes]")).to_be_attached()
    expect(page.locator("#late .late")).to_have_count(0)


def test_what_the_server_does_not_take_stays_on_the_device_until_it_does(
    come: Come, monkeypatch: Any, tmp_path: Path
) -> None:
    """It is not given back and not wiped, goes into the file, and is sent once more when the table asks for it."""
    _campaign, point = station.begun(come, monkeypatch, "江城第7轮区域核酸检测", "桥头六小")
    page = come(phone=True)
    enrolled(come("ke"), point, page, 1)
    page.route(station.BATCH, refused)
    swabbed(page, "V00000701", "张　三", "E 123·4571")
    expect(page.locator("#warn-stuck")).to_contain_text("有 1 条服务器不收，只在本机上")
    page.locator("summary", has_text="更多").click()
    page.locator("#give-back").click()
    expect(page.locator("#verdict strong")).to_have_text("还有 1 条服务器不收，不能交回：先导出文件，交点位负责人")
    look(page, "station-16-stuck")
    with page.expect_download() as asked:
        page.locator("#export").click()
    asked.value.save_as(tmp_path / "carried.json")
    assert json.loads((tmp_path / "carried.json").read_text())["items"] == 1
    page.unroute_all(behavior="ignoreErrors")
    page.locator("#send-now").click()
    expect(page.locator("#n-confirmed")).to_have_text("1")
    expect(page.locator("#warn-stuck")).to_be_hidden()
    page.locator("#give-back").click()
    expect(page.locator("#enrol")).to_be_visible()


def refused(route: Route) -> None:
    """As a server would that does not know such facts."""
    sent = json.loads(route.request.post_data or "")
    device = int((route.request.headers["authorization"].split()[1]).split(".")[0])
    items = [
        {"status": "rejected", "seq": one["seq"], "digest": one["digest"], "reason": "text"} for one in sent["items"]
    ]
    route.fulfill(json={"protocol": "tz-ack-1", "device": device, "received_at": 1, "items": items})


def enrolled(ke: Page, point: str, page: Page, table: int) -> None:
    station.show(ke, point)
    page.goto(STATION)
    expect(page.locator("html[data-ready=yes]")).to_be_attached()
    page.locator("#table-number").fill(str(table))
    page.locator("#invitation").fill(ke.locator("code.break").text_content() or "")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("#place")).to_contain_text(re.compile(rf" {table}$"))


def swabbed(page: Page, tube: str, name: str, number: str) -> None:
    """Into this tube; the one before is closed. Where there is a network, its verdict may already be the server's."""
    if page.locator("#tube-code").inner_text() != tube:
        station.scan(page, tube)
        if page.get_by_role("button", name="封上一管，用新管").is_visible():
            page.get_by_role("button", name="封上一管，用新管").click()
        expect(page.locator("#tube-code")).to_have_text(tube)
    typed(page, name, number)
    expect(page.locator("#verdict strong")).to_have_text(re.compile("可以采样|本轮已采过"))


def typed(page: Page, name: str, number: str) -> None:
    page.locator("#typed summary").click()
    page.locator("#t-name").fill(name)
    page.locator("#t-kind").select_option("passport")
    page.locator("#t-number").fill(number)
    page.locator("#typed-form button").click()
