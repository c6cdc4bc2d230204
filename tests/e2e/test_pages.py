"""Every page there is, found by following links: fit for use on a desk and on a telephone, in Chinese and in English."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.e2e.house import OFFICE, PHONE
from tests.e2e.look import glance, look

Come = Callable[..., Page]
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
FILE = re.compile(r"\.(xlsx|pdf|docx|md|json|html|csv|txt|xml)$|^/account/(logout|2fa)|/recovery-codes/download")
HAN = re.compile(r"[\u3400-\u9fff]+")
ENGLISH = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}")
LINKS = "() => [...document.querySelectorAll('a[href]')].filter(a => a.origin === location.origin).map(a => a.getAttribute('href') && a.href)"
# What a reader meets: text, and the words of labels, hints, choices and the title. Not data typed into a field, and not the switch itself.
WORDS = """() => { const found = [document.title];
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('script, style, textarea, code, .language, [lang^="zh"]')) continue;
    for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'data-confirm']) if (e.getAttribute(name)) found.push(e.getAttribute(name));
    for (const n of e.childNodes) if (n.nodeType === 3 && n.data.trim()) found.push(n.data.trim());
  }
  return found }"""


def test_every_page_of_the_example_serves_desk_and_telephone(come: Come) -> None:
    """The office of Benxi opens everything it can open, once: no serious finding, nothing wider than the screen, no English left over."""
    page = come("office")
    for name in pages(page, "benxi-2022"):
        left = [said for said in words(page) if ENGLISH.search(said) and "Tongzhou" not in said]
        assert left == [], page.url
        look(page, f"pages-{name}")
        page.set_viewport_size(PHONE)
        glance(page, f"pages-{name}")
        page.set_viewport_size(OFFICE)


def test_english_pages_carry_no_chinese(come: Come) -> None:
    """Olive, whose response holds no Chinese word, switches to English: none is left, on any page, nor a label nor a choice."""
    page = come("olive")
    page.goto("/")
    page.locator(".language button").first.click()
    left: list[str] = []
    for name in pages(page, "harbour"):
        left += [f"{urlsplit(page.url).path}: {said}" for said in words(page) if HAN.search(without_measures(said))]
        glance(page, f"english-{name}")
    assert not left, "\n".join(left)


def pages(page: Page, response: str) -> Iterator[str]:
    """Follow links from the to-do page; stands on one page of each kind and yields a name for it."""
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        yield kind.strip("/").replace("/", "-") or "home"
        found = [link for link in page.evaluate(LINKS) if link]
        waiting += [link for link in found if within(urlsplit(link).path, response)]


def kind_of(address: str) -> str:
    """Pages that differ only in the record they show are one kind; a list opened from a figure is another."""
    parts = urlsplit(address)
    path = re.sub(r"/sections/\w+/", "/sections/one/", KEY.sub("one", parts.path))
    return path + ("from-a-figure/" if "fact=" in parts.query and not path.endswith("/print/") else "")


def within(path: str, response: str) -> bool:
    first = path.split("/")[1]
    return not FILE.search(path) and (
        first == response or first in {"", "people", "units", "inbox", "ledger", "channels", "account"}
    )


def words(page: Page) -> list[str]:
    found: list[str] = page.evaluate(WORDS)
    return found


def without_measures(said: str) -> str:
    """A measure word keeps its Chinese beside the English, "bottle (瓶)": it is what the record holds."""
    return re.sub(r"\([\u4e00-\u9fff]{1,2}\)", "", said)
