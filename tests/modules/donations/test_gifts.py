from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from tests.modules.donations.giving import MASKS, MONEY, counted, held, pledged, stocked
from tests.world import World
from tongzhou.kernel import ledger, module
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.donations.models import Gift, Line, Movement


def test_gift_counted_by_two_is_on_the_books(cast: World) -> None:
    gift = stocked(cast)
    line = gift.lines.get()
    assert held(line) == {"received": 10, "in_stock": 10, "allocated": 0, "delivered": 0, "lost": 0, "returned": 0}
    assert (gift.state, gift.counted_by, gift.stocked_by, gift.slip_number) == (
        "stocked",
        cast.people.wang,
        cast.people.zhou,
        "000001",
    )


def test_one_person_cannot_count_twice(cast: World) -> None:
    gift = pledged(cast)
    module.perform(gift, "receive", by=cast.people.wang, counts=counted(gift))
    with pytest.raises(ValidationError, match="另一人"):
        module.perform(gift, "stock", by=cast.people.wang, counts=counted(gift))
    with pytest.raises(IntegrityError), transaction.atomic():
        Gift.objects.filter(pk=gift.pk).update(stocked_by=cast.people.wang)


def test_second_count_that_differs_needs_a_reason(cast: World) -> None:
    gift = pledged(cast)
    line = gift.lines.get()
    module.perform(gift, "receive", by=cast.people.wang, counts={line.pk: 10})
    with pytest.raises(ValidationError, match="初点10箱、复点9箱"):
        module.perform(Gift.objects.get(pk=gift.pk), "stock", by=cast.people.zhou, counts={line.pk: 9})
    module.perform(Gift.objects.get(pk=gift.pk), "stock", by=cast.people.zhou, counts={line.pk: 9}, note="一箱是空的")
    line.refresh_from_db()
    assert (line.received, line.value_fen) == (9, 90_000)
    assert ledger.entries(gift).last().note == "一箱是空的"


def test_count_that_differs_from_the_promise_needs_a_reason(cast: World) -> None:
    gift = pledged(cast)
    with pytest.raises(ValidationError, match="意向10箱、实收8箱"):
        module.perform(gift, "receive", by=cast.people.wang, counts={gift.lines.get().pk: 8})


def test_count_must_name_every_line(cast: World) -> None:
    gift = pledged(cast, MASKS, {**MASKS, "item": "面屏"})
    with pytest.raises(ValidationError, match="每一项"):
        module.perform(gift, "receive", by=cast.people.wang, counts={gift.lines.all()[0].pk: 10})


def test_slip_numbers_follow_one_another_in_a_response(cast: World) -> None:
    assert [stocked(cast).slip_number for _ in range(3)] == ["000001", "000002", "000003"]


def test_money_is_counted_in_fen_and_shown_in_yuan(cast: World) -> None:
    line = stocked(cast, MONEY).lines.get()
    assert (line.received, line.value_fen, line.basis, line.words()) == (250_050, 250_050, "face", "捐款2500.5元")


def test_loss_and_return_to_the_donor_leave_the_stock_with_their_reason(cast: World) -> None:
    gift = stocked(cast)
    line = gift.lines.get()
    module.perform(gift, "lose", by=cast.people.zhou, counts={line.pk: 2}, note="受潮")
    module.perform(gift, "send_back", by=cast.people.zhou, counts={line.pk: 3}, note="不适用")
    assert held(line) == {"received": 10, "in_stock": 5, "allocated": 0, "delivered": 0, "lost": 2, "returned": 3}
    assert list(Movement.objects.order_by("pk").values_list("kind", "quantity", "reason")) == [
        ("received", 10, ""),
        ("lost", 2, "受潮"),
        ("returned", 3, "不适用"),
    ]


def test_more_than_there_is_cannot_be_lost(cast: World) -> None:
    gift = stocked(cast)
    with pytest.raises(ValidationError, match="现在只有10箱，不够11箱"):
        module.perform(gift, "lose", by=cast.people.zhou, counts={gift.lines.get().pk: 11}, note="受潮")
    assert Gift.objects.get(pk=gift.pk).version == 3


def test_loss_without_a_reason_is_refused(cast: World) -> None:
    gift = stocked(cast)
    with pytest.raises(ValidationError, match="原因"):
        module.perform(gift, "lose", by=cast.people.zhou, counts={gift.lines.get().pk: 1})


@pytest.mark.parametrize(("right", "value"), [(12, 120_000), (7, 70_000)])
def test_correction_sets_the_books_right_and_keeps_the_old_number(cast: World, right: int, value: int) -> None:
    gift = stocked(cast)
    line = gift.lines.get()
    module.perform(gift, "correct", by=cast.people.zhou, counts={line.pk: right}, note="入账时看错")
    line.refresh_from_db()
    assert (line.received, line.in_stock, line.value_fen) == (right, right, value)
    assert ledger.sentence(ledger.entries(gift).last()) == f"周物资更正入账数量：口罩10箱 → {right}箱"


def test_movement_can_be_neither_changed_nor_removed(cast: World) -> None:
    stocked(cast)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Movement.objects.update(quantity=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Movement.objects.all()._raw_delete("default")


def test_database_refuses_goods_that_come_from_nowhere(cast: World) -> None:
    line = stocked(cast).lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(pk=line.pk).update(in_stock=11)


def test_lines_are_rewritten_while_promised_only(cast: World) -> None:
    gift = pledged(cast)
    twelve = {**MASKS, "quantity": 12}
    module.amend(gift, by=cast.people.wang, version=1, changes={"place": "仓库"}, lines=[twelve])
    assert gift.goods() == "口罩12箱"
    module.perform(gift, "receive", by=cast.people.wang, counts=counted(gift))
    with pytest.raises(ValidationError, match="已经清点"):
        module.amend(gift, by=cast.people.wang, version=gift.version, changes={}, lines=[MASKS])


def test_lines_are_not_rewritten_on_an_older_version(cast: World) -> None:
    gift = pledged(cast)
    module.amend(gift, by=cast.people.wang, version=1, changes={"place": "仓库"}, lines=None)
    with pytest.raises(OutOfStep):
        module.amend(gift, by=cast.people.wang, version=1, changes={}, lines=[{**MASKS, "quantity": 1}])
    assert Gift.objects.get(pk=gift.pk).goods() == "口罩10箱"


def test_donor_is_one_of_four(cast: World) -> None:
    with pytest.raises(ValidationError, match="只填一种"):
        pledged(cast, donor_name="某公司", donor_unit=cast.units.branch1)
    with pytest.raises(ValidationError, match="只填一种"):
        pledged(cast, anonymous=True, donor_name="某公司")
    assert pledged(cast, anonymous=True).donor == "匿名捐赠人"


def test_donor_is_not_named_unless_they_say_so(cast: World) -> None:
    shown = [
        pledged(cast, donor_name="某公司", **naming).donor_shown
        for naming in ({}, {"naming": "named"}, {"naming": "alias", "public_name": "一位市民"})
    ]
    assert shown == ["爱心人士", "某公司", "一位市民"]


def test_donor_sees_their_own_gift_without_any_grant(cast: World) -> None:
    from tongzhou.kernel import access

    own = pledged(cast, donor_person=cast.people.zhao)
    pledged(cast, donor_person=cast.people.chen)
    assert list(access.visible(Gift.objects.all(), cast.people.zhao, "donations.read")) == [own]


def test_receipt_names_its_issuer_or_that_none_is_wanted(cast: World) -> None:
    gift = stocked(cast)
    module.perform(
        gift,
        "receipt",
        by=cast.people.wang,
        receipt_issuer="测试市红十字会",
        receipt_number="0001",
        receipt_on=date(2022, 3, 9),
    )
    assert gift.receipt == "测试市红十字会 0001 2022-03-09"
    module.perform(gift, "receipt", by=cast.people.wang, receipt_waived=True)
    assert ledger.sentence(ledger.entries(gift).last()) == "王保管登记票据：捐赠人不要票据"


def test_who_may_only_read_cannot_count(cast: World) -> None:
    gift = pledged(cast)
    with pytest.raises(PermissionDenied):
        module.perform(gift, "receive", by=cast.people.li, counts=counted(gift))
    with pytest.raises(PermissionDenied):
        module.perform(Gift.objects.get(pk=gift.pk), "receive", by=cast.people.wu, counts=counted(gift))


def test_answer_to_a_call_becomes_a_promise_without_lines(cast: World) -> None:
    source = pledged(cast)
    gift = module.room("donations").accepts["pledge"](source, by=cast.people.wang)
    assert (gift.state, gift.donor_unit, gift.lines.count()) == ("pledged", cast.units.branch1, 0)
    with pytest.raises(ValidationError, match="还没有明细"):
        module.perform(gift, "receive", by=cast.people.wang, counts={})
