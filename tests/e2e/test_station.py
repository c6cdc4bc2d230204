"""A table whose network never comes: enrolled by a picture, scanned with the camera, carried by a colleague; and another on paper."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import segno
from playwright.sync_api import Browser, Page, expect

from tests.e2e import test_testing as office
from tests.e2e.house import PHONE, QUIET, chromium_path
from tests.e2e.look import look
from tests.e2e.telephone import STATION

Come = Callable[..., Page]
BATCH = "**/testing/device/batch"


def test_a_day_without_network_is_handed_in_as_a_file_and_on_paper(
    come: Come, monkeypatch: Any, house: str, browser: Browser, tmp_path: Path
) -> None:
    """A telephone enrols by a picture of the point's code and reads tubes with its camera. Its network never comes; a colleague carries the file.

    Another table writes on paper, which Ke types in. Handed in twice, and sent once more when there is network: each swab is one.
    """
    campaign, point = begun(come, monkeypatch, "江城第3轮区域核酸检测", "桥头二小")
    feng, ke = come("feng"), come("ke")
    page = filmed(browser, house, tmp_path, "C00000301")
    code = tmp_path / "point.png"
    show(ke, point).screenshot(path=code)
    page.goto(STATION)
    expect(page.locator("html[data-ready=yes]")).to_be_attached()
    look(page, "station-1-enrol")
    page.locator("#enrol-picture").set_input_files(code)
    expect(page.locator("#place")).to_contain_text("桥头二小 1")
    page.route(BATCH, lambda route: route.abort())
    page.locator("#look").click()
    expect(page.locator("#tube-code")).to_have_text("C00000301")
    look(page, "station-4-camera")
    page.locator("#unlook").click()
    typed(page, "模拟甲")
    typed(page, "模拟乙")
    listed(page)
    page.locator("summary", has_text="更多").click()
    with page.expect_download() as asked:
        page.locator("#export").click()
    look(page, "station-5-exported")
    carried = tmp_path / asked.value.suggested_filename
    asked.value.save_as(carried)
    handed_in(ke, carried)
    page.unroute_all(behavior="ignoreErrors")
    page.locator("#send-now").click()
    expect(page.locator("#n-confirmed")).to_have_text("4")
    page.context.browser.close()
    on_paper(come("ke", phone=True), point)
    swabbed(feng, campaign, 6)


def begun(come: Come, monkeypatch: Any, name: str, point: str) -> tuple[str, str]:
    """A campaign that has begun, and its point."""
    monkeypatch.setattr(office, "NAME", name)
    monkeypatch.setattr(office, "POINT", point)
    campaign, where = office.draft(come("feng")), office.set_up(come("ke"))
    office.begin(come("feng"), campaign)
    return campaign, where


def swabbed(page: Page, campaign: str, n: int) -> None:
    page.goto(campaign)
    page.get_by_role("link", name="实时大屏").click()
    expect(page.locator(".tile-figure").first).to_have_text(str(n))


def show(ke: Page, point: str) -> Any:
    """The point's code, on Ke's screen."""
    ke.goto(point)
    ke.get_by_role("link", name="登记终端").click()
    return ke.locator("main svg").filter(has=ke.locator("path.qrline")).first


def enrol(ke: Page, point: str, page: Page) -> None:
    show(ke, point)
    if STATION not in page.url:
        page.goto(STATION)
    expect(page.locator("html[data-ready=yes]")).to_be_attached()
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


def filmed(browser: Browser, house: str, folder: Path, text: str) -> Page:
    """A telephone before whose camera a code is held: one picture of it, as an uncompressed film (YUV4MPEG2)."""
    film, rows = folder / "code.y4m", list(segno.make_qr(text).matrix_iter(scale=8, border=10))
    size = len(rows) // 4 * 4
    grey = b"".join(bytes(16 if dark else 235 for dark in row[:size]) for row in rows[:size])
    film.write_bytes(
        f"YUV4MPEG2 W{size} H{size} F5:1 Ip A1:1 C420\nFRAME\n".encode() + grey + bytes([128]) * (size * size // 2)
    )
    fake = [
        "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}",
    ]  # fmt: skip
    found = browser.browser_type.launch(executable_path=chromium_path(), args=[*QUIET, *fake])
    context = found.new_context(base_url=house, locale="zh-CN", viewport=PHONE, has_touch=True, is_mobile=True)
    return context.new_page()


def listed(page: Page) -> None:
    """A class that was listed beforehand: the second is late, and comes after the third."""
    page.locator("#list summary").click()
    page.locator("#list-text").fill("姓名\t证件号码\n模拟一\t210599201503072417\n模拟二")
    page.locator("#list-form button").click()
    expect(page.locator("#verdict strong")).to_have_text("名单没有存：第 2 行看不懂，或证件号码有误")
    page.locator("#list-text").fill("姓名\t证件号码\n模拟一\t21059920150307241X\n模拟二")
    page.locator("#list-form button").click()
    expect(page.locator("#list-next")).to_have_text("下一位：模拟一")
    look(page, "station-4-list")
    page.locator("#list-absent").click()
    for name, left in (("模拟二", 1), ("模拟一", 0)):
        expect(page.locator("#list-next")).to_have_text(f"下一位：{name}")
        page.locator("#list-next").click()
        expect(page.locator("#list-left")).to_have_text(f"名单 2 人，还有 {left} 人")
    page.locator("#list summary").click()


def handed_in(ke: Page, file: Path) -> None:
    """Twice, as happens."""
    for n, words in enumerate(("新登记 4", "以前已登记 4"), 6):
        ke.goto("/jiangcheng/testing/handed-in/")
        ke.locator("#file").set_input_files(file)
        ke.get_by_role("button", name="交上去").click()
        expect(ke.locator("main")).to_contain_text(words)
        look(ke, f"station-{n}-handed-in")


def on_paper(ke: Page, point: str) -> None:
    ke.goto(f"{point}paper/print/")
    look(ke, "station-8-paper")
    sheet = ke.locator("strong").first.inner_text()
    ke.goto(f"{point}paper/?sheet={sheet}")
    for n, name in enumerate(("模拟丙", "模拟丁")):
        ke.locator(f"[name=line-{n}-name]").fill(name)
        ke.locator(f"[name=line-{n}-kind]").select_option("none")
    ke.locator("[name=line-0-tube]").fill("P00000301")
    look(ke, "station-9-typing")
    ke.get_by_role("button", name="登记", exact=True).click()
    expect(ke.locator("tbody tr")).to_have_count(2)
    look(ke, "station-10-typed")
