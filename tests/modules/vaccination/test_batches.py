"""A batch from its arrival to its last dose: what is refused, and what the refusal says to do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.modules.vaccination import shots
from tests.world import World, person
from tongzhou.kernel import module
from tongzhou.modules.vaccination.models import Batch, Movement


def said(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    return "；".join(refused.value.messages)


@pytest.mark.parametrize(
    "data",
    [{"papers": False}, {"celsius": Decimal("8.1")}, {"celsius": Decimal("1.9")}],
    ids=["papers", "warm", "cold"],
)
def test_accept_without_an_unbroken_cold_chain_is_refused_by_law(cast: World, data: dict[str, object]) -> None:
    batch = shots.expected(cast, shots.station(cast))
    with pytest.raises(ValidationError) as refused:
        shots.accept(batch, cast.people.house, **data)
    assert "依法不得接收。请选“拒收”" in said(refused)
    assert (batch.state, batch.stock) == ("expected", 0)
    module.perform(batch, "refuse", by=cast.people.house, note="没有全程温度记录")
    assert batch.state == "refused"


def test_accept_counts_and_a_difference_needs_its_reason(cast: World) -> None:
    batch = shots.expected(cast, shots.station(cast), 100)
    with pytest.raises(ValidationError) as refused:
        shots.accept(batch, cast.people.house, counted=98)
    assert said(refused) == "实点 98 剂，单据 100 剂，请写明差异原因。"
    shots.accept(batch, cast.people.house, counted=98, note="两支破损，承运人签字")
    assert (batch.state, batch.received, batch.stock, batch.accepted_by) == ("usable", 98, 98, cast.people.house)


def test_accept_of_expired_vaccine_is_refused(cast: World) -> None:
    batch = shots.expected(cast, shots.station(cast), expires_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ValidationError, match="已过有效期"):
        shots.accept(batch, cast.people.house)


def test_use_of_a_held_batch_says_what_to_do_and_which_to_take_instead(cast: World) -> None:
    at = shots.station(cast)
    held, other = shots.stocked(cast, at, number="坏批"), shots.stocked(cast, at, 40, number="好批")
    session = shots.session(cast, at)
    module.perform(held, "hold", by=cast.people.house, note="收到召回通知")
    with pytest.raises(ValidationError) as refused:
        shots.give(cast, session, held, 1)
    assert said(refused) == (
        "批次 新冠灭活疫苗 坏批 已停用（收到召回通知），不能使用。请立即从接种台撤下，隔离存放并贴上停用标识。请改用：新冠灭活疫苗 好批（40）。"
    )
    session.refresh_from_db()
    assert (session.doses, session.tallies.count(), Batch.objects.get(pk=held.pk).stock) == (0, 0, 100)
    shots.give(cast, session, other, 1)
    assert (session.doses, Batch.objects.get(pk=other.pk).stock) == (1, 39)


def test_use_on_the_last_day_and_not_after_it(cast: World) -> None:
    at, today = shots.station(cast), timezone.localdate()
    batch = shots.stocked(cast, at, expires_on=today)
    shots.give(cast, shots.session(cast, at, today), batch, 1)
    with pytest.raises(ValidationError) as refused:
        shots.give(cast, shots.session(cast, at, today + timedelta(days=1)), batch, 1)
    assert said(refused).startswith(f"批次 新冠灭活疫苗 A2022 已于 {today} 过期，不能使用。")
    assert said(refused).endswith("本接种点没有其他可用批次，请联系调拨。")


def test_more_than_there_is_is_refused(cast: World) -> None:
    at = shots.station(cast)
    batch = shots.stocked(cast, at, 5)
    with pytest.raises(ValidationError) as refused:
        shots.give(cast, shots.session(cast, at), batch, 6)
    assert said(refused) == "批次 新冠灭活疫苗 A2022 现在库 5 剂，不够 6 剂。可能刚被他人用掉，请刷新后重填。"


def test_hold_everywhere_reaches_the_same_number_as_far_as_the_person_does(cast: World) -> None:
    near, far = shots.station(cast), shots.station(cast, cast.units.street2, name="西街接种点")
    batches = [
        shots.stocked(cast, at, number=number) for at, number in ((near, "A"), (near, "A"), (near, "B"), (far, "A"))
    ]
    chief = person("ke", "柯点位", cast.units.street1, ("chief", cast.units.street1))
    module.perform(batches[0], "hold", by=chief, everywhere=True, note="召回")
    assert [Batch.objects.get(pk=one.pk).state for one in batches] == ["held", "held", "usable", "usable"]
    module.perform(batches[3], "hold", by=cast.people.feng, everywhere=True, note="召回")
    assert [Batch.objects.get(pk=one.pk).state for one in batches] == ["held", "held", "usable", "held"]


def test_only_the_command_post_lifts_a_hold(cast: World) -> None:
    batch = shots.stocked(cast, shots.station(cast))
    chief = person("ke", "柯点位", cast.units.street1, ("chief", cast.units.street1))
    module.perform(batch, "hold", by=chief, note="冰箱超温")
    with pytest.raises(PermissionDenied):
        module.perform(batch, "release", by=chief, basis="看着没事", note="恢复")
    module.perform(batch, "release", by=cast.people.feng, basis="疾控〔2022〕3号", note="评估合格")
    assert (batch.state, batch.hold_reason) == ("usable", "")


def test_transfer_becomes_a_batch_to_take_in_elsewhere(cast: World) -> None:
    near, far = shots.station(cast), shots.station(cast, cast.units.street2, name="西街接种点")
    batch = shots.stocked(cast, near, code_first="81", code_last="82")
    module.perform(batch, "transfer", by=cast.people.feng, to=far, doses=30)
    there = Batch.objects.get(origin=batch)
    assert (there.state, there.station, there.unit, there.announced, there.stock) == ("expected", far, far.unit, 30, 0)
    assert (there.number, there.expires_on, there.codes()) == (batch.number, batch.expires_on, "81 – 82")
    assert (batch.stock, batch.sent) == (70, 30)
    shots.accept(there, cast.people.feng)
    module.perform(batch, "transfer", by=cast.people.feng, to=far, doses=10)
    assert list(Batch.objects.filter(origin=batch).order_by("announced").values_list("announced", flat=True)) == [
        10,
        30,
    ]


def test_transfer_out_of_reach_moves_nothing(cast: World) -> None:
    near, far = shots.station(cast), shots.station(cast, cast.units.street2, name="西街接种点")
    batch = shots.stocked(cast, near)
    chief = person("ke", "柯点位", cast.units.street1, ("chief", cast.units.street1))
    with pytest.raises(PermissionDenied):
        module.perform(batch, "transfer", by=chief, to=far, doses=30)
    assert (Batch.objects.get(pk=batch.pk).stock, Batch.objects.count()) == (100, 1)


def test_finish_only_when_nothing_is_left(cast: World) -> None:
    batch = shots.stocked(cast, shots.station(cast), 2)
    with pytest.raises(ValidationError, match="还有 2 剂在库"):
        module.perform(batch, "finish", by=cast.people.house)
    module.perform(batch, "waste", by=cast.people.house, doses=2, note="开启后超时")
    assert module.perform(batch, "finish", by=cast.people.house).state == "finished"


def test_movements_cannot_be_changed_or_removed(cast: World) -> None:
    shots.stocked(cast, shots.station(cast))
    for change in (lambda: Movement.objects.update(doses=1), lambda: Movement.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_kept_until_is_five_years_after_expiry(cast: World) -> None:
    batch = shots.expected(cast, shots.station(cast))
    assert batch.kept_until == shots.FAR.replace(year=shots.FAR.year + 5)
