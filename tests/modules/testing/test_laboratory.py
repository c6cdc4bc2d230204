"""The laboratory: people who receive boxes and import results and see nothing of persons, and programs that do the same by a key."""

import json
from typing import Any

import pytest
from django.utils import timezone

from tests.modules.testing import factory, sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World, person
from tongzhou.kernel import access, module
from tongzhou.kernel.models import Grant, Person
from tongzhou.modules.testing import actions, api
from tongzhou.modules.testing.actions.devices import Enrolled
from tongzhou.modules.testing.models import Box, Campaign, Device, Pool, Result


@pytest.fixture
def lab(cast: World) -> Person:
    return person("lab", "郝实验", cast.units.org, ("laboratory", cast.units.command))


@pytest.fixture
def sent(cast: World) -> Box:
    """A box on its way with a tube of two."""
    at = sampling.session(cast)
    send(at, item(1, text(1, tube="T1")), item(2, text(2, tube="T1")))
    device = Device.objects.select_related("point", "unit", "response").get()
    assert device.point is not None
    box = Box(response=device.response, unit=device.unit, point=device.point, code="B1")
    box, _new = module.file(box, by=cast.people.feng, codes=["T1"])
    module.perform(box, "pack", by=cast.people.feng, in_hand=1)
    return module.perform(box, "send", by=cast.people.feng, courier="赵六")  # type: ignore[return-value]  # what was given


def test_the_role_holds_reading_and_results_and_nothing_else(lab: Person) -> None:
    held = {name for name, one in access.CAPABILITIES.items() if "laboratory" in one.roles}
    assert held == {"testing.read", "testing.result"}


def test_a_laboratory_receives_a_box_and_imports_results(cast: World, lab: Person, sent: Box, signed_in: Any) -> None:
    client = signed_in(lab)
    moved = client.post(f"{sent.get_absolute_url()}moves/receive/", {"received": 1, "laboratory": "市疾控"})
    assert (moved.status_code, Box.objects.get().state) == (302, "received")
    assert client.get(f"/{cast.response.slug}/testing/{sent.point.campaign_id}/results/").status_code == 200
    line = actions.results.Line("T1", "positive", timezone.now(), "市疾控")
    campaign = Campaign.objects.select_related("response", "unit").get()
    assert actions.results.take(campaign, line, by=lab) is not None
    page = client.get(Pool.objects.get().get_absolute_url())
    assert (page.status_code, page.context["persons"], page.context["may_reveal"]) == (200, [], False)


@pytest.mark.parametrize(
    ("made", "path", "content", "status"),
    [
        ("campaign", "", None, 200), ("campaign", "laboratory/", None, 403), ("campaign", "results/", None, 200), ("campaign", "edit/", None, 403),
        ("campaign", "moves/open/", {}, 403), ("campaign", "conflicts/", {"decision": "kept"}, 403), ("point", "enrol/", None, 403),
        ("point", "paper/", None, 403), ("point", "moves/open/", {}, 403), ("device", "moves/revoke/", {"note": "x"}, 403),
        ("box", "", None, 200), ("box", "moves/pack/", {"in_hand": 1}, 403), ("pool", "people/", {"purpose": "看看"}, 403),
        ("pool", "moves/resample/", {}, 403), ("pool", "edit/", None, 403),
    ],
)  # fmt: skip
def test_its_doors(cast: World, lab: Person, signed_in: Any, made: str, path: str, content: Any, status: int) -> None:
    row: Any = getattr(factory, made)(cast, unit=cast.units.street1)
    client, at = signed_in(lab), f"{row.get_absolute_url()}{path}"
    answer = client.get(at) if content is None else client.post(at, content)
    assert answer.status_code == status


def test_out_of_its_reach_nothing_is_found(cast: World, sent: Box, signed_in: Any) -> None:
    other = person("lab2", "别处实验", cast.units.org, ("laboratory", cast.units.street2))
    assert signed_in(other).get(sent.get_absolute_url()).status_code == 404


def key_of(campaign: Campaign, by: Person) -> Enrolled:
    return actions.devices.laboratory(campaign, by=by, label="市疾控")


def asked(key: Enrolled, path: str, content: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Any]:
    """As the gate answers it. Nothing in it waits for anything here, so it runs without a loop, on the test's own connection."""

    async def here(question: Any, *given: Any) -> Any:
        return question(*given)

    monkeypatch.setattr(api, "read", here)
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(content).encode()}

    async def tell(message: dict[str, Any]) -> None:
        said.append(message)

    headers = [(b"authorization", f"Device {key.device.number}.{key.secret}".encode())]
    scope = {"method": "POST", "path": f"/testing/device/{path}", "headers": headers}
    with pytest.raises(StopIteration):
        api.device(scope, receive, tell).send(None)
    return said[0]["status"], json.loads(said[1]["body"])


def test_a_program_receives_boxes_each_once(cast: World, sent: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of(Campaign.objects.get(), cast.people.feng)
    told = [{"box": "B1", "received": 2}, {"box": "B9", "received": 1}]
    status, answer = asked(key, "boxes", {"boxes": told}, monkeypatch)
    assert (status, answer["items"]) == (200, ["实收管数与封箱时不同，请写明原因。", "没有这个转运箱。"])
    told = [
        {"box": "B1", "received": 2, "note": "多一管，另报"},
        {"box": "B1", "received": 2},
        {"box": "B1", "received": 3},
    ]
    _status, answer = asked(key, "boxes", {"boxes": told}, monkeypatch)
    assert answer["items"] == ["stored", "duplicate", "这一箱已登记：市疾控实收 2 管。"]
    assert (Box.objects.get().state, Box.objects.get().laboratory) == ("received", "市疾控")
    assert asked(key, "boxes", {"boxes": []}, monkeypatch)[0] == 400
    assert asked(key, "boxes", {"boxes": [{"box": "B1"}]}, monkeypatch)[0] == 400


def test_a_box_that_nobody_took_away_is_not_received(cast: World, sent: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    Box.objects.update(state="packed")
    _status, answer = asked(
        key_of(Campaign.objects.get(), cast.people.feng),
        "boxes",
        {"boxes": [{"box": "B1", "received": 1}]},
        monkeypatch,
    )
    assert answer["items"] == ["这一箱还没有登记交转运，请采样点补登记后再报。"]


def test_a_key_whose_maker_may_no_more_is_to_be_made_anew(
    cast: World, sent: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(Campaign.objects.get(), cast.people.feng)
    lines = [{"tube": "T1", "value": "negative", "tested_at": timezone.now().isoformat()}]
    Grant.objects.filter(person=cast.people.feng).update(role="inspector")
    for path, content in (("results", {"results": lines}), ("boxes", {"boxes": [{"box": "B1", "received": 1}]})):
        status, answer = asked(key, path, content, monkeypatch)
        assert (status, answer["error"]) == (403, "new_key")
    assert (Result.objects.count(), Box.objects.get().state) == (0, "sent")
    other = key_of(
        Campaign.objects.get(), person("next", "下一班", cast.units.command, ("commander", cast.units.command))
    )
    assert asked(other, "results", {"results": lines}, monkeypatch)[1]["items"] == ["stored"]
