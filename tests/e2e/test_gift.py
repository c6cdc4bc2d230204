"""A gift on its way: promised, counted twice, allotted, delivered, signed for."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
ROOM = "/jiangcheng/donations/"


def test_keeper_takes_a_gift_from_the_promise_to_the_signature(come: Come) -> None:
    """Zhou keeps the goods. A firm rings up with 120 cartons of masks and does not want its telephone number known.

    Zhou writes the promise down, counts what the lorry brings (two cartons short, and says why), may not be the second counter as well;
    Wen of the office counts again without seeing the first number, which puts the gift on the books. Zhou prints the slip, allots the
    masks to two communities on a phone in the yard, delivers them, and has them signed for. The public page then tells all of it.
    """
    keeper = come("zhou")
    gift = promise(keeper)
    first_count(keeper)
    second_count(keeper, come("wen"), gift)
    slip(keeper, gift)
    phone = come("zhou", phone=True)
    allot(phone)
    deliver(phone)
    stranger = come()
    stranger.goto(f"{ROOM}public/")
    expect(stranger.get_by_role("cell", name=re.compile("甲社区"))).to_have_count(1)
    assert [word for word in ("19912345678", "王签收") if word in stranger.content()] == []
    look(stranger, "gift-9-public")


def promise(page: Page) -> str:
    page.goto(ROOM)
    page.get_by_role("link", name="新建捐赠意向").first.click()
    look(page, "gift-1-new")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").first).to_contain_text("还不能保存")
    look(page, "gift-1-faults")
    page.get_by_label("捐赠人（其他名称）").or_(page.locator("[name=donor_name]")).first.fill("江边纸业公司")
    page.locator("[name=donor_contact]").fill("19912345678")
    page.locator("[name=naming]").select_option("named")
    page.locator("[name=lines-0-item]").fill("口罩")
    page.locator("[name=lines-0-quantity]").fill("120")
    page.locator("[name=lines-0-measure]").select_option("箱")
    page.locator("[name=lines-0-value]").fill("36000")
    page.locator("[name=lines-0-basis]").select_option("invoice")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("江边纸业公司")
    look(page, "gift-2-promised")
    return page.url


def first_count(page: Page) -> None:
    page.get_by_role("link", name="收到，初点").click()
    count(page, "口罩", "118")
    page.get_by_role("button", name="收到，初点").click()
    expect(page.get_by_text(re.compile("与意向不一致"))).to_be_visible()
    look(page, "gift-3-short")
    page.locator("[name=note]").fill("两箱途中受潮，由捐赠方带回")
    page.get_by_role("button", name="收到，初点").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已初点，待复点")


def second_count(keeper: Page, office: Page, gift: str) -> None:
    keeper.get_by_role("link", name="复点，入账").click()
    count(keeper, "口罩", "118")
    keeper.get_by_role("button", name="复点，入账").click()
    expect(keeper.get_by_role("alert").first).to_be_visible()
    look(keeper, "gift-4-same-person")
    office.goto("/")
    office.get_by_role("link", name=re.compile("江边纸业公司")).first.click()
    office.get_by_role("link", name="复点，入账").click()
    expect(office.locator("form.sheet")).not_to_contain_text("118")
    count(office, "口罩", "118")
    office.get_by_role("button", name="复点，入账").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("已入账")
    expect(office.locator(".history")).to_contain_text("文机关复点入账")
    look(office, "gift-5-stocked")
    assert office.url == gift


def slip(page: Page, gift: str) -> None:
    page.goto(gift)
    page.get_by_role("link", name="打印", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("捐赠物资接收凭证")
    look(page, "gift-6-slip")
    paper = page.context.request.get(f"{gift}slip.pdf")
    assert (paper.status, paper.headers["content-type"], paper.body()[:5]) == (200, "application/pdf", b"%PDF-")


def allot(page: Page) -> None:
    page.goto(f"{ROOM}allocations/new/")
    page.locator("[name=recipients]").fill("甲社区\n乙社区")
    choice = page.locator("[name=lines-0-line]")
    choice.select_option(choice.locator("option", has_text="江边纸业公司").get_attribute("value"))
    page.locator("[name=lines-0-quantity]").fill("5000")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").first).to_be_visible()  # more than there is
    look(page, "gift-7-too-many")
    page.locator("[name=lines-0-quantity]").fill("51")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("社区")
    page.goto(f"{ROOM}allocations/")
    expect(page.locator("table.data tbody tr")).to_have_count(2)  # 26 and 25: one for each
    look(page, "gift-7-allotted")


def deliver(page: Page) -> None:
    page.get_by_role("link", name="甲社区").click()
    page.get_by_role("link", name="送达", exact=True).click()
    page.locator("[name=handler]").fill("周物资")
    look(page, "gift-8-deliver")
    page.get_by_role("button", name="送达", exact=True).click()
    page.get_by_role("link", name="登记签收").click()
    page.locator("[name=signer_post]").fill("社区主任")
    page.locator("[name=signer]").fill("王签收")
    page.get_by_role("button", name="登记签收").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已签收")
    expect(page.locator(".history li")).to_have_count(3)
    look(page, "gift-8-signed")


def count(page: Page, item: str, number: str) -> None:
    page.get_by_label(re.compile(item)).fill(number)
