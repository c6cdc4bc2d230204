"""Synthetic papers: briefs of the last days, each published, and one paper in every other state and of every other kind."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction

from tongzhou.kernel import module
from tongzhou.kernel.rehearsing import DAYS, Given
from tongzhou.modules.chronicle import actions
from tongzhou.modules.chronicle.models import Chronicle, Kind

FEWEST, MOST = 3, 14  # briefs; one for about every three hundred records
PROSE = {
    "text": "各支社把所做的事当天记下，数字由记录自己说话。",
    "text_en": "Branches put down each day what they did; the figures speak out of the records.",
}
PAPERS = {  # what becomes of the papers that are no briefs
    "draft": Kind.CHRONICLE, "review": Kind.CHRONICLE, "published": Kind.RETURN, "replaced": Kind.CHRONICLE, "dropped": Kind.RETURN,
    "disclosure": Kind.DISCLOSURE,
}  # fmt: skip


def rehearse(given: Given, n: int) -> Iterator[str]:
    briefs = max(FEWEST, min(MOST, n // 300))
    whole = briefs + len(PAPERS)
    for number in range(briefs):
        _brief(given, DAYS - 1 - briefs + number)
        yield f"{number + 1}/{whole}"
    for number, (end, kind) in enumerate(PAPERS.items(), briefs + 1):
        _paper(given, end, kind)
        yield f"{number}/{whole}"


@transaction.atomic
def _brief(given: Given, number: int) -> None:
    day = given.day(number)
    chance = given.chance("brief", number)
    made, new = _filed(given, f"brief-{number}", Kind.BRIEF, happened_on=day, first_on=day, last_on=day)
    if new:
        module.perform(made, "submit", by=given.posts["office"][0])
        module.perform(made, "publish", by=given.who("leader", chance))


@transaction.atomic
def _paper(given: Given, end: str, kind: Kind) -> None:
    """Published papers are of the days before the last week, so that something may have changed since."""
    office, leader = given.posts["office"][0], given.posts["leader"][0]
    last = given.day(DAYS - 1) - timedelta(days=0 if end in ("draft", "review") else 7)
    made, new = _filed(given, end, kind, happened_on=last, first_on=given.response.began_on, last_on=last)
    if not new or end == "draft":
        return
    if end == "dropped":
        module.perform(made, "drop", by=office, note="与日报重复")
        return
    if kind == Kind.CHRONICLE:
        module.perform(made, "write", by=office, line="intro", **PROSE)
    module.perform(made, "submit", by=office)
    if end == "review":
        return
    module.perform(made, "publish", by=leader)
    if end == "replaced":
        again = actions.correct(made, by=office, key=given.key("paper", "replacing"))
        module.perform(again, "submit", by=office)
        module.perform(again, "publish", by=leader)


def _filed(given: Given, key: str, kind: Kind, **fields: Any) -> tuple[Chronicle, bool]:
    paper = Chronicle(pk=given.key("paper", key), response=given.response, unit=given.org, kind=kind, **fields)
    return module.file(paper, by=given.posts["office"][0])
