"""The account compares sets: each tube, box and swab that does not agree is named, with where it was last seen and how far it came."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, session, text
from tests.modules.testing.test_flow import box, result
from tests.world import World
from tongzhou.kernel import module
from tongzhou.modules.testing import actions, queries
from tongzhou.modules.testing.models import Box, Campaign, Conflict, Device, Tube
from tongzhou.modules.testing.queries.differences import TUBES, WORDS, rows


@pytest.fixture
def device(cast: World) -> Device:
    """Three tubes of one each; the first two are closed."""
    at = session(cast)
    send(at, *[item(n, text(n, tube=f"T{n}")) for n in (1, 2, 3)])
    send(at, *[item(10 + n, text(kind="close", tube=f"T{n}")) for n in (1, 2)])
    return Device.objects.select_related("campaign", "point", "unit", "response").get(number=7001)


def named() -> dict[str, list[str]]:
    """Every difference of the only campaign, by kind."""
    campaign = Campaign.objects.get()
    found = {kind: rows(campaign, kind)[:50] for kind in WORDS}
    counts = queries.account(campaign).differences
    assert {kind: len(own) for kind, own in found.items()} == counts
    return {kind: [getattr(one, "tube", str(one)) for one in own] for kind, own in found.items() if own}


def through(cast: World, made: Box, in_hand: int, received: int, **why: str) -> Box:
    by = cast.people.feng
    module.perform(made, "pack", by=by, in_hand=in_hand, **why)
    module.perform(made, "send", by=by, courier="赵六")
    return module.perform(
        made, "receive", by=by, received=received, laboratory="市疾控", note=why.get("difference", "")
    )


def test_one_tube_missing_and_one_strange_are_two_differences(cast: World, device: Device) -> None:
    """Three in the system, three in the box, three in hand and at the laboratory: by totals nothing would be wrong."""
    at = queries.session(7001)
    assert at is not None
    send(at, item(20, text(kind="box", tube="", box="X1", tubes=["T1", "T2", "T9"], in_hand=3)))
    made = Box.objects.select_related("point", "unit", "response").get()
    module.perform(made, "send", by=cast.people.feng, courier="赵六")
    module.perform(made, "receive", by=cast.people.feng, received=3, laboratory="市疾控")
    for tube in ("T1", "T2", "T3"):
        result(cast, device.campaign, tube)
    account = queries.account(device.campaign)
    assert (account.system, account.boxed, account.counted, account.received, account.people_waiting) == (3, 3, 3, 3, 0)
    assert named() == {"unboxed": ["T3"], "strange": ["T9"]}
    assert not account.balanced


def test_each_difference_says_where_the_tube_was_and_how_far_it_came(cast: World, device: Device) -> None:
    made = box(cast, device, "T1")
    module.perform(made, "pack", by=cast.people.feng, in_hand=1)
    result(cast, device.campaign, "T2")
    found = {one.tube: one for kind in ("unboxed", "waiting") for one in rows(device.campaign, kind)[:50]}
    assert {tube: (one.seen, one.people, [str(b) for b in one.boxes], one.step) for tube, one in found.items()} == {
        "T1": ("东街小学 1", 1, ["BT1"], "已封箱，没有结果"),
        "T2": ("东街小学 1", 1, [], "已封管，没有装箱，阴性"),
        "T3": ("东街小学 1", 1, [], "没有封管，没有结果"),
    }  # fmt: skip
    assert named() == {"unboxed": ["T2", "T3"], "waiting": ["T1", "T3"], "boxes": ["BT1"]}


def test_a_tube_in_the_box_of_which_nobody_is_known_is_named(cast: World, device: Device) -> None:
    """Its only swab was taken back, or never saved; and one that is empty and in no box is no difference."""
    at = queries.session(7001)
    assert at is not None
    send(at, item(21, text(kind="correct", tube="T1", of=1)), item(22, text(kind="correct", tube="T2", of=2)))
    through(cast, box(cast, device, "T1", "T3"), 2, 2)
    result(cast, device.campaign, "T3")
    assert named() == {"empty": ["T1"]}


def test_boxes_that_did_not_arrive_or_with_other_numbers_are_named(cast: World, device: Device) -> None:
    through(cast, box(cast, device, "T1"), 1, 1)
    through(cast, box(cast, device, "T2"), 1, 0, difference="路上破损")
    box(cast, device, "T3")
    assert named()["boxes"] == ["BT2", "BT3"]
    assert [one.named for one in rows(device.campaign, "boxes")] == [1, 1]


def test_a_tube_of_two_boxes_is_named(cast: World, device: Device) -> None:
    """As two tables may file them at one moment, each before it sees the other's."""
    box(cast, device, "T1")
    second = box(cast, device, "T2")
    Box.objects.filter(pk=second.pk).update(tubes=["T1", "T2"])
    assert named()["twice"] == ["T1"]
    (line,) = rows(device.campaign, "twice")[:50]
    assert sorted(str(one) for one in line.boxes) == ["BT1", "BT2"]


def test_a_swab_that_counts_and_is_nobodys_is_named_until_it_is_somebodys(cast: World, device: Device) -> None:
    at = queries.session(7001)
    assert at is not None
    send(at, item(30, text(code="unreadable", tube="T1")))
    one = Conflict.objects.get()
    assert "nameless" not in named()  # it is not decided yet
    actions.conflicts.decide(device.campaign, [one.pk], by=cast.people.feng, decision="kept")
    assert [found.pk for found in rows(device.campaign, "nameless")] == [one.pk]
    actions.conflicts.name(one, by=cast.people.feng, document="id", number=sampling.code(9))
    assert "nameless" not in named()


def test_the_page_shows_the_first_of_each_kind_and_all_of_one(cast: World, device: Device, signed_in: Any) -> None:
    at = queries.session(7001)
    assert at is not None
    send(at, *[item(n, text(n, tube=f"U{n}")) for n in range(100, 160)])
    client = signed_in(cast.people.feng)
    address = reverse("testing.account", args=[cast.response.slug, device.campaign.pk])
    page = client.get(address).content.decode()
    assert (queries.account(device.campaign).tested, page.count(">63<")) == (0, 4)  # tubes, people, and two headings
    assert ("全部 63 项" in page, "?q=T1" in page, "U159" in page) == (True, True, False)
    page = client.get(address, {"show": "unboxed", "page": "2"})
    assert (len(page.context["page"]), "U159" in page.content.decode(), "2 / 2" in page.content.decode()) == (
        13,
        True,
        True,
    )
    for odd in ("nothing", "strange", "boxes"):
        assert client.get(address, {"show": odd, "page": "x"}).status_code == 200


def test_thousands_of_tubes_take_as_many_questions_as_three(cast: World, device: Device) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            queries.account(device.campaign)
            for kind in TUBES:
                rows(device.campaign, kind)[:50]
        return len(seen)

    few = asked()
    one = Tube.objects.filter(code="T1").values("size", "people", "opened_at", "last_at", "closed_at").get()
    made = [Tube(campaign=device.campaign, code=f"M{n:05}", device=device, **one) for n in range(3000)]
    Tube.objects.bulk_create(made, batch_size=1000)
    for first in range(0, 2900, 100):
        Box.objects.create(
            response=device.response, unit=device.unit, point=device.point, code=f"B{first}", in_hand=100, state="packed", filed_by=cast.people.feng,
            tubes=[f"M{n:05}" for n in range(first, first + 100)],
        )  # fmt: skip
    assert asked() <= few + 3  # tubes of a box on the page are looked up
    assert queries.account(device.campaign).differences["unboxed"] == 103
