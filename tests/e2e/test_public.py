"""Someone from outside reads what was given and where it went."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.look import look

Come = Callable[..., Page]
PHONE_NUMBER = re.compile(r"(?<!\d)1\d{10}(?!\d)")
FORGED = [
    "/benxi-2022/", "/benxi-2022/donations/", "/benxi-2022/donations/allocations/", "/people/", "/ledger/", "/inbox/", "/units/",
    *(f"/benxi-2022/{room}/" for room in (
        "board", "situation", "plans", "meetings", "drills", "rosters", "inspections", "vaccination", "rumours", "chronicle",
    )),
]  # fmt: skip


def test_stranger_reads_the_public_page_and_gets_no_further(come: Come) -> None:
    """A reader of the local paper wants to know where the 400 protective suits went, on a phone, without an account.

    The public page says it, with no telephone number on it; the Excel file says the same. Pages behind the door ask to sign in, an
    address put together by guessing is not found, and neither says whether the thing exists.
    """
    page = come(phone=True)
    page.goto("/benxi-2022/donations/public/")
    expect(page.get_by_role("heading", level=1)).to_have_text("捐赠公示")
    expect(page.locator("main")).to_contain_text("防护服400套")
    assert PHONE_NUMBER.findall(page.locator("main").inner_text()) == []
    look(page, "public-1-donations")
    sheet = page.context.request.get("/benxi-2022/donations/public/export.xlsx")
    assert (sheet.status, sheet.body()[:2]) == (200, b"PK")
    for address in FORGED:
        page.goto(address)
        assert "/account/login/" in page.url
    look(page, "public-2-sign-in")
    assert page.goto("/no-such-response/donations/public/").status == 404
    look(page, "public-3-not-found")


def test_signed_in_of_another_house_is_a_stranger(come: Come) -> None:
    """Olive runs the harbour's response and knows an address of Benxi's: to her it is not there, list, record, export and form alike."""
    page = come("olive")
    office = come("wen")
    office.goto("/jiangcheng/donations/")
    for address in (
        "/benxi-2022/",
        "/benxi-2022/donations/",
        "/jiangcheng/donations/export.xlsx",
        "/jiangcheng/donations/new/",
    ):
        assert page.goto(address).status == 404, address
    look(page, "public-4-not-hers")
