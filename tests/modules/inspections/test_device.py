"""What a telephone delivers: each draft once, whatever the network does; nothing of anybody where it does not belong."""

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.modules.inspections import inspecting
from tests.modules.inspections.command import Scene, scene
from tests.world import World, person
from tongzhou.kernel import attachments, ledger
from tongzhou.kernel.models import Attachment, Person
from tongzhou.modules.inspections import actions, rules
from tongzhou.modules.inspections.models import Delivery, Finding, Place, Round, Visit

SignIn = Callable[[Person], Client]
ROOM = "/test-2022/inspections"
SYNC = f"{ROOM}/sync/"


def fields(*wrong: str, kind: str = "pharmacy", **more: Any) -> dict[str, list[str]]:
    """A form filled in: everything in order but the items named."""
    asked = rules.checklist(rules.edition("2022-05"), kind)
    found: dict[str, list[str]] = {"result": ["inspected"], "met_post": ["店长"]}
    found |= {f"{item.code}-verdict": ["no" if item.code in wrong else "yes"] for item in asked}
    return found | {name.replace("_", "-", 1) if name[0].isupper() else name: [value] for name, value in more.items()}


def draft(
    s: Scene, at: Place | None = None, key: str = "", filled: dict[str, list[str]] | None = None, **changes: Any
) -> str:
    told = {
        "id": key or str(uuid4()),
        "round": str(s.round.pk),
        "place": str((at or s.place).pk),
        "fields": filled or fields(),
    }
    return json.dumps(told | changes, ensure_ascii=False)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def send(client: Client, *texts: str, **files: Any) -> list[dict[str, str]]:
    """`files` are photographs by "<id>.<field>"."""
    answer = client.post(SYNC, {"item": list(texts), **files})
    assert (answer.status_code, answer["Content-Type"], answer.json()["protocol"]) == (
        200,
        "application/json",
        "tz-ack-1",
    )
    found: list[dict[str, str]] = answer.json()["items"]
    return found


def statuses(client: Client, *texts: str, **files: Any) -> list[str]:
    return [one["status"] for one in send(client, *texts, **files)]


def test_a_draft_is_stored_with_its_findings_and_photographs(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    filled = fields(
        "G06",
        "G01",
        G01_spot="on",
        G06_words="上周没有记录",
        started_at="2022-03-01T01:00:00Z",
        ended_at="2022-03-01T01:20:00Z",
    )
    text = draft(s, key=(key := str(uuid4())), filled=filled)
    files = {
        f"{key}.G06-pictures": [inspecting.photo(), inspecting.photo("b.jpg", "red")],
        f"{key}.G01-fixed": inspecting.photo(),
    }
    [ack] = send(signed_in(s.ding), text, **files)
    assert ack == {"id": key, "digest": digest(text), "status": "stored", "why": ""}
    visit = Visit.objects.get(pk=key)
    found = {one.code: (one.state, one.text) for one in visit.findings.all()}
    assert found == {"G06": ("found", "上周没有记录"), "G01": ("fixed", "未做到：入口张贴场所码，进入人员逐一扫码核验")}
    assert {one.code: attachments.of(one).count() for one in visit.findings.all()} == {"G06": 2, "G01": 1}
    assert (visit.happened_on.isoformat(), list(visit.inspectors.all()), list(ledger.broken())) == (
        "2022-03-01",
        [s.ding],
        [],
    )


def test_sent_again_it_is_the_same(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    client, text = signed_in(s.ding), draft(s)
    assert [statuses(client, text) for _n in range(3)] == [["stored"], ["duplicate"], ["duplicate"]]
    assert statuses(client, text, text) == ["duplicate", "duplicate"]
    assert (Visit.objects.count(), Delivery.objects.count()) == (1, 1)


def test_in_any_order_and_any_parts_each_is_there_once(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    client, any_order = signed_in(s.ding), random.Random(7)
    texts = [draft(s, place) for place in (s.place, *s.others)]
    for _n in range(6):
        some = any_order.sample(texts, any_order.randint(1, 3))
        assert set(statuses(client, *some)) <= {"stored", "duplicate"}
    assert set(statuses(client, *texts)) == {"duplicate"}
    assert (Visit.objects.count(), Visit.objects.filter(repeat=True).count()) == (3, 0)


def test_one_that_cannot_be_taken_does_not_hold_up_the_rest(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    lacking = draft(s, filled={"result": ["inspected"]})
    acks = send(signed_in(s.ding), "null", lacking, draft(s), "{" * 2000)
    assert [(one["status"], bool(one["why"])) for one in acks] == [
        ("rejected", True),
        ("rejected", True),
        ("stored", False),
        ("rejected", True),
    ]
    assert acks[1]["why"].startswith("入口张贴场所码，进入人员逐一扫码核验：请选择一项。")
    assert Visit.objects.count() == 1


def test_put_right_and_sent_again_under_its_key_a_rejected_draft_is_taken(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    key, client = str(uuid4()), signed_in(s.ding)
    unproven = draft(s, key=key, filled=fields("G01", G01_spot="on"))
    assert statuses(client, unproven) == ["rejected"]
    assert (Visit.objects.count(), Delivery.objects.count()) == (0, 0)
    assert statuses(client, unproven, **{f"{key}.G01-fixed": inspecting.photo()}) == ["stored"]


def test_another_text_under_a_known_key_is_kept_for_a_person_to_look_at(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    key, client = str(uuid4()), signed_in(s.ding)
    first, second = draft(s, key=key), draft(s, key=key, filled=fields("G06"))
    assert [statuses(client, one) for one in (first, second, second, first)] == [
        ["stored"],
        ["conflict"],
        ["conflict"],
        ["duplicate"],
    ]
    assert (Visit.objects.count(), Finding.objects.count()) == (1, 0)
    assert list(Delivery.objects.filter(visit=None).values_list("text", flat=True)) == [second]
    assert "与已有记录不一致的回传" in signed_in(s.du).get(s.round.get_absolute_url()).content.decode()


def test_the_key_of_anothers_visit_takes_nothing_from_it(cast: World, signed_in: SignIn) -> None:
    """Ding's draft sent by Du, and a photograph's key cannot be taken over either."""
    s = scene(cast)
    text = draft(s, key=(key := str(uuid4())))
    assert statuses(signed_in(s.ding), text) == ["stored"]
    [ack] = send(signed_in(s.du), text)
    assert (ack["status"], Visit.objects.get().filed_by) == ("conflict", s.ding)
    other = draft(s, s.others[0], key=key)
    assert statuses(signed_in(s.du), other) == ["conflict"]
    assert Visit.objects.get().place == s.place


def test_two_inspectors_at_one_place_both_happened_and_one_counts(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    assert statuses(signed_in(s.ding), draft(s)) + statuses(signed_in(s.du), draft(s)) == ["stored", "stored"]
    assert sorted(Visit.objects.values_list("repeat", flat=True)) == [False, True]


@pytest.mark.parametrize(
    "changes",
    [
        {"round": str(uuid4())},
        {"place": str(uuid4())},
        {"round": "x"},
        {"fields": []},
        {"fields": {"result": "inspected\x00"}},
        {"id": 7},
    ],
)
def test_what_belongs_nowhere_is_rejected(changes: dict[str, Any], cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    assert statuses(signed_in(s.ding), draft(s, **changes)) == ["rejected"]
    assert Visit.objects.count() == 0


def test_another_posts_round_is_answered_like_none(cast: World, signed_in: SignIn) -> None:
    """An inspector of a street may send drafts, but not into the command post's round; and learns nothing by trying."""
    s = scene(cast)
    local = person("local", "街道督导", cast.units.street1, ("inspector", cast.units.street1))
    [real], [none] = send(signed_in(local), draft(s)), send(signed_in(local), draft(s, round=str(uuid4())))
    assert (
        (real["status"], real["why"])
        == (none["status"], none["why"])
        == ("rejected", "没有找到这个轮次或场所，或您没有检查权限。")
    )
    assert Delivery.objects.count() == 0


def test_who_is_signed_out_is_told_so_and_nothing_is_taken(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    stranger = Client()
    for answer in (stranger.get(f"{ROOM}/session/"), stranger.post(SYNC, {"item": draft(s)})):
        assert (answer.status_code, answer.json()) == (401, {"protocol": "tz-ack-1", "error": "signed out"})
    assert [signed_in(who).post(SYNC, {"item": draft(s)}).status_code for who in (s.ke, s.owner, cast.people.li)] == [
        404,
        404,
        404,
    ]
    assert Visit.objects.count() == 0


def test_a_forged_request_is_refused(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(s.ding)
    assert client.post(SYNC, {"item": draft(s)}).status_code == 403
    session = client.get(f"{ROOM}/session/").json()
    assert (
        session["person"],
        client.post(SYNC, {"item": draft(s)}, headers={"X-CSRFToken": session["token"]}).status_code,
    ) == (str(s.ding.pk), 200)


PROGRAM, VECTOR = (
    b"MZ\x90\x00" + b"\x00" * 500,
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
)


@pytest.mark.parametrize(
    ("content", "why"), [(PROGRAM, "看不懂"), (VECTOR, "看不懂"), (b"", "空"), (b"\xff\xd8\xff" + b"\x00" * (15 * 1024 * 1024), "超过 15 MB")],
    ids=["program", "svg", "empty", "huge"],
)  # fmt: skip
def test_what_is_no_photograph_is_refused_and_nothing_half_remains(
    content: bytes, why: str, cast: World, signed_in: SignIn
) -> None:
    s = scene(cast)
    text = draft(s, key=(key := str(uuid4())), filled=fields("G06"))
    bad = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
    [ack] = send(signed_in(s.ding), text, **{f"{key}.G06-pictures": [inspecting.photo(), bad]})
    assert (ack["status"], why in ack["why"]) == ("rejected", True)
    assert (Visit.objects.count(), Finding.objects.count(), Attachment.objects.count(), Delivery.objects.count()) == (
        0,
        0,
        0,
        0,
    )


def test_an_inspector_with_a_wrong_clock_was_not_there_tomorrow(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    assert statuses(
        signed_in(s.ding), draft(s, filled=fields(started_at="2099-01-01T00:00:00Z", ended_at="2099-01-02T00:00:00Z"))
    ) == ["stored"]
    visit = Visit.objects.get()
    assert (visit.ended_at.year < 2099, visit.started_at <= visit.ended_at) == (True, True)


def test_refused_entry_is_a_visit_without_answers(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    client = signed_in(s.ding)
    assert statuses(client, draft(s, filled={"result": ["refused"]})) == ["rejected"]
    assert statuses(
        client, draft(s, filled={"result": ["refused"], "words": ["店主不让进"], "G01-verdict": ["no"]})
    ) == ["stored"]
    assert (Visit.objects.get().result, Finding.objects.count()) == ("refused", 0)


def test_the_page_without_scripts_takes_the_same_fields(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    client, at, key = signed_in(s.ding), f"{ROOM}/{s.round.pk}/route/{s.place.pk}/", str(uuid4())
    sent = {name: values[0] for name, values in fields("G06").items()} | {"key": key}
    assert client.post(at, {"key": key}).status_code == 422
    assert [client.post(at, {**sent, "G06-pictures": inspecting.photo()}).status_code for _n in range(2)] == [302, 302]
    assert (str(Visit.objects.get().pk), Finding.objects.get().code, Attachment.objects.count()) == (key, "G06", 1)


def test_the_shell_and_the_worker_tell_nothing_of_anybody(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    client = signed_in(s.ding)
    shell, worker = client.get(f"{ROOM}/offline/"), client.get(f"{ROOM}/sw.js")
    assert (worker["Content-Type"], worker["Cache-Control"]) == ("text/javascript; charset=utf-8", "no-cache")
    told = shell.content.decode() + worker.content.decode()
    assert [
        word for word in ("丁督导", "药店1", "夜间暗访", "csrf", str(s.ding.pk), str(s.round.pk)) if word in told
    ] == []
    given = json.loads(worker.content.decode().splitlines()[0].removeprefix("const GIVEN = ").removesuffix(";"))
    assert (given["shell"], given["scope"]) == (f"{ROOM}/offline/", f"{ROOM}/")
    assert [name for name in given["files"] if not name.startswith("/static/")] == []


def test_the_fragment_a_device_keeps_has_no_token_and_no_owner(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    Place.objects.filter(pk=s.place.pk).update(owner=s.owner)
    made = inspecting.place(cast, cast.units.street1, name="某店", contact="张三丰", phone="19900000001")
    s.round = actions.rounds.begin(
        inspecting.draft(cast, cast.units.command, areas=[cast.units.street1], who=[s.ding, s.du]), by=s.du
    )
    kept = signed_in(s.ding).get(f"{ROOM}/{s.round.pk}/stops/").content.decode()
    assert (str(made.pk) in kept, "杜督导" in kept) == (True, True)
    assert [word for word in ("csrfmiddlewaretoken", "张三丰", "19900000001", "店主", "丁督导") if word in kept] == []


def test_route_order_begins_where_asked(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    client, at = signed_in(s.ding), f"{ROOM}/{s.round.pk}/route/"

    def order(query: str = "") -> list[str]:
        return [str(call.place) for _n, call, _at in client.get(at + query).context["stops"]]

    assert (order(), order(f"?from={s.others[0].pk}"), order("?from=x")) == (
        ["药店3", "药店2", "药店1"],
        ["药店2", "药店1", "药店3"],
        ["药店3", "药店2", "药店1"],
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.one_of(
            st.text(max_size=80),
            st.recursive(
                st.none() | st.booleans() | st.floats() | st.text(max_size=9),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["id", "round", "place", "fields", "x"]), inner, max_size=4)
                ),
                max_leaves=8,
            ).map(json.dumps),
        ),
        max_size=4,
    )
)
def test_junk_is_answered_item_by_item(texts: list[str], cast: World, signed_in: SignIn) -> None:
    client = signed_in(Person.objects.get(username="wang"))
    assert statuses(client, *texts) == ["rejected"] * len(texts)
    assert Round.objects.count() == Visit.objects.count() == 0
