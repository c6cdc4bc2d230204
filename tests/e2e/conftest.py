"""A journey asks for `come`, which opens a page as somebody; when it ends, the browser must have met no refused content, no script error,
no answer of the server's own failure, no missing file, and no request that left this machine.

The server holds the Benxi example, an invented town, and a response all in English.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.house import BASE, BENXI, OFFICE, PHONE, chromium, serving, sign_in
from tests.e2e.patience import clicks_wait, note_leaving

FOLDERS = [BENXI, BASE / "tests" / "e2e" / "town", BASE / "tests" / "e2e" / "harbour"]
REPORT = (
    "addEventListener('securitypolicyviolation', e => console.error(`refused: ${e.violatedDirective} ${e.blockedURI}`))"
)
# what the browser and htmx say where a journey cuts the network
CUT = ("Failed to load resource", "htmx:sendError", "htmx:afterRequest")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server."""
    with serving(tmp_path_factory.mktemp("house"), *(["load", str(folder)] for folder in FOLDERS)) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=30_000)
    with chromium() as opened, clicks_wait():
        yield opened


@pytest.fixture(scope="session")
def kept() -> dict[str, Any]:
    """Who has signed in before comes back with the session they had: {user name: the browser's storage}."""
    return {}


@pytest.fixture
def come(house: str, browser: Browser, kept: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """`come("wen")`: a page, signed in as Wen, in an office; `phone=True`: on a phone; without a name: a stranger."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def visit(username: str = "", *, phone: bool = False, fresh: bool = False, **options: Any) -> Page:
        device = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {"viewport": OFFICE}
        storage = kept.get(username) if not fresh else None
        context = browser.new_context(base_url=house, locale="zh-CN", storage_state=storage, **device, **options)
        context.set_default_timeout(30_000)
        context.add_init_script(REPORT)
        note_leaving(context)
        listen(context, house, faults)
        contexts.append(context)
        page = context.new_page()
        if username and storage:
            page.goto("/")  # where signing in leads too: a journey begins at one place, whoever came before
        elif username:
            sign_in(page, username)
            kept[username] = context.storage_state()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def listen(context: BrowserContext, house: str, faults: list[str]) -> None:
    """What a person would not notice, or only shrug at. A page that is refused (4xx) is the journey's to expect; a missing file is not."""

    def request(one: Any) -> None:
        if not one.url.startswith((house + "/", "data:", "blob:", "about:")):
            faults.append(f"left the house: {one.url}")

    def response(one: Any) -> None:
        part = one.request.resource_type not in {"document", "xhr", "fetch"}
        if one.status >= 500 or (one.status >= 400 and part):
            faults.append(f"{one.status} {one.url}")

    def console(said: Any) -> None:
        if said.type in {"error", "warning"} and not said.text.startswith(CUT):
            faults.append(f"{said.page.url if said.page else ''} {said.type}: {said.text}")

    context.on("request", request)
    context.on("response", response)
    context.on("console", console)
    context.on("weberror", lambda fault: faults.append(f"script: {fault.error}"))
