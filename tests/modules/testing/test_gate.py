"""A real server asked as devices ask it, killed while they do, and Django's pages behind the same door."""

import json
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from benchmarks import faults
from benchmarks.servers import House
from tests.modules.testing.sampling import body, item, text
from tongzhou.modules.testing import rules

pytestmark = pytest.mark.own_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, Any]]]:
    made = House(tmp_path_factory.mktemp("gate"), workers=1)
    told = made.prepare(2, 20)
    made.start()
    try:
        made.answers()
        yield made, told
    finally:
        made.kill()


def ask(
    house: House, method: str, path: str, content: bytes = b"", device: Any = None, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    line = HTTPConnection("127.0.0.1", house.port, timeout=60)
    if device:
        headers["Authorization"] = f"Device {device[0]}.{device[1]}"
    line.request(method, path, content or None, {"Host": "localhost"} | headers)
    answer = line.getresponse()
    raw = answer.read()
    line.close()
    told = json.loads(raw) if answer.headers["content-type"] == "application/json" and raw else raw
    return answer.status, told, dict(answer.headers)


def sample(told: dict[str, Any], n: int, seq: int) -> Any:
    return item(seq, text(code=told["codes"][n], tube=f"T{n}"))


def test_a_batch_is_answered_item_by_item_and_once(house: tuple[House, dict[str, Any]]) -> None:
    server, told = house
    device = told["devices"][0]
    first, second = sample(told, 0, 1), sample(told, 1, 2)
    status, answer, _headers = ask(server, "POST", "/testing/device/batch", body([first, None, second]), device)
    assert (status, answer["protocol"], answer["device"]) == (200, rules.ACK, device[0])
    assert [one["status"] for one in answer["items"]] == ["stored", "rejected", "stored"]
    assert answer["items"][0]["digest"] == b64encode(first.digest).decode()
    _status, answer, _headers = ask(server, "POST", "/testing/device/batch", body([second, first]), device)
    assert [(one["seq"], one["status"]) for one in answer["items"]] == [(2, "duplicate"), (1, "duplicate")]
    _status, session, _headers = ask(server, "GET", "/testing/device/session", b"", device)
    assert (session["held"], session["last_seq"], session["size"], session["state"], session["wipe"]) == (
        2,
        2,
        10,
        "active",
        False,
    )


@pytest.mark.parametrize(
    "junk", [b"", b"null", b"<html>", b'{"protocol":"tz-batch-1","sent_at":1,"items":[]}', b"\xff" * 100]
)
def test_what_is_no_batch_is_refused_and_not_a_failure(house: tuple[House, dict[str, Any]], junk: bytes) -> None:
    server, told = house
    status, answer, _headers = ask(server, "POST", "/testing/device/batch", junk, told["devices"][0])
    assert (status, answer["protocol"]) == (400, rules.ACK)


def test_only_an_enrolled_device_is_heard(house: tuple[House, dict[str, Any]]) -> None:
    server, told = house
    (number, secret), good = told["devices"][1], body([sample(told, 5, 1)])
    for device in (None, (number, secret + "x"), (number, ""), (number + 1, secret), ("²", secret), ("", "")):
        spoken = None if device and device[0] == "²" else device
        assert ask(server, "POST", "/testing/device/batch", good, spoken)[0] == 401
        assert ask(server, "GET", "/testing/device/session", b"", spoken)[0] == 401
    assert ask(server, "POST", "/testing/device/results", b'{"results":[]}', (number, secret))[0] == 401
    assert ask(server, "POST", "/testing/device/enrol", b'{"code":"x","table":1}')[:2] == (
        403,
        {"protocol": rules.ACK, "error": "code"},
    )
    assert ask(server, "POST", "/testing/device/enrol", b"null")[0] == 400
    assert ask(server, "GET", "/testing/device/nothing", b"", (number, secret))[0] == 404
    assert ask(server, "GET", "/testing/live/forged")[0] == 401


def test_too_long_a_batch_is_refused(house: tuple[House, dict[str, Any]]) -> None:
    server, told = house
    assert ask(server, "POST", "/testing/device/batch", b"x" * (2 * 1024 * 1024 + 1), told["devices"][0])[0] == 413


def test_django_serves_its_pages_behind_the_same_door(house: tuple[House, dict[str, Any]]) -> None:
    server, _told = house
    status, page, headers = ask(server, "GET", "/account/login/")
    assert (
        status,
        "csrfmiddlewaretoken" in page.decode(),
        "Content-Security-Policy" in {name.title() for name in headers},
    ) == (200, True, True)
    assert ask(server, "GET", "/health/")[0] == 200
    assert ask(server, "HEAD", "/account/login/")[:2] == (200, b"")
    assert ask(server, "GET", "/bench/testing/")[0] == 302
    assert (
        ask(
            server,
            "POST",
            "/account/login/",
            b"login=x&password=y",
            **{"Content-Type": "application/x-www-form-urlencoded"},
        )[0]
        == 403
    )
    assert len(ask(server, "GET", "/static/css/tongzhou.css")[1]) > 1000
    assert ask(server, "GET", "/%E4%B8%AD%E6%96%87/")[0] == 404  # no response has such a name


@pytest.mark.parametrize(("engine", "checkins", "kills"), [("sqlite", 1200, 3), ("postgresql", 600, 2)])
def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(
    engine: str, checkins: int, kills: int
) -> None:
    """`make faults` in short; in full it is 200,000 check-ins and 200 kills. PostgreSQL has a cluster of its own, which is killed first."""
    found = faults.run(engine, checkins, 4, kills, every=1.0, patience=300)
    assert (found.recorded, found.acknowledged) == (checkins, checkins)
    assert (found.missing, found.doubled, found.miscounted) == (0, 0, 0)
    assert sum(found.kills.values()) >= 1
    assert engine == "sqlite" or found.kills["database"] >= 1
