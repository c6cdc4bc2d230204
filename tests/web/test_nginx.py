"""deploy/nginx.conf for real: a house behind nginx, asked as devices, telephones and boards ask it."""

import json
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from typing import Any

import pytest
from django.core import signing

from benchmarks.fronts import PROGRAM, Front, nginx
from benchmarks.lookups import run
from benchmarks.servers import House
from tests.modules.testing.sampling import body, item, text
from tongzhou.modules.testing.views.pages import TICKETS

pytestmark = [
    pytest.mark.own_house,
    pytest.mark.skipif(not PROGRAM, reason="nginx is not installed: bin/apt, or apt-get install nginx-light"),
]
PEOPLE = 30


@dataclass
class Town:
    house: House
    front: Front
    told: dict[str, Any]  # of stations.py
    stage: dict[str, Any]  # of lookups_stage.py
    seq: int = 0

    def ask(self, method: str, path: str, content: bytes = b"", **headers: str) -> tuple[int, bytes, dict[str, str]]:
        line = HTTPSConnection("localhost", self.front.port, timeout=30, context=self.trust())
        with closing(line):
            line.request(method, path, content or None, headers)
            answer = line.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.front.certificate))

    def batch(self, items: int = 10) -> tuple[int, list[str]]:
        first, (number, secret) = self.seq + 1, self.told["devices"][0]
        self.seq += items
        facts = [
            item(n, text(kind="close", tube=f"N{n}", at=int(time.time() * 1000))) for n in range(first, first + items)
        ]
        status, answer, _headers = self.ask(
            "POST", "/testing/device/batch", body(facts), Authorization=f"Device {number}.{secret}"
        )
        return status, [one["status"] for one in json.loads(answer)["items"]] if status == 200 else []


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    house, folder = House(tmp_path_factory.mktemp("house"), workers=1), tmp_path_factory.mktemp("nginx")
    told = house.prepare(2, PEOPLE)
    stage = house.folder / "stage.json"
    run(house, "benchmarks/lookups_stage.py", str(PEOPLE), str(house.folder / "stations.json"), str(stage))
    house.start()
    try:
        house.answers()
        with nginx(house, folder) as front:
            yield Town(house, front, told, json.loads(stage.read_text()))
    finally:
        house.kill()


def test_plain_http_leads_to_https(town: Town) -> None:
    with closing(HTTPConnection("localhost", town.front.plain, timeout=10)) as line:
        line.request("GET", "/bench/testing/result/?lang=en")
        answer = line.getresponse()
        assert (answer.status, answer.getheader("location")) == (301, "https://localhost/bench/testing/result/?lang=en")


def test_a_batch_and_a_page_come_through(town: Town) -> None:
    assert town.batch() == (200, ["stored"] * 10)
    status, page, headers = town.ask("GET", "/account/login/")
    assert (status, b"csrfmiddlewaretoken" in page, "content-security-policy" in headers) == (200, True, True)
    status, said, _headers = town.ask(
        "POST", "/testing/device/batch", b"x" * (2 * 1024 * 1024 + 1), Authorization="Device 1.x"
    )
    assert (status, json.loads(said)["protocol"]) == (401, "tz-ack-1"), "the program answers, in the device's own words"


def test_results_are_files_that_caches_keep(town: Town) -> None:
    for path in (town.stage["shards"][0], town.stage["list"]):
        status, content, headers = town.ask("GET", path)
        assert (status, content) == (200, (town.house.folder / path.removeprefix("/testing/")).read_bytes())
        assert (headers["cache-control"], headers["content-type"]) == (
            "public, max-age=31536000, immutable",
            "text/plain; charset=utf-8",
        )
        assert town.ask("GET", path, **{"If-None-Match": headers["etag"]})[:2] == (304, b"")
    status, _content, headers = town.ask("GET", town.stage["index"])
    assert (status, headers["cache-control"], headers["x-content-type-options"]) == (
        200,
        "public, max-age=20",
        "nosniff",
    )
    for path in (
        "/testing/results/bench/.lock",
        "/testing/results/bench/../../secret",
        "/testing/results/",
        "/static/../secret",
    ):
        assert town.ask("GET", path)[0] in {400, 404}


def test_scripts_come_compressed_and_those_with_a_hash_for_ever(town: Town) -> None:
    manifest = json.loads((town.house.folder / "static" / "staticfiles.json").read_text())["paths"]
    for name, control in (
        ("testing/station/app.js", "public, max-age=60"),
        (manifest["testing/station/app.js"], "public, max-age=31536000, immutable"),
    ):
        status, _content, headers = town.ask("GET", f"/static/{name}", **{"Accept-Encoding": "gzip"})
        assert (status, headers["cache-control"], headers["content-encoding"]) == (200, control, "gzip")
    assert town.ask("GET", "/static/vendor/zxing/reader.wasm")[2]["content-type"] == "application/wasm"


def test_the_boards_stream_arrives_event_by_event(town: Town) -> None:
    """Each while the answer is still open: what is collected on the way comes too late, or never."""
    key = (town.house.folder / "secret").read_text()
    ticket = signing.dumps([town.told["campaign"], "en"], salt=TICKETS, key=key)
    with closing(HTTPSConnection("localhost", town.front.port, timeout=12, context=town.trust())) as line:
        line.request("GET", f"/testing/live/{ticket}")
        answer = line.getresponse()
        assert (answer.status, answer.getheader("content-type")) == (200, "text/event-stream; charset=utf-8")
        assert event(answer) == "event: figures\n"
        town.batch()
        assert event(answer) == "event: figures\n"


def event(answer: Any) -> str:
    """The name of the next one, which is read to its end."""
    lines = [answer.readline().decode()]
    while lines[-1] not in {"\n", ""}:
        lines.append(answer.readline().decode())
    return str(lines[0])


def test_a_flood_of_look_ups_is_slowed_and_batches_are_not(town: Town) -> None:
    look = "/bench/testing/result/?lang=en"
    assert town.ask("GET", look)[0] == 200
    with ThreadPoolExecutor(24) as many:
        asked = [many.submit(town.ask, "GET", look) for _n in range(400)]
        while not any(one.done() and one.result()[0] == 429 for one in asked):
            time.sleep(0.01)
        assert [town.batch(1) for _n in range(30)] == [(200, ["stored"])] * 30
        answers = [one.result() for one in asked]
    told = Counter(status for status, _page, _headers in answers)
    assert told.keys() == {200, 429}
    assert told[200] >= 100, "whoever comes in a burst of a hundred is let in"
    slowed = next((page, headers) for status, page, headers in answers if status == 429)
    assert (slowed[1]["retry-after"], slowed[1]["cache-control"], "请过几秒再试" in slowed[0].decode()) == (
        "5",
        "no-store",
        True,
    )
    session = [town.ask("GET", "/testing/device/session")[0] for _n in range(200)]
    assert set(session) == {401}, "no device is ever slowed, whoever it says it is"


def test_published_results_are_there_when_the_program_is_not(town: Town) -> None:
    """Last of this file: the house is gone after it."""
    page = "/bench/testing/result/?lang=zh-hans"
    time.sleep(1)  # the flood before is forgotten, 20 a second
    assert town.ask("GET", page)[0] == 200
    town.house.kill()
    assert [
        town.ask("GET", path)[0] for path in (town.stage["index"], town.stage["list"], town.stage["shards"][0], page)
    ] == [200] * 4
    assert town.ask("GET", "/testing/device/session")[0] == 502
