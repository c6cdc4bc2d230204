"""A call goes out, is answered on telephones, and whoever is missing is reminded."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.look import look, picture

Come = Callable[..., Page]
ROOM = "/jiangcheng/calls/"


def test_office_issues_a_call_and_chases_the_missing(come: Come) -> None:
    """Wen of the office writes a call with two requirements to the two branches; Qin, who signs, finds it on her to-do page.

    Once it is out, Wen sees branch by branch and name by name who has not answered, reminds them all with one click, and a second
    click the same day reminds nobody twice. Sun, who heads the east branch, sees only that branch.
    """
    office, leader = come("wen"), come("qin")
    call = issue(office, leader, "众志成城倡议")
    office.goto(call)
    look(office, "calls-3-issued")
    office.get_by_role("link", name="办理进度").click()
    expect(office.locator(".tree")).to_contain_text("城东支社")
    look(office, "calls-4-progress")
    names = office.locator("details#u-east-branch details.people")
    office.locator("details#u-east-branch > summary").click()
    names.locator("summary").click()  # the names come by htmx
    expect(names).to_contain_text("赵社员")
    office.get_by_role("button", name="催办全部未答复的人").click()
    expect(office.get_by_role("status").first).to_contain_text("已提醒")
    look(office, "calls-5-chased")
    office.get_by_role("button", name="催办全部未答复的人").click()
    expect(office.locator(".messages")).to_contain_text("今天已经提醒过")
    secretary = come("sun", phone=True)
    secretary.goto(office.url)
    expect(secretary.locator(".tree")).to_contain_text("城东支社")
    expect(secretary.locator(".tree")).not_to_contain_text("城西支社")
    look(secretary, "calls-6-branch")


def test_member_answers_on_a_telephone(come: Come) -> None:
    """Zhao, a member without any post, opens the to-do page on a telephone, reads the call, and answers: one thing done, one not possible.

    The house asks why it is not possible. The answer can be looked at again; the to-do page no longer asks.
    """
    issue(come("wen"), come("qin"), "居家防疫倡议")
    phone = come("zhao", phone=True)
    answer(phone, "居家防疫倡议", look)
    phone.goto("/")
    expect(phone.locator("main")).not_to_contain_text("居家防疫倡议")


def test_member_answers_without_javascript(come: Come) -> None:
    """Chen's telephone is old and its browser runs no scripts: the same pages, the same answer."""
    issue(come("wen"), come("qin"), "科普宣传倡议")
    phone = come("chen", phone=True, java_script_enabled=False)
    answer(phone, "科普宣传倡议", lambda page, name: picture(page, f"{name}-plain"))


def issue(office: Page, leader: Page, name: str) -> str:
    office.goto(f"{ROOM}new/")
    office.locator("[name=name]").fill(name)
    office.locator("[name=preface]").fill("同舟共济，共克时艰。")
    office.locator("[name=answer_by]").fill((date.today() + timedelta(days=5)).isoformat())
    office.locator("[name=lines-0-title]").fill("提高认识，带头响应")
    office.locator("[name=lines-0-asks]").fill("学习防疫规定\n遵守社区安排")
    office.locator("[name=lines-1-title]").fill("立足岗位，发挥所长")
    look(office, "calls-1-new")
    office.get_by_role("button", name="保存").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text(name)
    leader.goto("/")
    look(leader, "calls-2-leader")
    leader.get_by_role("link", name=re.compile(name)).first.click()
    press(leader, "审核通过")
    press(leader, "签发并发出")
    expect(leader.get_by_role("heading", level=1)).to_contain_text("已发出")
    return office.url


def press(page: Page, label: str) -> None:
    """A move that asks for nothing is a button; one that does is a link to its form."""
    page.get_by_role("button", name=label, exact=True).click()


def answer(phone: Page, name: str, see: Callable[[Page, str], None]) -> None:
    phone.goto("/")
    see(phone, "answer-1-todo")
    phone.get_by_role("link", name=re.compile(name)).first.click()
    if phone.get_by_role("link", name="阅读并答复").count():
        phone.get_by_role("link", name="阅读并答复").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(name)
    see(phone, "answer-2-form")
    first, second = phone.locator("fieldset").nth(0), phone.locator("fieldset").nth(1)
    first.locator("input[value=done]").check()
    first.locator("[name$=-words]").fill("每天在群里转发通知")
    second.locator("input[value=cannot]").check()
    phone.get_by_role("button", name="提交答复").click()
    expect(phone.locator(".field-error").first).to_contain_text("原因")
    see(phone, "answer-3-why")
    phone.locator("fieldset").nth(1).locator("[name$=-words]").fill("正在隔离")
    phone.get_by_role("button", name="提交答复").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已答复")
    see(phone, "answer-4-answered")
