"""What is looked at on every page: whether all can read and use it, whether it fits its screen, and a picture for people to judge.

Pictures are kept where TONGZHOU_PICTURES is set, as `make e2e` does.
"""

import os
from typing import Any

from playwright.sync_api import Page

from tests.e2e.house import BASE

PICTURES = BASE / "var" / "screenshots"
AXE = (BASE / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
WIDER = """() => { const all = document.documentElement; if (all.scrollWidth <= all.clientWidth) return [];
  return [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > all.clientWidth + 1)
    .map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 30)}`).slice(0, 5) }"""


def look(page: Page, name: str) -> None:
    """Keep a picture, if wanted, as var/screenshots/<name>-<width>.png and check the page at this width. `name` is "<journey>-<step>".

    What is wrong is said on the page's console: the journey goes on, and fails at its end with all that was found.
    """
    picture(page, name)
    for fault in faults(page):
        page.evaluate("said => console.error(said)", fault)


def glance(page: Page, name: str) -> None:
    """A picture, and whether the page fits its screen: for a page that was looked at in another width or language."""
    picture(page, name)
    for fault in wider(page):
        page.evaluate("said => console.error(said)", fault)


def picture(page: Page, name: str) -> None:
    _keep(page, name, full_page=True)


def screen(page: Page, name: str) -> None:
    """What is on the screen now, as far as it is scrolled."""
    _keep(page, name, full_page=False)


def _keep(page: Page, name: str, *, full_page: bool) -> None:
    """Only where someone asked for pictures: no machine looks at them, and drawing whole pages costs as much as checking them."""
    if not os.environ.get("TONGZHOU_PICTURES"):
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=full_page)


def faults(page: Page) -> list[str]:
    return [*axe(page), *wider(page)]


def wider(page: Page) -> list[str]:
    return [f"{page.url} wider than the screen: {one}" for one in page.evaluate(WIDER)]


def axe(page: Page) -> list[str]:
    """Serious and critical findings, each with its place. Injected by evaluation: the page's policy refuses a script tag, rightly."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN)
    grave = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [
        f"{page.url} {one['id']}: {node['html'][:160]} {node['any'][:1] and node['any'][0]['message']}"
        for one in grave
        for node in one["nodes"][:4]
    ]
