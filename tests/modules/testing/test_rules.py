"""The pure rules: verdicts by the cases that the station's own module is held to, codes, clocks, and what is no fact."""

import hashlib
import json
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.testing.sampling import NOW, item, text
from tongzhou.modules.testing import rules
from tongzhou.modules.testing.rules import Item, Seen, Station, TubeNow, Unreadable, Verdict

CASES = json.loads((Path(__file__).parent / "cases" / "verdicts.json").read_text(encoding="utf-8"))
DOCUMENTS = json.loads((Path(__file__).parent / "cases" / "documents.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_verdict_is_the_one_of_the_case(case: dict[str, Any]) -> None:
    seen = Seen(**case["seen"]) if "seen" in case else None
    given_to = (Station(**case["station"]), case["at"], case["expires"], case["zone"], TubeNow(**case["tube"]), seen)
    assert rules.judge(*given_to) is Verdict[case["verdict"]]


def test_the_cases_hold_every_verdict_that_a_station_gives() -> None:
    by_server_only = {Verdict.UNKNOWN_CODE, Verdict.CORRECTED}
    assert {Verdict[case["verdict"]] for case in CASES} == set(Verdict) - by_server_only


@given(st.binary(min_size=16, max_size=16), st.integers(0, 2**31), st.integers(0, 2**32 - 1))
def test_a_code_says_again_what_was_put_into_it(person: bytes, hours: int, zone: int) -> None:
    made = rules.make_code(person, hours * 3_600_000, zone)
    assert rules.read_code(made) == rules.Code(person, hours * 3_600_000, zone)


@given(st.integers(3, 45), st.characters(codec="utf-8"))
def test_a_code_changed_anywhere_is_not_ours(place: int, letter: str) -> None:
    made = rules.make_code(b"0123456789abcdef", NOW, 7)
    changed = made[:place] + letter + made[place + 1 :]
    read = rules.read_code(changed)
    # the last letter holds two bits that say nothing
    assert read is None or changed == made or read == rules.read_code(made)


@pytest.mark.parametrize("said", ["", "TZ1", "X" * 46, "TZ1" + "!" * 43, "TZ1" + "é" * 43, "TZ2" + "A" * 43])
def test_what_is_no_code_at_all_is_none(said: str) -> None:
    assert rules.read_code(said) is None


@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: case["name"])
def test_whoever_has_no_code_is_kept_as_the_station_keeps_them(case: dict[str, Any]) -> None:
    said = {name: case[name] for name in ("kind", "number")} | {"name": case["called"]}
    who, (name, number) = rules.who(rules.read_fact(item(1, text(person=said)))), case["kept"]
    assert who is not None
    assert (who.name, who.number) == (name, number)
    assert case["kind"] == "none" or rules.is_number(who.kind, who.number) is case["right"]


@pytest.mark.parametrize(
    "said", [{"person": {"name": "张三", "kind": "passport", "number": number}} for number in ("", "\u3000 -", "1" * 61)]
    + [{"code": ""}, {"code": "TZ1", "person": {"name": "张三", "kind": "id", "number": "1"}}],
)  # fmt: skip
def test_a_swab_of_nobody_knows_whom_is_a_fact(said: dict[str, Any]) -> None:
    assert rules.who(rules.read_fact(item(1, text(**said)))) is None


def test_the_same_document_is_the_same_person_however_it_is_written() -> None:
    key = rules.person_key("id", "11010519491231002X")
    assert rules.person_key("id", " 110105 19491231002ｘ ") == key
    passport = rules.person_key("passport", "E1234567")
    for written in ("E 1234567", "e1234567", "Ｅ１２３４５６７", "E-123\u30004567", "E·1234567", "E\t1234567"):
        assert rules.person_key("passport", written) == passport
    assert rules.person_key("passport", "11010519491231002X") != key
    assert len(key) == 16


@pytest.mark.parametrize(
    ("at", "sent", "received", "expected"),
    [
        (NOW, NOW + 60_000, NOW + 60_000, (NOW, 0)),  # right
        (NOW, NOW + 60_000, NOW + 120_000, (NOW, 0)),  # a minute slow: let it be
        (NOW - 86_400_000, NOW - 86_400_000 + 1000, NOW, (NOW - 1000, 86_399)),  # a day behind
        (NOW + 86_400_000, NOW + 86_401_000, NOW, (NOW - 1000, -86_401)),  # a day ahead
        (NOW + 90_000, NOW, NOW, (NOW, -90)),  # set back while it was recorded: not in the future
        (NOW - 9 * 86_400_000, NOW, NOW, (NOW - 7_200_000, 770_400)),  # before it was enrolled
    ],
)
def test_a_wrong_clock_is_set_right(at: int, sent: int, received: int, expected: tuple[int, int]) -> None:
    assert rules.believed(at, sent, received, earliest=NOW - 7_200_000) == expected


def batch(items: Any, **changed: Any) -> bytes:
    return json.dumps({"protocol": "tz-batch-1", "sent_at": NOW, "items": items} | changed).encode()


def wire(one: Item) -> dict[str, Any]:
    return {"seq": one.seq, "digest": b64encode(one.digest).decode(), "text": one.text}


@pytest.mark.parametrize(
    "junk", [None, 1, "x", [], {}, {"seq": "1"}, {"seq": 1, "digest": "?", "text": "x"}, {"seq": 1.5}, [[[]]]]
)
def test_junk_among_items_leaves_the_others_whole(junk: Any) -> None:
    good = item(1, text(1))
    assert rules.items_of(batch([wire(good), junk, wire(good)])) == (NOW, [good, None, good])


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff", b"null", b"[]", b"<html>", batch([]), batch(None), batch([1] * 501), batch([1], protocol="tz-batch-2"),
        batch([1], sent_at=0), batch([1], sent_at="now"), b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_batch_is_refused_whole(body: bytes) -> None:
    with pytest.raises(Unreadable):
        rules.items_of(body)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (text(1, tube=""), "tube"), (text(1, tube="管一"), "tube"), (text(1, tube="T" * 25), "tube"), (text(1, tube="T\u0000"), "tube"),
        (text(1, at=0), "at"), (text(1, at=10**15), "at"), (text(1, kind="dance"), "text"), ("null", "text"), ("[]", "text"), ("{", "text"),
        (text(kind="correct", of=0), "of"), ("x" * 8001, "length"), (text(kind="box", box="X1", tubes=["T1"], in_hand=1, note="n" * 201), "note"),
        (text(kind="courier", box="X1", courier="\u3000"), "courier"),
    ],
)  # fmt: skip
def test_what_is_no_fact_says_why(said: str, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        rules.read_fact(item(1, said))
    assert str(refused.value) == why


def test_a_text_that_is_not_the_one_hashed_is_refused() -> None:
    one = item(1, text(1))
    for changed in (Item(1, one.digest, one.text + " "), Item(1, hashlib.sha256(b"").digest(), one.text)):
        with pytest.raises(Unreadable) as refused:
            rules.read_fact(changed)
        assert str(refused.value) == "digest"
    for seq in (0, -1, 2**31):
        with pytest.raises(Unreadable) as refused:
            rules.read_fact(item(seq, text(1)))
        assert str(refused.value) == "seq"


def test_the_end_is_forecast_from_the_last_hour() -> None:
    now = datetime(2022, 9, 7, 1, tzinfo=UTC)
    assert rules.forecast_end(now, 400, 1000, 300) == datetime(2022, 9, 7, 3, tzinfo=UTC)
    assert rules.forecast_end(now, 1000, 1000, 300) == now
    assert rules.forecast_end(now, 400, 1000, 0) is None
    assert rules.forecast_end(now, 0, 0, 300) is None
