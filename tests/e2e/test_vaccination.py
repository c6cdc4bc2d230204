"""A vaccination station from its opening to its return: vaccine, counts on a telephone, a desk added, a refrigerator too warm."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/vaccination/"
STATION = "桥头街道接种点"


def test_a_station_opens_counts_gets_a_desk_and_reports(come: Come) -> None:
    """Feng at the command post sets up a station at Bridge Street and opens it. Ke, who heads it, takes in two batches and starts a session.

    He counts on his phone. One batch is put on hold while his page still shows it as usable: his tap is refused and told what to take
    instead. People queue; the station's page tells what a third desk would do, Feng decides. In the afternoon the refrigerator shows
    9.4 °C: Ke writes down what was done. He closes the session against the age groups, reports it, and prints the sheet of the month.
    """
    feng, ke = come("feng"), come("ke")
    station = opens(feng)
    receives(ke, station, "JC202201")
    bad = receives(ke, station, "JC202202")
    phone = come("ke", phone=True)
    session = starts(phone)
    counts(phone, session)
    refused(phone, ke, session, bad)
    desk(feng, station)
    fridge = warm(phone)
    closes(phone, session)
    report(feng, fridge)
    english(come("feng", phone=True), session)


def opens(page: Page) -> str:
    page.goto(f"{ROOM}new/")
    page.locator("[name=unit]").select_option(label="桥头街道")
    for name, value in {
        "name": STATION,
        "place": "桥头小学体育馆",
        "desks": "2",
        "vaccinators": "3",
        "checkers": "2",
        "seats": "30",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=fridges]").fill("1号冰箱")
    look(page, "vaccination-1-new")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("筹备")
    page.get_by_role("button", name="开放", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("开放")
    look(page, "vaccination-1-open")
    return page.url


def receives(page: Page, station: str, number: str) -> str:
    page.goto(station)
    page.get_by_role("link", name="登记到货").click()
    fields = {
        "vaccine": "新冠病毒灭活疫苗",
        "maker": "江城生物制品公司",
        "number": number,
        "expires_on": "2099-06-30",
        "announced": "400",
    }
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="验收入库").click()
    page.locator("[name=counted]").fill("400")
    page.locator("[name=celsius]").fill("4.6")
    page.locator("[name=fridge]").select_option(index=1)
    page.get_by_role("button", name="验收入库").click()
    expect(page.get_by_role("alert").first).to_contain_text("依法不得接收")  # the papers were not ticked
    look(page, "vaccination-2-papers")
    page.locator("[name=papers]").check()
    page.get_by_role("button", name="验收入库").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("可用")
    look(page, "vaccination-2-batch")
    return page.url


def starts(page: Page) -> str:
    page.goto(f"{ROOM}sessions/new/")
    page.locator("[name=station]").select_option(label=STATION)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="开始接种").click()
    page.locator("[name=desks]").fill("2")
    page.locator("[name=staff]").fill("9")
    page.get_by_role("button", name="开始接种").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("接种中")
    return page.url


def counts(page: Page, session: str) -> None:
    """A morning typed by the half hour as the paper had it, then taps."""
    page.goto(f"{session}count/")
    look(page, "vaccination-3-count")
    for slot, came, given in (("540", 40, 20), ("570", 40, 20), ("600", 30, 20), ("630", 10, 20)):
        page.get_by_text("输入数字，或更正").click()
        page.locator("[name=slot]").last.select_option(slot)
        for name, number in {"n_arrived": came, "n_passed": given, "n_consented": given, "n_observed": given}.items():
            page.locator(f"[name={name}]").fill(str(number))
        page.get_by_role("spinbutton", name=re.compile("JC202201$")).fill(str(given))
        page.get_by_role("button", name="记入").click()
        expect(page.get_by_text("已记入 5 项")).to_be_visible()
    expect(total(page, "arrived")).to_have_text("120")
    tap(page, "arrived", 5)
    tap(page, "arrived", 1)
    tap(page, "arrived", 1)
    expect(total(page, "arrived")).to_have_text("127")
    page.reload()
    expect(total(page, "arrived")).to_have_text("127")
    look(page, "vaccination-3-tapped")


def refused(phone: Page, office: Page, session: str, bad: str) -> None:
    phone.goto(f"{session}count/")
    office.goto(bad)
    office.get_by_role("link", name="暂停使用").click()
    office.locator("[name=note]").fill("接到召回通知")
    look(office, "vaccination-4-hold")
    office.get_by_role("button", name="暂停使用").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("停用中")
    row = phone.locator("form.tap-row", has_text="JC202202")
    row.get_by_role("button", name=re.compile(r"\+1$")).click()
    expect(phone.locator("[data-fault]")).to_contain_text(
        "JC202202 已停用（接到召回通知），不能使用。请立即从接种台撤下，隔离存放并贴上停用标识。请改用："
    )
    expect(row.locator("output")).to_have_text("0")
    look(phone, "vaccination-4-refused")


def desk(page: Page, station: str) -> None:
    page.goto(station)
    expect(page.get_by_text("接种台够不够")).to_be_visible()
    look(page, "vaccination-5-station")
    page.get_by_role("link", name="增减接种台", exact=True).last.click()
    expect(page.get_by_text(re.compile("平均排队 .* 分钟，增设一台后约"))).to_be_visible()
    expect(page.locator("[name=after]")).to_have_value("3")
    page.locator("[name=why]").fill("上午平均排队超过半小时")
    look(page, "vaccination-5-propose")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".drill-figure")).to_contain_text("→")
    look(page, "vaccination-5-proposed")
    page.get_by_role("button", name="决定，即时生效").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已生效")
    expect(page.get_by_text("下一场按半小时计数之后")).to_be_visible()
    look(page, "vaccination-5-decided")
    page.goto(station)
    expect(page.locator(".history")).to_contain_text("冯指挥把接种台从2个调整为3个")


def warm(page: Page) -> str:
    page.goto(f"{ROOM}fridges/")
    page.get_by_role("link", name=re.compile("1号冰箱")).click()
    fridge = page.url
    record(page, "9.4", 40)
    expect(page.get_by_role("heading", level=1)).to_contain_text("超温，待处置")
    look(page, "vaccination-6-warm")
    page.get_by_role("link", name="登记处置").click()
    page.get_by_label("疫苗已转移到合格设备").check()
    page.locator("[name=note]").fill("冰箱门没有关严，疫苗当即移入备用冷藏箱")
    look(page, "vaccination-6-handle")
    page.get_by_role("button", name="登记处置").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已处置，温度未恢复")
    page.goto(fridge)
    record(page, "5.1", 1)
    look(page, "vaccination-6-fridge")
    page.goto(f"{ROOM}excursions/")
    expect(page.locator("table.data tbody tr")).to_contain_text("已了结")
    return fridge


def record(page: Page, celsius: str, minutes_ago: int) -> None:
    page.locator("[name=celsius]").first.fill(celsius)
    page.locator("[name=at]").fill((datetime.now() - timedelta(minutes=minutes_ago)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="登记", exact=True).click()


def closes(page: Page, session: str) -> None:
    page.goto(session)
    page.get_by_role("link", name="结束，核对").click()
    page.get_by_label("18~59岁 第1剂").fill("60")
    page.get_by_role("button", name="结束，核对").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    look(page, "vaccination-7-sum")
    page.get_by_label("60~79岁 第2剂").fill("20")
    page.get_by_role("button", name="结束，核对").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已结束，待上报")
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已上报")
    look(page, "vaccination-7-reported")


def report(page: Page, fridge: str) -> None:
    page.goto(f"{fridge}month/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("冷藏设备温度记录表")
    look(page, "vaccination-8-month")
    page.goto(f"{ROOM}doses/")
    expect(page.get_by_role("cell", name="80", exact=True)).to_be_visible()
    look(page, "vaccination-8-doses")
    page.goto(f"{ROOM}doses/?print=1")
    look(page, "vaccination-8-paper")
    page.goto(ROOM)
    look(page, "vaccination-8-list")
    page.goto(f"{ROOM}waiting/")
    look(page, "vaccination-8-waiting")


def english(page: Page, session: str) -> None:
    page.goto(session)
    page.locator(".language button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("reported")
    look(page, "vaccination-9-english")
    page.goto(ROOM)
    look(page, "vaccination-9-english-list")


def total(page: Page, what: str) -> Locator:
    return page.locator(f"[data-total='{what}']")


def tap(page: Page, what: str, number: int) -> None:
    page.locator(f"form[data-what='{what}']").get_by_role("button", name=re.compile(rf"\+{number}$")).click()
