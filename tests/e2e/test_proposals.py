"""An opinion item from a telephone to a leader's note and its points."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/proposals/"
TITLE = "关于为独居老人上门采样的建议"


def test_an_opinion_item_from_a_telephone_to_a_leaders_note(come: Come) -> None:
    """Zhao, a member, writes on a telephone; the network fails half-way, and nothing is lost. The branch passes it on, Wen edits, the
    changed words are shown, Qin signs, Wen submits to two channels and puts down the adoption and the vice-mayor's note. Zhao is told,
    and sees the points. Wen sees the quarter; all of it in English too.
    """
    phone = come("zhao", phone=True)
    write(phone)
    at = phone.url
    secretary, office, leader = come("sun", phone=True), come("wen"), come("qin")
    review(secretary)
    edit(office, at)
    leader.goto(at)
    press(leader, "签发定稿")
    submit(office, at)
    note(office)
    learn(phone)
    scores(office)
    english(office, at)


def test_what_was_typed_without_a_network_survives_the_page(come: Come) -> None:
    """Chen types where there is no network, closes the page, and opens a blank one later: the text is there, and the server has it."""
    phone = come("chen", phone=True)
    phone.goto(f"{ROOM}write/")
    # else its script is fetched into the silence
    phone.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    phone.locator("[name=name]").fill("关于货车司机用餐的建议")
    phone.locator("[name=situation]").fill("高速路口留置的司机以车为家。")
    expect(phone.locator("[data-status]")).to_contain_text("内容存在本机")
    phone.get_by_role("button", name="提交审阅").click()
    expect(phone.locator("[data-status]")).to_contain_text("联网后再按一次")
    look(phone, "proposals-offline-1")
    phone.context.set_offline(False)
    expect(phone.locator("[data-status]")).to_contain_text("已自动保存")
    phone.goto(f"{ROOM}write/")
    look(phone, "proposals-offline-2")
    phone.get_by_role("link", name="关于货车司机用餐的建议").click()
    expect(phone.locator("[name=situation]")).to_have_value("高速路口留置的司机以车为家。")


def test_the_blank_page_opens_without_a_network(come: Come) -> None:
    """Once it was opened with one: what is written there goes on with the network."""
    phone = come("chen", phone=True)
    phone.goto(f"{ROOM}write/")
    phone.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    phone.wait_for_timeout(500)
    phone.context.set_offline(True)
    phone.goto(f"{ROOM}write/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("写建言")
    phone.locator("[name=name]").fill("关于乡村卡点取暖的建议")
    phone.locator("[name=situation]").fill("夜间零下十度。")
    expect(phone.locator("[data-status]")).to_contain_text("内容存在本机")
    look(phone, "proposals-offline-3")
    phone.context.set_offline(False)
    phone.goto(f"{ROOM}write/")
    expect(phone.locator("[name=name]")).to_have_value("关于乡村卡点取暖的建议")


def test_a_proposal_is_handled_and_rated(come: Come) -> None:
    """Wen writes down a proposal of Chen's; signed, it goes to the municipal conference, is admitted, assigned to a lead unit and one that
    gives its opinion, and answered. Chen is not satisfied and asks for another go, is then, and the case is closed.
    """
    office, leader, phone = come("wen"), come("qin"), come("chen", phone=True)
    submitted(office, leader)
    move(office, "立案", number="31")
    move(office, "登记交办", lead="市卫生健康委", cohandlers="市大数据局")
    look(office, "proposals-21-assigned")
    office.get_by_role("link", name="登记会办意见").click()
    office.locator("[name=cohandler]").select_option(label="市大数据局")
    press(office, "登记会办意见")
    answered(office, "c")
    phone.goto("/")
    phone.get_by_role("link", name=re.compile("统一核酸采样登记码")).first.click()
    look(phone, "proposals-22-rating")
    move(phone, "不满意，请再办", note="没有时间表")
    answered(office, "b")
    phone.reload()
    phone.get_by_role("link", name="满意，办结").click()
    phone.locator("[name=satisfaction][value=full]").check()
    press(phone, "满意，办结")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已办结")
    office.goto(f"{ROOM}cases/")
    look(office, "proposals-23-cases")


def submitted(office: Page, leader: Page) -> None:
    office.goto(f"{ROOM}write/")
    office.get_by_label("提案", exact=True).check()
    office.locator("[name=name]").fill("关于统一核酸采样登记码的提案")
    office.locator("[name=situation]").fill("三个区用三种登记码，居民跨区采样要重新登记。")
    office.locator("[name=suggestions]").fill("全市统一登记码。")
    office.locator("[name=author]").fill("陈社员")
    press(office, "存为草稿")
    at = office.url
    for label in ("提交审阅", "审阅通过", "编辑完成，送签发"):
        press(office, label)
    leader.goto(at)
    press(leader, "签发定稿")
    office.goto(at)
    office.get_by_role("link", name="报送", exact=True).click()
    office.get_by_label("市政协", exact=True).check()
    press(office, "报送")
    office.get_by_role("link", name="市政协", exact=True).click()


def move(page: Page, label: str, **fields: str) -> None:
    page.get_by_role("link", name=label, exact=True).click()
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    press(page, label)


def answered(page: Page, result: str) -> None:
    page.reload()
    page.get_by_role("link", name="登记答复", exact=True).click()
    page.locator(f"[name=result][value={result}]").check()
    page.locator("[name=answer]").fill("经研究，分步实施。")
    press(page, "登记答复")


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def write(phone: Page) -> None:
    phone.goto(ROOM)
    phone.get_by_role("link", name="写建言").click()
    phone.locator("[name=name]").fill(TITLE)
    phone.locator("[name=situation]").fill("独居老人下楼不便，社区登记了一百二十户，志愿者只有九名。")
    phone.context.set_offline(True)
    phone.locator("[name=suggestions]").fill("由街道统一排班。")
    expect(phone.locator("[data-status]")).to_contain_text("没有网络")
    look(phone, "proposals-01-writing")
    phone.context.set_offline(False)
    phone.locator("[name=suggestions]").press_sequentially("固定时段。")
    expect(phone.locator("[data-status]")).to_contain_text("已自动保存")
    expect(phone.locator("[data-count]")).to_contain_text("正文 41 字，最多 1500 字")
    press(phone, "提交审阅")
    expect(phone.get_by_role("heading", level=1)).to_contain_text(TITLE)
    look(phone, "proposals-02-sent")


def review(secretary: Page) -> None:
    secretary.goto("/")
    secretary.get_by_role("link", name=re.compile(TITLE)).first.click()
    look(secretary, "proposals-03-review")
    press(secretary, "审阅通过")
    expect(secretary.get_by_role("heading", level=1)).to_contain_text("编辑中")


def edit(office: Page, at: str) -> None:
    office.goto(at)
    office.get_by_role("link", name="修改文字").click()
    office.locator("[name=suggestions]").fill("由社区统一排班，固定上门时段。")
    look(office, "proposals-04-editing")
    press(office, "保存")
    office.get_by_role("link", name="看修改痕迹").click()
    expect(office.locator(".wording del").first).to_be_visible()
    look(office, "proposals-05-wording")
    office.goto(at)
    press(office, "编辑完成，送签发")


def submit(office: Page, at: str) -> None:
    office.goto(at)
    office.get_by_role("link", name="报送", exact=True).click()
    office.get_by_label("市政协", exact=True).check()
    office.get_by_label("本组织《社情民意》").check()
    look(office, "proposals-06-submitting")
    press(office, "报送")
    expect(office.get_by_role("heading", level=1)).to_contain_text("已报送")


def note(office: Page) -> None:
    office.get_by_role("link", name="市政协", exact=True).click()
    press(office, "对方已收到")
    office.get_by_role("link", name="登记采用", exact=True).click()
    office.locator("[name=told]").fill("《社情民意》第8期")
    press(office, "登记采用")
    office.get_by_role("link", name="登记领导批示", exact=True).click()
    office.locator("[name=told]").fill("副市长：请卫健委研究。")
    look(office, "proposals-07-noting")
    press(office, "登记领导批示")
    expect(office.get_by_role("heading", level=1)).to_contain_text("获领导批示")
    look(office, "proposals-08-noted")


def learn(phone: Page) -> None:
    phone.goto("/inbox/")
    expect(phone.locator("main")).to_contain_text("您的建言有了结果（领导批示）")
    phone.goto(f"{ROOM}mine/")
    expect(phone.locator("[data-points]")).to_have_text("15")
    look(phone, "proposals-09-mine")
    phone.get_by_role("link", name=TITLE).first.click()
    expect(phone.locator("main")).to_contain_text("副市长：请卫健委研究。")
    look(phone, "proposals-10-item")


def scores(office: Page) -> None:
    office.goto(ROOM)
    look(office, "proposals-11-list")
    office.get_by_role("link", name="采用和计分").click()
    expect(office.locator("main")).to_contain_text("赵社员")
    look(office, "proposals-12-scores")


def english(page: Page, at: str) -> None:
    page.locator(".language button").first.click()
    page.goto(f"{ROOM}scores/")
    look(page, "proposals-13-scores-english")
    page.goto(at)
    look(page, "proposals-14-item-english")
    page.goto(f"{ROOM}write/")
    look(page, "proposals-15-write-english")
    page.goto("/")
    page.locator(".language button").first.click()
