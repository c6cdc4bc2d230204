from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.modules.donations.giving import MASKS, allocated, held, pledged, stocked
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.seal import Sealed
from tongzhou.modules.donations.models import Allocation, Line, Share


def test_allocation_leaves_stock_until_it_is_signed_for(cast: World) -> None:
    gift = stocked(cast)
    line = gift.lines.get()
    one = allocated(cast, gift, 4)
    assert held(line) == {"received": 10, "in_stock": 6, "allocated": 4, "delivered": 0, "lost": 0, "returned": 0}
    module.perform(one, "deliver", by=cast.people.zhou, handler="周物资")
    assert held(line) == {"received": 10, "in_stock": 6, "allocated": 0, "delivered": 4, "lost": 0, "returned": 0}
    module.perform(one, "sign", by=cast.people.zhou, signer_post="主任", signer="签收人甲", paper="QS-1")
    fresh = Allocation.objects.get(pk=one.pk)
    assert (fresh.state, fresh.signer_post, type(fresh.signer)) == ("signed", "主任", Sealed)


def test_the_last_boxes_go_to_one_of_two(cast: World) -> None:
    gift = stocked(cast)
    stale = Line.objects.select_related("item", "gift").get(gift=gift)  # both saw ten
    allocated(cast, gift, 7)
    made = Allocation(response=cast.response, unit=gift.unit)
    with pytest.raises(ValidationError, match="现在只有3箱，不够7箱"):
        module.file(made, by=cast.people.zhou, lines=[{"line": stale, "quantity": 7}], recipients="西街道")
    assert (Allocation.objects.count(), held(stale)["in_stock"]) == (1, 3)


def test_even_split_makes_one_allocation_each_and_conserves(cast: World) -> None:
    gift = stocked(cast)
    allocated(cast, gift, 10, to="东街道\n西街道\n某社区")
    assert sorted(Share.objects.values_list("quantity", flat=True)) == [3, 3, 4]
    assert Allocation.objects.count() == 3
    assert held(gift.lines.get())["allocated"] == 10


def test_even_split_filed_twice_is_made_once(cast: World) -> None:
    gift = stocked(cast)
    first = allocated(cast, gift, 4, to="东街道\n西街道")
    again = Allocation(pk=first.pk, response=cast.response, unit=gift.unit)
    lines = [{"line": gift.lines.get(), "quantity": 4}]
    assert module.file(again, by=cast.people.zhou, lines=lines, recipients="东街道\n西街道") == (first, False)
    assert (Allocation.objects.count(), held(gift.lines.get())["allocated"]) == (2, 4)


def test_split_that_leaves_someone_empty_handed_is_refused(cast: World) -> None:
    with pytest.raises(ValidationError, match="不够每家分到"):
        allocated(cast, stocked(cast), 2, to="东街道\n西街道\n某社区")


def test_joint_receipt_is_one_allocation_to_several(cast: World) -> None:
    one = allocated(cast, stocked(cast), 5, to="东街道\n某车队", how="jointly")
    assert (one.is_joint, one.to(), one.goods()) == (True, "东街道、某车队", "口罩5箱")


def test_one_recipient_gets_from_several_gifts(cast: World) -> None:
    lines = [{"line": stocked(cast, {**MASKS, "item": item}).lines.get(), "quantity": 2} for item in ("口罩", "面屏")]
    one, _new = module.file(
        Allocation(response=cast.response, unit=cast.units.branch1),
        by=cast.people.zhou,
        lines=lines,
        recipients="东街道",
    )
    assert one.goods() == "口罩2箱、面屏2箱"


def test_directed_gift_goes_elsewhere_only_with_the_donors_consent(cast: World) -> None:
    gift = stocked(cast, designated="东街道")
    with pytest.raises(ValidationError, match="定向捐给东街道的，不能分给西街道"):
        allocated(cast, gift, 1, to="西街道")
    assert allocated(cast, gift, 1, to="东街道").state == "allocated"
    assert allocated(cast, gift, 1, to="西街道", consent="2022年3月6日回函").state == "allocated"


def test_expired_goods_are_not_allocated(cast: World) -> None:
    with pytest.raises(ValidationError, match="过期"):
        allocated(cast, stocked(cast, {**MASKS, "expires_on": date(2021, 1, 1)}), 1)


def test_goods_not_yet_booked_are_not_allocated(cast: World) -> None:
    with pytest.raises(ValidationError, match="还没有入账"):
        allocated(cast, pledged(cast), 1)


def test_goods_out_of_reach_are_not_allocated(cast: World) -> None:
    gift = stocked(cast, unit=cast.units.branch3)
    made = Allocation(response=cast.response, unit=cast.units.branch1)
    with pytest.raises(ValidationError, match="不在您管理的物资中"):
        module.file(made, by=cast.people.sun, lines=[{"line": gift.lines.get(), "quantity": 1}], recipients="东街道")


def test_short_delivery_puts_the_rest_back_with_a_reason(cast: World) -> None:
    gift = stocked(cast)
    one = allocated(cast, gift, 4)
    share = one.shares.get()
    with pytest.raises(ValidationError, match="请写明原因"):
        module.perform(
            Allocation.objects.get(pk=one.pk), "deliver", by=cast.people.zhou, handler="周", counts={share.pk: 3}
        )
    module.perform(one, "deliver", by=cast.people.zhou, handler="周", counts={share.pk: 3}, note="装不下")
    assert held(gift.lines.get()) == {
        "received": 10,
        "in_stock": 7,
        "allocated": 0,
        "delivered": 3,
        "lost": 0,
        "returned": 0,
    }


def test_what_is_taken_back_has_to_be_signed_for_again(cast: World) -> None:
    gift = stocked(cast)
    one = allocated(cast, gift, 4)
    module.perform(one, "deliver", by=cast.people.zhou, handler="周")
    module.perform(one, "sign", by=cast.people.zhou, signer_post="主任")
    module.perform(one, "take_back", by=cast.people.zhou, counts={one.shares.get().pk: 1}, note="多送")
    assert (one.state, held(gift.lines.get())["delivered"]) == ("delivered", 3)
    with pytest.raises(ValidationError, match="最多3箱"):
        module.perform(
            Allocation.objects.get(pk=one.pk),
            "take_back",
            by=cast.people.zhou,
            counts={one.shares.get().pk: 4},
            note="多送",
        )
    module.perform(one, "take_back_all", by=cast.people.zhou, note="全退")
    assert (one.state, held(gift.lines.get())["in_stock"]) == ("returned", 10)


def test_cancelled_allocation_returns_to_stock(cast: World) -> None:
    gift = stocked(cast)
    module.perform(allocated(cast, gift, 4), "cancel", by=cast.people.zhou, note="改期")
    assert held(gift.lines.get())["in_stock"] == 10
