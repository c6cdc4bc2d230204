"""A real server with data of its own, and a real browser: for the journeys, and for the pictures in the documentation."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

BASE = Path(__file__).resolve().parents[2]
BENXI = BASE / "examples" / "benxi-2022"
PHONE, OFFICE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PASSWORD, OF_THE_EXAMPLE = "six-journeys-by-boat", "tongzhou-2022"
EXAMPLE = {"office", "leader", "keeper", "secretary", "member", "auditor", "commander", "inspector", "chief"}
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--lang=zh-CN",
]  # fmt: skip


@contextmanager
def serving(data: Path, *commands: Sequence[str]) -> Iterator[str]:
    """The address of a server on a free port, its data in the folder `data`, filled by the `tongzhou` commands given.

    By name, not number: a passkey belongs to a name.
    """
    environment = dict(os.environ) | {"TONGZHOU_DATA": str(data), "DATABASE_URL": "", "TONGZHOU_MODE": "demo"}
    environment["DJANGO_SETTINGS_MODULE"] = "tongzhou.web.settings"
    environment.pop("TONGZHOU_KEYS", None)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    address = environment["TONGZHOU_URL"] = f"http://localhost:{port}"

    def tongzhou(*words: str) -> list[str]:
        return [sys.executable, "-m", "tongzhou", *words]

    for words in (["prepare"], *commands):
        subprocess.run(tongzhou(*words), cwd=BASE, env=environment, check=True, stdout=subprocess.DEVNULL)
    line = tongzhou("serve", "--port", str(port), "--workers", "1")
    with subprocess.Popen(line, cwd=BASE, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            await_answer(f"{address}/health/")
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def await_answer(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            return urlopen(address, timeout=5).close()
        except URLError:
            assert time.monotonic() < until, f"{address} does not answer"
            time.sleep(0.1)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield (opened := playwright.chromium.launch(executable_path=chromium_path(), args=QUIET))
        opened.close()


def chromium_path() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "no browser: install chromium"
    return found


def sign_in(page: Page, username: str) -> None:
    page.goto("/account/login/")
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(OF_THE_EXAMPLE if username in EXAMPLE else PASSWORD)
    page.locator("form.login button.btn-primary").click()
    page.wait_for_url(lambda address: "/account/login/" not in address)
