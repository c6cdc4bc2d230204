"""A round to its end: swabs, boxes by courier to the laboratory, a positive pool until it is known who it was, the account signed."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e import test_station as station
from tests.e2e import test_testing as office
from tests.e2e.look import look

Come = Callable[..., Page]
PEOPLE = {
    "模拟甲": "210599197001010105", "模拟乙": "210599197001010121", "模拟丙": "210599197001010148", "模拟丁": "210599197001010164",
    "模拟戊": "210599197001010180",
}  # fmt: skip
POSITIVE, NEGATIVE = "J00000601", "J00000602"
SINGLES = {"R00000601": "模拟甲", "R00000602": "模拟乙", "R00000603": "模拟丙"}


def test_a_round_goes_from_swabs_to_the_signed_account(come: Come, monkeypatch: Any, tmp_path: Path) -> None:
    """Ke's table swabs five people into two tubes; the box goes with a courier, Feng enters that the laboratory has it, and its results.

    One tube is positive: its three people are swabbed again, each alone, by the same way; one of them is it. A tube that nobody knows
    holds up no result. Then every tube has been counted and everybody has a result, and Feng signs.
    """
    campaign, point = station.begun(come, monkeypatch, "江城第8轮区域核酸检测", "桥头八小")
    feng, ke, table = come("feng"), come("ke", phone=True), come(phone=True)
    station.enrol(ke, point, table)
    swabbed(table, POSITIVE, *list(PEOPLE)[:3])
    swabbed(table, NEGATIVE, *list(PEOPLE)[3:])
    sealed(table, "XJ601", POSITIVE, NEGATIVE)
    received(feng, "XJ601", 2)
    handed_in(feng, campaign, tmp_path, {POSITIVE: "阳性", NEGATIVE: "阴性", "J00000699": "阴性"}, refused="J00000699")
    resample(ke, table)
    received(feng, "XJ602", 3)
    handed_in(feng, campaign, tmp_path, dict(zip(SINGLES, ("阴性", "阳性", "阴性"), strict=True)))
    confirm(ke)
    sign(feng, campaign)


def swabbed(page: Page, tube: str, *names: str) -> None:
    """Typed in one by one, and the tube closed."""
    station.scan(page, tube)
    expect(page.locator("#tube-code")).to_have_text(tube)
    for n, name in enumerate(names, 1):
        page.locator("#typed summary").click()
        page.locator("#t-name").fill(name)
        page.locator("#t-number").fill(PEOPLE[name])
        page.locator("#typed-form button").click()
        expect(page.locator("#verdict strong")).to_have_text("可以采样")
        expect(page.locator("#tube-fill")).to_have_js_property("value", n)
    page.locator("#close").click()
    expect(page.locator("#verdict strong")).to_contain_text(f"已封管 {tube}")


def sealed(page: Page, box: str, *tubes: str) -> None:
    """Counted against the tubes in hand, sealed, given to the courier, and all of it confirmed by the server."""
    page.locator("#box summary").click()
    for code in (box, *tubes):
        station.scan(page, code)
    expect(page.locator("#b-hand")).to_have_value(str(len(tubes)))
    page.locator("#box-form button:not([type=reset])").click()
    expect(page.locator("#verdict strong")).to_have_text(f"已封箱 {box}：{len(tubes)} 管")
    page.locator("#s-courier").fill("赵转运")
    page.locator("#s-box").select_option(box)
    look(page, f"testing-end-{box}-courier")
    page.locator("#sending button").click()
    expect(page.locator("#sending")).to_be_hidden()
    page.locator("#box summary").click()
    expect(page.locator("#n-pending")).to_have_text("0")


def received(page: Page, box: str, tubes: int) -> None:
    page.goto(f"{office.ROOM}boxes/")
    page.get_by_role("link", name=box).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("转运中")
    page.get_by_role("link", name="登记收箱").click()
    page.locator("[name=received]").fill(str(tubes))
    page.locator("[name=laboratory]").fill("江城疾控")
    look(page, f"testing-end-{box}-receive")
    page.get_by_role("button", name="登记收箱").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("实验室已收")
    expect(page.locator("main")).to_contain_text("赵转运")


def handed_in(page: Page, campaign: str, folder: Path, found: dict[str, str], refused: str = "") -> None:
    """The laboratory's sheet; its good lines go in, and the one that cannot be is named and can be taken away to be put right."""
    later = time.strftime("%Y-%m-%d %H:%M", time.gmtime(time.time() + 8 * 3600 + 60))
    file = folder / "results.csv"
    file.write_text(
        "管码,结果,出结果时间,实验室\n" + "".join(f"{t},{v},{later},江城疾控\n" for t, v in found.items()), "utf-8"
    )
    page.goto(campaign)
    page.get_by_role("link", name="导入检测结果").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="检查文件").click()
    if refused:
        expect(page.get_by_role("alert")).to_contain_text("有 1 行不能登记")
        look(page, "testing-end-results")
    page.get_by_role("button", name=f"确认登记 {len(found) - bool(refused)} 条").click()
    if refused:
        expect(page.get_by_role("status").first).to_contain_text("已登记 2 条")
        expect(page.get_by_role("row", name=refused).first).to_contain_text("还有终端没有上传")
        look(page, "testing-end-refused")
        with page.expect_download() as asked:
            page.get_by_role("link", name="下载未登记的行").click()
        assert asked.value.suggested_filename == "refused.xlsx"
    else:
        expect(page.get_by_role("heading", level=1)).to_contain_text(office.NAME)


def resample(ke: Page, table: Page) -> None:
    """Ke sees whom to call; the table swabs each alone, their box goes the same way, and Ke enters that all are done."""
    pool(ke)
    expect(ke.get_by_text("名单上 3 人，已复采 0 人，还差 3 人")).to_be_visible()
    look(ke, "testing-end-pool")
    table.locator("summary", has_text="更多").click()
    table.locator("#retest").check()
    for tube, name in SINGLES.items():
        swabbed(table, tube, name)
    table.locator("#retest").uncheck()
    table.locator("summary", has_text="更多").click()
    sealed(table, "XJ602", *SINGLES)
    pool(ke)
    ke.get_by_role("button", name="登记复采完成").click()
    expect(ke.get_by_role("heading", level=1)).to_contain_text("已复采，待结果")
    expect(ke.get_by_text("名单上 3 人，已复采 3 人，还差 0 人")).to_be_visible()


def confirm(ke: Page) -> None:
    pool(ke)
    ke.get_by_role("link", name="复核阳性").click()
    ke.locator("[name=positives]").fill("1")
    look(ke, "testing-end-confirm")
    ke.get_by_role("button", name="复核阳性").click()
    expect(ke.get_by_role("heading", level=1)).to_contain_text("复核阳性")
    for tube in SINGLES:
        expect(ke.locator("main")).to_contain_text(tube)
    look(ke, "testing-end-confirmed")


def pool(page: Page) -> None:
    page.goto(f"{office.ROOM}pools/")
    page.get_by_role("link", name=POSITIVE).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(POSITIVE)


def sign(page: Page, campaign: str) -> None:
    """Five tubes in the system, in boxes and in hand; eight swabs, all with a result."""
    page.goto(campaign)
    page.get_by_role("button", name="结束采样").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("采样结束，待对账")
    page.locator("main a[href$='/account/']").click()
    expect(page.get_by_text("账已对上。")).to_be_visible()
    rows = page.locator("tbody tr")
    expect(rows.nth(0)).to_have_text(re.compile(r"(5\s*){5}$"))
    expect(rows.nth(1)).to_have_text(re.compile(r"8(\s*—){3}\s*8\s*$"))
    look(page, "testing-end-account")
    page.get_by_role("link", name="签认对账").click()
    page.locator("[name=in_hand]").fill("5")
    page.get_by_role("button", name="对账").click()
    expect(page.locator("main")).to_contain_text("1 台终端没有交回")
    page.locator("[name=differences]").fill("终端留在点上待下一轮，记录已全部上传。")
    look(page, "testing-end-sign")
    page.get_by_role("button", name="对账").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已对账")
    expect(page.locator("main")).to_contain_text("系统5管，实物5管；采样8人次，有结果8人次")
    look(page, "testing-end-signed")
