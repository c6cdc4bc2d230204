"""A robot's other end on this machine: remembers every request and, as a vendor may, takes each key once."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    host: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)  # to give first, one each; then always OK
    requests: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)  # (path with query, key, body)
    shown: dict[str, str] = field(default_factory=dict)  # what a group would see, by key
    arrived: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)  # held back, the sender waits for its answer

    @property
    def url(self) -> str:
        return f"http://{self.host}/send?key=abc"


@contextmanager
def listening(port: int = 0) -> Iterator[Receiver]:
    receiver = Receiver()
    receiver.go_on.set()
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(receiver))
    receiver.host = f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.go_on.set()
        server.shutdown()
        server.server_close()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["Idempotency-Key"]
            receiver.requests.append((self.path, key, body))
            status, answer = receiver.answers.pop(0) if receiver.answers else (200, '{"errcode": 0, "errmsg": "ok"}')
            if status == 200 and "0" in answer:
                receiver.shown.setdefault(key, (body.get("text") or body.get("content"))[_TEXT[body.get("msgtype")]])
            receiver.arrived.set()
            receiver.go_on.wait(20)
            self.answer(status, answer)

        def answer(self, status: int, answer: str) -> None:
            try:
                self.send_response(status)
                if status in {301, 302, 307}:
                    self.send_header("Location", f"http://{receiver.host}/elsewhere")
                self.send_header("Content-Length", str(len(answer.encode())))
                self.end_headers()
                self.wfile.write(answer.encode())
            except OSError:
                pass  # the sender was killed while it waited

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


_TEXT = {"text": "content", None: "text"}  # where WeCom and DingTalk, and where Feishu, have the words
