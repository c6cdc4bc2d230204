"""A device at a table: it records, keeps what it recorded, and sends over a bad network until it is believed."""

import asyncio
import json
import ssl
import time
from base64 import b64encode
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any
from urllib.parse import SplitResult

MOST = 100  # facts in one batch
AGAIN = 0.2  # of batches carry something that is confirmed already
PATIENCE = 30.0  # seconds for an answer
KEPT = ("stored", "duplicate", "conflict")
SPOILS = ("cut", "deaf", "half")  # the line breaks in the request, before the answer, in the answer


@dataclass
class Telephone:
    number: int
    secret: str
    server: SplitResult
    chance: Random
    bad: float = 0.0  # share of sends that the network spoils
    seq: int = 0
    waiting: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    last: dict[int, tuple[str, bytes]] = field(default_factory=dict)  # confirmed lately: now and then sent once more
    said: Counter[str] = field(default_factory=Counter)  # by status, and "conflict" by its reason
    sent: Counter[str] = field(default_factory=Counter)  # by what became of the send
    took: list[float] = field(default_factory=list)  # seconds of the answered batches
    refused: list[str] = field(default_factory=list)  # facts the server calls none: there must be none

    def note(self, **fact: Any) -> int:
        """Record a fact; its number. A real device tells nobody that it is saved before this is on its disk."""
        self.seq += 1
        text = json.dumps({"at": _now(), **fact}, ensure_ascii=False)
        self.waiting[self.seq] = text, sha256(text.encode()).digest()
        return self.seq

    async def work(self, done: asyncio.Event) -> None:
        """Send what is waiting, again and again, until the morning is over and nothing waits."""
        failed = 0
        while not (done.is_set() and not self.waiting):
            if not self.waiting:
                await asyncio.sleep(0.1)
                continue
            failed = 0 if await self.send() else failed + 1
            # the protocol's backing off, with jitter
            await asyncio.sleep(self.chance.random() * min(5.0, 0.1 * 2**failed))

    async def send(self) -> bool:
        """The oldest that wait; True if something was confirmed."""
        facts = {seq: self.waiting[seq] for seq in sorted(self.waiting)[:MOST]}
        if self.last and self.chance.random() < AGAIN:
            facts |= self.last
        items = [{"seq": seq, "digest": _b64(digest), "text": text} for seq, (text, digest) in facts.items()]
        body = json.dumps({"protocol": "tz-batch-1", "sent_at": _now(), "items": items}, ensure_ascii=False).encode()
        way = self.chance.choice(SPOILS) if self.chance.random() < self.bad else "whole"
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self.ask("POST", "/testing/device/batch", body, way)
        except (OSError, TimeoutError):
            self.sent["broken"] += 1
            return False
        if way == "whole":
            self.took.append(time.perf_counter() - begun)
        told = parsed(answer)
        if told.get("protocol") != "tz-ack-1" or "items" not in told:
            self.sent["busy" if way == "whole" else way] += 1
            return False
        self.sent["answered"] += 1
        return self._believe(told["items"])

    def _believe(self, items: list[dict[str, Any]]) -> bool:
        """Only what is about a fact of our own, by number and digest."""
        sure = {}
        for one in items:
            seq = one.get("seq", 0)
            mine = self.waiting.get(seq)
            if mine is None or one.get("digest") != _b64(mine[1]):
                continue
            if one["status"] in KEPT:
                sure[seq] = self.waiting.pop(seq)
                self.said[one["status"]] += 1
                if one["status"] == "conflict":
                    self.said[f"conflict {one.get('reason', '')}"] += 1
            else:
                self.refused.append(f"{one.get('reason', '')}: {self.waiting.pop(seq)[0]}")
        self.last = dict(list(sure.items())[:10]) or self.last
        return bool(sure)

    async def ask(self, method: str, path: str, body: bytes = b"", way: str = "whole") -> bytes:
        """The whole answer, its head included; what the line let through of it if it is a bad one."""
        tls = ssl.create_default_context() if self.server.scheme == "https" else None
        port = self.server.port or (443 if tls else 80)
        reader, writer = await asyncio.open_connection(self.server.hostname, port, ssl=tls)
        try:
            head = f"{method} {path} HTTP/1.1\r\nHost: {self.server.netloc}\r\nAuthorization: Device {self.number}.{self.secret}\r\n"
            whole = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
            writer.write(whole[: self.chance.randrange(len(whole))] if way == "cut" else whole)
            await writer.drain()
            if way in ("cut", "deaf"):
                return b""
            answer = await reader.read(-1)
            return answer[: len(answer) // 2] if way == "half" else answer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def parsed(answer: bytes) -> dict[str, Any]:
    """What a whole 200 says; nothing for anything else, as a login page or half an answer."""
    head, _gap, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        return {}
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _now() -> int:
    return time.time_ns() // 1_000_000


def _b64(digest: bytes) -> str:
    return b64encode(digest).decode()
