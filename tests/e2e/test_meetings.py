"""A meeting from the notice to the last decision carried out."""

import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.look import look
from tongzhou.kernel import codes

Come = Callable[..., Page]
ROOM = "/jiangcheng/meetings/"
NAME = "桥头片区疫情调度会"
DECIDED = "在桥头街道增设采样台两处"


def test_a_decision_of_a_meeting_is_followed_to_its_end(come: Come) -> None:
    """Feng of the command post calls a meeting of four. Ke, head of a point, says on his telephone that he comes; Shi sends Lu.

    At the door a screen shows a code that changes: Ke signs in with his telephone, Lu for Shi; Du comes with a picture of the code
    that somebody sent him a while ago and is refused. Ma forgot his telephone: Feng puts him down. Feng writes the minutes, Lei, who
    signs, passes them, and the decision lies on Ke's to-do page. Ke reports it done with a photograph; Feng confirms, and prints.
    """
    feng, ke, lu = come("feng"), come("ke", phone=True), come("lu", phone=True)
    starts = (datetime.now() + timedelta(minutes=2)).replace(second=0, microsecond=0)
    meeting = call(feng, starts)
    old, gone = code(feng, meeting), datetime.now() + timedelta(seconds=codes.STEP * (codes.GRACE + 1))
    confirm(ke)
    send_somebody(come("shi", phone=True))
    chase(feng, meeting)
    sign_in(feng, ke, lu, come("niu", phone=True), meeting)
    wait_until(max(starts, gone))
    refused(come("du", phone=True), old)
    forgotten(feng, meeting)
    conclude(feng, meeting)
    write(feng)
    approve(come("lei"))
    report(ke)
    confirm_done(feng)
    papers(feng, meeting)
    in_english(feng, meeting)


def call(page: Page, starts: datetime) -> str:
    page.goto(ROOM)
    look(page, "meetings-1-none")
    page.get_by_role("link", name="新建会议").first.click()
    look(page, "meetings-1-new")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=starts_at]").fill(starts.strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=ends_at]").fill((starts + timedelta(minutes=40)).strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=place]").fill("指挥部二楼会议室")
    page.locator("[name=people]").fill("柯点位、石点位\n马队员（桥头街道）\n杜某某")
    page.locator("[name=words]").fill("请带本片区采样台账。")
    page.locator("[name=lines-0-title]").fill("通报采样进度")
    page.locator("[name=lines-0-speaker]").fill("柯点位")
    page.locator("[name=lines-0-minutes]").fill("15")
    page.locator("[name=lines-1-title]").fill("研究增设采样台")
    page.locator("[name=lines-1-minutes]").fill("25")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(re.compile("没有找到“杜某某”"))).to_be_visible()
    look(page, "meetings-1-faults")
    page.locator("[name=people]").fill("柯点位、石点位\n马队员（桥头街道）\n杜督导")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("草稿")
    page.get_by_role("button", name="发出会议通知").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已通知")
    look(page, "meetings-2-called")
    return page.url


def code(page: Page, meeting: str) -> str:
    """What the screen at the door shows now."""
    page.goto(f"{meeting}door/")
    look(page, "meetings-4-door")
    found = page.locator("#door").get_attribute("data-address")
    assert found
    return found


def confirm(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("link", name=re.compile(NAME)).first.click()
    expect(phone.locator("main")).to_contain_text("请带本片区采样台账")
    phone.get_by_text("参加", exact=True).click()
    look(phone, "meetings-3-answer")
    phone.get_by_role("button", name="答复", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("参加")
    look(phone, "meetings-3-answered")


def send_somebody(phone: Page) -> None:
    phone.goto("/inbox/")
    phone.locator(".asks button, .asks a").filter(has_text=NAME).first.click()
    phone.get_by_text("派人代会", exact=True).click()
    phone.get_by_role("button", name="答复", exact=True).click()
    expect(phone.get_by_role("alert").first).to_be_visible()
    phone.locator("[name=proxy]").fill("鲁队员")
    phone.get_by_role("button", name="答复", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("派人代会")


def chase(page: Page, meeting: str) -> None:
    page.goto(f"{meeting}roll/")
    page.get_by_role("button", name="催办未答复的人").click()
    expect(page.get_by_role("status").first).to_contain_text("已提醒")
    look(page, "meetings-4-roll")


def sign_in(screen: Page, phone: Page, proxy: Page, stranger: Page, meeting: str) -> None:
    phone.goto(code(screen, meeting))
    look(phone, "meetings-5-sign")
    phone.get_by_role("button", name="签到", exact=True).click()
    expect(phone.get_by_role("status").first).to_contain_text("已签到")
    phone.reload()
    expect(phone.get_by_role("status").first).to_contain_text("已签到")
    look(phone, "meetings-5-signed")
    proxy.goto("/")
    expect(proxy.locator("main")).to_contain_text(NAME)
    proxy.goto(code(screen, meeting))
    expect(proxy.locator("form.sheet")).to_contain_text("鲁队员 代 石点位")
    proxy.get_by_role("button", name="签到", exact=True).click()
    expect(proxy.get_by_role("status").first).to_contain_text("鲁队员 代 石点位")
    stranger.goto(code(screen, meeting))
    expect(stranger.locator("main")).to_contain_text("您不在这次会议的名单上")
    expect(stranger.locator("main")).not_to_contain_text("通报采样进度")
    look(stranger, "meetings-5-not-listed")


def refused(phone: Page, old: str) -> None:
    """A picture of the code, sent on from the door."""
    phone.goto(old)
    expect(phone.get_by_role("alert")).to_contain_text("请重新扫描会场屏幕上的二维码")
    expect(phone.get_by_role("button", name="签到", exact=True)).to_have_count(0)
    look(phone, "meetings-5-refused")


def forgotten(page: Page, meeting: str) -> None:
    page.goto(f"{meeting}roll/")
    page.get_by_role("checkbox", name="马队员").check()
    page.locator("[name=note]").first.fill("忘带手机")
    page.get_by_role("button", name="登记到会").click()
    expect(page.get_by_role("row", name=re.compile("马队员"))).to_contain_text("代为登记")
    look(page, "meetings-6-roll")


def conclude(page: Page, meeting: str) -> None:
    page.goto(meeting)
    page.get_by_role("link", name="结束会议").click()
    look(page, "meetings-6-end")
    page.locator("[name=ends_at]").fill("")  # as planned: it has only just begun
    page.get_by_role("button", name="结束会议").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已召开")
    look(page, "meetings-6-held")


def write(page: Page) -> None:
    page.get_by_role("link", name="写纪要").click()
    page.locator("[name=said_1]").fill("桥头片区今日采样进度正常，东门排队较长。")
    page.locator("[name=said_2]").fill("会议认为，应在居民集中的出入口增设采样台。\n物资由指挥部统一调配。")
    page.locator("[name=lines-0-text]").fill(DECIDED)
    page.locator("[name=lines-0-due_on]").fill((date.today() + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").first).to_be_visible()  # nobody named
    look(page, "meetings-7-minutes")
    page.locator("[name=lines-0-owner]").fill("柯点位")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#minutes")).to_contain_text(DECIDED)
    look(page, "meetings-7-written")
    page.get_by_role("button", name="提交纪要审定").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("纪要待审")


def approve(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(NAME)).first.click()
    page.get_by_role("button", name="审定纪要").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("纪要已审定")
    look(page, "meetings-8-approved")


def report(phone: Page) -> None:
    phone.goto("/")
    look(phone, "meetings-9-todo")
    phone.get_by_role("link", name=re.compile(DECIDED)).click()
    phone.get_by_role("link", name="报告办结").click()
    phone.locator("[name=done_text]").fill("东门、西门各增设一台，今日起启用。")
    picture = BytesIO()
    Image.new("RGB", (640, 480), "#4a8").save(picture, "JPEG")
    phone.locator("[name=picture]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    look(phone, "meetings-9-report")
    phone.get_by_role("button", name="报告办结").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已报办结")
    expect(phone.locator(".attachments img")).to_have_count(1)
    expect(phone.get_by_role("button", name="确认办结")).to_have_count(0)
    look(phone, "meetings-9-reported")
    phone.goto("/")
    expect(phone.locator("main")).not_to_contain_text(DECIDED)


def confirm_done(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(DECIDED)).first.click()
    page.get_by_role("button", name="确认办结").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已办结")
    look(page, "meetings-10-done")


def papers(page: Page, meeting: str) -> None:
    for ending, begins in (("pdf", b"%PDF-"), ("docx", b"PK\x03\x04")):
        paper = page.context.request.get(f"{meeting}minutes.{ending}")
        assert (paper.status, paper.body()[: len(begins)]) == (200, begins)
    page.goto(f"{meeting}sheet/")
    expect(page.locator("table")).to_contain_text("鲁队员 代")
    look(page, "meetings-11-sheet")
    page.goto(f"{meeting}print/")
    look(page, "meetings-11-notice")
    for name in ("", "attendances/", "tasks/"):
        page.goto(f"{ROOM}{name}")
        look(page, f"meetings-12-{name.strip('/') or 'list'}")
    page.goto("/jiangcheng/board/")
    look(page, "meetings-12-board")


def in_english(page: Page, meeting: str) -> None:
    page.goto(meeting)
    page.locator(".language button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("minutes approved")
    look(page, "meetings-13-english")
    page.goto(f"{meeting}roll/")
    look(page, "meetings-13-roll")
    page.goto(f"{ROOM}new/")
    look(page, "meetings-13-new")
    page.locator(".language button").first.click()


def wait_until(moment: datetime) -> None:
    while (left := (moment - datetime.now()).total_seconds()) > -1:
        time.sleep(min(max(left + 1, 0.1), 5))
