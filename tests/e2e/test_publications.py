"""A column: from a gift to an article, three reviews, an issue that a stranger reads, and the text on its way to WeChat."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree as ET

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.look import glance, look

Come = Callable[..., Page]
ROOM = "/jiangcheng/publications/"
TITLE = "一百瓶消毒液到了城东"
TEXT = "## 门口\n3月5日一早，志愿者把物资搬进库房。{facts}\n> 大家一起，就不怕。\n**少聚集、勤洗手**，陈社员这样提醒街坊。\n[图1]"
RIGHT = "3月6日一早"


def test_an_issue_from_a_gift_to_the_readers_telephone(come: Come) -> None:
    """Zhao gave disinfectant. He writes about it on his telephone: the figures come out of the gift, and his name does not, because he
    did not want that. Sun, Wen and Qin review; Chen, who is named, agrees on her own telephone, before which nothing goes out. A stranger
    reads the issue without signing in; Wen copies the text for WeChat and takes the pictures. A wrong day is corrected, and the
    correction stands beside the text. Then Chen changes her mind, and the article is taken down.
    """
    gift = stocked(come("zhou"), come("wen"))
    zhao, sun, wen, qin = come("zhao", phone=True), come("sun", phone=True), come("wen"), come("qin")
    draft(zhao, gift)
    at = zhao.url
    review(sun, "初审通过")
    edited(wen)
    review(qin, "终审通过")
    issue = composed(wen, at)
    wen.get_by_role("button", name="发布本期").click()
    expect(wen.get_by_role("alert").first).to_contain_text("“陈社员”（姓名）：待征得同意")
    look(wen, "publications-5-refused")
    agree(come("chen", phone=True))
    wen.goto(issue)
    wen.get_by_role("button", name="发布本期").click()
    expect(wen.get_by_role("heading", level=1)).to_contain_text("已发布")
    public = read(come(phone=True))
    copied(wen, at)
    corrected(wen, qin, at)
    stranger = come(phone=True)
    stranger.goto(public)
    expect(stranger.locator(".story-correction")).to_contain_text("日期应为3月6日")
    expect(stranger.locator(".story")).to_contain_text(RIGHT)
    look(stranger, "publications-9-corrected")
    english(wen, at, issue)
    taken_down(come("chen", phone=True), wen, stranger)


def stocked(keeper: Page, office: Page) -> str:
    """On the books: promised in Zhao's name, counted by two."""
    office.goto("/jiangcheng/donations/new/")
    donor = office.locator("[name=donor_person]")
    donor.select_option(donor.locator("option", has_text="赵社员").get_attribute("value"))
    unit = office.locator("[name=unit]")
    unit.select_option(unit.locator("option", has_text="城东支社").get_attribute("value"))
    for name, value in {"item": "消毒液", "quantity": "100", "value": "2500"}.items():
        office.locator(f"[name=lines-0-{name}]").fill(value)
    office.locator("[name=lines-0-measure]").select_option("瓶")
    office.locator("[name=lines-0-basis]").select_option("invoice")
    office.get_by_role("button", name="保存").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("赵社员")
    gift = office.url
    for page, step in ((keeper, "收到，初点"), (office, "复点，入账")):
        page.goto(gift)
        page.get_by_role("link", name=step).click()
        page.get_by_label(re.compile("消毒液")).first.fill("100")
        page.get_by_role("button", name=step).click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("已入账")
    return gift


def draft(page: Page, gift: str) -> None:
    page.goto(ROOM)
    page.get_by_role("link", name="写稿").first.click()
    page.get_by_role("button", name="建草稿").click()
    expect(page.get_by_text("请填写标题，或给出要引用的记录。")).to_be_visible()
    page.locator("[name=at]").fill("http://localhost/jiangcheng/donations/00000000-0000-4000-8000-000000000000/")
    page.get_by_role("button", name="建草稿").click()
    expect(page.get_by_text(re.compile("没有找到这条记录"))).to_be_visible()
    page.locator("[name=at]").fill(gift)
    look(page, "publications-1-begin")
    page.get_by_role("button", name="建草稿").click()
    expect(page.locator("[name=name]")).to_have_value("爱心人士的捐赠")
    facts = page.locator("[name=body]").input_value()
    assert facts == "收到消毒液[数1]，捐赠物资折合[数2]。"
    page.locator("[name=name]").fill(TITLE)
    page.locator("[name=digest]").fill("一位社员的心意，和门口的一小时。")
    page.locator("[name=body]").fill(TEXT.format(facts=facts).replace("\n[图1]", ""))
    look(page, "publications-1-write")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".phone")).to_contain_text("收到消毒液100瓶")
    at = page.url
    page.get_by_role("link", name="照片").click()
    page.locator("[name=picture]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": photograph()})
    page.get_by_role("button", name="加照片").click()
    expect(page.get_by_text(re.compile("二者选一"))).to_be_visible()
    page.locator("[name=picture]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": photograph()})
    page.locator("[name=alt]").fill("库房门口码放的消毒液")
    page.locator("[name=nobody]").check()
    page.get_by_role("button", name="加照片").click()
    expect(page.get_by_text(re.compile("照片已放在正文末尾"))).to_be_visible()
    look(page, "publications-1-pictures")
    page.goto(at)
    look(page, "publications-2-preview")
    page.get_by_role("button", name="提交初审").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待初审")


def photograph() -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize((960, 640)).convert("RGB").save(out, "PNG")
    return out.getvalue()


def review(page: Page, step: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    look(page, f"publications-3-{'first' if step == '初审通过' else 'final'}")
    page.get_by_role("button", name=step).click()
    expect(page.locator(".history")).to_contain_text(step)


def edited(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    page.get_by_role("link", name="编辑稿件").click()
    page.locator("[name=digest]").fill("一位社员的心意，门口的一小时。")
    look(page, "publications-3-edit")
    page.get_by_role("button", name="编辑稿件").click()
    page.get_by_role("button", name="复审通过").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待终审")


def composed(page: Page, article: str) -> str:
    page.goto(f"{ROOM}columns/new/")
    page.locator("[name=name]").fill("江城抗疫日记")
    page.locator("[name=channel]").fill("“江城九三”微信平台")
    page.get_by_role("button", name="保存").click()
    page.goto(f"{ROOM}issues/new/")
    expect(page.locator("[name=number]")).to_have_value("1")
    look(page, "publications-4-issue")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("《江城抗疫日记》第1期")
    issue = page.url
    page.goto(article)
    page.get_by_role("link", name="编入一期").click()
    page.get_by_role("button", name="编入一期").click()
    page.goto(issue)
    return issue


def agree(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    expect(page.get_by_role("heading", name="请看稿件，再决定是否同意公开")).to_be_visible()
    look(page, "publications-6-consent")
    page.get_by_role("link", name="同意公开").click()
    page.get_by_role("button", name="同意公开").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已同意")


def read(page: Page) -> str:
    """Without signing in: the list, the article, what its link shows elsewhere, the feed."""
    page.goto(f"{ROOM}public/")
    look(page, "publications-7-columns")
    feed = page.context.request.get(page.get_by_role("link", name="订阅").get_attribute("href") or "")
    entries = ET.fromstring(feed.body()).findall("{http://www.w3.org/2005/Atom}entry")
    assert [one.findtext("{http://www.w3.org/2005/Atom}title") for one in entries] == [TITLE]
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator(".story")).to_contain_text("收到消毒液100瓶，捐赠物资折合2500元。")
    assert "赵社员的捐赠" not in page.content()
    image = page.get_by_role("img", name="库房门口码放的消毒液")
    assert image.evaluate("one => one.decode().then(() => one.naturalWidth)") == 960
    shown = page.locator("meta[property='og:image']").get_attribute("content") or ""
    assert page.context.request.get(shown).headers["content-type"] == "image/jpeg"
    look(page, "publications-7-read")
    return page.url


def copied(page: Page, article: str) -> None:
    """What lies on the clipboard, pasted into an editor, is the article: every word, and the format."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{article}wechat/")
    look(page, "publications-8-wechat")
    page.get_by_role("button", name="复制正文").click()
    expect(page.locator("[data-copied]")).to_contain_text("已复制")
    editor = page.context.new_page()
    editor.set_content("<div contenteditable id=editor></div>")
    editor.locator("#editor").focus()
    editor.keyboard.press("Control+V")
    pasted = editor.locator("#editor")
    expect(pasted).to_contain_text("收到消毒液100瓶，捐赠物资折合2500元。")
    for words in (
        "门口",
        "大家一起，就不怕。",
        "【请在此处插入图片 01.jpg：库房门口码放的消毒液】",
        "编辑：文机关",
        "审核：秦签发",
    ):
        expect(pasted).to_contain_text(words)
    strong = pasted.locator("strong, b").first
    assert strong.inner_text() == "少聚集、勤洗手"
    assert strong.evaluate("one => getComputedStyle(one).color") == "rgb(12, 92, 107)"
    assert (
        editor.evaluate("() => document.querySelectorAll('#editor script, #editor [class], #editor [onclick]').length")
        == 0
    )
    editor.close()
    with page.expect_download() as taken:
        page.get_by_role("link", name=re.compile("下载图片包")).click()
    with zipfile.ZipFile(taken.value.path()) as package:
        assert package.namelist() == ["01.jpg", "图片说明.txt", "正文.html"]


def corrected(office: Page, leader: Page, article: str) -> None:
    office.goto(article)
    office.get_by_role("link", name="提出更正").click()
    body = office.locator("[name=body]")
    body.fill(body.input_value().replace("3月5日一早", RIGHT))
    office.get_by_role("button", name="提出更正").click()
    expect(office.get_by_role("alert").first).to_be_visible()  # without a note for readers there is no correction
    office.locator("[name=told]").fill("日期应为3月6日。")
    office.get_by_role("button", name="提出更正").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("更正待终审")
    leader.goto("/")
    leader.get_by_role("link", name=re.compile(TITLE)).first.click()
    look(leader, "publications-9-correction")
    leader.get_by_role("button", name="更正终审通过").click()
    expect(leader.get_by_role("heading", level=1)).to_contain_text("已发布")


def english(page: Page, article: str, issue: str) -> None:
    page.goto("/")
    page.locator(".language button").first.click()
    for name, at in {
        "list": ROOM,
        "article": article,
        "issue": issue,
        "consents": f"{ROOM}consents/",
        "public": f"{ROOM}public/",
    }.items():
        page.goto(at)
        glance(page, f"publications-en-{name}")
    page.goto("/")
    page.locator(".language button").first.click()


def taken_down(named: Page, office: Page, stranger: Page) -> None:
    named.goto(f"{ROOM}consents/")
    named.get_by_role("link", name=re.compile("陈社员")).first.click()
    named.get_by_role("button", name="撤回同意").click()
    named.get_by_role("dialog").get_by_role("button", name="撤回同意").click()
    expect(named.get_by_role("heading", level=1)).to_contain_text("已撤回同意")
    office.goto("/")
    office.get_by_role("link", name=re.compile(f"陈社员.*{TITLE}")).first.click()
    look(office, "publications-10-withdrawn")
    office.get_by_role("link", name="撤下稿件").click()
    office.locator("[name=note]").fill("陈社员撤回同意")
    office.get_by_role("button", name="撤下稿件").click()
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("本文已撤下")
    look(stranger, "publications-10-gone")
