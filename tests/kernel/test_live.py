"""The streams beside the pages, spoken to as a server speaks: by ASGI."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tongzhou.kernel import live

Seen = list[dict[str, Any]]
TOLD = "data: changed\n\n"
FIRST = "retry: 3000\n\n" + TOLD


class Page:
    """One open page."""

    def __init__(self, app: live.Live, address: str, method: str = "GET") -> None:
        self.heard: Seen = []
        self.told = asyncio.Event()
        self.gone = asyncio.Event()
        parts = urlsplit(address)
        scope = {"type": "http", "path": parts.path, "query_string": parts.query.encode(), "method": method}
        self.task = asyncio.ensure_future(app(scope, self._receive, self._send))

    async def _receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.heard.append(dict(message))
        self.told.set()

    async def words(self, seconds: float = 2) -> str:
        """What it hears within that time."""
        await asyncio.sleep(seconds)
        return b"".join(one.get("body", b"") for one in self.heard).decode()

    async def hears(self, words: str) -> str:
        """What it hears until it is this; what else it hears, where that does not come within seconds."""
        for _ in range(500):
            if (heard := await self.words(0.01)) == words:
                break
        return heard

    @property
    def status(self) -> int:
        status: int = self.heard[0]["status"]
        return status


async def pages(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the subjects look like, in place of a room's database; looked at quickly."""
    now = {"x/case/1": "a", "x/case/2": "a"}
    monkeypatch.setattr(live, "look", lambda subjects: {one: now[one] for one in subjects if one in now})
    monkeypatch.setattr(live, "LOOK_EVERY", 0.01)
    return now


def played(scene: Callable[[live.Live], Awaitable[None]]) -> None:
    async def play() -> None:
        await scene(live.Live(pages))

    asyncio.run(play())


def test_a_page_is_told_when_its_own_subject_changes_and_only_then(world: dict[str, str]) -> None:
    """And once at first: what changed between the page's own asking and the first look, nobody could tell."""

    async def scene(app: live.Live) -> None:
        one, other = Page(app, live.address(["x/case/1"])), Page(app, live.address(["x/case/2"]))
        assert [await page.hears(FIRST) for page in (one, other)] == [FIRST] * 2
        assert [await page.words(0.2) for page in (one, other)] == [FIRST] * 2
        world["x/case/1"] = "b"
        assert await one.hears(FIRST + TOLD) == FIRST + TOLD
        assert await other.words(0.2) == FIRST
        del world["x/case/1"]
        assert await one.hears(FIRST + TOLD + TOLD) == FIRST + TOLD + TOLD
        for page in (one, other):
            page.gone.set()
            await page.task
        assert app.listeners == set()

    played(scene)


def test_what_the_first_look_already_saw_changed_is_told(
    world: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page hears that it is listened to, asks, and is told again once somebody has looked."""
    looked = threading.Event()
    monkeypatch.setattr(live, "look", lambda subjects: looked.wait(5) and {one: world[one] for one in subjects})

    async def scene(app: live.Live) -> None:
        page = Page(app, live.address(["x/case/1"]))
        assert await page.words(0.1) == "retry: 3000\n\n"
        world["x/case/1"] = "b"
        looked.set()
        assert await page.hears(FIRST) == FIRST
        page.gone.set()
        await page.task

    played(scene)


def test_the_answer_is_a_stream_that_no_proxy_collects(world: dict[str, str]) -> None:
    async def scene(app: live.Live) -> None:
        page = Page(app, live.address(["x/case/1"]))
        await page.told.wait()
        assert (page.status, dict(page.heard[0]["headers"])) == (
            200,
            {b"content-type": b"text/event-stream", b"cache-control": b"no-store", b"x-accel-buffering": b"no"},
        )
        page.gone.set()
        await page.task

    played(scene)


@pytest.mark.parametrize("address", ["/live/", "/live/?ticket=x", "/live/?ticket=WyJ4Il0:1abc:x", "/live/?ticket=%ff"])
def test_without_a_ticket_of_the_house_nobody_listens(address: str, world: dict[str, str]) -> None:
    async def scene(app: live.Live) -> None:
        page = Page(app, address)
        await page.task
        assert (page.status, app.listeners) == (403, set())

    played(scene)


def test_an_old_ticket_is_refused(world: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    address = live.address(["x/case/1"])
    monkeypatch.setattr(live, "TICKET_HOLDS", -1)

    async def scene(app: live.Live) -> None:
        page = Page(app, address)
        await page.task
        assert page.status == 403

    played(scene)


def test_a_full_process_sends_away_and_the_page_asks_by_itself(
    world: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST", 1)

    async def scene(app: live.Live) -> None:
        first, second = Page(app, live.address(["x/case/1"])), Page(app, live.address(["x/case/2"]))
        await second.task
        assert second.status == 503
        first.gone.set()
        await first.task

    played(scene)


def test_the_rest_goes_to_the_pages(world: dict[str, str]) -> None:
    async def scene(app: live.Live) -> None:
        page = Page(app, "/live")
        await page.task
        assert page.status == 418

    played(scene)


def test_when_the_server_ends_the_streams_end(world: dict[str, str]) -> None:
    async def scene(app: live.Live) -> None:
        page = Page(app, live.address(["x/case/1"]))
        await page.told.wait()
        sent: Seen = []
        events = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive() -> Any:
            return {"type": next(events)}

        async def send(message: Any) -> None:
            sent.append(message)

        await app({"type": "lifespan"}, receive, send)
        await asyncio.wait_for(page.task, 2)
        assert [one["type"] for one in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        assert page.heard[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    played(scene)


def test_rooms_say_what_their_subjects_look_like(db: None) -> None:
    assert live.look(["hotline/queue/00000000-0000-0000-0000-000000000001", "nowhere/x/1"]) == {
        "hotline/queue/00000000-0000-0000-0000-000000000001": "0"
    }
