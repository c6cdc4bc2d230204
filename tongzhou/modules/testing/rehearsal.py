"""Synthetic testing: a campaign in each state, points with devices, and swabs that go in by the same function as real ones."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from tongzhou.kernel import module
from tongzhou.kernel.models import Person
from tongzhou.kernel.rehearsing import DAYS, Given
from tongzhou.modules.testing import actions, queries, rules
from tongzhou.modules.testing.actions import Sheaf
from tongzhou.modules.testing.actions.results import Line
from tongzhou.modules.testing.models import Box, Campaign, Conflict, Device, Point, Pool
from tongzhou.modules.testing.rules import Item, Kind

ENDS = ("reconciled", "closed", "open", "draft", "cancelled")  # how far each campaign has come, the oldest first
TUBE = 10
LATE = timedelta(hours=4)  # ago began the sampling that goes on


def rehearse(given: Given, n: int) -> Iterator[str]:
    """About `n` swabs in each campaign that has come so far."""
    for number, end in enumerate(ENDS):
        _campaign(given, number, end, max(8, min(n // 30, 200)))
        yield f"{number + 1}/{len(ENDS)}"


def _campaign(given: Given, number: int, end: str, tubes: int) -> None:
    commander, chief = given.posts["commander"][0], given.posts["chief"][0]
    day = given.day(DAYS - len(ENDS) + number - (end != "cancelled"))
    key = given.key("testing", number)
    if Campaign.objects.filter(pk=key).exists():
        return
    made: Any = Campaign(
        pk=key, response=given.response, unit=given.command, name=f"推演第{number + 1}轮区域核酸检测", name_en=f"Rehearsal, testing round {number + 1}",
        called="全体居民", mode="ten", expected=tubes * TUBE * 2, happened_on=day,
    )  # fmt: skip
    made, _new = module.file(made, by=commander)
    points = [_point(given, made, i, chief, planned=end in ("draft", "cancelled")) for i in range(2)]
    if end == "cancelled":
        module.perform(made, "cancel", by=commander, note="与上一轮合并")
    if end in ("draft", "cancelled"):
        return
    module.perform(made, "open", by=commander)
    codes = [code for i, point in enumerate(points) for code in _swabs(given, made, point, i, tubes // 2)]
    _boxes(given, made, points[0], codes, chief)
    _results(made, codes, commander, chief, settled=end == "reconciled")
    if end == "open":
        return
    for point in points:
        module.perform(point, "close", by=chief)
    module.perform(made, "close", by=commander)
    if end == "reconciled":
        for one in Box.objects.filter(point__campaign=made, state="open").select_related("response", "unit", "point"):
            module.perform(one, "pack", by=chief, in_hand=len(one.tubes))
        open_ones = Conflict.objects.filter(campaign=made, decision="")
        actions.conflicts.decide(made, list(open_ones.values_list("pk", flat=True)), by=commander, decision="kept")
        module.perform(made, "reconcile", by=commander, in_hand=len(codes), differences="推演：部分采样管未装箱")


def _point(given: Given, campaign: Campaign, i: int, chief: Person, planned: bool) -> Point:
    street = given.streets[i % len(given.streets)]
    point: Any = Point(
        pk=given.key("point", campaign.pk, i), response=given.response, unit=street, campaign=campaign, name=f"推演采样点{i + 1}", place="推演小学操场",
        tables=2, staff=6, expected=campaign.expected and campaign.expected // 2, happened_on=campaign.happened_on,
    )  # fmt: skip
    point, _new = module.file(point, by=chief)
    if not planned:
        module.perform(point, "open", by=chief)
    return point  # type: ignore[no-any-return]  # the door gives back what it was given


def _swabs(given: Given, campaign: Campaign, point: Point, i: int, tubes: int) -> list[str]:
    """Full tubes at one table, then the first person a second time at the other; codes of the tubes."""
    chief = given.posts["chief"][0]
    devices = [actions.devices.register(point, by=chief, table=table).device for table in (1, 2)]
    begun = int((timezone.now() - LATE).timestamp() * 1000)
    Device.objects.filter(pk__in=[one.pk for one in devices]).update(enrolled_at=timezone.now() - LATE - LATE)
    first, second = (queries.session(one.number) for one in devices)
    assert first is not None
    assert second is not None
    codes: list[str] = []
    items: list[Item | None] = []
    for t in range(tubes):
        code = f"{int(campaign.pk.hex[:6], 16) % 10**6:06}{i}{t:05}"
        codes.append(code)
        for p in range(TUBE):
            items.append(_item(len(items) + 1, begun + t * 60_000, code, Kind.SAMPLE, _code(campaign, i, t * TUBE + p)))
        items.append(_item(len(items) + 1, begun + t * 60_000 + 50_000, code, Kind.CLOSE))
    now = int(timezone.now().timestamp() * 1000)
    for at in range(0, len(items), rules.MOST_ITEMS):
        actions.ingest([Sheaf(first, now, items[at : at + rules.MOST_ITEMS], now)])
    extra = f"{codes[0][:6]}{i}99999"
    actions.ingest([Sheaf(second, now, [_item(1, now, extra, Kind.SAMPLE, _code(campaign, i, 0))], now)])
    module.perform(devices[1], "revoke" if i else "end", by=chief, note="推演：丢失" if i else "")
    return [*codes, extra]


def _item(seq: int, at: int, tube: str, kind: Kind, code: str = "") -> Item:
    text = json.dumps({"kind": kind, "at": at, "tube": tube} | ({"code": code} if code else {}))
    return Item(seq, hashlib.sha256(text.encode()).digest(), text)


def _code(campaign: Campaign, i: int, person: int) -> str:
    expires = int((timezone.now() + timedelta(days=30)).timestamp() * 1000)
    return rules.make_code(uuid5(NAMESPACE_URL, f"{campaign.pk}/{i}/{person}").bytes, expires, 0)


def _boxes(given: Given, campaign: Campaign, point: Point, codes: list[str], chief: Person) -> None:
    """One box in each state, a tube in each."""
    commander = given.posts["commander"][0]
    own = [code for code in codes if code[6] == "0"][:4]
    for number, (code, end) in enumerate(zip(own, ("received", "sent", "packed", "open"), strict=False)):
        box: Any = Box(
            pk=given.key("box", campaign.pk, number), response=given.response, unit=point.unit, point=point, code=f"B{codes[0][:6]}{number}",
            happened_on=campaign.happened_on,
        )  # fmt: skip
        box, _new = module.file(box, by=chief, codes=[code])
        if end == "open":
            continue
        module.perform(box, "pack", by=chief, in_hand=1)
        if end == "packed":
            continue
        module.perform(box, "send", by=chief, courier="推演转运员")
        if end == "received":
            module.perform(box, "receive", by=commander, received=1, laboratory="推演实验室")


def _results(campaign: Campaign, codes: list[str], commander: Person, chief: Person, settled: bool) -> None:
    """Most negative, four not; of these one in each state."""
    values = {0: "positive", 1: "grey", 2: "single_target", 3: "positive"}
    now = timezone.now()
    for i, code in enumerate(codes if settled else codes[:8]):
        actions.results.take(campaign, Line(code, values.get(i, "negative"), now, "推演实验室"), by=commander)
    pools = list(
        Pool.objects.filter(campaign=campaign).select_related("unit", "response", "campaign", "point").order_by("tube")
    )
    for pool, end in zip(pools, ("confirmed", "cleared", "resampled", "reported"), strict=False):
        if end in ("confirmed", "resampled"):
            module.perform(pool, "resample", by=chief, note="推演：纸质登记复采")
        if end == "confirmed":
            module.perform(pool, "confirm", by=chief, positives=1)
        if end == "cleared":
            module.perform(pool, "clear", by=chief, note="推演：单管复核均为阴性")
