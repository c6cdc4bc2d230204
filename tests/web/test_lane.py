"""The lane beside ASGI, over real sockets: what HTTP allows a caller to do, and what callers do that it does not."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import uvicorn

from tongzhou.kernel import server
from tongzhou.web import lane

Answered = Callable[[int, bytes], None]


def take(authorization: bytes, body: bytes | None, answered: Answered) -> None:
    """Says what it was given, after a while where it is asked to."""
    if body is None:
        answered(413, b"long")
        return
    if body == b"fault":
        raise ZeroDivisionError
    said = b"[%s:%d:%s]" % (authorization, len(body), body[:8])
    asyncio.get_running_loop().call_later(
        0.05 if body.startswith(b"slow") else 0, answered, 503 if body == b"full" else 200, said
    )


async def beside(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % (len(body) + 6))]}
    )
    await send({"type": "http.response.body", "body": b"beside" + body})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    patch = pytest.MonkeyPatch()
    patch.setattr(lane, "_lanes", {b"/lane": take})
    config = uvicorn.Config(beside, http=lane.Protocol, ws="none", lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(10)
    patch.undo()


def post(body: bytes, path: bytes = b"/lane", more: bytes = b"", version: bytes = b"1.1") -> bytes:
    head = b"POST %s HTTP/%s\r\nHost: here\r\nAuthorization: Device 1.x\r\n%sContent-Length: %d\r\n\r\n"
    return head % (path, version, more, len(body)) + body


def told(port: int, *parts: bytes, answers: int) -> list[tuple[int, bytes]]:
    """Status and content of each answer; fewer where the server closes before."""
    found, kept = list[tuple[int, bytes]](), b""
    with closing(socket.create_connection(("127.0.0.1", port), 5)) as line:
        for part in parts:
            line.sendall(part)
            time.sleep(0.01)
        while len(found) < answers:
            head, whole, rest = kept.partition(b"\r\n\r\n")
            length = next(
                (int(one[15:]) for one in head.split(b"\r\n") if one.lower().startswith(b"content-length:")), 0
            )
            if whole and len(rest) >= length:
                found.append((int(head.split()[1]), rest[:length]))
                kept = rest[length:]
            elif more := line.recv(65536):
                kept += more
            else:
                break
    return found


def test_a_request_is_answered_by_a_call(port: int) -> None:
    assert told(port, post(b"one"), answers=1) == [(200, b"[Device 1.x:3:one]")]


def test_a_line_serves_one_request_after_the_other(port: int) -> None:
    asked = [post(b"one"), post(b"x", path=b"/page"), post(b"two")]
    expected = [(200, b"[Device 1.x:3:one]"), (200, b"besidex"), (200, b"[Device 1.x:3:two]")]
    assert told(port, *asked, answers=3) == expected


def test_what_comes_before_the_answer_ahead_is_answered_in_order(port: int) -> None:
    asked = post(b"slow one") + post(b"x", path=b"/page") + post(b"y", path=b"/lane") + post(b"z", path=b"/page")
    expected = [(200, b"[Device 1.x:8:slow one]"), (200, b"besidex"), (200, b"besidey"), (200, b"besidez")]
    assert told(port, asked, answers=4) == expected


def test_a_request_may_come_in_pieces(port: int) -> None:
    whole = post(b"a body of some length")
    assert told(port, whole[:9], whole[9:70], whole[70:-4], whole[-4:], answers=1) == [
        (200, b"[Device 1.x:21:a body o]")
    ]


def test_a_body_may_come_in_chunks(port: int) -> None:
    head = b"POST /lane HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert told(port, head + b"3\r\none\r\n", b"2\r\n!!\r\n0\r\n\r\n", answers=1) == [(200, b"[:5:one!!]")]


def test_a_body_beyond_the_limit_is_not_kept_and_an_endless_one_not_read(port: int) -> None:
    assert told(port, post(b"x" * server.LONGEST), answers=1) == [(200, b"[Device 1.x:%d:xxxxxxxx]" % server.LONGEST)]
    assert told(port, post(b"x" * (server.LONGEST + 1)), post(b"one"), answers=2) == [
        (413, b"long"),
        (200, b"[Device 1.x:3:one]"),
    ]
    head = b"POST /lane HTTP/1.1\r\nHost: here\r\nContent-Length: 999999999\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", port), 5)) as line:
        line.sendall(head)
        with pytest.raises(ConnectionError):
            line.sendall(b"x" * (4 * lane.ENDLESS))


def test_who_wants_to_be_told_to_go_on_and_who_closes_is_served(port: int) -> None:
    waits = post(b"one", more=b"Expect: 100-continue\r\n")
    with closing(socket.create_connection(("127.0.0.1", port), 5)) as line:
        line.sendall(waits[:-3])
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert told(port, post(b"one", more=b"Connection: close\r\n") + post(b"two"), answers=2) == [
        (200, b"[Device 1.x:3:one]")
    ]
    assert told(port, post(b"one", version=b"1.0"), answers=2) == [(200, b"[Device 1.x:3:one]")]


def test_who_is_refused_is_told_when_to_come_again(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), 5)) as line:
        line.sendall(post(b"full"))
        head = line.recv(1000)
    assert head.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nretry-after: 2\r\n" in head


def test_a_fault_is_told_and_the_line_goes_on(port: int) -> None:
    assert told(port, post(b"fault"), post(b"one"), answers=2) == [(500, b"{}"), (200, b"[Device 1.x:3:one]")]


def test_who_hangs_up_disturbs_nobody(port: int) -> None:
    for part in (post(b"slow one"), post(b"slow one")[:-2], b"POST /lane HT", b"\x00\xff nonsense\r\n\r\n"):
        with closing(socket.create_connection(("127.0.0.1", port), 5)) as line:
            line.sendall(part)
    time.sleep(0.1)
    assert told(port, post(b"one"), answers=1) == [(200, b"[Device 1.x:3:one]")]


def test_another_method_goes_the_usual_way(port: int) -> None:
    assert told(port, post(b"one").replace(b"POST", b"PUT", 1), answers=1) == [(200, b"besideone")]
