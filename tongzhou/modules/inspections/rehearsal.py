"""Synthetic inspections: a register of places, rounds at every stage, and findings that come as far as findings come."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from tongzhou.kernel import access, module
from tongzhou.kernel.models import Person
from tongzhou.kernel.rehearsing import Given, pick, whole
from tongzhou.modules.inspections import actions, rules
from tongzhou.modules.inspections.actions.visits import Said
from tongzhou.modules.inspections.models import Finding, Place, Round, Stop, Visit
from tongzhou.modules.inspections.workflow import INSPECT, FindingState, RoundState

T = Place.Type
KINDS = {
    T.PHARMACY: ("推演大药房", "店长"), T.HEALTH_CENTRE: ("推演社区卫生服务中心", "主任"), T.SUPERMARKET: ("推演便利超市", "店长"),
    T.RESTAURANT: ("推演饭店", "经理"), T.MARKET: ("推演农贸市场", "市场主任"), T.HOTEL: ("推演宾馆", "值班经理"),
}  # fmt: skip
STAGES = ("begun", "done", "summarised", "draft", "cancelled")  # of the first rounds; more are done ones
# How far a finding comes, and how often of a hundred; the first of a round take each of these in turn.
ENDS = {
    "found": 6, "fix": 34, "issue": 12, "rectify": 10, "close": 28, "hand": 3, "reply": 2, "withdraw": 2, "reopen": 3,
}  # fmt: skip
WRONG = 0.12  # items of a checklist that are not met
NO_PHOTO = "推演数据，不附照片"
RESULTS = {Visit.Result.INSPECTED: 92, Visit.Result.SHUT: 6, Visit.Result.REFUSED: 2}


def rehearse(given: Given, n: int) -> Iterator[str]:
    places = max(len(ENDS) + 3, n // 15)  # so that one round has a visit more than there are ends
    for done in whole(range(places), partial(_place, given)):
        yield f"{done}/{places}"
    numbers = range(len(STAGES) + n // 300)
    for number in numbers:
        _walked(given, number)
        yield f"{number + 1}/{len(numbers)}"


def _place(given: Given, number: int) -> None:
    kind = list(KINDS)[number % len(KINDS)]
    chance, street = given.chance("place", number), given.streets[number % len(given.streets)]
    place = Place(
        pk=given.key("place", number), response=given.response, unit=street, type=kind, name=f"{KINDS[kind][0]}{number + 1}",
        address=f"推演路{number + 1}号", lat=41.25 + chance.random() / 10, lon=123.7 + chance.random() / 10, contact="推演负责人",
        happened_on=given.day(0),
    )  # fmt: skip
    place, new = module.file(place, by=given.posts["chief"][0])
    if new and number == len(KINDS):
        module.perform(place, "close_down", by=given.posts["chief"][0], note="推演：歇业")


def _walked(given: Given, number: int) -> None:
    """One round to its stage. What is there already is left as it is."""
    stage = STAGES[number] if number < len(STAGES) else "done"
    planner = given.posts["commander"][0]
    with transaction.atomic():
        round, new = module.file(_round(given, number), by=planner, areas=given.streets, lines=_team(given))
        if new and stage == "cancelled":
            module.perform(round, "cancel", by=planner, note="与上级检查合并")
        elif new and stage != "draft":
            module.perform(round, "begin", by=planner)
    if stage in ("draft", "cancelled") or round.state != RoundState.BEGUN:
        return
    round = Round.objects.select_related("response", "unit").get(pk=round.pk)
    stops = list(round.stops.select_related("place", "place__unit"))
    reached = stops[: max(1, len(stops) // 2)] if stage == "begun" else stops[:-1]
    for _done in whole(enumerate(reached), lambda one: _visit(given, round, *one)):
        pass
    if stage != "begun":
        with transaction.atomic():
            module.perform(round, "finish", by=planner, note="一家停电歇业，下轮补查")
            if stage == "summarised":
                module.perform(round, "summarise", by=planner, summary="总体落实较好，通风和登记是短板。")


def _round(given: Given, number: int) -> Round:
    first = given.day(8 + 7 * number)
    return Round(
        pk=given.key("round", number), response=given.response, unit=given.command, name=f"第{number + 1}轮重点场所检查", happened_on=first,
        name_en=f"Inspection of key places, round {number + 1}", unannounced=number % 2 == 0, first_on=first,
        last_on=max(first, timezone.localdate()) + timedelta(days=3), types=[kind.value for kind in KINDS],
    )  # fmt: skip


def _team(given: Given) -> list[dict[str, Any]]:
    guests = [guest for guest in given.guests if access.may(guest, INSPECT, given.command)]
    return [{"person": person, "area": None} for person in [*given.posts["inspector"], *guests]]


def _visit(given: Given, round: Round, number: int, stop: Stop) -> None:
    key, place = uuid5(round.pk, f"visit/{stop.place_id}"), stop.place
    chance, finder = given.chance("visit", key), given.posts["inspector"][number % 2]
    began = timezone.make_aware(datetime.combine(round.happened_on, time(9 + number % 8, chance.randrange(60))))
    result = Visit.Result.INSPECTED if number < len(ENDS) else pick(chance, RESULTS)
    asked = rules.checklist(rules.edition(round.edition), place.type) if result == Visit.Result.INSPECTED else ()
    wrong = {item.code for item in asked if chance.random() < WRONG}
    wrong = wrong | {item.code for item in asked[:1]} if number < len(ENDS) else set() if number == len(ENDS) else wrong
    answers = [(item.code, "no" if item.code in wrong else "yes", "") for item in asked]
    ends = {
        item.code: list(ENDS)[number] if number < len(ENDS) and item is asked[0] else pick(chance, ENDS)
        for item in asked
        if item.code in wrong
    }
    said = [
        Said(item.code, rules.unmet(item, ""), item.tasks[0], item.severity) for item in asked if item.code in wrong
    ]
    visit = Visit(
        pk=key, round=round, place=place, result=result, started_at=began, ended_at=began + timedelta(minutes=20),
        met_post=KINDS[T(place.type)][1] if asked else "", words="" if asked else "门未开",
    )  # fmt: skip
    visit, new = actions.visits.file(visit, by=finder, answers=answers, said=said)
    if not new:
        return
    for code, end in ends.items():
        _life(given, uuid5(visit.pk, code), end, finder)
    if number == len(ENDS) or (not wrong and chance.random() < 0.05):
        _mistaken(visit, finder)


def _mistaken(visit: Visit, finder: Person) -> None:
    for finding in visit.findings.filter(state__in=[FindingState.FOUND, FindingState.NOTICED]):
        module.perform(finding, "withdraw", by=finder, note="登记有误")
    if not visit.findings.exclude(state=FindingState.WITHDRAWN).exists():
        module.perform(visit, "void", by=finder, note="场所选错")


def _life(given: Given, key: UUID, end: str, finder: Person) -> None:
    """One finding from the day it was found to its end."""
    finding = Finding.objects.select_related("response", "unit", "place__unit", "place__owner", "round").get(pk=key)
    chief, other = given.posts["chief"][0], next(one for one in given.posts["inspector"] if one != finder)
    for name, by, data in _moves(end, finder, chief, other):
        module.perform(finding, name, by=by, **data)


Step = tuple[str, Person, dict[str, Any]]


def _moves(end: str, finder: Person, chief: Person, other: Person) -> list[Step]:
    if end == "fix":
        return [("fix", finder, {"note": NO_PHOTO})]
    put_right: Step = ("rectify", chief, {"measure": "已按要求整改", "note": NO_PHOTO})
    back: Step = ("reopen", other, {"note": "现场查看仍未做到"})
    handed = {
        "note": "两次复查不合格",
        "authority": "推演市市场监督管理局",
        "letter": "推疫督函1号",
        "handed_on": timezone.localdate(),
    }
    over: list[Step] = [put_right, back, put_right, back, ("hand", other, handed)]
    after: dict[str, list[Step]] = {
        "issue": [], "withdraw": [("withdraw", finder, {"note": "复核后不成立"})], "reopen": [put_right, back], "rectify": [put_right],
        "close": [put_right, ("close", other, {})], "hand": over,
        "reply": [*over, ("reply", other, {"answer": "已立案查处", "answered_on": timezone.localdate()})],
    }  # fmt: skip
    return [("issue", finder, {}), *after[end]] if end in after else []
