"""What does not agree at the end of a campaign, tube by tube: sets that the database subtracts from one another, read a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from tongzhou.modules.testing.models import Box, Campaign, Conflict, Device, Result, Tube
from tongzhou.modules.testing.queries.standing import SAMPLE
from tongzhou.modules.testing.workflow import BoxState

# `known` are all tubes that a device named, `sampled` those in which somebody is, `boxed` those that were named into a box
SETS = """
WITH known AS (SELECT code, sum(people) AS people FROM testing_tube WHERE campaign_id = %(campaign)s GROUP BY code),
  sampled AS (SELECT code FROM known WHERE people > 0),
  resulted AS (SELECT tube AS code FROM testing_result WHERE campaign_id = %(campaign)s),
  boxed AS MATERIALIZED (SELECT t.value AS code, b.key AS box FROM testing_box b JOIN testing_point p ON p.key = b.point_id, {each}(b.tubes) t
    WHERE p.campaign_id = %(campaign)s)
"""
EACH = {"postgresql": "jsonb_array_elements_text", "sqlite": "json_each"}
TUBES = {
    "unboxed": "SELECT code FROM sampled EXCEPT SELECT code FROM boxed",
    "strange": "SELECT code FROM boxed EXCEPT SELECT code FROM known",
    "empty": "SELECT code FROM boxed INTERSECT SELECT code FROM known WHERE people <= 0",
    "twice": "SELECT code FROM boxed GROUP BY code HAVING count(*) > 1",
    "waiting": "SELECT code FROM sampled EXCEPT SELECT code FROM resulted",
}
TOTALS = {"system": "SELECT code FROM sampled", "boxed": "SELECT DISTINCT code FROM boxed"}
PART = "SELECT l.code, b.box FROM (SELECT * FROM ({}) AS a ORDER BY code LIMIT %(n)s OFFSET %(first)s) AS l LEFT JOIN boxed b ON b.code = l.code ORDER BY 1"
COUNT = "(SELECT count(*) FROM ({}) AS a)"
WORDS = {
    "unboxed": _("采了样、没有装箱的采样管"),
    "strange": _("箱里有、系统里没有的采样管"),
    "empty": _("箱里有、系统里没有人的采样管"),
    "twice": _("登记在两个箱里的采样管"),
    "boxes": _("实验室没有收到，或管数有出入的转运箱"),
    "waiting": _("还没有结果的采样管"),
    "nameless": _("计入了、不知是谁的采样"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A difference: which tube, where and when it was last seen, in which boxes, how far it came."""

    tube: str
    seen: str
    at: datetime | None
    people: int | None
    boxes: list[Box]
    step: str


@dataclass(frozen=True, slots=True)
class Tubes:
    """Tubes of one kind, by code: counted and cut in the database, as a paginator asks for them."""

    campaign: Campaign
    kind: str

    def count(self) -> int:
        return totals(self.campaign, {self.kind: TUBES[self.kind]})[self.kind]

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Line]:
        first = part.start or 0
        return _lines(
            self.campaign, _asked(self.campaign, PART.format(TUBES[self.kind]), n=part.stop - first, first=first)
        )


def rows(campaign: Campaign, kind: str) -> Any:
    """All of one kind of `WORDS`, as a paginator takes them: Tubes, or rows of Box or Conflict."""
    if kind == "boxes":
        return odd_boxes(campaign)
    return nameless(campaign) if kind == "nameless" else Tubes(campaign, kind)


def totals(campaign: Campaign, sets: dict[str, str]) -> dict[str, int]:
    """How many are in each of these sets; one statement."""
    (row,) = _asked(campaign, "SELECT " + ", ".join(COUNT.format(sql) for sql in sets.values()))
    return dict(zip(sets, row, strict=True))


def odd_boxes(campaign: Campaign) -> QuerySet[Box]:
    """Not at the laboratory, or there or under seal with another number of tubes than before."""
    named = Func(F("tubes"), function=LENGTH[connection.vendor], output_field=IntegerField())
    boxes = Box.objects.filter(point__campaign=campaign).annotate(named=named).select_related("point", "response")
    right = Q(state=BoxState.RECEIVED, in_hand=F("named"), received=F("in_hand"))
    return boxes.exclude(right).order_by("code")


LENGTH = {"postgresql": "jsonb_array_length", "sqlite": "json_array_length"}


def nameless(campaign: Campaign) -> QuerySet[Conflict]:
    """Swabs that were, of nobody knows whom: their tube has a result, and nobody is told it."""
    rows = Conflict.objects.filter(campaign=campaign, fact=SAMPLE, person=None, decision=Conflict.Decision.KEPT)
    return rows.select_related("device__point").order_by("at", "pk")


def _asked(campaign: Campaign, sql: str, **params: Any) -> list[Any]:
    each = EACH[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(SETS.format(each=each) + sql, {"campaign": campaign.pk.hex, **params})
        found: list[Any] = cursor.fetchall()
    return found


def _lines(campaign: Campaign, rows: Sequence[tuple[str, Any]]) -> list[Line]:
    """What is known of each tube; four statements."""
    codes = [code for code, _box in rows]
    boxes = Box.objects.select_related("point", "response").in_bulk([UUID(str(box)) for _code, box in rows if box])
    used: dict[str, list[Tube]] = {}
    for one in Tube.objects.filter(campaign=campaign, code__in=codes):
        used.setdefault(one.code, []).append(one)
    numbers = {one.device_id for own in used.values() for one in own}
    devices = {one.number: one for one in Device.objects.filter(number__in=numbers).select_related("point")}
    looks = Result.objects.filter(campaign=campaign, tube__in=codes).order_by("look")
    results = {one.tube: str(one.get_value_display()) for one in looks}
    found = []
    for code, own in groupby(rows, key=lambda row: row[0]):
        within = [boxes[UUID(str(box))] for _code, box in own if box]
        found.append(_line(code, used.get(code, []), within, devices, results.get(code, "")))
    return found


def _line(code: str, used: list[Tube], boxes: list[Box], devices: dict[Any, Device], result: str) -> Line:
    if not used:
        seen = __("、").join(str(box.point) for box in boxes)
        return Line(code, seen, None, None, boxes, __("系统里没有：不是这一轮的，或还有终端没有上传"))
    at, number = max((one.last_at or one.opened_at, one.device_id) for one in used)
    unboxed = __("已封管，没有装箱") if all(one.closed_at for one in used) else __("没有封管")
    step = __("、").join(str(box.state_label()) for box in boxes) or unboxed
    where = f"{devices[number].point} {devices[number].table}"
    return Line(code, where, at, sum(one.people for one in used), boxes, step + __("，") + (result or __("没有结果")))
