"""From the draft to the closed account, through the rooms' own doors: points, devices, boxes, conflicts, results, pools."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.modules.testing import sampling
from tests.modules.testing.sampling import item, send, text
from tests.world import World
from tongzhou.kernel import asks, ledger, module
from tongzhou.kernel.models import Notice
from tongzhou.modules.testing import actions, queries
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Box, Campaign, Conflict, Device, Pool, Result, Tube


def box(cast: World, device: Device, *codes: str) -> Any:
    assert device.point is not None
    made = Box(response=device.response, unit=device.unit, point=device.point, code=f"B{codes[0]}")
    return module.file(made, by=cast.people.feng, codes=codes)[0]


def result(cast: World, campaign: Campaign, tube: str, value: str = "negative", **fields: Any) -> Result | None:
    line = Line(**{"tube": tube, "value": value, "tested_at": timezone.now(), "laboratory": "市疾控"} | fields)
    return actions.results.take(campaign, line, by=cast.people.feng)


@pytest.fixture
def sampled(cast: World) -> Device:
    """Three people in one tube, the first of them again in another at the next table."""
    here, there = sampling.session(cast), sampling.session(cast, 7002, table=2)
    send(here, *[item(n, text(n, tube="T1")) for n in (1, 2, 3)], item(4, text(kind="close", tube="T1")))
    send(there, item(1, text(1, tube="T2")))
    return Device.objects.select_related("campaign", "point", "unit", "response").get(number=7001)


def test_a_campaign_needs_a_point_before_it_opens(cast: World) -> None:
    campaign = sampling.campaign(cast)
    with pytest.raises(ValidationError, match="还没有采样点"):
        module.perform(campaign, "open", by=cast.people.feng)
    sampling.point(cast, campaign)
    assert module.perform(campaign, "open", by=cast.people.feng).state == "open"


def test_a_zone_outside_the_area_is_refused(cast: World) -> None:
    made = Campaign(response=cast.response, unit=cast.units.street1, name="东街道")
    with pytest.raises(ValidationError, match="不在检测范围内"):
        module.file(made, by=cast.people.feng, lines=[{"unit": cast.units.street2, "mode": "single"}])
    assert Campaign.objects.count() == 0


def test_a_device_is_enrolled_with_the_code_on_show(cast: World) -> None:
    point = sampling.point(cast, sampling.campaign(cast))
    code = actions.devices.invitation(point, by=cast.people.feng)
    made = actions.devices.enrol(code, table=2)
    assert (made.device.point, made.device.table, made.device.filed_by, made.device.label) == (
        point,
        2,
        cast.people.feng,
        "东街小学 2",
    )
    found = queries.session(made.device.number)
    assert found is not None
    assert made.secret not in found.secret_hash
    for broken in ("", "x", code[:-1]):
        with pytest.raises(ValidationError, match="登记码已失效"):
            actions.devices.enrol(broken, table=1)
    with pytest.raises(ValidationError, match="只有 4 个采样台"):
        actions.devices.enrol(code, table=5)
    with pytest.raises(PermissionDenied):
        actions.devices.invitation(point, by=cast.people.sun)


def test_a_box_is_sealed_only_when_the_tubes_in_hand_are_accounted_for(cast: World, sampled: Device) -> None:
    with pytest.raises(ValidationError, match="系统里没有这些采样管：T9"):
        box(cast, sampled, "T1", "T9")
    made = box(cast, sampled, "T1", "T2", "T1")
    assert made.tubes == ["T1", "T2"]
    with pytest.raises(ValidationError, match="已在别的箱里：T2"):
        box(cast, sampled, "T2")
    with pytest.raises(ValidationError, match="系统登记 2 管，实物 1 管"):
        module.perform(made, "pack", by=cast.people.feng, in_hand=1)
    module.perform(made, "pack", by=cast.people.feng, in_hand=1, difference="T2破损，已登记")
    module.perform(made, "send", by=cast.people.feng, courier="赵六")
    with pytest.raises(ValidationError, match="实收管数与封箱时不同"):
        module.perform(made, "receive", by=cast.people.feng, received=2, laboratory="市疾控")
    module.perform(made, "receive", by=cast.people.feng, received=1, laboratory="市疾控")
    assert (made.state, made.difference, made.courier) == ("received", "T2破损，已登记", "赵六")


def test_a_supervisor_decides_each_conflict_once(cast: World, sampled: Device) -> None:
    campaign, (key,) = sampled.campaign, Conflict.objects.values_list("pk", flat=True)
    with pytest.raises(PermissionDenied):
        actions.conflicts.decide(campaign, [key], by=cast.people.sun, decision="kept")
    with pytest.raises(ValidationError, match="请写明原因"):
        actions.conflicts.decide(campaign, [key], by=cast.people.feng, decision="dismissed")
    assert actions.conflicts.decide(campaign, [key], by=cast.people.feng, decision="dismissed", note="误扫") == 1
    assert actions.conflicts.decide(campaign, [key], by=cast.people.feng, decision="kept") == 0
    assert dict(Tube.objects.values_list("code", "people")) == {"T1": 3, "T2": 0}
    assert queries.persons_in(campaign, "T2") == set()


def test_a_cloned_number_that_really_happened_comes_into_its_tube(cast: World, sampled: Device) -> None:
    campaign, at = sampled.campaign, queries.session(7001)
    assert at is not None
    send(at, item(1, text(8, tube="T1")))
    (key,) = Conflict.objects.filter(kind="number").values_list("pk", flat=True)
    actions.conflicts.decide(campaign, [key], by=cast.people.feng, decision="kept")
    assert (Tube.objects.get(code="T1").people, len(queries.persons_in(campaign, "T1"))) == (4, 4)


def test_the_account_closes_when_every_difference_is_explained(cast: World, sampled: Device) -> None:
    campaign = sampled.campaign
    module.perform(campaign, "open", by=cast.people.feng)
    module.perform(campaign, "close", by=cast.people.feng)
    account = queries.account(campaign)
    assert (account.system, account.boxed, account.people, account.resulted, account.undecided) == (2, 0, 4, 0, 1)
    with pytest.raises(ValidationError, match="还有 1 条待核记录"):
        module.perform(campaign, "reconcile", by=cast.people.feng, in_hand=2)
    actions.conflicts.decide(
        campaign, Conflict.objects.values_list("pk", flat=True), by=cast.people.feng, decision="kept"
    )
    packed = box(cast, sampled, "T1", "T2")
    module.perform(packed, "pack", by=cast.people.feng, in_hand=2)
    for tube in ("T1", "T2"):
        result(cast, campaign, tube)
    module.perform(packed, "send", by=cast.people.feng, courier="赵六")
    assert not queries.account(campaign).balanced  # the box is still on its way
    with pytest.raises(ValidationError, match="逐项说明"):
        module.perform(campaign, "reconcile", by=cast.people.feng, in_hand=2)
    module.perform(packed, "receive", by=cast.people.feng, received=2, laboratory="市疾控")
    assert queries.account(campaign).balanced
    with pytest.raises(ValidationError, match="还有 2 台终端没有交回（东街小学 1、东街小学 2）"):
        module.perform(campaign, "reconcile", by=cast.people.feng, in_hand=2)
    for device in queries.devices_out(campaign):
        module.perform(device, "end", by=cast.people.feng)
    module.perform(campaign, "reconcile", by=cast.people.feng, in_hand=2)
    assert (campaign.state, campaign.people, campaign.in_hand) == ("reconciled", 4, 2)


def test_what_cannot_be_a_result_is_refused(cast: World, sampled: Device) -> None:
    campaign, now = sampled.campaign, timezone.now()
    assert result(cast, campaign, "T1") is not None
    assert result(cast, campaign, "T1") is None  # the same again
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"value": "positive"}, "已报“阴性”"), ({"look": 3}, "应是第 2 次"), ({"tube": "T9"}, "系统里没有这一管"), ({"tube": "管"}, "数字和字母"),
        ({"tube": "T2", "tested_at": now + timedelta(hours=1)}, "在将来"), ({"tube": "T2", "tested_at": now - timedelta(days=3000)}, "早于采样"),
        ({"tube": "T2", "value": "fine"}, "应为阴性"), ({"look": 10}, "1 到 9"),
    ]  # fmt: skip
    for fields, why in refusals:
        with pytest.raises(ValidationError, match=why):
            result(cast, campaign, **{"tube": "T1"} | fields)
    assert Result.objects.count() == 1


@pytest.mark.parametrize("value", ["positive", "grey", "single_target"])
def test_a_tube_that_is_not_negative_tells_everyone_and_lists_its_people(
    cast: World, sampled: Device, value: str
) -> None:
    result(cast, sampled.campaign, "T1", value)
    pool = Pool.objects.select_related("unit", "response", "campaign", "point").get()
    assert (pool.people, pool.unit, pool.state, pool.persons.count()) == (3, cast.units.street1, "reported", 3)
    assert set(Notice.objects.filter(record=pool.pk).values_list("person__username", flat=True)) == {"feng"}
    waiting = {one.ask.name for one in asks.awaiting(cast.people.feng, timezone.localdate())}
    assert "to_resample" in waiting
    with pytest.raises(ValidationError, match="还有 3 人没有复采记录"):
        module.perform(pool, "resample", by=cast.people.feng)
    at = queries.session(7001)
    assert at is not None
    send(at, *[item(n + 10, text(n, tube=f"S{n}", retest=True)) for n in (1, 2, 3)])
    module.perform(pool, "resample", by=cast.people.feng)
    assert sorted(pool.persons.values_list("retest", flat=True)) == ["S1", "S2", "S3"]
    with pytest.raises(ValidationError, match="1 到 3"):
        module.perform(pool, "confirm", by=cast.people.feng, positives=4)
    assert module.perform(pool, "confirm", by=cast.people.feng, positives=1).state == "confirmed"


def test_a_laboratory_hands_results_in_line_by_line(cast: World, sampled: Device) -> None:
    made = actions.devices.laboratory(sampled.campaign, by=cast.people.feng, label="市疾控")
    key = queries.laboratory(made.device.number)
    assert key is not None
    assert queries.session(made.device.number) is None  # it samples nobody
    now = timezone.now()
    lines = [
        Line("T1", "negative", now),
        Line("T1", "negative", now),
        Line("T9", "negative", now),
        Line("T2", "positive", now),
    ]
    said = actions.results.take_from(key, lines)
    assert (said[0], said[1], said[2][:9], said[3]) == ("stored", "duplicate", "系统里没有这一管：", "stored")
    assert set(Result.objects.values_list("tube", "value", "laboratory")) == {
        ("T1", "negative", "市疾控"),
        ("T2", "positive", "市疾控"),
    }
    module.perform(made.device, "revoke", by=cast.people.feng, note="丢失")
    assert queries.laboratory(made.device.number) is None


def test_the_keys_of_laboratories_are_listed_and_revoked(cast: World, sampled: Device, signed_in: Any) -> None:
    """Of this campaign only, with who made them and when they were last used; a key is told once and never again."""
    client, feng = signed_in(cast.people.feng), cast.people.feng
    page = f"/{cast.response.slug}/testing/{sampled.campaign.pk}/laboratory/"
    assert "还没有密钥" in client.get(page).content.decode()
    told = client.post(page, {"label": "市疾控"}).context["enrolled"]
    other = actions.devices.laboratory(sampling.campaign(cast, name="另一轮"), by=feng, label="别处")
    actions.devices.laboratory(sampled.campaign, by=feng, label="二院")
    actions.results.take_from(queries.laboratory(told.device.number), [Line("T1", "negative", timezone.now())])  # type: ignore[arg-type]  # it is there
    shown = client.get(page)
    rows = {str(one): (one.used_at is not None, may) for one, may in shown.context["keys"]}
    assert rows == {"市疾控": (True, True), "二院": (False, True)}
    assert (told.secret in shown.content.decode(), str(other.device) in shown.content.decode()) == (False, False)
    client.post(f"{told.device.get_absolute_url()}moves/revoke/", {"note": "换了机器"})
    assert queries.laboratory(told.device.number) is None
    assert [(str(one), one.state, may) for one, may in client.get(page).context["keys"] if str(one) == "市疾控"] == [
        ("市疾控", "revoked", False)
    ]
    assert ledger.sentence(ledger.entries(told.device).last()) == "冯指挥吊销终端"  # type: ignore[arg-type]  # there is an entry


@pytest.mark.parametrize("what", ["laboratory", "point"])
def test_a_page_that_is_sent_twice_makes_one_device(cast: World, sampled: Device, signed_in: Any, what: str) -> None:
    """Reloading the page that shows a secret makes no second device nobody knows of; the form is empty and ready for another one."""
    client, at = signed_in(cast.people.feng), sampled.campaign.pk if what == "laboratory" else sampled.point.pk
    page = (
        f"/{cast.response.slug}/testing/{at}/laboratory/"
        if what == "laboratory"
        else f"{sampled.point.get_absolute_url()}enrol/"
    )
    filled = {"label": "新来的", "table": 1, "key": client.get(page).context["key"]}
    first, again = client.post(page, filled), client.post(page, filled, follow=True)
    assert (first.status_code, again.redirect_chain) == (200, [(page, 302)])
    assert "已登记过：新来的，密钥只显示一次" in again.content.decode()
    assert first.context["enrolled"].secret not in again.content.decode()
    assert Device.objects.filter(label="新来的").count() == 1
    assert client.post(page, filled | {"key": again.context["key"]}).status_code == 200


def test_who_organises_the_retest_sees_its_people_masked(cast: World, sampled: Device, signed_in: Any) -> None:
    """Three in the tube: one from a card, whose name is sealed; the others came with a code and are not in the register."""
    at = queries.session(7001)
    assert at is not None
    send(
        at,
        item(9, text(person={"name": "张三丰", "kind": "id", "number": "210599199001011234"}, tube="T3")),
        item(10, text(10, tube="T3")),
    )
    result(cast, sampled.campaign, "T3", "positive")
    pool = Pool.objects.get(tube="T3")
    page = signed_in(cast.people.feng).get(pool.get_absolute_url()).content.decode()
    assert ("张**" in page, "210599********1234" in page, "张三丰" in page, "凭码采样，未登记" in page) == (
        True,
        True,
        False,
        True,
    )
