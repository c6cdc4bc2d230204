"""What a table would have to do twice if its telephone forgot it, and what it must forget."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e import test_station as station
from tests.e2e.look import look, screen
from tests.e2e.telephone import Telephone

Come = Callable[..., Page]


def test_what_is_under_way_at_a_table_outlives_its_browser(
    come: Come, monkeypatch: Any, house: str, browser: Browser, tmp_path: Path
) -> None:
    """A tube without a swab, resampling, a list and a box half counted are there after a reload and after the browser was killed.

    Whoever was being typed in is not: what a telephone keeps of people is those who were swabbed, and the list. Ke, who scrolls along a
    class of forty, sees each verdict all the while.
    """
    _campaign, point = station.begun(come, monkeypatch, "江城第5轮区域核酸检测", "桥头四小")
    ke = come("ke")
    with closing(Telephone(browser, house, tmp_path / "telephone")) as telephone:
        station.enrol(ke, point, telephone.page)
        station.scan(telephone.page, "U00000501")
        again(telephone, lambda page: expect(page.locator("#tube-code")).to_have_text("U00000501"))
        scrolled(telephone.page)
        half_typed(telephone.page)
        resampling(telephone)
        counted(telephone)


def again(telephone: Telephone, seen: Callable[[Page], None]) -> None:
    """Seen now, after a reload, and after the browser was killed."""
    seen(telephone.page)
    telephone.page.reload()
    expect(telephone.page.locator("html[data-ready=yes]")).to_be_attached()
    seen(telephone.page)
    telephone.kill()
    seen(telephone.page)


def scrolled(page: Page) -> None:
    """The list is far below; the verdict on whoever comes from it stays at the top, with what can be done about it."""
    page.locator("#list summary").click()
    page.locator("#list-text").fill("\n".join(f"模拟{chr(0x4E00 + n)}" for n in range(40)))
    page.locator("#list-form button").click()
    page.locator("#list-next").click()
    expect(page.locator("#list-left")).to_have_text("名单 40 人，还有 39 人")
    page.locator("summary", has_text="更多").click()
    page.locator("#give-back").scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 400
    expect(page.locator("#verdict")).to_be_in_viewport(ratio=1)
    page.locator("#list-next").scroll_into_view_if_needed()
    page.locator("#list-next").click()
    expect(page.locator("#verdict strong")).to_have_text("可以采样")
    expect(page.locator("#verdict")).to_be_in_viewport(ratio=1)
    page.locator("#scanned").evaluate("field => field.focus()")
    below = "() => document.activeElement.getBoundingClientRect().top >= document.querySelector('.said').getBoundingClientRect().bottom"
    assert page.evaluate(below), "the field that has the focus is behind the verdict"
    page.locator("#list-next").focus()
    screen(page, "station-11-scrolled")
    page.locator("#list summary").click()


def half_typed(page: Page) -> None:
    page.locator("#typed summary").click()
    page.locator("#t-name").fill("模拟半")
    page.locator("#t-number").fill("2105991990")
    page.reload()
    expect(page.locator("html[data-ready=yes]")).to_be_attached()
    page.locator("#typed summary").click()
    expect(page.locator("#t-name")).to_have_value("")
    expect(page.locator("#t-number")).to_have_value("")
    page.locator("#typed summary").click()


def resampling(telephone: Telephone) -> None:
    telephone.page.locator("summary", has_text="更多").click()
    telephone.page.locator("#retest").check()
    again(telephone, lambda page: expect(page.locator("#tube-retest")).to_be_visible())
    look(telephone.page, "station-12-resampling")
    telephone.page.locator("summary", has_text="更多").click()
    telephone.page.locator("#retest").uncheck()
    again(telephone, lambda page: expect(page.locator("#tube-retest")).to_be_hidden())


def counted(telephone: Telephone) -> None:
    """Of two tubes one is in hand when the browser dies; the other is found, and the box is sealed once."""
    page = telephone.page
    page.locator("#close").click()
    station.scan(page, "U00000502")
    station.typed(page, "模拟尾")
    page.locator("#close").click()
    expect(page.locator("#verdict strong")).to_contain_text("已封管 U00000502")
    page.locator("#box summary").click()
    for code in ("XU501", "U00000501"):
        station.scan(page, code)
    page.locator("#b-note").fill("另一管在找")
    page.locator("#b-note").blur()
    expect(page.locator("#box-form[data-kept=yes]")).to_be_attached()

    def half(page: Page) -> None:
        expect(page.locator("#b-box")).to_have_value("XU501")
        expect(page.locator("#b-hand")).to_have_value("1")
        expect(page.locator("#b-note")).to_have_value("另一管在找")
        expect(page.locator("#box-differences")).to_have_text("系统有、手里没有：U00000502；手里有、系统没有：0")

    again(telephone, half)
    page = telephone.page
    look(page, "station-13-counting")
    station.scan(page, "U00000502")
    page.locator("#box-form button:not([type=reset])").click()
    expect(page.locator("#verdict strong")).to_have_text("已封箱 XU501：2 管")
    again(telephone, lambda page: expect(page.locator("#b-box")).to_have_value(""))
