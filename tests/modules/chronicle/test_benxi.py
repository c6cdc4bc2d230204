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

ZH = {"100瓶", "560袋", "400套", "2.4万元"}
EN = {"100 bottles", "560 bags", "400 sets", "24,000 yuan"}


def figures(lang: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("chronicle", "benxi-2022", "--format", "json", "--lang", lang, stdout=out)
    sections = {section["line"]: section for section in json.loads(out.getvalue())["sections"]}
    return [figure for sentence in sections["service"]["sentences"] for figure in sentence["figures"]]


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
    assert list(before) == ["intro", "call", "frontline", "service"]
