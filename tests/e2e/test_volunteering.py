"""A volunteer from the sign-up to a certificate that a stranger checks."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/volunteering/"
NAME = "东门采样点引导"


def test_a_volunteer_gets_a_certificate_that_a_stranger_checks(come: Come) -> None:
    """Zhao, a member, says on the telephone what he can do. Sun, who heads the branch, drafts an activity for one, outdoors in the heat;
    it opens only once the risks are told; Sun asks Zhao, whose skill is looked for.

    Zhao reads the risks and signs up; Chen comes second and waits. At the place a screen shows a code that changes: Zhao scans it, serves,
    scans it again. Sun confirms the time from the list; Zhao says that clearing up was not counted, Sun agrees. Zhao has a certificate at
    once; somebody who is not signed in checks its code. When Sun withdraws it, the same page says so.
    """
    zhao, sun, stranger = come("zhao", phone=True), come("sun"), come()
    offer(zhao)
    activity = draft(sun)
    opened(sun)
    invite(sun)
    join(zhao, "已报名")
    wait_in_line(come("chen", phone=True))
    serve(sun, zhao, activity)
    confirm(sun, activity)
    correct(zhao, sun)
    code = certify(zhao)
    check(stranger, code, "有效")
    look(stranger, "volunteering-9-verified")
    withdraw(sun)
    check(stranger, code, "已撤回，无效")
    look(stranger, "volunteering-9-withdrawn")
    in_english(sun, zhao, stranger, activity, code)


def offer(phone: Page) -> None:
    phone.goto(f"{ROOM}mine/")
    look(phone, "volunteering-1-mine")
    phone.get_by_role("link", name="填写").click()
    phone.locator("[name=skills]").fill("秩序引导、驾驶")
    phone.locator("[name=expertise]").fill("检验医学，可指导采样质控")
    look(phone, "volunteering-1-offer")
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator("main")).to_contain_text("检验医学")


def draft(page: Page) -> str:
    starts = datetime.now() + timedelta(minutes=1)
    page.goto(ROOM)
    page.get_by_role("link", name="新建志愿服务活动").first.click()
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=field]").select_option("order")
    page.locator("[name=starts_at]").fill(starts.strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=ends_at]").fill((starts + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=place]").fill("东门广场")
    page.locator("[name=served_whom]").fill("东门小区居民")
    page.locator("[name=outdoor]").check()
    page.locator("[name=high]").fill("38")
    page.locator("[name=low]").fill("26")
    page.locator("[name=lines-0-work]").fill("队伍引导")
    page.locator("[name=lines-0-people]").fill("1")
    page.locator("[name=lines-0-skill]").fill("秩序引导")
    look(page, "volunteering-2-new")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("草稿")
    return page.url


def opened(page: Page) -> None:
    page.get_by_role("button", name="开始招募").click()
    expect(page.get_by_role("alert").first).to_contain_text("请先写风险告知")
    look(page, "volunteering-2-refused")
    page.goto(re.sub(r"moves/open/$", "", page.url))
    page.get_by_role("link", name="修改").click()
    page.locator("[name=risks]").fill("人员密集，请全程戴口罩；天热，请带水。身体不适请不要参加。")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="开始招募").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("招募中")
    look(page, "volunteering-2-open")


def invite(page: Page) -> None:
    page.get_by_role("link", name="邀请志愿者").click()
    expect(page.locator("main")).to_contain_text("符合：秩序引导")
    look(page, "volunteering-3-invite")
    page.get_by_role("button", name="发出邀请").click()
    expect(page.get_by_role("status").first).to_contain_text("已邀请 1 人")


def join(phone: Page, becomes: str) -> None:
    phone.goto(f"{ROOM}mine/")
    look(phone, f"volunteering-4-mine-{'first' if becomes == '已报名' else 'second'}")
    phone.get_by_role("link", name=NAME).click()
    look(phone, f"volunteering-4-activity-{'first' if becomes == '已报名' else 'second'}")
    phone.get_by_role("link", name="我要报名").click()
    expect(phone.locator("main")).to_contain_text("户外累计不超过 6 小时")
    phone.get_by_text(re.compile("队伍引导")).first.click()
    phone.get_by_text("我已阅读风险告知，自愿参加").click()
    look(phone, f"volunteering-4-join-{'first' if becomes == '已报名' else 'second'}")
    phone.get_by_role("button", name="报名", exact=True).click()
    expect(phone.locator("main")).to_contain_text(becomes)


def wait_in_line(phone: Page) -> None:
    join(phone, "候补第 1 位")
    look(phone, "volunteering-4-waiting")


def code(page: Page, activity: str) -> str:
    page.goto(f"{activity}door/")
    found = page.locator("#door").get_attribute("data-address")
    assert found
    return found


def serve(screen: Page, phone: Page, activity: str) -> None:
    phone.goto(code(screen, activity))
    look(screen, "volunteering-5-door")
    look(phone, "volunteering-5-sign")
    phone.get_by_role("button", name="确认签到").click()
    expect(phone.get_by_role("status").first).to_contain_text("已签到")
    look(phone, "volunteering-5-on")
    time.sleep(61)  # a minute that is not full does not count
    phone.goto(code(screen, activity))
    phone.get_by_role("button", name="确认签退").click()
    expect(phone.get_by_role("status").first).to_contain_text("已签退，服务 1 分钟")


def confirm(page: Page, activity: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(f"赵社员 · {NAME}")).first.click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("待确认的时长")
    look(page, "volunteering-6-roll")
    page.get_by_role("button", name="确认所选的时长").click()
    expect(page.get_by_role("status").first).to_contain_text("已确认 1 人")
    assert page.url == f"{activity}roll/"


def correct(phone: Page, page: Page) -> None:
    phone.goto(f"{ROOM}mine/")
    phone.get_by_role("link", name=re.compile(NAME)).first.click()
    phone.get_by_role("link", name="申请更正时长").click()
    phone.locator("[name=asked_minutes]").fill("150")
    phone.locator("[name=note]").fill("没有算收拾场地的时间")
    look(phone, "volunteering-7-dispute")
    phone.get_by_role("button", name="申请更正时长").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("申请更正")
    page.goto("/")
    page.get_by_role("link", name=re.compile(f"赵社员 · {NAME}")).first.click()
    page.get_by_role("link", name="办理更正").click()
    page.locator("[name=note]").fill("情况属实")
    look(page, "volunteering-7-settle")
    page.get_by_role("button", name="办理更正").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("时长已确认")
    look(page, "volunteering-7-settled")


def certify(phone: Page) -> str:
    phone.goto(f"{ROOM}mine/")
    look(phone, "volunteering-8-mine")
    phone.get_by_role("button", name="开具证明").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("有效")
    look(phone, "volunteering-8-certificate")
    href = phone.get_by_role("link", name="证明（PDF）").get_attribute("href")
    printed = phone.request.get(href or "")
    assert (printed.status, printed.body()[:5]) == (200, b"%PDF-")
    return phone.locator(".certificate-code").inner_text()


def check(page: Page, code: str, verdict: str) -> None:
    page.goto(f"{ROOM}verify/")
    page.locator("[name=code]").fill(code.lower())
    page.get_by_role("button", name="核对").click()
    expect(page.locator(".verdict-words")).to_contain_text(verdict)
    expect(page.locator(".verdict")).to_contain_text("赵社员")
    expect(page.locator(".verdict")).to_contain_text("2 小时 30 分钟")


def withdraw(page: Page) -> None:
    page.goto(f"{ROOM}certificates/")
    page.get_by_role("link", name=re.compile("赵社员")).first.click()
    page.get_by_role("link", name="撤回证明").click()
    page.locator("[name=note]").fill("姓名用字有误")
    page.get_by_role("button", name="撤回证明").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已撤回")


def in_english(page: Page, phone: Page, stranger: Page, activity: str, code: str) -> None:
    page.goto(activity)
    page.locator(".language button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Recruiting")
    look(page, "volunteering-10-activity")
    for name in ("roll", "door"):
        page.goto(f"{activity}{name}/")
        look(page, f"volunteering-10-{name}")
    for name in ("", "signups/", "volunteers/", "certificates/", "new/"):
        page.goto(f"{ROOM}{name}")
        look(page, f"volunteering-10-list-{name.strip('/')}")
    page.locator(".language button").first.click()
    phone.goto(f"{ROOM}mine/")
    phone.locator(".language button").first.click()
    look(phone, "volunteering-10-mine")
    phone.locator(".language button").first.click()
    stranger.goto(f"{ROOM}verify/?code={code}")
    stranger.locator(".language button").first.click()
    expect(stranger.locator(".verdict-words")).to_contain_text("Withdrawn")
    look(stranger, "volunteering-10-verify")
