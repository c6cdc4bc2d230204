"""A month of duty: planned, mended, published, swapped, signed in for, and a checkpoint at work."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/rosters/"
DAYS = 28


def test_head_plans_a_months_roster_and_mends_a_gap(come: Come) -> None:
    """Feng commands. He sets up a checkpoint at the bridge (two shifts of twelve hours, one person each) and the command post (days, where
    a medic must be), lists seven people with what they can do, and asks for their wishes. Both medics say that they cannot on the same day.

    Feng lets the house propose, sees how far it is and the bound, and that a medic is missing on that day; adopts it, puts a stand-in into
    the gap with a reason, publishes, and prints the table for the wall. Ma asks Niu for a swap, Niu agrees, Feng approves. Whoever stands
    the bridge scans the code at the door and signs in; Ke uses the helper and counts. All of it in English too.
    """
    head = come("feng")
    posts(head)
    crew(head)
    roster = draft(head)
    wishes(come("ma", phone=True), come("lu", phone=True), come("shi", phone=True))
    propose(head, roster)
    gap = mend(head, roster)
    publish(head, roster)
    wall(head, roster)
    mine(come("ma", phone=True))
    swap(come("ma", phone=True), come("niu", phone=True), head)
    on_duty(come("ke"), come("ma", phone=True), come("niu", phone=True))
    checkpoint(come("ke", phone=True))
    english(come("feng"), roster, gap)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存").click()


def posts(page: Page) -> None:
    page.goto(f"{ROOM}posts/new/")
    page.locator("[name=unit]").select_option(label="桥头街道")
    page.locator("[name=name]").fill("桥头卡口")
    page.locator("[name=place]").fill("大桥北口")
    page.locator("[name=pattern]").select_option("12h")
    page.locator("[name=begins]").fill("00:00")
    page.locator("[name=people]").fill("1")
    page.locator("[name=skills]").fill("2 3")
    look(page, "rosters-01-post")
    save(page)
    expect(page.locator(".field-error").first).to_contain_text("读不懂")
    page.locator("[name=skills]").fill("")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("桥头卡口")
    page.goto(f"{ROOM}posts/new/")
    page.locator("[name=unit]").select_option(label="江城市疫情防控指挥部")
    page.locator("[name=name]").fill("指挥部值班室")
    page.locator("[name=kind]").select_option("command")
    page.locator("[name=pattern]").select_option("custom")
    page.locator("[name=custom]").fill("08:00-16:00 1人 医护1")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("指挥部值班室")
    look(page, "rosters-01-post-set-up")


def crew(page: Page) -> None:
    people = {"马队员": "", "牛队员": "", "鲁队员": "医护", "石点位": "医护", "柯点位": "", "杜督导": "", "丁督导": ""}
    for name, skills in people.items():
        page.goto(f"{ROOM}crew/new/")
        page.locator("[name=unit]").select_option(label="江城市疫情防控指挥部")
        page.locator("[name=person]").fill(name)
        page.locator("[name=skills]").fill(skills)
        save(page)
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.goto(f"{ROOM}crew/")
    expect(page.locator("table.data tbody tr")).to_have_count(len(people))
    look(page, "rosters-02-crew")


def draft(page: Page) -> str:
    page.goto(f"{ROOM}new/")
    page.locator("[name=unit]").select_option(label="江城市疫情防控指挥部")
    page.locator("[name=name]").fill("桥头与指挥部四周值守")
    page.locator("[name=first_on]").fill(date.today().isoformat())
    page.locator("[name=last_on]").fill((date.today() + timedelta(days=DAYS - 1)).isoformat())
    page.locator("[name=wishes_by]").fill(date.today().isoformat())
    for name in ("桥头卡口", "指挥部值班室"):
        page.get_by_label(name).check()
    look(page, "rosters-03-draft")
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("草稿")
    return page.url


def wishes(ma: Page, *medics: Page) -> None:
    ma.goto("/")
    ma.locator("a[href*='/rosters/crew/']").click()
    look(ma, "rosters-04-wishes")
    ma.locator(f"[name='{date.today() + timedelta(days=3)}']").select_option("rather_not")
    ma.get_by_role("button", name="填报").click()
    expect(ma.get_by_text("已填报")).to_be_visible()
    for one in medics:
        one.goto(f"{ROOM}mine/")
        one.get_by_role("link", name=re.compile("请填报值班意愿")).click()
        one.locator(f"[name='{date.today() + timedelta(days=5)}']").select_option("cannot")
        one.get_by_role("button", name="填报").click()
        expect(one.get_by_text("已填报")).to_be_visible()


def propose(page: Page, roster: str) -> None:
    page.goto(roster)
    page.get_by_role("button", name="开始编排").click()
    page.get_by_role("link", name="自动编排").click()
    page.get_by_role("button", name=re.compile("开始自动编排")).click()
    expect(page.get_by_role("progressbar").or_(page.get_by_text("已有方案")).first).to_be_visible()
    look(page, "rosters-05-working")
    expect(page.get_by_role("button", name="采用这个方案")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("没有排上的，和原因")).to_be_visible()
    unmet = page.locator("#proposal li a")
    expect(unmet).to_have_count(1)
    expect(unmet).to_contain_text(re.compile("指挥部值班室.*缺医护 1 人：.*本人填报不能值 2 人"))
    look(page, "rosters-05-proposal")
    page.get_by_role("button", name="采用这个方案").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("值班日历")


def mend(page: Page, roster: str) -> str:
    day = date.today() + timedelta(days=5)
    look(page, "rosters-06-calendar")
    page.goto(f"{roster}calendar/?day={day}#week")
    page.locator(".month-grid .is-short a").first.click()
    gap = page.url
    look(page, "rosters-07-gap")
    expect(page.locator("#candidates")).to_contain_text("没有所需技能")
    page.locator("[name=person]").last.fill("杜督导")
    page.get_by_role("button", name="按姓名安排").click()
    expect(page.locator(".message.error")).to_contain_text("没有所需技能")
    page.locator("[name=person]").last.fill("杜督导")
    page.locator("[name=reason]").fill("医护轮休，由督导员顶班")
    page.get_by_role("button", name="按姓名安排").click()
    expect(page.get_by_text("已安排杜督导值班")).to_be_visible()
    expect(page.locator("#people")).to_contain_text("杜督导 顶岗")
    look(page, "rosters-07-mended")
    return gap


def publish(page: Page, roster: str) -> None:
    page.goto(roster)
    page.get_by_role("button", name="公布").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已公布")
    expect(page.locator(".history li").first).to_contain_text("公布排班")
    look(page, "rosters-08-published")


def wall(page: Page, roster: str) -> None:
    for paper in ("A3", "A4"):
        page.goto(f"{roster}wall/?paper={paper}")
        expect(page.get_by_role("heading", level=1).first).to_contain_text("值班表")
        page.emulate_media(media="print")
        look(page, f"rosters-09-wall-{paper}")
        page.emulate_media(media="screen")
    sheet = page.context.request.get(
        f"/jiangcheng/rosters/duties/export.xlsx?roster={roster.rstrip('/').split('/')[-1]}"
    )
    assert (sheet.status, sheet.body()[:2]) == (200, b"PK")


def mine(page: Page) -> None:
    page.goto(f"{ROOM}mine/")
    expect(page.locator("section.card h2").first).to_be_visible()
    look(page, "rosters-10-mine")
    feed = page.context.request.get(f"{ROOM}mine/duties.ics")
    assert feed.text().startswith("BEGIN:VCALENDAR\r\n")
    page.get_by_role("link", name="看整张表").first.click()
    look(page, "rosters-10-week")


def swap(ma: Page, niu: Page, head: Page) -> None:
    ma.goto(f"{ROOM}mine/")
    offers = [link.get_attribute("href") for link in ma.get_by_role("link", name="请人换班").all()]
    for address in filter(None, offers):  # the first duty that Niu could take within the rules of rest
        ma.goto(address)
        choice = ma.get_by_role("radio", name=re.compile("牛队员"))
        if choice.count():
            break
    choice.first.check()
    look(ma, "rosters-11-ask")
    ma.locator("[name=reason]").fill("家里有事")
    ma.get_by_role("button", name="发出请求").click()
    expect(ma.get_by_text("已发出请求")).to_be_visible()
    niu.goto("/")
    niu.get_by_role("link", name=re.compile("马队员请牛队员换班")).first.click()
    look(niu, "rosters-11-asked")
    niu.get_by_role("button", name="同意换班", exact=True).click()
    expect(niu.get_by_role("heading", level=1)).to_contain_text("待负责人批准")
    head.goto("/")
    look(head, "rosters-11-todo")
    head.get_by_role("link", name=re.compile("马队员请牛队员换班")).first.click()
    head.get_by_role("button", name="批准换班").click()
    expect(head.get_by_role("heading", level=1)).to_contain_text("已换班")


def on_duty(chief: Page, *crew: Page) -> None:
    """Whoever of the two stands the bridge now, else the head signs by hand: the shift under way is known only when it runs."""
    chief.goto(f"{ROOM}posts/")
    chief.get_by_role("link", name="桥头卡口").click()
    chief.get_by_role("link", name=re.compile("签到二维码")).click()
    look(chief, "rosters-12-door")
    address = chief.locator("#door").get_attribute("data-address")
    assert address
    for page in crew:
        page.goto(address)
        look(page, "rosters-12-sign")
        button = page.get_by_role("button", name="确认签到")
        if button.count():
            button.click()
            expect(page.get_by_text("已签到").first).to_be_visible()


def checkpoint(page: Page) -> None:
    """Ke heads the point, so he may count whoever stands there."""
    page.goto(f"{ROOM}shifts/?first={date.today()}&last={date.today()}")
    page.get_by_role("link", name=re.compile("桥头卡口")).first.click()
    page.get_by_role("link", name="查验助手").click()
    look(page, "rosters-13-helper")
    page.locator("[name=temperature]").fill("37.3")
    page.get_by_role("button", name="怎么处置").click()
    expect(page.locator("#verdict")).to_contain_text("移交卫生健康部门")
    page.get_by_role("link", name="下一位").click()
    page.get_by_role("group", name="行程带星号").get_by_text("是").click()
    page.get_by_role("group", name="48 小时核酸阴性").get_by_text("否").click()
    page.get_by_role("group", name="本地人员").get_by_text("否").click()
    page.get_by_role("button", name="怎么处置").click()
    expect(page.locator("#verdict")).to_contain_text("劝返")
    look(page, "rosters-13-verdict")
    page.get_by_role("button", name=re.compile("计 1 人")).click()
    expect(page.locator(".tile", has_text="劝返")).to_contain_text("1")
    page.get_by_role("button", name="车辆 +1").click()
    page.locator("[name=body]").fill("桥头社区")
    page.get_by_role("button", name="登记签字").click()
    expect(page.locator(".tile", has_text="凭承诺书放行")).to_contain_text("1")
    page.locator("#day").fill("2020-12-31")
    page.get_by_role("button", name="换日期").click()
    expect(page.get_by_text("尚无")).to_be_visible()
    look(page, "rosters-13-no-rule")


def english(page: Page, roster: str, gap: str) -> None:
    page.goto("/jiangcheng/board/")
    look(page, "rosters-14-board")
    page.locator(".language button").first.click()
    for name, address in {
        "roster": roster, "proposal": f"{roster}proposal/", "calendar": f"{roster}calendar/", "gap": gap, "wall": f"{roster}wall/",
        "posts": f"{ROOM}posts/", "shifts": f"{ROOM}shifts/", "duties": f"{ROOM}duties/", "mine": f"{ROOM}mine/",
    }.items():  # fmt: skip
        page.goto(address)
        look(page, f"rosters-15-english-{name}")
    page.goto("/")
    page.locator(".language button").first.click()
