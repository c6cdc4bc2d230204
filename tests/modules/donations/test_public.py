"""What leaves the house: the public page, the disclosure, Excel and paper. Planted names must not be found there."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.modules.donations.giving import MASKS, MONEY, allocated, pledged, stocked
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.donations import asks, queries
from tongzhou.modules.donations.models import Disclosure

SECRETS = ("隐名商人", "赵社员", "王保管", "周物资", "送货员丁", "签收人甲", "13900001111", "里巷王大娘")


@pytest.fixture
def busy(cast: World) -> World:
    """Gifts of every naming, delivered, signed, corrected and lost, with names and numbers in every free text."""
    stocked(cast, donor_name="隐名商人", donor_contact="13900001111")
    stocked(cast, donor_person=cast.people.zhao, naming="alias", public_name="一名老社员")
    stocked(cast, anonymous=True, naming="named")
    gift = stocked(cast, {**MASKS, "item": "面屏"}, donor_name="里巷王大娘")
    pledged(cast, {**MASKS, "item": "只是意向"}, donor_name="不在账上公司", naming="named")
    one = allocated(cast, gift, 4)
    module.perform(one, "deliver", by=cast.people.zhou, handler="送货员丁", note="送货员丁 13900001111")
    module.perform(one, "sign", by=cast.people.zhou, signer="签收人甲", signer_post="主任")
    line = gift.lines.get()
    module.perform(
        gift, "lose", by=cast.people.zhou, counts={line.pk: 1}, note="里巷王大娘家受潮，问周物资 13900001111"
    )
    module.perform(one, "take_back", by=cast.people.zhou, counts={one.shares.get().pk: 1}, note="送货员丁多送")
    return cast


def text_of(answer: Any) -> str:
    if "spreadsheet" not in answer["Content-Type"]:
        return answer.content.decode()
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None)


@pytest.mark.parametrize("page", ["donations.public", "donations.public.excel"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_sees_goods_and_reasons_but_no_person(busy: World, page: str, language: str) -> None:
    answer = Client(headers={"accept-language": language}).get(reverse(page, args=[busy.response.slug]))
    assert answer.status_code == 200
    text = text_of(answer)
    assert [secret for secret in SECRETS if secret in text] == []
    assert "一名老社员" in text
    assert "受潮" in text
    assert "不在账上公司" not in text


def test_number_typed_into_a_name_stays_inside(cast: World) -> None:
    """Names of goods, of recipients and of donors are free texts, and all of them are public."""
    line = {**MASKS, "item": "口罩13900001111", "item_en": "masks a@example.org"}
    gift = stocked(cast, line, naming="alias", public_name="老赵13900001111")
    one = allocated(cast, gift, 4, to="东社区 13900001111")
    module.perform(one, "deliver", by=cast.people.zhou, handler="周")
    account = queries.account(Scope(cast.response))
    goods = ["口罩＊＊", "masks ＊＊", "箱"]
    assert (account["received"][0]["donor"], account["received"][0]["goods"]) == ("老赵＊＊", [[*goods, 10]])
    assert (account["given"][0]["recipients"], account["given"][0]["goods"]) == ([["东社区 ＊＊", ""]], [[*goods, 4]])
    assert [account["balance"][0][name] for name in ("name", "name_en", "measure")] == goods


def test_reason_does_not_name_a_unit_that_is_not_to_be_named(cast: World) -> None:
    for naming in ("unnamed", "named"):
        gift = stocked(cast, donor_unit=cast.units.branch2, naming=naming)
        module.perform(gift, "lose", by=cast.people.zhou, counts={gift.lines.get().pk: 1}, note="第二支社称王保管知情")
    reasons = [row["reason"] for row in queries.account(Scope(cast.response))["changes"]]
    assert reasons == ["＊＊称＊＊知情", "第二支社称＊＊知情"]


def test_published_disclosure_keeps_what_it_said_and_says_what_changed(busy: World, signed_in: Any) -> None:
    one = Disclosure(response=busy.response, unit=busy.units.org, first_on=date(2022, 3, 1), last_on=date(2026, 12, 31))
    one, _new = module.file(one, by=busy.people.wang)
    module.perform(one, "publish", by=busy.people.wang)
    before = one.digest
    gift = stocked(busy, {**MASKS, "item": "迟到的口罩"})
    client = signed_in(busy.people.wang)
    page = client.get(one.get_absolute_url()).content.decode()
    assert (before in page, "迟到的口罩" in page, "公示之后账目又有变动" in page) == (True, False, True)
    excel = text_of(client.get(reverse("donations.disclosure.excel", args=[busy.response.slug, one.pk])))
    assert before in excel
    assert [secret for secret in SECRETS if secret in page + excel and secret != "王保管"] == []
    assert list(asks.to_disclose(busy.people.wang)) == [gift]


def test_split_that_nobody_knows_is_said_wherever_it_is_shown(cast: World) -> None:
    one = allocated(cast, stocked(cast), 4, to="东街道\n西街道", how="jointly")
    module.perform(one, "deliver", by=cast.people.zhou, handler="周")
    for page in ("donations.public", "donations.public.excel"):
        assert "来源未说明各得多少" in text_of(Client().get(reverse(page, args=[cast.response.slug])))


def test_account_is_the_same_in_every_language(busy: World) -> None:
    from django.utils import translation

    chinese = queries.account(Scope(busy.response))
    with translation.override("en"):
        assert queries.account(Scope(busy.response)) == chinese


def test_account_of_a_period_ends_with_it(cast: World) -> None:
    stocked(cast, happened_on=date(2022, 3, 5))
    account = queries.account(Scope(cast.response, None, date(2022, 3, 6), date(2022, 3, 10)))
    assert account["received"] == []


def test_balance_holds_every_kind_of_goods_once(cast: World) -> None:
    stocked(cast)
    stocked(cast)
    stocked(cast, MONEY)
    assert [
        (row["name"], row["received"], row["in_stock"]) for row in queries.account(Scope(cast.response))["balance"]
    ] == [
        ("口罩", 20, 20),
        ("捐款", 250_050, 250_050),
    ]


def test_public_page_of_an_unknown_response_is_not_found(cast: World) -> None:
    assert Client().get(reverse("donations.public", args=["no-such"])).status_code == 404


def test_slip_is_out_of_reach_of_strangers(cast: World, signed_in: Any) -> None:
    gift = stocked(cast)
    address = reverse("donations.slip.pdf", args=[cast.response.slug, gift.pk])
    assert [signed_in(person).get(address).status_code for person in (cast.people.wu, cast.people.outsider)] == [
        404,
        404,
    ]
    assert Client().get(address).status_code == 302


def test_person_who_may_not_read_is_not_asked_to_publish(cast: World) -> None:
    stocked(cast)
    asked: list[Person] = [cast.people.wang, cast.people.zhou, cast.people.zhao]
    assert [asks.to_disclose(person).count() for person in asked] == [1, 0, 0]


def test_the_public_page_shows_a_long_account_in_parts(
    cast: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tongzhou.modules.donations.views.pages.ROWS", 1)
    for number, name in enumerate(["甲公司", "乙公司"], 1):
        stocked(cast, donor_name=name, naming="named", happened_on=date(2022, 3, number))
    address = reverse("donations.public", args=[cast.response.slug])
    first, second = text_of(client.get(address)), text_of(client.get(f"{address}?page=2"))
    assert [("甲公司" in page, "乙公司" in page) for page in (first, second)] == [(True, False), (False, True)]
    assert "20箱" in first  # what is held is always all of it
