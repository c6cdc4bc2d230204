"""Daily counts: sums that match, one for an area and day, corrections with their reason, Excel line by line."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.modules.situation.outbreak import FIRST, counted, wave
from tests.world import World
from tongzhou.kernel import asks, ledger, module, sheets, steps
from tongzhou.kernel.models import Person
from tongzhou.kernel.scope import Scope
from tongzhou.modules.situation import queries, views
from tongzhou.modules.situation.models import DayCount
from tongzhou.modules.situation.queries import overlapping

SignIn = Callable[[Person], Client]


def test_parts_that_do_not_add_up_are_refused_by_form_and_by_database(cast: World, signed_in: SignIn) -> None:
    sent = {
        "unit": cast.units.street1.pk,
        "when": "2022-03-01",
        "confirmed": "2",
        "asymptomatic": "1",
        "quarantine": "1",
    }
    page = signed_in(cast.people.feng).post("/test-2022/situation/new/", sent)
    assert page.status_code == 422
    assert page.context["form"].errors["asymptomatic"] == ["确诊与无症状共3例，五种发现途径之和是1例，对不上。"]
    row = counted(cast, FIRST, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        DayCount.objects.filter(pk=row.pk).update(confirmed=5)


def test_a_count_is_filed_on_one_page(cast: World, signed_in: SignIn) -> None:
    sent = {
        "unit": cast.units.street1.pk,
        "when": "2022-03-01",
        "confirmed": "2",
        "asymptomatic": "1",
        "quarantine": "2",
        "community": "1",
    }
    assert signed_in(cast.people.feng).post("/test-2022/situation/new/", sent).status_code == 302
    row = DayCount.objects.get()
    assert (row.numbers()["confirmed"], row.cases, row.community) == (2, 3, 1)
    assert ledger.sentence(ledger.entries(row)[0]) == "冯指挥登记日报数：确诊2例、无症状1例"


@pytest.mark.parametrize(("above", "words"), [(True, "已有下级区域的日报数"), (False, "已有上级区域的合计")])
def test_a_total_and_its_parts_do_not_stand_on_one_day(above: bool, words: str, cast: World) -> None:
    first, second = (cast.units.street1, cast.units.district) if above else (cast.units.district, cast.units.street1)
    counted(cast, FIRST, 1, unit=first)
    with pytest.raises(ValidationError, match=words):
        counted(cast, FIRST, 1, unit=second)
    counted(cast, FIRST + timedelta(days=1), 1, unit=second)
    assert DayCount.objects.count() == 2


def test_an_area_has_one_count_a_day_and_a_voided_one_makes_room(cast: World) -> None:
    row = counted(cast, FIRST, 1)
    with pytest.raises(ValidationError, match="已有日报数"):
        counted(cast, FIRST, 2)
    same = {"response": row.response, "unit": row.unit, "happened_on": FIRST, "state": "kept", "filed_by": row.filed_by}
    with pytest.raises(IntegrityError), transaction.atomic():  # two that met in the database
        DayCount.objects.create(pk=uuid4(), **same)
    module.perform(row, "void", by=cast.people.feng, note="区域选错")
    assert counted(cast, FIRST, 2).confirmed == 2


def test_a_count_sent_twice_is_one(cast: World) -> None:
    row = counted(cast, FIRST, 1)
    again, new = module.file(
        DayCount(pk=row.pk, response=row.response, unit=row.unit, happened_on=FIRST), by=cast.people.feng
    )
    assert (again, new, DayCount.objects.count()) == (row, False, 1)


def test_a_correction_keeps_old_and_new_and_needs_its_reason(cast: World, signed_in: SignIn) -> None:
    row = counted(cast, FIRST, 1, 2)
    changes = {"confirmed": 2, "asymptomatic": 1}
    with pytest.raises(ValidationError, match="更正须写明原因"):
        module.amend(row, by=cast.people.feng, version=1, changes=changes, reason=" ")
    sent = {
        "unit": row.unit_id,
        "when": "2022-03-01",
        **changes,
        "screening": 3,
        "reason": "一例由无症状转确诊",
        "version": 1,
    }
    assert signed_in(cast.people.feng).post(f"{row.get_absolute_url()}edit/", sent).status_code == 302
    entry = ledger.entries(row).last()
    assert entry is not None
    assert (entry.note, entry.data) == (
        "一例由无症状转确诊",
        {"old": {"confirmed": "1", "asymptomatic": "2"}, "new": {"confirmed": "2", "asymptomatic": "1"}},
    )
    assert DayCount.objects.get().corrections == 1
    with pytest.raises(steps.OutOfStep):
        module.amend(
            DayCount.objects.get(),
            by=cast.people.feng,
            version=1,
            changes={"confirmed": 3, "screening": 4},
            reason="旧页面",
        )


def test_a_correction_does_not_move_a_count_onto_another(cast: World) -> None:
    counted(cast, FIRST, 1)
    row = counted(cast, FIRST + timedelta(days=1), 1)
    with pytest.raises(ValidationError, match="已有日报数"):
        module.amend(row, by=cast.people.feng, version=1, changes={"happened_on": FIRST}, reason="日期写错")


def test_a_secretary_may_not_count(cast: World, signed_in: SignIn) -> None:
    assert signed_in(cast.people.sun).get("/test-2022/situation/new/").status_code == 404


# -- Excel


def workbook(cast: World, rows: list[dict[str, object]]) -> SimpleUploadedFile:
    data = sheets.write("日报数", list(views.counts.imports), rows, note="")
    return SimpleUploadedFile("counts.xlsx", data)


def line(unit: str, day: date, **numbers: int) -> dict[str, object]:
    return {"unit": unit, "when": day, **numbers}


def test_a_sheet_comes_in_whole_or_says_which_line_is_wrong(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.feng)
    good = line("street1", FIRST, confirmed=1, asymptomatic=2, screening=3)
    bad = line("street2", FIRST, confirmed=1, screening=2)
    page = client.post("/test-2022/situation/import/", {"file": workbook(cast, [good, bad])}, follow=True)
    assert [str(fault) for fault in page.context["faults"]] == [
        "第3行“新增无症状”：确诊与无症状共1例，五种发现途径之和是2例，对不上。"
    ]
    assert client.post(page.request["PATH_INFO"]).status_code == 422
    assert DayCount.objects.count() == 0
    bad["confirmed"] = 2
    page = client.post("/test-2022/situation/import/", {"file": workbook(cast, [good, bad])}, follow=True)
    assert client.post(page.request["PATH_INFO"]).status_code == 302
    assert list(DayCount.objects.order_by("unit__code").values_list("unit__code", "confirmed", "asymptomatic")) == [
        ("street1", 1, 2),
        ("street2", 2, 0),
    ]
    page = client.post(
        "/test-2022/situation/import/", {"file": workbook(cast, [{**good, "origin": "再来一次"}])}, follow=True
    )
    assert [str(fault) for fault in page.context["faults"]] == [
        "第2行“日期”：“东街道”2022-03-01已有日报数；数字有变请更正原来那条。"
    ]


def test_the_same_area_and_day_twice_in_a_sheet_is_refused_whole(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.feng)
    rows = [line("street1", FIRST, confirmed=1, screening=1), line("street1", FIRST, confirmed=2, screening=2)]
    page = client.post("/test-2022/situation/import/", {"file": workbook(cast, rows)}, follow=True)
    answer = client.post(page.request["PATH_INFO"])
    assert (answer.status_code, DayCount.objects.count()) == (422, 0)
    assert "已有日报数" in answer.content.decode()


# -- sums


def test_series_has_every_day_and_names_those_without_a_count(cast: World) -> None:
    counted(cast, FIRST, 1, 2)
    counted(cast, FIRST, 3, unit=cast.units.street2)
    counted(cast, FIRST + timedelta(days=2), 0, 5)
    told = queries.series(Scope(cast.response), cast.people.feng)
    assert (told.confirmed, told.asymptomatic) == ([4, 0, 0], [2, 0, 5])
    assert told.missing == [FIRST + timedelta(days=1)]
    one = queries.series(Scope(cast.response, cast.units.street2), cast.people.feng)
    assert (one.days, one.confirmed) == ([FIRST], [3])
    assert queries.series(Scope(cast.response), cast.people.sun).days == []


def test_a_voided_count_is_not_summed(cast: World) -> None:
    module.perform(counted(cast, FIRST, 9), "void", by=cast.people.feng, note="重复")
    assert queries.series(Scope(cast.response), cast.people.feng).days == []


def test_missing_today_is_asked_of_areas_that_counted_before(cast: World) -> None:
    today = timezone.localdate()
    counted(cast, today - timedelta(days=1), 1)
    counted(cast, today - timedelta(days=30), 1, unit=cast.units.street2)  # has stopped long ago

    def asked(who: Person) -> list[tuple[str, str]]:
        fresh = Person.objects.get(pk=who.pk)
        found = [one for one in asks.awaiting(fresh, today) if one.ask.name == "missing"]
        return [(str(item.record.unit), item.url) for one in found for item in one.items]

    assert asked(cast.people.feng) == [
        ("东街道", f"/test-2022/situation/new/?unit={cast.units.street1.pk}&when={today}")
    ]
    assert asked(cast.people.sun) == []
    counted(cast, today, 0)
    assert asked(cast.people.feng) == []


def test_overlap_is_of_the_same_response_only(cast: World) -> None:
    counted(cast, FIRST, 1)
    other = DayCount(response=cast.other_response, unit=cast.units.street1, happened_on=FIRST)
    assert overlapping(other) == ""
    wave(cast, [1], cast.units.street2)
    assert DayCount.objects.count() == 2
