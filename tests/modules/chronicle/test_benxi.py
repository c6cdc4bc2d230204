"""The example of a real response: what its chronicle must show, in both languages, each figure opening its records."""

import json
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import Client

from tests.modules.chronicle.test_composing import texts
from tests.world import BENXI
from tongzhou.kernel import loading
from tongzhou.kernel.models import Response
from tongzhou.modules.chronicle import queries
from tongzhou.modules.chronicle.models import Chronicle

FRONTLINE = [
    (
        "周晓婕在明山区研判疫情防控形势，参与制定应急方案，连续在防控指挥部值守，"
        "深入街道、社区（村）督导宣传、重点区域卡点值班、公共场所防控工作，协调解决发现的问题和困难，"
        "对社区卫生服务中心、药店、商超、餐饮等重点场所开展数次明查暗访。"
    ),
    "匡红牵头制定各类疫情防控工作方案、预案，在溪湖区记有会议20余次，记有演练10余场，设置采样点100个，参与多轮指导检查，想方设法增设疫苗接种台。",
    "九三学社明山区委员会参与区域核酸检测近30万人次。",
]
FRONTLINE_EN = ["more than 20 meetings", "more than 10 drills", "100 sampling points", "nearly 300,000 person-times"]
ZH = {"100瓶", "560袋", "400套", "2.4万元"}
EN = {"100 bottles", "560 bags", "400 sets", "24,000 yuan"}


def sentences(line: str, lang: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("chronicle", "benxi-2022", "--format", "json", "--lang", lang, stdout=out)
    sections = {section["line"]: section for section in json.loads(out.getvalue())["sections"]}
    found: list[dict[str, Any]] = sections[line]["sentences"]
    return found


def figures(lang: str, line: str = "service") -> list[dict[str, Any]]:
    return [figure for sentence in sentences(line, lang) for figure in sentence["figures"]]


def test_benxi_tells_its_front_line_person_by_person(benxi: Response, client: Client) -> None:
    """Eight rooms, two people and a committee; the figures that the report gives, and no other."""
    client.force_login(loading.house())
    assert [sentence["text"] for sentence in sentences("frontline", "zh")] == FRONTLINE
    assert [figure["text"] for figure in figures("en", "frontline")] == FRONTLINE_EN
    for figure in figures("zh", "frontline"):
        listed = client.get(figure["url"]).context
        assert [str(record.pk) for record in listed["records"]] == figure["records"]


def test_benxi_tells_its_gifts_and_each_figure_opens_its_records(benxi: Response, client: Client) -> None:
    client.force_login(loading.house())
    shown = figures("zh")
    assert {figure["text"] for figure in shown} == ZH
    assert {figure["text"] for figure in figures("en")} == EN
    for figure in shown:
        listed = client.get(figure["url"]).context
        assert [str(record.pk) for record in listed["records"]] == figure["records"]
        assert float(listed["listing"].finding.figure.value) == figure["value"]


def test_benxi_loaded_again_is_the_same(benxi: Response) -> None:
    before = texts(queries.composition(Chronicle.objects.get(), loading.house()))
    list(loading.load(BENXI, loading.house()))
    assert texts(queries.composition(Chronicle.objects.get(), loading.house())) == before
    assert list(before) == ["intro", "call", "frontline", "voices", "service"]
