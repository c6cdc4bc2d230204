"""The keeper's day in a browser without JavaScript: promise, two counts, allocation, delivery, signature, disclosure, import."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.modules.donations.giving import MASKS, allocated, held, pledged, stocked
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.models import Upload
from tongzhou.modules.donations import asks
from tongzhou.modules.donations.models import Allocation, Disclosure, Gift

LINE = {"item": "口罩", "quantity": "10", "measure": "箱", "value": "1000", "basis": "invoice"}


def formset(*lines: dict[str, Any]) -> dict[str, Any]:
    rows = {f"lines-{i}-{name}": value for i, line in enumerate(lines) for name, value in line.items()}
    return rows | {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": 0}


def gift_form(cast: World, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    plain = {"unit": cast.units.branch1.pk, "when": "2022-03-05", "donor_name": "某公司", "naming": "unnamed"}
    return plain | fields | formset(*(lines or (LINE,)))


def once_more(file: io.BytesIO) -> SimpleUploadedFile:
    return SimpleUploadedFile("gifts.xlsx", file.getvalue())


def errors(answer: Any) -> str:
    return str(answer.context["form"].errors) + str([form.errors for form in answer.context.get("lines") or []])


def test_gift_goes_from_form_to_signature(cast: World, signed_in: Any) -> None:
    wang, zhou = signed_in(cast.people.wang), signed_in(cast.people.zhou)
    assert wang.get(reverse("donations.gift.new", args=[cast.response.slug])).status_code == 200
    answer = wang.post(reverse("donations.gift.new", args=[cast.response.slug]), gift_form(cast))
    assert answer.status_code == 302, errors(answer)
    gift = Gift.objects.get()
    line = gift.lines.get()

    def move(client: Any, record: Any, name: str, **data: Any) -> None:
        address = reverse(f"{record._meta.label_lower}.move", args=[cast.response.slug, record.pk, name])
        assert client.get(address).status_code == 200
        answer = client.post(address, data)
        assert answer.status_code == 302, errors(answer)

    move(wang, gift, "receive", **{f"part_{line.pk}": "10", "day": "2022-03-06"})
    move(zhou, gift, "stock", **{f"part_{line.pk}": "10"})
    new = reverse("donations.allocation.new", args=[cast.response.slug])
    assert "口罩10箱" in zhou.get(new).content.decode()
    sent = {"unit": cast.units.org.pk, "when": "2022-03-07", "recipients": "东街道\n西街道", "how": "evenly"}
    answer = zhou.post(new, sent | formset({"line": line.pk, "quantity": "6"}))
    assert answer.status_code == 302, errors(answer)
    for one in Allocation.objects.all():
        share = one.shares.get()
        move(zhou, one, "deliver", **{f"part_{share.pk}": "3", "handler": "周物资", "day": "2022-03-08"})
        move(zhou, one, "sign", signer_post="主任", signer="签收人甲", day="2022-03-08")
    assert held(line) == {"received": 10, "in_stock": 4, "allocated": 0, "delivered": 6, "lost": 0, "returned": 0}
    gift.refresh_from_db()
    page = zhou.get(gift.get_absolute_url()).content.decode()
    assert ("东街道" in page, "000001" in page, "签收人甲" in page) == (True, True, False)
    assert gift.happened_on.isoformat() == "2022-03-06"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"quantity": "1.5"}, "整数"),
        ({"quantity": "0"}, "大于 0"),
        ({"quantity": "-1"}, "不能为负"),
        ({"item": "口|罩"}, "这几个符号"),
        ({"basis": "none"}, "作价依据"),
        ({"value": "", "basis": "invoice"}, "请填写价值"),
        ({"measure": "元", "quantity": "1.005"}, "2"),
    ],
)
def test_line_that_cannot_be_kept_says_why(cast: World, signed_in: Any, line: dict[str, str], fault: str) -> None:
    address = reverse("donations.gift.new", args=[cast.response.slug])
    answer = signed_in(cast.people.wang).post(address, gift_form(cast, LINE | line))
    assert (answer.status_code, fault in errors(answer), Gift.objects.count()) == (422, True, 0)


def test_money_is_typed_in_yuan(cast: World, signed_in: Any) -> None:
    address = reverse("donations.gift.new", args=[cast.response.slug])
    money = {"item": "捐款", "quantity": "2500.50", "measure": "元"}
    assert signed_in(cast.people.wang).post(address, gift_form(cast, money)).status_code == 302
    assert Gift.objects.get().lines.get().quantity == 250_050


def test_rows_nobody_touched_are_blank(cast: World, signed_in: Any) -> None:
    address = reverse("donations.gift.new", args=[cast.response.slug])
    client = signed_in(cast.people.wang)
    blank = {
        name: field.initial or ""
        for name, field in client.get(address).context["lines"].empty_form.fields.items()
        if name != "DELETE"
    }
    assert client.post(address, gift_form(cast, LINE, blank)).status_code == 302
    assert Gift.objects.get().goods() == "口罩10箱"


def test_two_donors_are_refused_with_a_sentence(cast: World, signed_in: Any) -> None:
    address = reverse("donations.gift.new", args=[cast.response.slug])
    answer = signed_in(cast.people.wang).post(address, gift_form(cast, anonymous="on"))
    assert (answer.status_code, "只填一种" in answer.content.decode()) == (422, True)


def test_unchanged_edit_of_a_gift_changes_nothing(cast: World, signed_in: Any) -> None:
    gift = pledged(cast)
    client = signed_in(cast.people.wang)
    address = reverse("donations.gift.edit", args=[cast.response.slug, gift.pk])
    form = client.get(address).context
    data = {name: form["form"][name].value() or "" for name in form["form"].fields}
    data |= {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 1, "version": 1, "donor_name": "好心公司"}
    data |= {f"lines-0-{name}": "" if value is None else value for name, value in gift.line_values()[0].items()}
    data["when"] = "2022-03-05"
    answer = client.post(address, {name: value for name, value in data.items() if value not in (False, None)})
    assert answer.status_code == 302, errors(answer)
    gift.refresh_from_db()
    assert (gift.version, gift.goods()) == (1, "口罩10箱")


def test_correction_leaves_blank_lines_alone(cast: World, signed_in: Any) -> None:
    gift = stocked(cast, MASKS, {**MASKS, "item": "面屏"})
    first, second = gift.lines.all()
    address = reverse("donations.gift.move", args=[cast.response.slug, gift.pk, "correct"])
    sent = {f"part_{first.pk}": "8", f"part_{second.pk}": "", "note": "看错"}
    assert signed_in(cast.people.zhou).post(address, sent).status_code == 302
    assert [held(line)["received"] for line in (first, second)] == [8, 10]


def test_second_count_does_not_show_the_first(cast: World, signed_in: Any) -> None:
    gift = pledged(cast, {**MASKS, "quantity": 4711})
    module.perform(gift, "receive", by=cast.people.wang, counts={gift.lines.get().pk: 4711})
    address = reverse("donations.gift.move", args=[cast.response.slug, gift.pk, "stock"])
    assert "4711" not in signed_in(cast.people.zhou).get(address).content.decode()


def test_disclosure_is_drafted_published_and_printed(cast: World, signed_in: Any) -> None:
    stocked(cast)
    client = signed_in(cast.people.wang)
    new = reverse("donations.disclosure.new", args=[cast.response.slug])
    sent = {"unit": cast.units.org.pk, "when": "2022-03-10", "first_on": "2022-03-01", "last_on": "2022-03-10"}
    assert client.post(new, sent | {"last_on": "2022-02-01"}).status_code == 422
    assert client.post(new, sent).status_code == 302
    one = Disclosure.objects.get()
    assert (
        client.post(reverse("donations.disclosure.move", args=[cast.response.slug, one.pk, "publish"])).status_code
        == 302
    )
    one.refresh_from_db()
    page = client.get(reverse("donations.disclosure.slip", args=[cast.response.slug, one.pk])).content.decode()
    assert (one.digest in page, "口罩10箱" in page) == (True, True)
    assert asks.to_disclose(cast.people.wang).count() == 0


def test_excel_of_gifts_comes_in_line_by_line(cast: World, signed_in: Any) -> None:
    client = signed_in(cast.people.wang)
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("donations.gift.template", args=[cast.response.slug])).content)
    )
    values = {
        "经办单位": "第一支社",
        "日期": "2022-03-05",
        "捐赠方（其他）": "某公司",
        "对外公布": "公布本名",
        "品名": "口罩",
        "数量": 12,
        "计量单位": "箱",
    }
    sheet = book.worksheets[0]
    for cell in sheet[1]:
        sheet.cell(2, cell.column, values.get(cell.value))
    file = io.BytesIO()
    book.save(file)
    answer = client.post(reverse("donations.gift.import", args=[cast.response.slug]), {"file": once_more(file)})
    assert answer.status_code == 302
    assert [str(fault) for fault in client.get(answer["Location"]).context["faults"]] == []
    assert client.post(answer["Location"]).status_code == 302
    gift = Gift.objects.get()
    assert (gift.goods(), gift.donor_shown, gift.state) == ("口罩12箱", "某公司", "pledged")
    # what it named is sealed in the records, and is kept nowhere else
    assert bytes(Upload.objects.get().content) == b""
    again = client.post(reverse("donations.gift.import", args=[cast.response.slug]), {"file": once_more(file)})
    assert "这个文件已于" in client.get(again["Location"]).content.decode()
    assert (client.post(again["Location"]).status_code, Gift.objects.count()) == (422, 1)


@pytest.mark.parametrize("make", [pledged, lambda cast: allocated(cast, stocked(cast), 2)])
def test_list_takes_as_many_queries_for_four_as_for_one(cast: World, signed_in: Any, make: Any) -> None:
    client = signed_in(cast.people.wang)
    address = reverse(f"{make(cast)._meta.label_lower}.list", args=[cast.response.slug])
    client.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        counts.append(len(found))
        for _more in range(3):
            make(cast)
    assert counts[0] == counts[1]


def test_search_by_item_lists_a_gift_once(cast: World, signed_in: Any) -> None:
    pledged(cast, MASKS, {**MASKS, "item": "医用口罩"})
    page = signed_in(cast.people.wang).get(reverse("donations.gift.list", args=[cast.response.slug]) + "?q=口罩")
    assert page.context["count"] == 1


def test_asks_reach_the_right_people(cast: World) -> None:
    gift = pledged(cast)
    module.perform(gift, "receive", by=cast.people.wang, counts={gift.lines.get().pk: 10})
    assert [asks.to_recount(person).count() for person in (cast.people.wang, cast.people.zhou, cast.people.li)] == [
        0,
        1,
        0,
    ]


def test_allocation_names_only_the_gifts_its_reader_reaches(cast: World, signed_in: Any) -> None:
    gift = stocked(cast, unit=cast.units.branch3, donor_name="隐名商人")
    one = allocated(cast, gift, 2, unit=cast.units.branch1)
    pages = {
        who: signed_in(getattr(cast.people, who)).get(one.get_absolute_url()).content.decode()
        for who in ("sun", "zhou")
    }
    assert {who: ("口罩2箱" in page, "隐名商人" in page) for who, page in pages.items()} == {
        "sun": (True, False), "zhou": (True, True),
    }  # fmt: skip
