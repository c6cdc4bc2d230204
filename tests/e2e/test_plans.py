"""A contingency plan is written, consulted, approved, set in motion; its task lands on a telephone; a second edition is held beside the first."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

from docx import Document
from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/plans/"
TEXT = """一、总则
（一）编制目的
为快速、有序处置社区传播疫情，保障人民群众生命安全，制定本预案。
（二）工作原则
统一指挥、分级负责；快速反应、依法处置。
二、组织指挥
指挥部统一指挥，各街道负责本辖区的采样、管控和保障。
三、应急响应
接到启动命令后，各街道2小时内开设采样点，24小时内完成一轮采样。
四、附则
本预案自批准之日起施行。
"""


def test_plan_from_draft_to_second_edition(come: Come) -> None:
    """Feng, on duty at the command post, pastes the text, sets levels and tasks, asks Du, and Lei approves what Feng wrote.

    At level II Ke, who heads a point, finds the task with its hour on a telephone and says what was done. The level is lowered,
    the response stood down; the next edition begins as a copy, and the page shows word by word what changed.
    """
    duty = come("feng")
    plan = written(duty)
    consulted(duty, come("du", phone=True), plan)
    approved(come("lei"), plan)
    ordered(duty, plan)
    done(come("ke", phone=True))
    stood_down(duty, plan)
    renewed(duty, plan)
    on_paper(duty, plan)


def written(page: Page) -> str:
    plan = begun(page)
    levels(page)
    tree(page)
    orders(page)
    page.locator("[name=sent]").set_input_files(
        {"name": "采样点分布图.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    )
    page.get_by_role("button", name="上传附件").click()
    expect(page.locator(".attachments")).to_contain_text("采样点分布图.pdf")
    look(page, "plans-06-written")
    return plan


def begun(page: Page) -> str:
    page.goto(ROOM)
    look(page, "plans-00-list")
    page.goto(f"{ROOM}new/")
    page.locator("[name=kind]").select_option("contingency")
    page.locator("[name=name]").fill("江城市社区传播疫情应急预案")
    page.locator("[name=name_en]").fill("Jiangcheng contingency plan for community spread")
    page.locator("[name=leads]").fill("冯指挥")
    look(page, "plans-01-new")
    save(page)
    look(page, "plans-02-draft")
    plan = page.url
    part(page, "正文")
    page.locator("[name=text]").fill(TEXT)
    look(page, "plans-03-text")
    save(page)
    return plan


def levels(page: Page) -> None:
    part(page, "响应级别")
    for row, trigger in ((1, "出现社区传播，传播链不清"), (2, "出现本土病例，传播链清楚")):
        page.locator(f"[name=lines-{row}-trigger]").fill(trigger)
        page.locator(f"[name=lines-{row}-figure]").fill("24小时新增感染者")
        page.locator(f"[name=lines-{row}-threshold]").fill("10" if row == 1 else "1")
        page.locator(f"[name=lines-{row}-measure]").fill("例")
    for row in (0, 3):
        page.locator(f"[name=lines-{row}-DELETE]").check()
    look(page, "plans-04-levels")
    save(page)


def tree(page: Page) -> None:
    part(page, "岗位与呼叫树")
    rows = [("总指挥", "雷签发", ""), ("值班长", "冯指挥", "总指挥"), ("桥头联络员", "柯点位", "值班长")]
    page.get_by_role("button", name="再加几行").click()
    for row, (name, person, by) in enumerate(rows):
        page.locator(f"[name=lines-{row}-name]").fill(name)
        page.locator(f"[name=lines-{row}-person]").fill(person)
        page.locator(f"[name=lines-{row}-phone]").fill(f"1990000001{row}")
        page.locator(f"[name=lines-{row}-called_by]").fill(by)
    save(page)


def orders(page: Page) -> None:
    part(page, "资源")
    page.locator("[name=lines-0-kind]").select_option("goods")
    page.locator("[name=lines-0-name]").fill("防护服")
    page.locator("[name=lines-0-quantity]").fill("500")
    page.locator("[name=lines-0-measure]").fill("套")
    page.locator("[name=lines-0-place]").fill("江北区物资库")
    save(page)
    part(page, "各级任务")
    for row, rank, name, hours in ((0, "2", "开设采样点2处", "2"), (1, "3", "复核重点人群名单", "24")):
        page.locator(f"[name=lines-{row}-rank]").select_option(rank)
        page.locator(f"[name=lines-{row}-name]").fill(name)
        page.locator(f"[name=lines-{row}-unit]").select_option("bridge-street")
        page.locator(f"[name=lines-{row}-hours]").fill(hours)
    look(page, "plans-05-tasks")
    save(page)


def consulted(duty: Page, asked: Page, plan: str) -> None:
    duty.get_by_role("link", name="征求意见", exact=True).click()
    duty.locator("[name=people]").fill("杜督导")
    duty.locator("[name=day]").fill((date.today() + timedelta(days=2)).isoformat())
    look(duty, "plans-07-consult")
    duty.locator("form.sheet").get_by_role("button", name="征求意见").click()
    expect(duty.get_by_role("heading", level=1)).to_contain_text("征求意见中")
    asked.goto("/")
    look(asked, "plans-08-asked")
    asked.get_by_role("link", name=re.compile("社区传播疫情")).first.click()
    asked.get_by_role("link", name="提出意见").click()
    asked.locator("[name=stance][value=remarks]").check()
    look(asked, "plans-09-opinion")
    asked.get_by_role("button", name="提出意见").click()
    expect(asked.locator(".field-error")).to_contain_text("写明具体意见")
    asked.locator("[name=text]").fill("第三部分建议写明夜间由谁值守。")
    asked.get_by_role("button", name="提出意见").click()
    expect(asked.get_by_role("status").first).to_contain_text("已完成")
    duty.goto(plan)
    duty.get_by_role("link", name="结束征求意见").click()
    duty.locator("form.sheet").get_by_role("button", name="结束征求意见").click()
    expect(duty.get_by_role("heading", level=1)).to_contain_text("待批准")


def approved(leader: Page, plan: str) -> None:
    leader.goto("/")
    leader.get_by_role("link", name=re.compile("社区传播疫情")).first.click()
    look(leader, "plans-10-to-approve")
    leader.get_by_role("link", name="批准", exact=True).click()
    leader.locator("[name=number]").fill("江防指发〔2022〕3号")
    leader.locator("form.sheet").get_by_role("button", name="批准").click()
    expect(leader.get_by_role("heading", level=1)).to_contain_text("已批准")


def ordered(duty: Page, plan: str) -> None:
    duty.goto(plan)
    duty.get_by_role("link", name="启动响应").click()
    duty.locator("[name=rank][value='2']").check()
    duty.locator("[name=basis]").fill("指挥部会议决定：新增12例，传播链不清")
    duty.locator("[name=observed]").fill("12")
    look(duty, "plans-11-activate")
    duty.locator("form.sheet").get_by_role("button", name="启动响应").click()
    expect(duty.get_by_role("heading", level=1)).to_contain_text("已启动")
    look(duty, "plans-12-active")
    duty.locator("#purpose").fill("通知到岗")
    duty.get_by_role("button", name="查看电话").click()
    expect(duty.locator("main")).to_contain_text("19900000012")
    expect(duty.locator("main")).not_to_contain_text("19900000010")
    look(duty, "plans-13-phones")


def done(phone: Page) -> None:
    phone.goto("/")
    look(phone, "plans-14-todo")
    phone.get_by_role("link", name=re.compile("开设采样点2处")).first.click()
    look(phone, "plans-15-task")
    phone.get_by_role("link", name="报告办结").click()
    phone.locator("[name=did]").fill("桥头小学、桥头广场两处采样点已开设，各2台。")
    phone.get_by_role("button", name="报告办结").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("待核销")
    phone.goto("/")
    expect(phone.locator("main")).not_to_contain_text("开设采样点2处")


def stood_down(duty: Page, plan: str) -> None:
    duty.goto("/")
    duty.get_by_role("link", name=re.compile("开设采样点2处")).first.click()
    duty.get_by_role("button", name="核销").click()
    expect(duty.get_by_role("heading", level=1)).to_contain_text("已关闭")
    duty.goto(plan)
    duty.get_by_role("link", name="调整级别").click()
    duty.locator("[name=rank][value='3']").check()
    duty.locator("[name=basis]").fill("新增持续下降")
    duty.locator("form.sheet").get_by_role("button", name="调整级别").click()
    expect(duty.locator("main")).to_contain_text("复核重点人群名单")
    duty.goto(f"{ROOM}tasks/")
    look(duty, "plans-16-tasks")
    duty.goto("/jiangcheng/board/")
    look(duty, "plans-17-board")
    duty.goto(plan)
    duty.get_by_role("link", name="终止响应").click()
    duty.locator("[name=note]").fill("连续14天无新增")
    duty.locator("form.sheet").get_by_role("button", name="终止响应").click()
    expect(duty.get_by_role("heading", level=1)).to_contain_text("已终止响应")
    look(duty, "plans-18-stood-down")
    duty.goto(f"{ROOM}activations/")
    look(duty, "plans-19-activations")


def renewed(duty: Page, plan: str) -> None:
    duty.goto(plan)
    duty.get_by_role("button", name="起草新版").click()
    expect(duty.get_by_role("heading", level=1)).to_contain_text("第2版")
    new = duty.url
    part(duty, "正文")
    second = TEXT.replace("2小时内", "1小时内").replace("四、附则", "（一）夜间值守\n夜间由值班长带班。\n四、附则")
    duty.locator("[name=text]").fill(second)
    save(duty)
    duty.get_by_role("link", name="与上一版并排比较").click()
    expect(duty.locator(".editions del").first).to_have_text("2")
    expect(duty.locator(".editions ins").first).to_have_text("1")
    look(duty, "plans-20-compare")
    duty.set_viewport_size({"width": 390, "height": 844})
    look(duty, "plans-20-compare")
    duty.goto(new)
    look(duty, "plans-21-edition")
    duty.set_viewport_size({"width": 1440, "height": 900})
    duty.goto(ROOM)
    duty.locator(".language button").first.click()
    for name, address in (
        ("list", ROOM), ("plan", plan), ("compare", f"{new}compare/?all"), ("posts", f"{new}parts/posts/"), ("new", f"{ROOM}new/"),
        ("tasks", f"{ROOM}tasks/"),
    ):  # fmt: skip
        duty.goto(address)
        look(duty, f"plans-22-english-{name}")
    duty.goto(ROOM)
    duty.locator(".language button").first.click()


def on_paper(duty: Page, plan: str) -> None:
    answer = duty.request.get(f"{plan}plan.docx")
    words = [line.text for line in Document(BytesIO(answer.body())).paragraphs]
    assert "江防指发〔2022〕3号" in words
    assert answer.headers["content-disposition"].startswith("attachment")


def part(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text(re.compile("已登记|已保存"))
