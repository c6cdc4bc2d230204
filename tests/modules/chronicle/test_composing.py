import io
import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document

from tests.world import World
from tongzhou.kernel import steps
from tongzhou.modules.chronicle import queries
from tongzhou.modules.chronicle.models import Chronicle
from tongzhou.modules.chronicle.rules.prose import Composition
from tongzhou.modules.chronicle.views import papers

pytestmark = pytest.mark.urls("tests.errands.urls")
Make = Callable[..., Any]


def texts(paper: Composition) -> dict[str, list[str]]:
    return {part.line: [said.text for paragraph in part.paragraphs for said in paragraph] for part in paper.parts}


def test_untouched_paper_tells_every_figure_that_is_not_zero(cast: World, errand: Make, paper: Make) -> None:
    errand(weight=12)
    errand(weight=30, items=[("口罩", "个", 20), ("消毒液", "瓶", 3)])
    composed = queries.composition(paper(), cast.people.wang)
    told = ["登记跑腿2次。", "搬运42公斤。", "涉及2户。", "代买口罩20个。", "代买消毒液3瓶。"]
    assert texts(composed) == {"service": told}


def test_paper_without_records_has_no_sections(cast: World, paper: Make) -> None:
    assert queries.composition(paper(), cast.people.wang).parts == ()


def test_every_figure_equals_the_list_it_opens(
    cast: World, errand: Make, paper: Make, signed_in: Callable[[Any], Client]
) -> None:
    errand(weight=12, items=[("口罩", "个", 20)])
    errand(weight=30, items=[("口罩", "个", 5), ("消毒液", "瓶", 3)], unit=cast.units.branch3)
    errand(weight=7, happened_on=date(2022, 2, 1))
    client = signed_in(cast.people.wang)
    composed = queries.composition(paper(first_on=date(2022, 3, 1), last_on=date(2022, 3, 31)), cast.people.wang)
    assert [figure.text for figure in composed.figures] == ["2次", "42公斤", "2户", "25个", "3瓶"]
    for figure in composed.figures:
        listed = client.get(figure.url).context
        assert listed["listing"].finding.figure.value == figure.value
        assert sorted(str(record.pk) for record in listed["records"]) == sorted(queries.keys(figure, cast.people.wang))


def test_records_out_of_reach_are_never_counted(cast: World, errand: Make, paper: Make) -> None:
    errand(weight=12)
    errand(weight=30, unit=cast.units.branch3)
    chronicle = paper(unit=cast.units.branch1, by=cast.people.sun)
    assert texts(queries.composition(chronicle, cast.people.sun))["service"][:2] == ["登记跑腿1次。", "搬运12公斤。"]
    assert texts(queries.composition(chronicle, cast.people.wang))["service"][:2] == ["登记跑腿2次。", "搬运42公斤。"]


def test_english_paper_speaks_english_figures(cast: World, errand: Make, paper: Make) -> None:
    errand(items=[("disinfectant", "瓶", 100)])
    with translation.override("en"):
        composed = queries.composition(paper(), cast.people.wang)
        assert [figure.text for figure in composed.figures] == ["1 time", "1 household", "100 bottles"]


def test_json_has_the_published_shape(cast: World, errand: Make, paper: Make) -> None:
    made = errand(weight=24000)
    chronicle = paper(first_on=date(2022, 3, 1))
    shape = papers.as_json(queries.composition(chronicle, cast.people.wang), cast.people.wang)

    def sentence(text: str, fact: str, said: str, value: int) -> dict[str, Any]:
        url = f"/test-2022/errands/?fact={fact}&first=2022-03-01"
        figure = {
            "fact": f"errands.{fact}",
            "text": said,
            "value": value,
            "bound": "exact",
            "records": [str(made.pk)],
            "url": url,
        }
        return {"text": text, "figures": [figure]}

    assert json.loads(json.dumps(shape)) == {
        "title": "抗疫纪实",
        "scope": {"response": "test-2022", "first": "2022-03-01"},
        "sections": [
            {
                "line": "service",
                "sentences": [
                    sentence("登记跑腿1次。", "asked", "1次", 1),
                    sentence("搬运2.4万公斤。", "weight", "2.4万公斤", 24000),
                    sentence("涉及1户。", "households", "1户", 1),
                ],
            }
        ],
    }


def test_brief_tells_the_day_and_what_it_is_since_the_beginning(cast: World, errand: Make, paper: Make) -> None:
    errand(weight=12, happened_on=date(2022, 3, 4))
    errand(weight=30, happened_on=date(2022, 3, 5))
    day = {"first_on": date(2022, 3, 5), "last_on": date(2022, 3, 5)}
    brief = paper(kind="brief", heading="", **day)
    told = ["登记跑腿1次。", "搬运30公斤。", "涉及1户。", "截至 2022-03-05累计：登记跑腿2次，搬运42公斤，涉及2户。"]
    assert texts(queries.composition(brief, cast.people.wang)) == {"service": told}
    assert (brief.number, str(brief)) == (1, "测试市委员会疫情防控日报")
    assert paper(kind="brief", **day).number == 2


def test_return_is_a_table_of_facts_by_unit(cast: World, errand: Make, paper: Make) -> None:
    errand(weight=12)
    errand(weight=30, unit=cast.units.branch3)
    chronicle = paper(kind="return", about=cast.units.org, wanted=["errands.weight", "errands.done"])
    grid = queries.composition(chronicle, cast.people.wang).grid
    assert grid is not None
    assert grid.columns == ("合计", "第一支社", "第二支社", "第三支社")
    shown = {row.label: [cell.text for cell in row.cells] for row in grid.rows}
    assert shown == {"办完跑腿": ["0次"] * 4, "搬运": ["42公斤", "12公斤", "0公斤", "30公斤"]}
    assert grid.rows[1].cells[1].url == "/test-2022/errands/?fact=weight&unit=branch1"


def test_composing_takes_the_same_queries_for_many_records(cast: World, errand: Make, paper: Make) -> None:
    chronicle = paper()

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            queries.composition(Chronicle.objects.get(pk=chronicle.pk), cast.people.wang)
        return len(asked)

    errand(weight=1, items=[("口罩", "个", 1)])
    first = count()
    for i in range(8):
        errand(weight=1, items=[(f"物品{i}", "个", 1)])
    assert count() == first


def test_every_format_holds_the_figures(cast: World, errand: Make, paper: Make, tmp_path: Path) -> None:
    errand(weight=24000, items=[("消毒液", "瓶", 100)])
    chronicle = paper(subtitle="副题")
    composed = queries.composition(chronicle, cast.people.wang)
    made = {form: papers.taken_away(chronicle, composed, cast.people.wang, form) for form in papers.FORMATS}
    (tmp_path / "paper.pdf").write_bytes(made["pdf"])
    printed = subprocess.run(
        ["pdftotext", tmp_path / "paper.pdf", "-"], capture_output=True, check=True, text=True
    ).stdout
    document = Document(io.BytesIO(made["docx"]))
    words = "".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))
    read = {"pdf": printed, "docx": words} | {form: made[form].decode() for form in ("html", "md", "json")}
    for form, text in read.items():
        for figure in ("2.4万公斤", "100瓶"):
            assert (form, figure, figure in "".join(text.split())) == (form, figure, True)


def test_record_that_moves_changes_the_draft(cast: World, errand: Make, paper: Make) -> None:
    chronicle, made = paper(), errand(weight=12)
    steps.advance(made, "take", by=cast.people.house)
    steps.advance(made, "finish", by=cast.people.house)
    assert texts(queries.composition(chronicle, cast.people.wang))["service"][1] == "办完跑腿1次。"
