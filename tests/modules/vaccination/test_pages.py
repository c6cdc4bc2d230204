"""Pages and forms of vaccination: counting, readings and a logger's file, the sheet, Excel in and out."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.modules.vaccination import shots
from tests.world import World, person
from tongzhou.kernel import module
from tongzhou.kernel.models import Person
from tongzhou.modules.vaccination.models import Batch, Demand, DeskChange, Fridge, Session, Station

SignIn = Callable[[Person], Client]
JSON = {"Accept": "application/json"}


@pytest.fixture
def ke(cast: World) -> Person:
    return person("ke", "柯点位", cast.units.street1, ("chief", cast.units.street1))


@pytest.fixture
def running(cast: World) -> Session:
    at = shots.station(cast)
    shots.stocked(cast, at)
    return shots.session(cast, at)


@pytest.fixture
def fridge(cast: World) -> Fridge:
    return shots.fridge(shots.station(cast))


def at(name: str, *args: object) -> str:
    return reverse(f"vaccination.{name}", args=["test-2022", *args])


# -- counting


def test_tap_from_a_script_is_answered_with_the_totals(running: Session, ke: Person, signed_in: SignIn) -> None:
    client, key = signed_in(ke), str(uuid4())
    tap = {"key": key, "what": "arrived", "number": "5", "slot": "547"}
    for _sent in range(2):
        answer = client.post(at("tap", running.pk), tap, headers=JSON)
        assert (answer.status_code, answer.json()["totals"]["arrived"], answer.json()["fault"]) == (200, 5, "")
    assert running.tallies.get().slot == 540
    batch = running.station.batches.get()
    answer = client.post(
        at("tap", running.pk), {"key": uuid4().hex, "what": f"dose:{batch.pk}", "number": "1"}, headers=JSON
    )
    assert answer.json()["totals"][f"dose:{batch.pk}"] == 1
    module.perform(Batch.objects.get(pk=batch.pk), "hold", by=ke, note="超温")
    answer = client.post(
        at("tap", running.pk), {"key": uuid4().hex, "what": f"dose:{batch.pk}", "number": "1"}, headers=JSON
    )
    assert (answer.status_code, answer.json()["totals"][f"dose:{batch.pk}"]) == (422, 1)
    assert "已停用（超温），不能使用。请立即从接种台撤下" in answer.json()["fault"]


def test_tap_without_script_leads_back_and_says_what_was_refused(
    running: Session, ke: Person, signed_in: SignIn
) -> None:
    client = signed_in(ke)
    answer = client.post(at("tap", running.pk), {"key": uuid4(), "what": "passed", "number": "10"}, follow=True)
    assert answer.redirect_chain == [(at("count", running.pk), 302)]
    assert '<output class="tap-total" data-total="passed" aria-label="预检合格">10</output>' in answer.content.decode()
    for what in ("dose:x", f"dose:{uuid4()}", "nothing", "deferred:x"):
        answer = client.post(at("tap", running.pk), {"key": uuid4(), "what": what, "number": "1"}, follow=True)
        assert "message-error" in answer.content.decode() or "alert" in answer.content.decode(), what
    assert running.tallies.count() == 1


def test_typed_numbers_go_in_together_and_once(running: Session, ke: Person, signed_in: SignIn) -> None:
    client, key, dose = signed_in(ke), uuid4(), f"n_dose_{running.station.batches.get().pk.hex}"
    parts = {"n_arrived": "9", "n_passed": "8", "n_deferred_fever": "1", "n_consented": "8", dose: "8"}
    for _sent in range(2):
        assert client.post(at("count", running.pk), {"key": key, "slot": "570"} | parts).status_code == 302
    running.refresh_from_db()
    assert (running.arrived, running.passed, running.deferred, running.doses, running.tallies.count()) == (
        9,
        8,
        1,
        8,
        5,
    )
    assert set(running.tallies.values_list("slot", flat=True)) == {570}
    for wrong, said in (
        ({"n_arrived": "-1"}, "减少数字请写明原因"),
        ({f"n_dose_{uuid4().hex}": "3", "n_arrived": "3"}, "批次有变化"),
    ):
        refused = client.post(at("count", running.pk), {"key": uuid4(), "slot": "570"} | wrong)
        assert (refused.status_code, said in refused.content.decode()) == (422, True)
    assert running.tallies.count() == 5


def test_a_session_that_is_not_open_is_not_counted(cast: World, ke: Person, signed_in: SignIn) -> None:
    planned = shots.session(cast, shots.station(cast), opened=False)
    answer = signed_in(ke).get(at("count", planned.pk), follow=True)
    assert answer.redirect_chain == [(planned.get_absolute_url(), 302)]
    assert "现在是“计划”，不能计数" in answer.content.decode()


def test_close_by_the_form(cast: World, running: Session, ke: Person, signed_in: SignIn) -> None:
    shots.count(cast, running, arrived=4, passed=4, consented=4)
    shots.give(cast, running, running.station.batches.get(), 4)
    move, client = f"{running.get_absolute_url()}moves/close/", signed_in(ke)
    assert "合计须等于接种 4 剂" in client.get(move).content.decode()
    assert "合计 3 剂，与接种 4 剂不符" in client.post(move, {"share_2_1": "3"}).content.decode()
    assert client.post(move, {"share_2_1": "3", "share_4_2": "1"}).status_code == 302
    running.refresh_from_db()
    assert (running.state, sorted(running.shares.values_list("age_group", "dose", "number"))) == (
        "closed",
        [("18-59", 1, 3), ("80", 2, 1)],
    )


# -- stations and what belongs to them


def test_new_station_with_its_refrigerators(cast: World, signed_in: SignIn) -> None:
    sent = {
        "key": uuid4(), "unit": cast.units.street1.pk, "name": "桥头接种点", "place": "体育馆", "opens": "09:00", "closes": "17:00", "desks": "2",
        "vaccinators": "2", "checkers": "1", "recorders": "1", "watchers": "1", "stewards": "1", "seats": "20",
        "fridges": "1号冰箱\n2号冰箱\n1号冰箱", "when": "2022-03-05",
    }  # fmt: skip
    answer = signed_in(cast.people.feng).post(at("station.new"), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Station.objects.get()
    assert (made.hours, made.staffing()) == (
        "09:00–17:00",
        "预检人员 1、信息录入人员 1、接种人员 2、留观与急救人员 1、秩序人员 1",
    )
    assert list(made.fridges.order_by("name").values_list("name", "unit__code")) == [
        ("1号冰箱", "street1"),
        ("2号冰箱", "street1"),
    ]


def test_what_belongs_to_a_station_takes_its_unit(cast: World, ke: Person, signed_in: SignIn) -> None:
    here, there = shots.station(cast), shots.station(cast, cast.units.street2, name="西街接种点")
    sent = {
        "key": uuid4(),
        "station": here.pk,
        "when": "2022-03-05",
        "desks": "2",
        "staff": "5",
        "unit": cast.units.street2.pk,
    }
    assert signed_in(ke).post(at("session.new"), sent).status_code == 302
    assert Session.objects.get().unit == here.unit
    answer = signed_in(ke).post(at("session.new"), sent | {"key": uuid4(), "station": there.pk})
    assert (answer.status_code, Session.objects.count()) == (422, 1)


def test_desk_change_proposed_by_the_form_and_a_total_from_a_report(cast: World, ke: Person, signed_in: SignIn) -> None:
    here, client = shots.station(cast), signed_in(ke)
    assert "不能测算排队" in client.get(f"{at('deskchange.new')}?station={here.pk}").content.decode()
    blank = client.post(at("deskchange.new"), {"key": uuid4(), "when": "2022-03-05"})
    assert set(blank.context["form"].errors) == {"station", "after", "why"}
    assert (
        client.post(
            at("deskchange.new"),
            {"key": uuid4(), "when": "2022-03-05", "station": here.pk, "after": "3", "why": "排队"},
        ).status_code
        == 302
    )
    total = {"key": uuid4(), "when": "2022-03", "total": "20余个", "source": "区简报", "after": "", "why": ""}
    assert signed_in(cast.people.feng).post(at("deskchange.new"), total).status_code == 302
    found = DeskChange.objects.order_by("quantity")
    assert [(one.before, one.after, one.added, one.unit.code) for one in found] == [
        (2, 3, 1, "street1"),
        (None, None, 20, "command"),
    ]


# -- temperatures


def test_reading_out_of_range_leads_to_what_is_to_be_done(fridge: Fridge, ke: Person, signed_in: SignIn) -> None:
    client, now = signed_in(ke), timezone.localtime()
    good = {"key": uuid4(), "celsius": "4.5", "at": (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")}
    assert client.post(at("readings", fridge.pk), good)["Location"] == fridge.get_absolute_url()
    warm = {"key": uuid4(), "celsius": "9.4", "at": (now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")}
    answer = client.post(at("readings", fridge.pk), warm, follow=True)
    one = fridge.excursions.select_related("response").get()
    assert answer.redirect_chain == [(one.get_absolute_url(), 302)]
    assert "9.4℃，超出范围，已报警" in answer.content.decode()
    for wrong in ({"celsius": "400"}, {"celsius": ""}, {"at": "2999-01-01T00:00"}):
        client.post(at("readings", fridge.pk), warm | {"key": uuid4()} | wrong)
    assert fridge.readings.count() == 2


def test_a_logger_file_comes_in_once_and_raises_what_was_out(fridge: Fridge, ke: Person, signed_in: SignIn) -> None:
    client = signed_in(ke)
    lines = [
        "Time,Temperature",
        "2022-03-05 08:00:00,4.1",
        "2022-03-05 08:10:00,9.2",
        "2022/03/05 8:20,8.6",
        "2022-03-05 08:30:00,5",
    ]
    sent = SimpleUploadedFile("logger.csv", "\n".join(lines).encode())
    preview = client.post(at("logger", fridge.pk), {"file": sent})["Location"]
    assert "确认登记 4 条" in client.get(preview).content.decode()
    for _sent in range(2):
        client.post(preview)
    assert fridge.readings.count() == 4
    one = fridge.excursions.get()
    assert (one.state, str(one.worst), one.lasted()) == ("back", "9.2", 20)


def test_a_logger_file_with_a_fault_brings_in_nothing(fridge: Fridge, ke: Person, signed_in: SignIn) -> None:
    client = signed_in(ke)
    sent = SimpleUploadedFile("logger.csv", "时间,温度\n2022-03-05 08:00,4.1\n昨天,5\n2022-03-05 09:00,高\n".encode())
    page = client.get(client.post(at("logger", fridge.pk), {"file": sent})["Location"]).content.decode()
    assert "“昨天”不是时间，请写成 2022-03-05 08:30。" in page
    assert "“高”不是数字" in page
    assert fridge.readings.count() == 0


def test_the_sheet_of_a_month_and_of_no_month(fridge: Fridge, ke: Person, signed_in: SignIn) -> None:
    client = signed_in(ke)
    page = client.get(f"{at('month', fridge.pk)}?month=2022-02").content.decode()
    assert ("冷藏设备温度记录表" in page, page.count('<th scope="row">')) == (True, 28)
    for odd in ("", "2022-13", "x", "9999-01", "0001-01"):
        assert client.get(at("month", fridge.pk), {"month": odd}).status_code == 200


# -- Excel


def test_doses_by_batch_as_excel_and_on_paper(cast: World, running: Session, ke: Person, signed_in: SignIn) -> None:
    shots.give(cast, running, running.station.batches.get(), 7)
    client = signed_in(ke)
    sheet = openpyxl.load_workbook(BytesIO(client.get(at("doses.excel")).content)).worksheets[0]
    rows = list(sheet.values)
    assert rows[0] == ("日期", "接种点", "疫苗名称", "上市许可持有人（厂家）", "批号", "有效期至", "接种（剂）")
    assert rows[1][1:5] + rows[1][6:] == ("东街接种点", "新冠灭活疫苗", "某生物", "A2022", 7)
    assert "疫苗接种日报" in client.get(f"{at('doses')}?print=1").content.decode()
    for odd in ("?first=0001-01-01&last=0001-01-02", "?first=x&last=9999-12-31", "?first=2022-03-05&last=2022-03-01"):
        assert client.get(at("doses") + odd).status_code == 200


BATCHES = """接种点,日期,疫苗名称,厂家,批号,有效期至,剂数
东街接种点,2022-03-05,灭活疫苗,某生物,B1,2099-06-30,200"""
DEMAND = """单位,日期,年龄组,剂次,登记人数
street1,2022-03-05,60~79岁,1,35
东街道,2022-03-06,18-59,2,7"""
STATIONS = """单位,接种点,地点,日期,开始时间,结束时间,接种台,接种人员,预检人员,信息录入人员,留观与急救人员,秩序人员,留观座位,冰箱、冷藏箱
street1,新点,礼堂,2022-03-05,9:00,17:00,3,3,1,1,1,1,30,1号冰箱"""


@pytest.mark.parametrize(
    ("desk", "lines", "model"), [("batch", BATCHES, Batch), ("demand", DEMAND, Demand), ("station", STATIONS, Station)]
)
def test_excel_in(cast: World, signed_in: SignIn, desk: str, lines: str, model: type) -> None:
    shots.station(cast)
    client, before = signed_in(cast.people.feng), model.objects.count()
    sent = SimpleUploadedFile("x.csv", lines.encode())
    preview = client.post(at(f"{desk}.import"), {"file": sent})["Location"]
    page = client.post(preview, follow=True)
    assert page.redirect_chain == [(at(f"{desk}.list"), 302)], page.content.decode()
    assert model.objects.count() - before == lines.count("\n")
