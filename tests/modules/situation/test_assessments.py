"""Assessments: prose made of facts, frozen by another's signature, on paper; corrections afterwards stand beside."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from tests.modules.situation.outbreak import FIRST, counted, drafted, drawn, found, post, wave
from tests.world import World
from tongzhou.kernel import ledger, module
from tongzhou.kernel.models import Person
from tongzhou.modules.situation import queries
from tongzhou.modules.situation.models import Assessment, DayCount

SignIn = Callable[[Person], Client]
RISING = [2, 3, 3, 5, 6, 8, 11, 13, 18, 22]
LAST = FIRST + timedelta(days=9)


@pytest.fixture
def at_post(cast: World) -> SimpleNamespace:
    return post(cast)


def words(paragraphs: list[list[Any]]) -> list[str]:
    return ["".join(piece if isinstance(piece, str) else piece["text"] for piece in one) for one in paragraphs]


def test_prose_is_made_of_facts_in_both_languages(cast: World, at_post: SimpleNamespace) -> None:
    wave(cast, RISING[:9])
    counted(cast, LAST, 4, 18, quarantine=20, community=2)
    drawn(cast, date(2022, 3, 3), "lockdown")
    event = found(cast, datetime(2022, 3, 5, 1, 30, tzinfo=UTC))
    module.perform(event, "tell", by=at_post.feng, done_at=event.found_at + timedelta(minutes=5))
    report = drafted(cast, FIRST, LAST)
    chinese = words(queries.composition(report, at_post.feng))
    assert chinese[:2] == [
        "2022年3月1日至2022年3月10日，测试市指挥部新增确诊病例4例、无症状感染者87例，其中社会面发现2例。",
        "期内划定风险区1个，均未解除。",
    ]
    assert chinese[2].startswith("最近7天的有效再生数估计为")
    assert chinese[3].startswith("按最近7天的数字，约")
    assert chinese[4] == "突发事件信息已报告1次，其中按时1次。"
    with translation.override("en"):
        english = words(queries.composition(report, at_post.feng))
    assert english[0] == (
        "From 1 March 2022 to 10 March 2022, 测试市指挥部 had 4 confirmed cases and 87 asymptomatic cases, 2 cases of them found in the community."
    )
    assert english[1] == "In this period: 1 zone opened; none has been lifted."


def test_every_figure_opens_what_it_is_made_of(cast: World, at_post: SimpleNamespace, signed_in: SignIn) -> None:
    wave(cast, RISING)
    drawn(cast, date(2022, 3, 3), "lockdown")
    pieces = [
        piece
        for one in queries.composition(drafted(cast, FIRST, LAST), at_post.feng)
        for piece in one
        if isinstance(piece, dict)
    ]
    assert [piece["name"] for piece in pieces] == [
        "confirmed",
        "asymptomatic",
        "zones",
        "reproduction",
        "band",
        "times",
        "span",
    ]
    for piece in pieces:
        assert signed_in(at_post.feng).get(piece["url"]).status_code == 200


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], []),
        ([1, 0, 2], ["最近7天病例不足11例，不能可靠估计有效再生数，也不作预测。"]),
        ([5, 6, 5, 7, 6, 5, 6, 7, 5, 6], ["按最近7天的数字，还不能判断是在上升还是下降。"]),
    ],
)
def test_prose_does_not_say_what_the_numbers_cannot(
    numbers: list[int], said: list[str], cast: World, at_post: SimpleNamespace
) -> None:
    wave(cast, numbers)
    told = words(
        queries.composition(drafted(cast, FIRST, LAST if len(numbers) > 3 else FIRST + timedelta(days=2)), at_post.feng)
    )
    assert told[1:][-1:] == said
    if not numbers:
        assert told == ["2022年3月1日至2022年3月3日，测试市指挥部没有登记新增感染。"]


def test_signing_freezes_it_and_a_later_correction_stands_beside(
    cast: World, at_post: SimpleNamespace, signed_in: SignIn
) -> None:
    wave(cast, RISING)
    report = drafted(cast, FIRST, LAST, view="总体可控，继续盯紧社会面。", participants=[at_post.feng, at_post.gao])
    module.perform(report, "sign", by=at_post.lei)
    row = DayCount.objects.get(happened_on=FIRST)
    module.amend(row, by=at_post.feng, version=1, changes={"asymptomatic": 3, "screening": 3}, reason="复核增加一例")
    page = signed_in(at_post.feng).get(report.get_absolute_url()).content.decode()
    assert '91例</a><span class="late">（签发后更正，现为92例）</span>' in page
    kept = Assessment.objects.get()
    assert (kept.state, kept.signed_by, len(kept.digest)) == ("signed", at_post.lei, 64)
    assert "91例" in words(kept.content["zh"])[0]
    assert "91 asymptomatic cases" in words(kept.content["en"])[0]
    assert ledger.sentence(ledger.entries(report).last()) == f"雷签发签发，内容摘要 {kept.digest[:16]}"


def test_who_drafted_it_does_not_sign_it(cast: World, at_post: SimpleNamespace) -> None:
    report = drafted(cast, FIRST, LAST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.update(signed_by=report.filed_by)
    Assessment.objects.update(filed_by=at_post.lei)
    report.refresh_from_db()
    with pytest.raises(ValidationError, match="起草人以外的另一人"):
        module.perform(report, "sign", by=at_post.lei)


def test_conclusions_are_written_without_figures(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.feng)
    sent = {
        "unit": cast.units.command.pk, "name": "周研判", "first_on": "2022-03-01", "last_on": "2022-03-10", "when": "2022-03-10", "preset": "omicron",
        "participants": "冯指挥", "view": "新增 91 例，第9版方案执行到位。",
    }  # fmt: skip
    page = client.post("/test-2022/situation/assessments/new/", sent)
    assert page.context["form"].errors == {"view": ["“91 例”：意见里不写数字，数字由记录生成。"]}
    sent["view"] = "第9版方案执行到位，2号楼保障有力。"
    assert client.post("/test-2022/situation/assessments/new/", sent).status_code == 302
    assert list(Assessment.objects.get().participants.all()) == [cast.people.feng]


def test_a_period_is_needed_and_runs_forward(cast: World, signed_in: SignIn) -> None:
    client = signed_in(cast.people.feng)
    sent = {
        "unit": cast.units.command.pk,
        "name": "周研判",
        "first_on": "2022-03-10",
        "last_on": "2022-03-01",
        "when": "2022-03-10",
        "preset": "omicron",
    }
    assert client.post("/test-2022/situation/assessments/new/", sent).status_code == 422
    with pytest.raises(ValidationError, match="请填写起止日期"):
        drafted(cast, LAST, FIRST)


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK"), ("pdf", b"%PDF-")])
def test_it_goes_on_paper(form: str, begins: bytes, cast: World, at_post: SimpleNamespace, signed_in: SignIn) -> None:
    wave(cast, RISING)
    report = drafted(cast, FIRST, LAST, view="总体可控。\n\n继续盯紧。", participants=[at_post.gao])
    module.perform(report, "sign", by=at_post.lei)
    answer = signed_in(at_post.feng).get(f"{report.get_absolute_url()}report.{form}")
    assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
    assert signed_in(at_post.feng).get(f"{report.get_absolute_url()}report.odt").status_code == 404
    sheet = signed_in(at_post.feng).get(f"{report.get_absolute_url()}print/").content.decode()
    assert [text in sheet for text in ("无症状感染者", "继续盯紧", "高指挥", "签发：雷签发")] == [True] * 4
