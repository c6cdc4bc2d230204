"""What people open beside the lists: coverage, the four lists, papers, the form of a visit."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
from django.test import Client

from tests.modules.inspections import inspecting
from tests.modules.inspections.command import scene
from tests.world import World
from tongzhou.kernel.models import Person
from tongzhou.modules.inspections import actions
from tongzhou.modules.inspections.models import Place

SignIn = Callable[[Person], Client]
ROOM = "/test-2022/inspections"


def rows(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_coverage_names_the_places_nobody_visited(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    s.visit()
    s.visit(at=s.others[0], result="shut", words="盘点")
    client = signed_in(s.du)
    page = client.get(f"{ROOM}/{s.round.pk}/coverage/")
    assert [str(call.place) for call in page.context["left"]] == ["药店3"]
    assert [
        (str(row.label), row.cover.inspected, row.cover.shut, row.cover.left) for row in page.context["streets"]
    ] == [("东街道", 1, 1, 1)]
    table = rows(client.get(f"{ROOM}/{s.round.pk}/coverage.xlsx").content)
    assert [row[:5] for row in table[1:]] == [
        ("东街道", "药店", "药店1", "丁督导、杜督导", "已检查"), ("东街道", "药店", "药店2", "丁督导、杜督导", "未营业"),
        ("东街道", "药店", "药店3", "丁督导、杜督导", "未到"),
    ]  # fmt: skip


def test_the_four_lists_share_one_number(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    finding = s.rectified()
    actions.findings.close(finding, by=s.du)
    client = signed_in(s.du)
    lists = client.get(f"{ROOM}/{s.round.pk}/lists/").context["lists"]
    assert [(title, len(lines), lines[0][0]) for title, _header, _widths, lines in lists] == [
        ("问题清单", 1, "1"), ("任务清单", 1, "1"), ("责任清单", 1, "1"), ("时限清单", 1, "1"),
    ]  # fmt: skip
    assert lists[2][3][0] == ("1", "药店1", "药店1（店长）", "东街道", "测试市指挥部", "杜督导")
    header, line = rows(client.get(f"{ROOM}/{s.round.pk}/lists.xlsx").content)
    assert header == (
        "序号",
        "街道（社区）",
        "场所",
        "问题",
        "轻重",
        "整改要求",
        "整改情况",
        "整改责任",
        "属地责任",
        "督办责任",
        "复查人",
        "发现日期",
        "整改期限",
        "状态",
    )
    assert (line[2], line[6], line[10], line[13]) == ("药店1", "已补齐", "杜督导", "已销号")
    files = {kind: client.get(f"{ROOM}/{s.round.pk}/lists.{kind}").content[:4] for kind in ("pdf", "docx")}
    assert files == {"pdf": b"%PDF", "docx": b"PK\x03\x04"}


def test_a_notice_is_one_paper_for_what_one_visit_found(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    first, second, spot = s.visit("G01", "G06", "G07").findings.order_by("code")
    for finding in (first, second):
        actions.findings.issue(finding, by=s.ding)
    actions.findings.fix(spot, by=s.ding, note="已改")
    assert first.number == second.number
    client = signed_in(s.owner)
    assert [client.get(f"{ROOM}/findings/{one.pk}/notice.pdf").content[:5] for one in (first, second)] == [b"%PDF-"] * 2
    assert client.get(f"{ROOM}/findings/{spot.pk}/notice.pdf").status_code == 404


def test_the_pharmacys_register_is_looked_at_and_never_copied(cast: World, signed_in: SignIn) -> None:
    s = scene(cast)
    page = signed_in(s.ding).get(f"{ROOM}/{s.round.pk}/route/{s.place.pk}/").content.decode()
    assert page.count("不抄录购药人信息") == 2
    personal = [
        field.name
        for model in (Place, *Place.__subclasses__())
        for field in model._meta.fields
        if "buyer" in field.name
    ]
    assert personal == []


def test_places_come_in_with_or_without_a_point(cast: World, signed_in: SignIn) -> None:
    heads = "街道（社区）,类型,场所名称,经营地址,负责人姓名,负责人电话,纬度,经度"
    csv = f"{heads}\n东街道,药店,甲药店,中山路1号,张三,13800138000,41.3,123.7\nstreet1,餐饮,乙饭店,,,,,\n"
    client = signed_in(cast.people.house)
    sent = client.post(f"{ROOM}/places/import/", {"file": inspecting.SimpleUploadedFile("x.csv", csv.encode())})
    assert client.post(sent["Location"]).status_code == 302
    kept = {place.name: (place.unit.code, place.type, place.lat) for place in Place.objects.all()}
    assert kept == {"甲药店": ("street1", "pharmacy", 41.3), "乙饭店": ("street1", "restaurant", None)}
    shown = client.get(Place.objects.get(name="甲药店").get_absolute_url()).content.decode()
    assert [word for word in ("张三", "13800138000") if word in shown] == []


def test_a_point_is_whole_and_on_the_globe(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.house)
    form = {"unit": str(cast.units.street1.pk), "type": "pharmacy", "name": "甲药店"}
    answers = [
        client.post(f"{ROOM}/places/new/", form | {"lat": lat, "lon": lon}).status_code
        for lat, lon in (("41", ""), ("91", "0"), ("0", "0"), ("41", "123"))
    ]
    assert answers == [422, 422, 422, 302]
