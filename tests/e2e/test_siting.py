"""Where the points stand: from an Excel of buildings to an adopted plan and its slips; a point closed in mid-morning; a laboratory cured by 20-in-1."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from playwright.sync_api import Page, Route, expect

from tests.e2e.house import OFFICE, PHONE
from tests.e2e.look import look, screen

Come = Callable[..., Page]
ROOM = "/jiangcheng/siting/"
HOMES = ["编号", "楼栋或社区", "人数", "经度", "纬度"]
SITES = ["编号", "候选点", "街道（社区）", "经度", "纬度", "可设采样台"]
LABS = ["实验室", "检测线（条）", "经度", "纬度"]
BUILDINGS: list[list[Any]] = [
    [f"B{i:02}", f"{i + 1}号楼", 300 + 10 * i, round(123.79 + 0.002 * (i % 4), 6), round(41.31 + 0.002 * (i // 4), 6)] for i in range(12)
]  # fmt: skip
SCHOOLS: list[list[Any]] = [
    [f"P{i}", f"第{i + 1}小学", "桥头街道", round(123.791 + 0.004 * (i % 3), 6), round(41.311 + 0.003 * (i // 3), 6), 12] for i in range(6)
]  # fmt: skip
LABORATORIES = [["区疾控中心", 2, 123.79, 41.31]]


def test_command_post_sites_points_closes_one_and_finds_its_bottleneck(come: Come, tmp_path: Path) -> None:
    """Feng commands. Tomorrow the bridge quarter is to be swabbed; she has the buildings and the schools in Excel, one row of them twice.

    She is told which row, mends it, lets the house work out three points, reads how good that provably is and that the laboratory is the
    bottleneck, turns the hours, tries 20-in-1, compares, and adopts: the campaign and the roster have their points, each building its slip.
    In mid-morning a school must close: she sees who would go where, and adopts. Lei, who leads, reads the same in English on a phone and cannot plan.
    """
    head = come("feng")
    study = begin(head)
    lists(head, study, tmp_path)
    on_the_map(head, come)
    option = work_out(head, study)
    turned(head, option)
    cured = cure(head, option)
    compare(head, option)
    adopt(head, cured)
    papers(head, cured)
    close(head, cured, come)
    otherwise(head)
    english(come("lei", phone=True), come("feng", phone=True), cured, study)


def begin(page: Page, name: str = "桥头片区第三轮布点") -> str:
    page.goto(f"{ROOM}new/")
    page.locator("[name=unit]").select_option(label="江城市疫情防控指挥部")
    page.locator("[name=name]").fill(name)
    page.locator("[name=points]").fill("3")
    page.locator("[name=when]").fill(f"{date.today() + timedelta(days=2):%Y-%m-%d}")
    page.locator("[name=opens]").fill("08:00")
    page.locator("[name=closes]").fill("12:00")
    look(page, "siting-01-new")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("编制中")
    return page.url


def book(path: Path, heading: list[str], rows: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        for i, row in enumerate([heading, *rows]):
            sheet.write_row(i, 0, row)
    return path


def bring(page: Page, kind: str, path: Path) -> None:
    page.locator(f"#file-{kind}").set_input_files(path)
    page.locator("form", has=page.locator(f"#file-{kind}")).locator("button").click()


def lists(page: Page, study: str, folder: Path) -> None:
    page.get_by_role("link", name="导入基础数据").click()
    bring(page, "demand", book(folder / "wrong.xlsx", HOMES, [*BUILDINGS, BUILDINGS[0]]))
    expect(page.get_by_role("alert").first).to_contain_text("第14行：编号“B00”与第2行重复")
    look(page, "siting-02-faults")
    bring(page, "demand", book(folder / "homes.xlsx", HOMES, BUILDINGS))
    expect(page.get_by_text("已导入居民（楼栋或社区）12行。")).to_be_visible()
    bring(page, "sites", book(folder / "sites.xlsx", SITES, SCHOOLS))
    expect(page.get_by_text("已导入候选点6行。")).to_be_visible()
    bring(page, "labs", book(folder / "labs.xlsx", LABS, LABORATORIES))
    expect(page.get_by_text("已导入实验室1行。")).to_be_visible()
    bring(page, "vans", book(folder / "vans.xlsx", ["车辆或车队", "车辆数"], [["一队", 2]]))
    expect(page.get_by_text("已导入转运车1行。")).to_be_visible()
    ways = ["从（楼栋或社区编号）", "到（候选点编号）", "步行（米）"]
    bring(page, "walks", book(folder / "ways.xlsx", ways, [["B99", "P0", 300]]))
    expect(page.get_by_role("alert").first).to_contain_text("第2行：没有编号“B99”")
    bring(page, "walks", book(folder / "ways.xlsx", ways, [["B00", "P0", 180], ["B01", "P0", 240]]))
    expect(page.get_by_text("已导入步行路程2行。")).to_be_visible()
    page.get_by_role("button", name="按居民登记取人数").click()
    expect(page.get_by_text("都还没有人登记，人数没有改")).to_be_visible()
    look(page, "siting-02-lists")


def on_the_map(page: Page, come: Come) -> None:
    """On her telephone, in the street, she taps a square that no list has, moves it, and takes it off; at the desk she types one."""
    page.get_by_role("link", name="在地图上布置候选点").click()
    expect(page.get_by_text("这张图和坐标都是 GCJ-02。")).to_be_visible()
    address = page.url
    phone = come("feng", phone=True)
    phone.goto(address)
    phone.locator(".map canvas, .map svg path").first.wait_for()
    phone.locator(".map").tap(position={"x": 250, "y": 280})
    expect(phone.locator("[name=lon]")).not_to_have_value("")
    phone.locator("[name=name]").fill("河边广场")
    phone.locator("[name=tables]").fill("4")
    look(phone, "siting-02-tapped")
    phone.get_by_role("button", name="放在这里").tap()
    expect(phone.get_by_text("已放好“河边广场”。")).to_be_visible()
    phone.get_by_role("link", name="改河边广场").tap()
    before = phone.locator("[name=lat]").input_value()
    phone.locator(".map").tap(position={"x": 60, "y": 285})
    expect(phone.locator("[name=lat]")).not_to_have_value(before)
    phone.get_by_role("button", name="放在这里").tap()
    expect(phone.locator("td", has_text=before)).to_have_count(0)
    phone.get_by_role("link", name="改河边广场").tap()
    phone.get_by_role("button", name="删去这一处").tap()
    phone.locator("dialog").get_by_role("button", name="删去这一处").tap()
    expect(phone.get_by_text("已删去P7。")).to_be_visible()
    page.reload()
    for name, value in {"name": "文化广场", "tables": "2", "lon": "123.80", "lat": "41.318"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=use]").select_option("banned")
    page.get_by_role("button", name="放在这里").click()
    expect(page.get_by_text("不得设点").last).to_be_visible()
    look(page, "siting-02-map")
    page.get_by_role("link", name="回到测算").click()


def work_out(page: Page, study: str) -> str:
    page.locator("[name=without]").fill("第9小学")
    page.get_by_role("button", name="开始测算").click()
    expect(page.get_by_text("候选点里没有“第9小学”")).to_be_visible()
    page.locator("[name=seconds]").fill("3")
    look(page, "siting-03-ready")
    held: list[Route] = []  # else the page is drawn anew while it is looked at
    page.route("**/state/*", lambda route: held.append(route))  # noqa: PLW0108 -- the driver marks the function it is given
    page.get_by_role("button", name="开始测算").click()
    expect(page).not_to_have_url(study)
    look(page, "siting-04-working")
    picture_at(page, PHONE, "siting-04-working")
    for one in held:
        one.continue_()
    page.unroute("**/state/*")
    # the first run of all compiles
    expect(page.get_by_role("button", name="采用这个方案")).to_be_visible(timeout=300_000)
    expect(page.locator(".plan-line")).to_contain_text("3个采样点")
    expect(page.locator(".plan-line")).to_contain_text("已证明没有更好的方案")
    expect(page.get_by_text("瓶颈在实验室")).to_be_visible()
    expect(page.locator(".map .leaflet-container, .map canvas").first).to_be_visible()
    expect(page.get_by_role("heading", name="转运路线")).to_be_visible()
    look(page, "siting-05-option")
    page.locator(".map").get_by_label("转运路线").check()
    expect(page.locator(".map .map-number").first).to_be_visible()
    page.locator(".plan-map").scroll_into_view_if_needed()
    screen(page, "siting-05-rounds")
    return page.url


def turned(page: Page, option: str) -> None:
    """An hour longer, and people who come as their slot begins: what that makes of the queues, before anything is decided."""
    for name, value in {"closes": "13:00", "early": "60", "no_show": "5", "seconds": "1"}.items():
        page.locator(f"#if-{name}").fill(value)
    page.get_by_role("button", name="开始测算").click()
    expect(page).not_to_have_url(option)
    expect(page.get_by_role("button", name="采用这个方案")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("不来的（%） 5；赶早（%） 60；结束采样 13:00")).to_be_visible()
    look(page, "siting-05-turned")
    page.goto(option)


def cure(page: Page, option: str) -> str:
    page.get_by_role("button", name="改为20合1再算").click()
    expect(page).not_to_have_url(option)
    expect(page.get_by_role("button", name="采用这个方案")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("实验室跟得上采样。")).to_be_visible()
    look(page, "siting-06-cured")
    return page.url


def compare(page: Page, option: str) -> None:
    page.get_by_role("button", name="对比").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("两个方案对比")
    look(page, "siting-07-compare")


def adopt(page: Page, option: str) -> None:
    page.goto(option)
    page.get_by_role("button", name="采用这个方案").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已采用")
    page.get_by_role("link", name="桥头片区第三轮布点", exact=True).last.click()
    look(page, "siting-08-handed-on")
    page.goto("/jiangcheng/testing/points/")
    expect(page.get_by_role("link", name=re.compile("第[1-6]小学"))).to_have_count(3)
    look(page, "siting-08-points")


def papers(page: Page, option: str) -> None:
    page.goto(option)
    page.get_by_role("link", name="打印楼栋通知单").click()
    expect(page.locator(".slip-sheet")).to_have_count(12)
    expect(page.locator(".slip-sheet").first).to_contain_text("Notice of sampling")
    look(page, "siting-09-slips")
    page.goto(option)
    page.get_by_role("link", name="打印采样点表").click()
    expect(page.locator(".slip-sheet")).to_have_count(3)
    look(page, "siting-09-points")
    page.goto(option)
    with page.expect_download() as taken:
        page.get_by_role("link", name="楼栋 Excel").click()
    assert taken.value.suggested_filename == "siting-slips.xlsx"


def close(page: Page, option: str, come: Come) -> None:
    """Of two families that have registered by then, one must go elsewhere and is told so on its telephone; the other hears nothing."""
    opened(page)
    page.goto(option)
    phone = come("feng", phone=True)
    phone.goto(option)
    expect(phone.locator(".map canvas").first).to_be_visible()
    look(phone, "siting-10-option")
    one_point(page, phone)
    page.get_by_role("link", name="关闭采样点…").click()
    named = page.locator("select[name=points] option").first.get_attribute("value")
    page.goto(f"{option}close/?point={named}")  # where the mark on the map leads
    expect(page.locator("select[name=points]")).to_have_values([named or ""])
    look(page, "siting-10-close")
    page.locator("[name=at]").fill("10:00")
    page.locator("[name=reason]").fill("操场积水")
    page.get_by_role("button", name="看看谁要改签").click()
    expect(page.get_by_text(re.compile("要改签的 \\d+ 人"))).to_be_visible(timeout=120_000)
    expect(page.get_by_role("button", name="采用这个方案")).to_be_visible(timeout=120_000)
    look(page, "siting-10-who-moves")
    moving = {cell.inner_text() for cell in page.locator("td[data-label=楼栋]").all()}
    one, other = min(moving), min({f"B{i:02}" for i in range(12)} - moving)
    goes, stays = come(phone=True), come(phone=True)
    registered(goes, building(one))
    registered(stays, building(other))
    look(goes, "siting-10-resident")
    before = stays.locator(".code-place").inner_text()
    page.get_by_role("button", name="采用这个方案").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已采用")
    goes.reload()
    expect(goes.locator(".code-moved")).to_contain_text("原因：操场积水")
    look(goes, "siting-10-resident-moves")
    stays.reload()
    expect(stays.locator(".code-place")).to_have_text(before, use_inner_text=True)
    expect(stays.locator(".code-moved")).to_have_count(0)
    page.get_by_role("link", name="打印楼栋通知单").click()
    expect(page.locator(".slip-moved").first).to_contain_text("操场积水")
    page.goto("/jiangcheng/board/")
    look(page, "siting-11-board")


def one_point(page: Page, phone: Page) -> None:
    """Her row leads to its queue and its buildings, at the desk and in the street."""
    back = page.url
    page.locator("[id^=point-] a").first.click()
    expect(page.get_by_text("到这里来的楼栋").first).to_be_visible()
    for _ in range(30):  # the engine is loaded behind the page
        if page.get_by_text("这个点的排队人数").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_text("这个点的排队人数").first).to_be_visible()
    look(page, "siting-10-point")
    phone.goto(page.url)
    look(phone, "siting-10-point")
    page.goto(back)


def otherwise(page: Page) -> None:
    """After the school has closed, another has a table less, the first may open again, and the laboratory loses a lane."""
    page.goto("/jiangcheng/siting/options/?state=adopted")
    page.locator("td a").first.click()
    option = page.url
    page.get_by_role("link", name="减少采样台…").click()
    page.locator("select[name=points] option").first.click()
    page.locator("[name=left]").fill("1")
    look(page, "siting-13-fewer")
    page.goto(f"{option}step/reopen/")
    page.locator("select[name=points]").select_option(index=0)
    page.locator("[name=at]").fill("10:30")
    look(page, "siting-13-again")
    page.get_by_role("button", name="看看谁要改签").click()
    expect(page.get_by_role("button", name="采用这个方案")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("重新开放采样点").first).to_be_visible()
    look(page, "siting-13-who-goes-back")
    page.goto(f"{option}step/labs/")
    page.locator("[name=lanes_0]").fill("0")
    page.locator("[name=at]").fill("10:30")
    look(page, "siting-13-labs")
    page.get_by_role("button", name="看看结果晚多少").click()
    expect(page.get_by_role("button", name="采用这个方案")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("没有可用检测线，出不了结果").first).to_be_visible()
    look(page, "siting-13-no-results")


def opened(page: Page) -> None:
    page.goto("/jiangcheng/testing/")
    page.get_by_role("link", name="桥头片区第三轮布点", exact=True).first.click()
    page.get_by_role("button", name="开始采样").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("采样中")
    page.get_by_role("link", name="实时大屏").click()
    expect(page.get_by_text("应到未采：")).to_be_visible()
    look(page, "siting-09-live")


def building(key: str) -> str:
    return f"{int(key[1:]) + 1}号楼"


def registered(page: Page, home: str) -> None:
    """Typed and tapped on; the page shows the point and the quarter of an hour."""
    page.goto("/jiangcheng/testing/code/")
    page.locator("[name=name]").fill("模拟楼")
    page.locator("[name=document]").select_option("none")
    page.locator("[name=near]").press_sequentially(home)
    page.locator(".home-choice", has=page.get_by_text(home, exact=True)).click()
    if home == "1号楼":
        look(page, "siting-10-resident-chooses")
    page.get_by_role("button", name="取得采样码").click()
    expect(page.locator(".code-place")).to_contain_text("小学")
    expect(page.locator(".code-place")).to_contain_text("请在这段时间来")


def test_other_numbers_of_points_show_what_each_gives_and_costs(come: Come, tmp_path: Path) -> None:
    """Two points or four, each for a second; then the curve, looked at in the street as well, and in English."""
    page = come("feng")
    study = begin(page, "桥头片区点数比较")
    page.get_by_role("link", name="导入基础数据").click()
    for kind, heading, rows in (("demand", HOMES, BUILDINGS), ("sites", SITES, SCHOOLS), ("labs", LABS, LABORATORIES)):
        bring(page, kind, book(tmp_path / f"{kind}.xlsx", heading, rows))
    page.goto(study)
    page.locator("[name=within]").fill("400")
    page.get_by_role("button", name="算一算").click()
    expect(page.get_by_text("要让人人400米以内有点")).to_be_visible(timeout=60_000)
    look(page, "siting-06-cover")
    page.get_by_role("link", name="回到测算").click()
    page.locator("#if-seconds").fill("1")
    page.get_by_role("button", name="多算几种点数").click()
    expect(page.get_by_role("link", name="方案 2", exact=True)).to_be_visible()
    phone = come("feng", phone=True)
    for _ in range(60):
        phone.goto(study)
        if phone.get_by_text("正在计算", exact=True).count() == 0:
            break
        phone.wait_for_timeout(1000)
    expect(phone.get_by_role("heading", name="多设点，换来什么")).to_be_visible()
    look(phone, "siting-06-curve")
    phone.locator(".language button").first.click()
    look(phone, "siting-06-curve-english")
    phone.locator(".language button").first.click()
    page.reload()
    look(page, "siting-06-curve")


def picture_at(page: Page, size: Any, name: str) -> None:
    """The same page as a telephone shows it."""
    before = page.viewport_size
    page.set_viewport_size(size)
    look(page, name)
    page.set_viewport_size(before or OFFICE)


def english(leader: Page, head: Page, option: str, study: str) -> None:
    """Lei reads on a phone; Feng's own pages too."""
    read = {"option": option, "study": study, "studies": ROOM, "options": f"{ROOM}options/"}
    plan = {
        "bar": study,
        "lists": f"{study}tables/",
        "places": f"{study}places/sites/",
        "close": f"{option}close/",
        "fewer": f"{option}step/reduce/",
        "labs": f"{option}step/labs/",
    }
    for page, addresses in ((leader, read), (head, plan)):
        page.locator(".language button").first.click()
        for name, address in addresses.items():
            page.goto(address)
            look(page, f"siting-12-english-{name}")
        if page is leader:
            page.goto(option)
            assert page.locator("#steps").count() == 0
        page.locator(".language button").first.click()
