"""What comes on paper or in a colleague's hands: once each, by the same door as from a device."""

import json
import os
from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.testing import sampling
from tests.modules.testing.sampling import NOW, SECRET, body, item, send, session, statuses, text
from tests.world import World
from tongzhou.kernel import ledger
from tongzhou.modules.testing.models import CheckIn, Conflict, Device, Point, Resident, Tube
from tongzhou.modules.testing.rules.paper import LINES, close_seq, is_sheet, line_seq, sheet_number

ID = "11010519491231002X"


MANY = 10**6


@given(st.integers(1, MANY - 1), st.uuids(), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_no_sheet(count: int, point: UUID, place: int, by: int) -> None:
    good = sheet_number(count, point)
    assert is_sheet(good, point, count)
    assert not is_sheet(good, point, count - 1)  # not printed yet
    digits = list(f"{good:08}")
    digits[place] = str((int(digits[place]) + by) % 10)
    assert not is_sheet(int("".join(digits)), point, MANY)


def test_no_two_lines_of_any_two_sheets_have_the_same_number() -> None:
    sheets = [sheet_number(count, uuid4()) for count in range(1, 50)]
    seqs = [of(sheet, line) for sheet in sheets for of in (line_seq, close_seq) for line in range(LINES)]
    assert len(set(seqs)) == len(seqs)


def typed(sheet: int, *lines: dict[str, str], at: str = "2022-09-07T06:10") -> dict[str, Any]:
    sent = {"sheet": str(sheet), "at": at, "close": "on", "line-TOTAL_FORMS": str(LINES), "line-INITIAL_FORMS": "0"}
    for n in range(LINES):
        sent |= {
            f"line-{n}-{name}": value for name, value in ({"kind": "id"} | (lines[n] if n < len(lines) else {})).items()
        }
    return sent


@pytest.fixture
def table(cast: World, client: Client) -> tuple[Point, str]:
    point = sampling.point(
        cast, sampling.campaign(cast, begins_at=timezone.datetime.fromisoformat("2022-09-07T06:00+08:00"))
    )
    client.force_login(cast.people.house)
    return point, reverse("testing.paper", args=[cast.response.slug, point.pk])


def printed(client: Client, table: tuple[Point, str], n: int = 1) -> list[int]:
    return [number for number, _drawn in client.get(f"{table[1]}print/?n={n}").context["sheets"]]


def test_a_sheet_typed_in_twice_is_one(cast: World, client: Client, table: tuple[Point, str]) -> None:
    lines = [
        {"tube": "T1", "name": "张三", "number": ID},
        {"name": "李四", "kind": "none"},
        {"tube": "T2", "number": sampling.code(9)},
    ]
    (sheet,) = printed(client, table)
    said = [[row[2] for row in client.post(table[1], typed(sheet, *lines)).context["done"]] for _time in range(2)]
    assert said == [["新登记"] * 3, ["以前已登记"] * 3]
    assert sorted(Tube.objects.values_list("code", "people")) == [("T1", 2), ("T2", 1)]
    assert Tube.objects.filter(closed_at=None).count() == 0
    assert CheckIn.objects.filter(kind=1).earliest("seq").at.isoformat() == "2022-09-06T22:10:00+00:00"
    assert (Resident.objects.count(), Device.objects.get().use, Conflict.objects.count()) == (2, "paper", 0)


def test_a_line_typed_in_differently_is_a_matter_for_the_supervisor(client: Client, table: tuple[Point, str]) -> None:
    (sheet,) = printed(client, table)
    client.post(table[1], typed(sheet, {"tube": "T1", "name": "张三", "number": ID}))
    again = client.post(table[1], typed(sheet, {"tube": "T1", "name": "张山", "number": ID}))
    assert [row[2] for row in again.context["done"]] == ["对不上，已进待核记录"]
    assert Conflict.objects.get().kind == "number"


@pytest.mark.parametrize(
    ("sheet", "line"),
    [(0, {"tube": "T1", "name": "张三", "number": ID}), (1, {"name": "张三", "number": ID}), (1, {"tube": "T1", "name": "张三", "number": ID[:-1] + "1"}),
     (1, {"tube": "管", "name": "张三", "number": ID}), (1, {"tube": "T1", "number": ID}), (1, {})],
)  # fmt: skip
def test_a_sheet_that_cannot_be_is_refused_whole(
    client: Client, table: tuple[Point, str], sheet: int, line: dict[str, str]
) -> None:
    answer = client.post(table[1], typed(sheet and printed(client, table)[0], line))
    assert (answer.status_code, CheckIn.objects.count()) == (422, 0)


def test_lists_are_printed_each_with_its_number(client: Client, table: tuple[Point, str]) -> None:
    """Of one point no number comes twice, however often and by whomever they are printed; who printed which can be looked up."""
    numbers = [number for n in (3, 50, 1) for number in printed(client, table, n)]
    assert len(set(numbers)) == 54
    assert all(is_sheet(number, table[0].pk, 54) for number in numbers)
    entry = ledger.entries(table[0]).last()
    assert entry is not None
    assert ledger.sentence(entry) == f"系统打印纸质登记表1张：{numbers[-1]}至{numbers[-1]}"


def test_a_sheet_of_another_point_is_sent_there(cast: World, client: Client, table: tuple[Point, str]) -> None:
    """The same place in the row of another point's sheets."""
    other = sampling.point(cast, table[0].campaign, name="西街小学", pk=UUID(int=table[0].pk.int ^ 1))
    (number,) = printed(client, (other, reverse("testing.paper", args=[cast.response.slug, other.pk])))
    printed(client, table)
    answer = client.post(table[1], typed(number, {"tube": "T1", "name": "张三", "number": ID}))
    assert (answer.status_code, CheckIn.objects.count()) == (422, 0)
    assert "东街小学没有印过这个表号" in answer.content.decode()


def test_a_minute_read_differently_is_the_same_sheet(client: Client, table: tuple[Point, str]) -> None:
    (sheet,) = printed(client, table)
    lines = [{"tube": "T1", "name": "张三", "number": ID}, {"name": "李四", "kind": "none"}]
    for at, said in (("2022-09-07T06:10", "新登记"), ("2022-09-07T06:19", "以前已登记")):
        answer = client.post(table[1], typed(sheet, *lines, at=at))
        assert [row[2] for row in answer.context["done"]] == [said] * 2
    assert (CheckIn.objects.count(), Conflict.objects.count()) == (3, 0)
    assert CheckIn.objects.filter(kind=1).earliest("at").at.isoformat() == "2022-09-06T22:10:00+00:00"
    wrong = [lines[0] | {"name": "张山"}, lines[1]]
    for at in ("2022-09-07T06:10", "2022-09-07T06:11"):  # one line that differs is one conflict, whatever the minute
        answer = client.post(table[1], typed(sheet, *wrong, at=at))
        assert [row[2] for row in answer.context["done"]] == ["对不上，已进待核记录", "以前已登记"]
    assert Conflict.objects.count() == 1


def file_of(number: int, *batches: bytes, skew: int = 0, secret: str = SECRET) -> bytes:
    """As static/testing/station/facts.js makes it."""
    key = sha256(f"tz-file-1:{sha256(secret.encode()).hexdigest()}".encode()).digest()
    iv, content = os.urandom(12), json.dumps({"skew": skew, "batches": [one.decode() for one in batches]}).encode()
    sealed = AESGCM(key).encrypt(iv, content, f"tz-file-1:{number}".encode())
    told = {
        "protocol": "tz-file-1",
        "device": number,
        "items": 1,
        "iv": b64encode(iv).decode(),
        "sealed": b64encode(sealed).decode(),
    }
    return json.dumps(told).encode()


def hand_in(cast: World, client: Client, content: bytes) -> Any:
    client.force_login(cast.people.house)
    file = SimpleUploadedFile("pending.json", content, "application/json")
    return client.post(reverse("testing.handed_in", args=[cast.response.slug]), {"file": file})


def test_a_file_and_the_device_itself_bring_each_item_once(cast: World, client: Client) -> None:
    at, batch = session(cast), [item(1, text(1)), item(2, text(2))]
    for done in ([("新登记", 2)], [("以前已登记", 2)]):
        assert hand_in(cast, client, file_of(at.device, body(batch))).context["done"] == done
    assert statuses(send(at, *batch)) == ["duplicate"] * 2
    assert CheckIn.objects.count() == 2


def test_the_hours_a_file_was_carried_do_not_move_its_times(cast: World, client: Client) -> None:
    at = session(cast)
    hand_in(cast, client, file_of(at.device, body([item(1, text(1))], sent_at=NOW)))
    hand_in(cast, client, file_of(at.device, body([item(2, text(2, at=NOW - 3_600_000))], sent_at=NOW), skew=3_600_000))
    assert {int(one.at.timestamp() * 1000) for one in CheckIn.objects.all()} == {NOW}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: b"",
        lambda file: file[:-9],
        lambda file: b"<html>",
        lambda file: file.replace(b'"sealed": "', b'"sealed": "AAAA'),
    ],
)
def test_a_file_that_was_changed_brings_nothing(cast: World, client: Client, spoil: Any) -> None:
    at = session(cast)
    answer = hand_in(cast, client, spoil(file_of(at.device, body([item(1, text(1))]))))
    assert (answer.status_code, CheckIn.objects.count()) == (422, 0)


def test_a_file_of_another_secret_brings_nothing(cast: World, client: Client) -> None:
    at = session(cast)
    answer = hand_in(cast, client, file_of(at.device, body([item(1, text(1))]), secret="another"))
    assert (answer.status_code, CheckIn.objects.count()) == (422, 0)
