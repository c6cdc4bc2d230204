"""A real server with data of its own, and a real browser in which every fault is a failure.

The server is `tongzhou serve` on a free port, filled by `tongzhou load`: the Benxi example, an invented town, and a response in English.
A journey asks for `come`, which opens a page as somebody; when it ends, the browser must have met no refused content, no script error,
no answer of the server's own failure, no missing file, and no request that left this machine.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

BASE = Path(__file__).resolve().parents[2]
FOLDERS = [BASE / "examples" / "benxi-2022", BASE / "tests" / "e2e" / "town", BASE / "tests" / "e2e" / "harbour"]
PASSWORD, OF_THE_EXAMPLE = "six-journeys-by-boat", "tongzhou-2022"
EXAMPLE = {"office", "leader", "keeper", "secretary", "member", "auditor"}
PHONE, OFFICE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--lang=zh-CN",
)
REPORT = (
    "addEventListener('securitypolicyviolation', e => console.error(`refused: ${e.violatedDirective} ${e.blockedURI}`))"
)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a prepared, loaded and running server. By name, not number: a passkey belongs to a name."""
    environment = dict(os.environ) | {"TONGZHOU_DATA": str(tmp_path_factory.mktemp("house")), "DATABASE_URL": ""}
    environment |= {"DJANGO_SETTINGS_MODULE": "tongzhou.web.settings", "TONGZHOU_MODE": "demo"}
    environment.pop("TONGZHOU_KEYS", None)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    address = environment["TONGZHOU_URL"] = f"http://localhost:{port}"

    def tongzhou(*words: str) -> list[str]:
        return [sys.executable, "-m", "tongzhou", *words]

    for words in (["prepare"], *(["load", str(folder)] for folder in FOLDERS)):
        subprocess.run(tongzhou(*words), cwd=BASE, env=environment, check=True, stdout=subprocess.DEVNULL)
    line = tongzhou("serve", "--port", str(port), "--workers", "1")
    with subprocess.Popen(line, cwd=BASE, env=environment, stdout=subprocess.DEVNULL) as serving:
        try:
            answers(f"{address}/health/")
            yield address
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(30)


def answers(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            return urlopen(address, timeout=5).close()
        except URLError:
            assert time.monotonic() < until, f"{address} does not answer"
            time.sleep(0.1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "no browser: install chromium"
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        yield (opened := playwright.chromium.launch(executable_path=found, args=list(QUIET)))
        opened.close()


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
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT)
        listen(context, house, faults)
        contexts.append(context)
        page = context.new_page()
        if username and not storage:
            sign_in(page, username)
            kept[username] = context.storage_state()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def sign_in(page: Page, username: str) -> None:
    password = OF_THE_EXAMPLE if username in EXAMPLE else PASSWORD
    page.goto("/account/login/")
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(password)
    page.locator("form.login button.btn-primary").click()
    expect(page).not_to_have_url(re.compile("/account/login/"))


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
        if said.type in {"error", "warning"} and not said.text.startswith("Failed to load resource"):
            faults.append(f"{said.page.url if said.page else ''} {said.type}: {said.text}")

    context.on("request", request)
    context.on("response", response)
    context.on("console", console)
    context.on("weberror", lambda fault: faults.append(f"script: {fault.error}"))
