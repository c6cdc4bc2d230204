"""A student's conversation with a counsellor through a crisis, and what it takes to read it without them."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/hotline/"
PASSPHRASE = "同舟共济十二个字的口令"
NAME = "校园心理热线"
SAID, ANSWERED = "宿舍封了十七天我撑不住了", "谢谢你愿意告诉我我在这里陪着你"
NOTE, CLOSING = "来访者提到蓝色药瓶已请室友收走", "已商定安全约定明早十点再联系"
TOLD = 10_000  # ms: who is told knows within a second or two; who asks by themselves, every twenty
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def test_a_student_talks_through_a_crisis_and_the_case_is_opened_by_two_only(
    come: Come, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Wen opens the line; Yin, Gu and He make their keys, Yin sits down. Two students come by telephone: the second sees her place move up
    the moment Yin takes the first. They talk, each word there at once. Yin scores 9: Gu is called by a notice that says nothing, responds
    and puts down what was done; follow-ups are due. Yin closes. Gu cannot read a word of it until He agrees. No word is on the disk.
    """
    wen, yin, gu, he = come("wen"), come("yin"), come("gu"), come("he")
    open_line(wen)
    for page in (yin, gu, he):
        make_key(page)
    sit(yin)
    first, second = come(phone=True), come(phone=True)
    begin(first, 1)
    begin(second, 2)
    look(second, "hotline-3-queue")
    case = talk(yin, first)
    expect(second.locator("[data-part=place]")).to_contain_text("第 1 位", timeout=TOLD)
    crisis(yin, gu, case)
    close(yin, first, case)
    break_glass(gu, he, yin, case)
    erase(he, case)
    counts_only(wen, case)
    nothing_on_disk(tmp_path_factory.getbasetemp())


def open_line(page: Page) -> None:
    page.goto(f"{ROOM}new/")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=name_en]").fill("Campus support hotline")
    page.locator("[name=number]").fill("1012345")
    page.locator("[name=hours]").fill("每天 8:00–22:00")
    page.locator("[name=hours_en]").fill("daily 8:00–22:00")
    page.locator("[name=audience]").fill("封校期间的学生")
    page.locator("form.sheet button.btn-primary").click()
    page.get_by_role("button", name="开通").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("开通")
    look(page, "hotline-1-line")


def make_key(page: Page) -> None:
    page.goto(f"{ROOM}seat/")
    page.get_by_label("口令（至少 12 个字）").fill(PASSPHRASE)
    page.get_by_label("再输一次").fill(PASSPHRASE + "错")
    page.get_by_role("button", name="建立钥匙").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(re.compile("至少|不一样"))
    page.get_by_label("口令（至少 12 个字）").fill(PASSPHRASE + "长一些")
    page.get_by_label("再输一次").fill(PASSPHRASE + "长一些")
    page.get_by_role("button", name="建立钥匙").click()
    expect(page.get_by_text("钥匙已在这台设备上打开")).to_be_visible()


def sit(page: Page) -> None:
    page.get_by_role("button", name="入席").first.click()
    expect(page.get_by_text("我在席位上").first).to_be_visible()
    look(page, "hotline-2-seat")


def begin(page: Page, place: int) -> None:
    page.goto(f"{ROOM}public/")
    expect(page.locator("main")).to_contain_text("现在有人值守")
    if place == 1:
        look(page, "hotline-2-public")
    page.get_by_role("link", name="开始文字交谈").click()
    if place == 1:
        look(page, "hotline-2-before")
    page.get_by_role("button", name="我知道了，开始").click()
    expect(page.locator("[data-part=place]")).to_contain_text(f"第 {place} 位")
    expect(page.locator("body")).to_have_attribute("data-live", "yes")


def talk(yin: Page, student: Page) -> str:
    yin.get_by_role("link", name=re.compile("第 1 位")).click()
    yin.get_by_role("button", name="由我接待").click()
    expect(student.locator("[data-part=place]")).to_contain_text("已接通", timeout=TOLD)
    student.get_by_label("想说的话").fill(SAID)
    student.get_by_role("button", name="发送").click()
    expect(yin.locator("[data-part=log]")).to_contain_text(SAID, timeout=TOLD)
    # the server is too busy at that moment: nobody's conversation is over
    student.route("**/hotline/voice/**", lambda route: route.fulfill(status=429), times=1)
    yin.get_by_label("回复").fill(ANSWERED)
    yin.get_by_role("button", name="发送").click()
    expect(student.locator("[data-part=log]")).to_contain_text(ANSWERED, timeout=TOLD)
    look(student, "hotline-4-student")
    look(yin, "hotline-4-counsellor")
    student.reload()  # the key is in the tab: the conversation is still there
    expect(student.locator("[data-part=log]")).to_contain_text(ANSWERED)
    return yin.url


def crisis(yin: Page, gu: Page, case: str) -> None:
    yin.get_by_label(re.compile("评分")).fill("9")
    yin.get_by_role("button", name="记下评估").click()
    expect(yin.get_by_role("heading", level=1)).to_contain_text("高度风险")
    yin.get_by_label("只有持有这件个案钥匙的人能读").fill(NOTE)
    yin.get_by_role("button", name="封存记录").click()
    expect(yin.locator("[data-part=log]")).to_contain_text(NOTE)
    look(yin, "hotline-5-high")
    gu.goto("/inbox/")
    expect(gu.locator("main")).to_contain_text("心理援助热线有一件急事，请您立即处置。")
    gu.goto("/")
    gu.get_by_role("link", name=re.compile("督导处置")).first.click()
    assert gu.url == case
    expect(gu.locator("main")).to_contain_text("这件个案的内容没有封给您")
    gu.get_by_label("做了什么").select_option("company")
    gu.get_by_role("button", name="记下", exact=True).click()
    gu.locator("li", has_text="督导处置").get_by_label("结果").select_option("safe")
    gu.locator("li", has_text="督导处置").get_by_role("button", name="办结").click()
    expect(gu.locator("li", has_text="督导处置")).to_contain_text("确认安全")
    look(gu, "hotline-5-supervisor")


def close(yin: Page, student: Page, case: str) -> None:
    yin.goto(case)
    yin.get_by_label("主题").select_option("isolation")
    yin.get_by_label("来访者类别").select_option("student")
    yin.get_by_label("结案记录").fill(CLOSING)
    yin.get_by_role("button", name="结案并封存").click()
    expect(yin.get_by_role("heading", level=1)).to_contain_text("已结案")
    expect(yin.locator("[data-part=log]")).to_contain_text(CLOSING)
    expect(student.locator("[data-part=place]")).to_contain_text("已经结束", timeout=TOLD)
    look(student, "hotline-6-over")
    yin.goto("/")
    expect(yin.locator("main")).to_contain_text("待回访")
    look(yin, "hotline-6-follow-up")


def break_glass(gu: Page, he: Page, yin: Page, case: str) -> None:
    gu.goto(case)
    gu.get_by_label("事由").select_option("danger")
    gu.get_by_role("button", name="申请破封").click()
    expect(gu.locator("main")).to_contain_text("等另一位督导同意")
    assert SAID not in gu.locator("main").inner_text()
    yin.goto("/inbox/")
    expect(yin.locator("main")).to_contain_text("您的一件个案有人申请破封查阅。")
    he.goto(f"{ROOM}supervision/")
    look(he, "hotline-7-supervision")
    he.get_by_role("link", name=re.compile(r"^[2-9A-Z]{3}-[2-9A-Z]{4}$")).first.click()
    he.get_by_role("button", name="同意破封").click()
    expect(he.locator("main")).to_contain_text("两人同意，可以查阅")
    assert SAID not in he.locator("main").inner_text()  # who agrees does not thereby read
    gu.goto(case)
    for text in (SAID, ANSWERED, NOTE, CLOSING):
        expect(gu.locator("[data-part=log]")).to_contain_text(text)
    look(gu, "hotline-7-opened")


def erase(he: Page, case: str) -> None:
    he.goto(case)
    he.get_by_label("依据").select_option("asked")
    he.get_by_role("button", name="销毁钥匙和内容").click()
    he.locator("dialog").get_by_role("button", name="销毁钥匙和内容").click()
    expect(he.locator("main")).to_contain_text("谁也读不出")


def counts_only(wen: Page, case: str) -> None:
    assert (wen.goto(case) or pytest.fail("no answer")).status == 404
    wen.goto("/ledger/")
    expect(wen.locator("main")).to_contain_text("破封查阅了个案")
    wen.locator(".language button").first.click()
    wen.goto(ROOM)
    look(wen, "hotline-8-english")
    wen.goto(f"{ROOM}public/")
    look(wen, "hotline-8-english-public")
    wen.goto("/")
    wen.locator(".language button").first.click()


def nothing_on_disk(folder: Path) -> None:
    """The whole data folder of the server: both databases with their logs, whatever else it wrote. The line's name proves the search."""
    files = [file.read_bytes() for file in folder.glob("house*/**/*") if file.is_file() and "static" not in file.parts]
    assert any(NAME.encode() in content for content in files)
    for text in (SAID, ANSWERED, NOTE, CLOSING, PASSPHRASE):
        for encoded in (
            text.encode(),
            text.encode("utf-16-le"),
            base64.b64encode(text.encode())[:-4],
            text.encode("unicode_escape"),
        ):
            assert [len(content) for content in files if encoded in content] == []


def test_browser_and_server_speak_the_same_hpke(come: Come) -> None:
    """What the house's own file seals, Python's cryptography opens, and the other way round; with other words about the purpose, neither does."""
    page = come()
    page.goto(f"{ROOM}public/")
    theirs = ec.generate_private_key(ec.SECP256R1())
    public = theirs.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    plain, info = "钥匙".encode(), b"tongzhou hotline x whole"
    sealed = page.evaluate(
        """async ([pub, text, info]) => { const h = await import('/static/hotline/hpke.js'), v = await import('/static/hotline/vault.js');
        return v.to64(await h.seal(v.from64(pub), v.from64(text), info)) }""",
        [base64.b64encode(public).decode(), base64.b64encode(plain).decode(), info.decode()],
    )
    assert SUITE.decrypt(base64.b64decode(sealed), theirs, info=info) == plain
    with pytest.raises(Exception):  # noqa: B017 -- whatever the library calls a seal that does not fit
        SUITE.decrypt(base64.b64decode(sealed), theirs, info=b"tongzhou hotline y whole")
    ours = SUITE.encrypt(plain, theirs.public_key(), info=info)
    pkcs8 = theirs.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    opened = page.evaluate(
        """async ([key, pub, sealed, info]) => { const h = await import('/static/hotline/hpke.js'), v = await import('/static/hotline/vault.js');
        const own = await crypto.subtle.importKey('pkcs8', v.from64(key), {name: 'ECDH', namedCurve: 'P-256'}, false, ['deriveBits']);
        const open = (info) => h.open(own, v.from64(pub), v.from64(sealed), info);
        return [v.to64(await open(info)), await open('other').then(() => 'opened', () => 'refused')] }""",
        [*(base64.b64encode(part).decode() for part in (pkcs8, public, ours)), info.decode()],
    )
    assert opened == [base64.b64encode(plain).decode(), "refused"]
