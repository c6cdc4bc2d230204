"""The chronicle of Benxi laid beside the facts of the public report: nothing missing, nothing added.

`examples/benxi-2022/facts.toml` restates the report. Every word of the chronicle must be one of its words or one of the joining
words listed here; every statement of the file must be told, or be read on the page of a record that the example holds.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.test import Client

from tests.modules.chronicle.test_benxi import sentences
from tests.world import BENXI
from tongzhou.kernel import loading
from tongzhou.kernel.models import Person, Record, Response, Unit

FACTS = tomllib.loads((BENXI / "facts.toml").read_text())
LINES = ("intro", "call", "frontline", "voices", "service")
# Marks by which the file ties its tables together, and its remarks on itself: no words of the report.
TIES = {"key", "line", "parent", "kind", "unit", "person", "donor", "donor_person", "issuer", "place_kinds"}
REMARKS = {"all units and members", "not stated"}
# What the chronicle says of its own accord, in the order in which it says it.
JOINING = [
    "年", "月以来", "按照", "要求", "号召各级组织和全体", "投身疫情防控",
    "根据", "发出", "向全市各级组织和", "发出的抗疫倡议", "提出要求", "项", "一要", "二要", "三要", "四要", "响应", "的有", "响应", "的有", "响应", "的有",
    "在", "村", "工作", "在", "记有会议", "记有演练", "设置采样点", "想方设法", "参与区域核酸检测",
    "撰写", "建议", "撰写", "建议", "在", "开设专栏", "刊发",
    "会同", "开展", "为", "提供", "向", "捐赠", "折合", "向", "捐赠", "向", "捐赠",
]  # fmt: skip


def told(benxi: Response) -> list[dict[str, Any]]:
    return [one for line in LINES for one in sentences(line, "zh")]


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of the file with the name it stands under."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    elif isinstance(value, str):
        yield name, value


def words(text: str) -> list[str]:
    return [part for part in re.split(r"[、，：；。“”《》（）()\s]+", text) if part]


def test_every_figure_of_the_report_is_shown_and_no_other(benxi: Response) -> None:
    shown = [figure["text"] for one in told(benxi) for figure in one["figures"]]
    requirements = f"{len(FACTS['call'][0]['requirements'])}项"  # counted from the file, which lists them
    assert sorted(shown) == sorted([*FACTS["figures"].values(), requirements])


def test_the_chronicle_adds_nothing_but_joining_words(benxi: Response) -> None:
    text = "\n".join(one["text"] for one in told(benxi))
    known = {part for _name, value in leaves(FACTS) for part in [value, *words(value)] if len(part) > 1}
    for part in sorted(known, key=len, reverse=True):
        text = text.replace(part, "|")
    left = [part for part in re.split(r"[|\d、，：；。“”《》（）\s]+", text) if part]
    assert left == JOINING


def test_every_statement_of_the_report_is_told_or_read_on_a_record(benxi: Response, client: Client) -> None:
    client.force_login(loading.house())
    text = "\n".join(one["text"] for one in told(benxi))
    stated = {
        part for name, value in leaves(FACTS) if name not in TIES and value not in REMARKS for part in words(value)
    }
    missing = {part for part in stated if part not in text}
    pages = "\n".join(client.get(record.get_absolute_url()).text for record in records(benxi))
    people = "\n".join(f"{person} {person.posts} {person.unit}" for person in Person.objects.select_related("unit"))
    places = "\n".join(unit.name for unit in Unit.objects.all())
    elsewhere = f"{pages}\n{people}\n{places}\n{benxi.name} {benxi.place} {benxi.began.day:%Y-%m}"
    assert sorted(part for part in missing if part not in elsewhere) == []


def test_the_example_names_nobody_whom_the_report_does_not_name(benxi: Response) -> None:
    named = {person["name"] for person in FACTS["person"]}
    assert {person.name for person in Person.objects.filter(synthetic=False).exclude(pk=loading.house().pk)} == named


def records(benxi: Response) -> list[Record]:
    models = [model for model in apps.get_models() if issubclass(model, Record)]
    return [record for model in models for record in model._default_manager.filter(response=benxi)]
