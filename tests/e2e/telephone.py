"""A telephone whose browser may be killed, with a profile that outlives it."""

import signal
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.house import PHONE, QUIET, chromium_path

STATION = "/jiangcheng/testing/station/?lang=zh-hans"


class Telephone:
    """A browser in a process of our own, that may be killed, with a profile that outlives it."""

    def __init__(self, browser: Browser, house: str, folder: Path) -> None:
        self.kind, self.house, self.folder = browser.browser_type, house, folder
        self.start()

    def start(self) -> None:
        told = self.folder / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [chromium_path(), *QUIET, "--headless=new", f"--user-data-dir={self.folder}", "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while not (told.exists() and told.read_text()):
            assert time.monotonic() < until, "the browser does not start"
            time.sleep(0.05)
        browser = self.kind.connect_over_cdp(f"http://127.0.0.1:{told.read_text().split()[0]}")
        self.context = browser.contexts[0]
        self.context.set_default_timeout(30_000)
        self.page = self.opened()

    def opened(self) -> Page:
        page = self.context.new_page()
        page.set_viewport_size(PHONE)
        page.goto(f"{self.house}{STATION}")
        expect(page.locator("html[data-ready=yes]")).to_be_attached()
        return page

    def kill(self) -> None:
        self.close()
        self.start()

    def close(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
