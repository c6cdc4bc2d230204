"""Anything sent to any address, by anyone: refused, redirected, not found, but never a failure.

Seeded, so that a failure comes again. TONGZHOU_FUZZ=10000 for the full number; the suite sends fewer.
"""

import json
import os
import random
from functools import cache
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.contract.doors import PEOPLE, PLACES, Visitors, address, doors
from tests.contract.rooms import DESKS, ROOMS
from tests.world import World
from tongzhou.kernel import facts
from tongzhou.kernel.desk import Desk

TOTAL = int(os.environ.get("TONGZHOU_FUZZ", "800"))
METHODS = ["GET"] * 5 + ["POST"] * 5 + ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
DOORS = sorted((name, frozenset(params)) for name, params in doors().items())
PARTS = 4  # so that two processes share the work

JUNK = [
    "", " ", "0", "-1", "1", "NaN", "Infinity", "-Infinity", "1e999", "9" * 30, "9" * 5000, "1" * 4301, "²", "٣", "１２", "½",
    "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202e文字", "\ufeff", "\r\nSet-Cookie: x=1", "é" * 200, "汉" * 3000,
    "null", "true", "[]", "{}", "[[]]", '["a"]', "x" * 70000, "' OR 1=1 --", "%00", "%", "%(x)s", "{by}", "{0.__class__}", "{{ 7*7 }}",
    "{% debug %}", "<script>alert(1)</script>", "../../etc/passwd", "=1+1", "2022-02-30", "2022-13-01", "0000-00-00", "9999-12-31",
    "10000-01-01", "2022年3月5日", "3月5日", "20余次", "近30万人次", "零次", "-20余次", "许多", "on", "undefined", "not-a-uuid",
    "00000000-0000-0000-0000-000000000000", "WyJcdWQ4MDAiLCAiXHVkODAwIl0=", "W0luZmluaXR5LCAieCJd", "bnVsbA==", "e30=", "W1tdLCBbXV0=",
]  # fmt: skip
NAMES = [
    "q", "state", "unit", "first", "last", "sort", "after", "before", "fact", "part0", "part1", "part2", "only", "page", "next", "lang",
    "language", "key", "keys", "version", "move", "note", "purpose", "more_lines", "lines-TOTAL_FORMS", "lines-INITIAL_FORMS",
    "lines-MIN_NUM_FORMS", "lines-MAX_NUM_FORMS", "lines-0-quantity", "lines-0-item", "lines-0-DELETE", "when", "total", "source",
    "file", "login", "password", "role", "since", "until", "username", "name", "phone", "email", "csrfmiddlewaretoken", "action",
]  # fmt: skip
TYPES = ["application/json", "text/plain", "application/octet-stream", "multipart/form-data", "multipart/form-data; boundary=x",
         "application/x-www-form-urlencoded; charset=utf-7", "image/png", ""]  # fmt: skip
LANGUAGES = ["zh-hans", "en", "zh-CN,zh;q=0.9", "en;q=x", "*", "\x00", "tlh", "a" * 5000]
FILES = [
    b"", b"\x00" * 2000, b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "姓名,单位\n甲,乙\n".encode("gb18030"),
    b"<html><table><tr><td>1", b"%PDF-1.7", "名称\ud800".encode(errors="surrogatepass"),
]  # fmt: skip


class Junk:
    """Requests made of what the house takes and what it does not."""

    def __init__(self, seed: int) -> None:
        self.any = random.Random(seed)
        self.words = [*JUNK, *(name for desk in DESKS for name in _words(desk))]
        self.names = [*NAMES, *{name for desk in DESKS for name in _fields(desk)}]

    def text(self) -> str:
        if self.any.random() < 0.1:
            return "".join(chr(self.any.randrange(0x110000)) for _n in range(self.any.randrange(40)))
        return self.any.choice(self.words)

    def pairs(self) -> dict[str, Any]:
        pairs: dict[str, Any] = {self.any.choice(self.names): self.text() for _n in range(self.any.randrange(9))}
        if self.any.random() < 0.1:
            pairs["file"] = SimpleUploadedFile(
                self.any.choice(["x.xlsx", "x.csv", "\x00.xls", "长" * 300]), self.any.choice(FILES)
            )
        if self.any.random() < 0.3:
            pairs |= {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
        return pairs

    def query(self) -> str:
        pairs = [(self.any.choice(self.names), self.text()) for _n in range(self.any.randrange(5))]
        return "&".join(f"{quote(name)}={quote(value[:3000], errors='surrogatepass')}" for name, value in pairs)

    def path(self, path: str) -> str:
        """Mostly the address itself, now and then with a part of it spoilt."""
        if self.any.random() > 0.15:
            return path
        parts = path.split("/")
        parts[self.any.randrange(len(parts))] = quote(self.text()[:200], errors="surrogatepass", safe="")
        return "/".join(parts)

    def body(self, method: str) -> dict[str, Any]:
        """What goes with the request, as the test client takes it."""
        if method in {"GET", "HEAD", "OPTIONS", "DELETE"} and self.any.random() < 0.9:
            return {}
        if method == "POST" and self.any.random() < 0.7:
            return {"data": {name: _sendable(value) for name, value in self.pairs().items()}}
        raw = self.any.choice(
            [self.text().encode(errors="surrogatepass"), self.any.randbytes(300), json.dumps(self.names[:9]).encode()]
        )
        return {"data": raw, "content_type": self.any.choice(TYPES)}

    def headers(self) -> dict[str, str]:
        found = {"Accept-Language": self.any.choice(LANGUAGES)} if self.any.random() < 0.5 else {}
        return found | ({"HX-Request": "true"} if self.any.random() < 0.2 else {})


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_that_is_sent_makes_the_house_fail(
    part: int, furnished: None, cast: World, visitors: Visitors, capsys: pytest.CaptureFixture[str]
) -> None:
    junk, failed, sent = Junk(part), [], 0
    find = cache(lambda name, params, place: address(name, params, place, cast))  # only those that are chosen
    for _n in range(TOTAL // PARTS):
        door = junk.any.choice(DOORS)
        at = f"{junk.path(find(*door, junk.any.choice(list(PLACES))))}?{junk.query()}"
        who, method, body, headers = junk.any.choice(PEOPLE), junk.any.choice(METHODS), None, junk.headers()
        try:
            body = junk.body(method)
            answer = visitors.send(who, method, at, headers, body)
            fault = f"{answer.status_code}" if answer.status_code >= 500 else ""
        except Exception as raised:  # noqa: BLE001 -- whatever it is, it is a finding
            fault = f"{type(raised).__name__}: {raised}"
        sent += 1
        if fault:
            failed.append(f"{fault[:300]} ← {who} {method} {at[:300]} {str(body)[:300]}")
    with capsys.disabled():
        print(f"\n{sent} requests, {len(failed)} failures")  # noqa: T201 -- the number is the point
    assert sent == TOTAL // PARTS
    assert not failed, "\n".join(failed)


def _words(desk: Desk) -> list[str]:
    """Values that the desk knows: junk alone would be turned away at the first check."""
    sorts = [column.sort for column in desk.columns if column.sort]
    known = [fact.name for room in ROOMS for fact in room.facts if facts.record_model(fact) is desk.model]
    moves = [move.name for move in desk.model.workflow.moves]
    return [
        *sorts,
        *(f"-{sort}" for sort in sorts),
        *known,
        *moves,
        *desk.model.workflow.states.values,
        "branch1",
        str(uuid4()),
    ]


def _fields(desk: Desk) -> list[str]:
    forms = [form for form in (desk.form, *desk.move_forms.values()) if form is not None]
    return [*desk.filters, *(name for form in forms for name in form.base_fields)]


def _sendable(value: Any) -> Any:
    """The test client encodes text strictly; half pairs go as a browser would send them, replaced."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value
