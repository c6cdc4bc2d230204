"""Pages without JavaScript: the library, the form, the script, the control desk, comparison, papers, Excel in."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.modules.drills import drilling
from tests.world import World
from tongzhou.kernel.models import Upload
from tongzhou.modules.drills import actions
from tongzhou.modules.drills.models import Drill, Finding


def at(name: str, drill: Drill, *args: Any) -> str:
    return reverse(f"drills.{name}", args=[drill.response.slug, drill.pk, *args])


def test_a_drill_is_made_from_the_library(cast: World, signed_in: Any) -> None:
    drilling.someone(cast)
    client = signed_in(cast.people.feng)
    page = client.get(reverse("drills.library", args=["test-2022"])).content.decode()
    assert page.count("应练未练</span>") == 4
    new = reverse("drills.drill.new", args=["test-2022"])
    form = client.get(f"{new}?scenario=fever").context["form"]
    assert (form["name"].value(), form["plan"].value()) == ("发热旅客到达卡口", "交通卡口疫情防控应急处置方案")
    sent = {
        "unit": cast.units.street1.pk, "scenario": "fever", "name": "卡口演练", "kind": "full", "when": "2099-05-04", "begins_at": "09:30",
        "place": "东桥", "lead": "冯指挥", "evaluators": "du某", "participants": "东街道 12人", "people": "",
    }  # fmt: skip
    wrong = client.post(new, sent | {"evaluators": "冯指挥", "participants": "东街道"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"evaluators", "participants"})
    assert client.post(new, sent).status_code == 302
    drill = Drill.objects.get()
    assert (drill.injects.count(), drill.heads(), drill.lead, drill.begins) == (6, 12, cast.people.feng, "09:30")
    edit = client.get(reverse("drills.drill.edit", args=["test-2022", drill.pk])).content.decode()
    assert "du某（测试市指挥部）" in edit
    assert "东街道 12人" in edit


def script(
    injects: list[dict[str, Any]], targets: list[dict[str, Any]], initial: tuple[int, int], **more: Any
) -> dict[str, Any]:
    data: dict[str, Any] = dict(more)
    for prefix, rows, n in (("injects", injects, initial[0]), ("targets", targets, initial[1])):
        data |= {f"{prefix}-{i}-{name}": value for i, row in enumerate(rows) for name, value in row.items()}
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": n}
    return data


def test_the_script_page_keeps_deletes_and_sorts(cast: World, signed_in: Any) -> None:
    drill, client = drilling.draft(cast), signed_in(cast.people.feng)
    injects: list[dict[str, Any]] = list(drill.injects.values("minute", "to", "text", "expected"))
    targets: list[dict[str, Any]] = [
        {
            "name": one.name,
            "limit": one.limit_words(),
            "starts": one.starts,
            "ends": one.ends,
            "basis": one.basis,
            "code": one.code,
        }
        for one in drill.targets.all()
    ]
    address, initial = at("script", drill), (6, 4)
    gone = [*injects[:5], injects[5] | {"DELETE": "on"}, {"minute": 1, "to": "点长", "text": "先问好", "expected": ""}]
    refused = client.post(address, script(gone, targets, initial, version=drill.version))
    assert refused.status_code == 422
    assert "指标“交接完成到恢复通行”所指的第 6 条注入不存在。" in refused.content.decode()
    more = client.post(address, script(gone, targets, initial, version=drill.version, more_lines="injects"))
    assert (more.status_code, more.content.decode().count("<legend>注入")) == (200, 10)
    kept = [*targets[:3], targets[3] | {"DELETE": "on"}]
    assert client.post(address, script(gone, kept, initial, version=drill.version)).status_code == 302
    assert [(one.number, one.minute) for one in drill.injects.all()] == [
        (1, 0),
        (2, 1),
        (3, 3),
        (4, 8),
        (5, 15),
        (6, 30),
    ]
    assert [(one.code, one.starts, one.ends) for one in drill.targets.all()] == [
        ("apart", 1, 3),
        ("report", 1, 4),
        ("transport", 4, 6),
    ]
    stale = client.post(address, script(gone[:6], kept, initial, version=drill.version))
    assert "他人修改了这次演练" in stale.content.decode()


def test_the_control_desk_takes_taps_once(cast: World, signed_in: Any) -> None:
    drill, client = drilling.running(cast), signed_in(cast.people.feng)
    address = at("run", drill)
    for _twice in range(2):
        assert client.post(address, {"do": "release", "number": "1"}).status_code == 302
    first = drill.injects.get(number=1).released_at
    client.post(address, {"do": "differ", "number": "1"})
    client.post(address, {"do": "start_target", "number": "4"})
    client.post(address, {"do": "stop_target", "number": "4"})
    for junk in (
        {"do": "burn", "number": "1"},
        {"do": "release", "number": "²"},
        {"do": "release", "number": "99"},
        {},
    ):
        assert client.post(address, junk).status_code == 302
    inject = drill.injects.get(number=1)
    assert (inject.released_at, inject.outcome, drill.targets.get(number=4).used) == (first, "differed", 0)
    page = client.get(address).content.decode()
    assert page.count('value="release"') == 5  # five are still to be sent
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, "下一条：第 2 条" in part) == (False, True)


def test_times_are_put_right_on_their_pages(cast: World, signed_in: Any) -> None:
    drill = drilling.ended(cast)
    client = signed_in(cast.people.feng)
    page = at("inject", drill, 1)
    inject = drill.injects.get(number=1)
    shown = {name: client.get(page).context["form"][name].value() for name in ("released_at", "observed_at")}
    same = {name: value.strftime("%Y-%m-%dT%H:%M:%S") for name, value in shown.items()}
    sent = inject.released_at
    # untouched times need no reason
    assert client.post(page, same | {"outcome": "differed", "seen": "慢了"}).status_code == 302
    inject.refresh_from_db()
    assert (inject.outcome, inject.seen, inject.released_at) == ("differed", "慢了", sent)
    refused = client.post(page, same | {"released_at": "", "observed_at": "", "outcome": "", "seen": ""})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"note"})
    target = at("target", drill, 3)
    assert client.post(target, {"used": "快", "note": "x"}).status_code == 422
    assert client.post(target, {"used": "25分", "note": "按口述", "score": "90", "remark": ""}).status_code == 302
    assert (drill.targets.get(number=3).used, drill.targets.get(number=3).score) == (1500, 90)
    assert client.get(at("inject", drill, 99)).status_code == 404
    drill.refresh_from_db()
    actions.evaluate(drill, by=drilling.someone(cast), evaluation="有序")
    assert client.get(target).status_code == 403


def test_the_same_drill_is_compared_over_time(cast: World, signed_in: Any) -> None:
    """Three runs of one series: slower, then as before; the old fault comes back in the last."""
    first = drilling.done(cast)
    runs = [first]
    for _n in range(2):
        again = drilling.draft(cast, series=first.series)
        drill = actions.start(actions.schedule(again, by=cast.people.feng), by=cast.people.feng)
        actions.finish(drill, by=cast.people.feng)
        runs.append(drill)
    for drill, used in zip(runs, (500, 700, 700), strict=True):
        drill.targets.filter(code="apart").update(stated=used)
        Drill.objects.filter(pk=drill.pk).update(happened_on=timezone.localdate() + timedelta(days=runs.index(drill)))
    old = drilling.found(first, cast)
    drilling.found(runs[2], cast, repeats=old)
    page = signed_in(cast.people.feng).get(at("compare", first))
    row = page.context["rows"][0]
    assert [(cell["timing"].words(), cell["change"]) for cell in row["cells"]] == [
        ("达标，用时8分20秒", ""), ("超时1分40秒，用时11分40秒", "比上次慢3分20秒"), ("超时1分40秒，用时11分40秒", "与上次持平"),
    ]  # fmt: skip
    assert (page.context["counts"], [one.repeats for one in page.context["back"]]) == ([1, 0, 1], [old])
    (chart,) = page.context["charts"]
    assert (list(chart.series[0].values), chart.lines[0][0], str(chart.unit)) == ([8.33, 11.67, 11.67], 10.0, "分钟")


def test_a_repeat_offers_the_old_findings(cast: World, signed_in: Any) -> None:
    first = drilling.done(cast)
    old = drilling.found(first, cast)
    again = drilling.draft(cast, series=first.series)
    running = actions.start(actions.schedule(again, by=cast.people.feng), by=cast.people.feng)
    client = signed_in(drilling.someone(cast))
    new = reverse("drills.finding.new", args=["test-2022"])
    form = client.get(f"{new}?drill={running.pk}").context["form"]
    assert (form.initial["unit"], list(form.fields["repeats"].queryset)) == (running.unit_id, [old])
    assert [words for _key, words in form.fields["drill"].choices][1:] == [
        f"{drill} {timezone.localdate()}" for drill in form.fields["drill"].queryset
    ]
    assert "repeats" not in client.get(f"{new}?drill={first.pk}").context["form"].fields
    sent = {"drill": running.pk, "unit": running.unit_id, "what": "又占用通道", "severity": "major", "owner": "du某",
            "due_on": str(timezone.localdate()), "when": str(timezone.localdate()), "repeats": old.pk}  # fmt: skip
    late = client.post(new, sent | {"due_on": "2022-01-01"})
    assert (late.status_code, set(late.context["form"].errors)) == (422, {"due_on"})
    answer = client.post(new, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert Finding.objects.get(what="又占用通道").repeats == old


@pytest.mark.parametrize(("paper", "form", "begins"), [
    ("script", "pdf", b"%PDF-"), ("script", "docx", b"PK"), ("report", "pdf", b"%PDF-"), ("report", "docx", b"PK"),
])  # fmt: skip
def test_papers_are_printed(cast: World, signed_in: Any, paper: str, form: str, begins: bytes) -> None:
    drill = drilling.done(cast)
    drilling.found(drill, cast)
    client = signed_in(cast.people.feng)
    answer = client.get(at("paper", drill, paper, form))
    assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
    assert client.get(at("paper", drilling.draft(cast), "report", form)).status_code == 404
    assert client.get(at("paper", drill, paper, "exe")).status_code == 404


def test_drills_held_elsewhere_come_in_from_excel(cast: World, signed_in: Any) -> None:
    client = signed_in(cast.people.feng)
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("drills.drill.template", args=["test-2022"])).content))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(cell.value and "演练名称" in str(cell.value) for cell in row))
    place = {str(cell.value).rstrip("*"): cell.column for cell in head if cell.value}
    rows = [
        {"组织单位": "东街道", "演练名称": "夜间卡口演练", "演练日期": "2022-03-09", "情景": "发热旅客到达卡口", "形式": "实战演练",
         "参演单位和人数": "东街道 20人、市医院 4人", "来源": "街道月报"},
        {"组织单位": "东街道", "演练名称": "桌面推演", "演练日期": "2022-03", "来源": "街道月报"},
    ]  # fmt: skip
    for n, row in enumerate(rows, head[0].row + 1):
        for name, value in row.items():
            sheet.cell(n, place[name], value)
    out = io.BytesIO()
    book.save(out)
    upload = reverse("drills.drill.import", args=["test-2022"])
    client.post(upload, {"file": SimpleUploadedFile("x.xlsx", out.getvalue())})
    preview = reverse("drills.drill.preview", args=["test-2022", Upload.objects.get().pk])
    page = client.get(preview)
    assert page.context["faults"] == []
    client.post(preview)
    found = {
        drill.name: (drill.state, drill.scenario, drill.heads(), drill.when.precision) for drill in Drill.objects.all()
    }
    assert found == {"夜间卡口演练": ("done", "fever", 24, "day"), "桌面推演": ("done", "", None, "month")}


def test_the_control_desk_costs_the_same_for_a_longer_script(cast: World, signed_in: Any) -> None:
    counts = []
    for scenario in ("system", "testing"):
        drill = drilling.running(cast, scenario=scenario)
        client = signed_in(cast.people.feng)
        client.get(at("run", drill))
        with CaptureQueriesContext(connection) as seen:
            client.get(at("run", drill))
        counts.append(len(seen))
    assert counts[0] == counts[1]
