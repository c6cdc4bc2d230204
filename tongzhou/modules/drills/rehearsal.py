"""Synthetic drills: every scenario of the library, run again and again at the streets, with findings at every stage."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.rehearsing import DAYS, Given, pick, whole
from tongzhou.modules.drills import actions
from tongzhou.modules.drills.models import Drill, Finding, Inject
from tongzhou.modules.drills.rules import library

# How far a drill comes, and how often of a hundred; the first drills take each of these in turn.
ENDS = {
    "draft": 4,
    "scheduled": 8,
    "late": 3,
    "running": 2,
    "ended": 6,
    "open": 20,
    "settled": 5,
    "closed": 46,
    "cancelled": 6,
}
EVALUATED = ("open", "settled", "closed")
RUN_AT_ALL = ("running", "ended", *EVALUATED)
SHARE, MOST = 60, 300  # one drill for so many records, and not more than so many drills
KINDS = (Drill.Kind.TABLETOP, Drill.Kind.FUNCTIONAL, Drill.Kind.FULL)
FOUND = (
    ("临时隔离区与等候区共用一个出口", "已另设出口，张贴指示"), ("体温计没有备用电池", "已配备用电池两组"), ("上报时漏了车牌号", "上报表已加车牌一栏"),
    ("换班时没有交接记录", "交接簿已启用"), ("纸质登记表数量不足", "已印备200张"), ("应急电话无人接听", "已改为值班专线"),
)  # fmt: skip


def rehearse(given: Given, n: int) -> Iterator[str]:
    number = max(len(ENDS), min(n // SHARE, MOST))
    for done in whole(range(number), partial(_life, given)):
        yield f"{done}/{number}"


def _life(given: Given, number: int) -> None:
    """One drill from the draft to its end. One that is there already has come to its end."""
    chance = given.chance("drill", number)
    end = list(ENDS)[number] if number < len(ENDS) else pick(chance, ENDS)
    names = [one.name for one in library.scenarios(given.day(DAYS))]
    unit, scenario = given.streets[number % len(given.streets)], names[number % len(names)]
    commander = given.who("commander", chance)
    drill = _draft(given, chance, number, end, unit, scenario, commander)
    evaluators = [given.posts["inspector"][0]]
    heads = f"{unit.name} {chance.randint(8, 30)}人\n推演市中心医院 {chance.randint(2, 6)}人"
    made, new = module.file(
        drill, by=commander, participants=heads, evaluators=evaluators, people=[given.posts["chief"][0]]
    )
    if not new or end == "draft":
        return
    actions.schedule(drill, by=commander, today=drill.happened_on)
    if end == "cancelled":
        module.perform(made, "cancel", by=commander, note="当日有真实任务")
    if end in RUN_AT_ALL:
        _run(drill, commander, chance, ends=end != "running")
    if end in EVALUATED:
        module.perform(drill, "evaluate", by=evaluators[0], evaluation="总体有序，分工清楚；上报和交接环节还要练。")
        _findings(given, drill, end, chance)
    if end == "closed":
        module.perform(drill, "close", by=commander)


def _draft(given: Given, chance: Random, number: int, end: str, unit: Unit, scenario: str, lead: Person) -> Drill:
    chosen = next(one for one in library.scenarios(given.day(DAYS)) if one.name == scenario)
    ahead = timedelta(days=chance.randint(1, 6))
    day = given.day(DAYS) + ahead if end in ("draft", "scheduled") else given.day(chance.randrange(DAYS - 2))
    if end == "running":
        day = given.day(DAYS)
    return Drill(
        pk=given.key("drill", number), response=given.response, unit=unit, series=given.key("series", scenario, unit.code),
        scenario=scenario, name=chosen.title, kind=chance.choice(KINDS), place=f"{unit.name}演练点", lead=lead, setting=chosen.setting,
        plan=chosen.plan, happened_on=day, begins_at=time(9 + chance.randrange(6), 30),
    )  # fmt: skip


def _run(drill: Drill, by: Person, chance: Random, *, ends: bool) -> None:
    """Injects a little late, reactions after some minutes; one in ten not as expected."""
    begun = drill.starts_at if ends else timezone.now() - timedelta(minutes=12)
    assert begun is not None
    actions.start(drill, by=by, at=begun)
    last: datetime = begun
    for inject in drill.injects.all():
        sent = begun + timedelta(minutes=inject.minute, seconds=chance.randrange(90))
        seen = sent + timedelta(seconds=chance.randrange(10, 600))
        if not ends and seen > timezone.now():
            return
        outcome = Inject.Outcome.DIFFERED if chance.random() < 0.1 else Inject.Outcome.EXPECTED
        actions.release(drill, by=by, number=inject.number, at=sent)
        actions.observe(drill, by=by, number=inject.number, outcome=outcome, at=seen)
        last = max(last, seen)
    if ends:
        actions.finish(drill, by=by, at=last + timedelta(minutes=2))


def _findings(given: Given, drill: Drill, end: str, chance: Random) -> None:
    """Open ones are left to those who look around; of a closed drill all are closed, one was a mistake."""
    inspectors, chiefs = given.posts["inspector"], _chiefs(given)
    lives = {"open": ("open", "rectified", "reopened"), "settled": ("closed",), "closed": ("closed", "withdrawn")}[end]
    for number, life in enumerate(lives):
        what, done = chance.choice(FOUND)
        owner = chance.choice(chiefs)
        finding = Finding(
            pk=given.key("finding", drill.pk, number), response=given.response, drill=drill, unit=drill.unit, what=what,
            severity=chance.choice(Finding.Severity.values), owner=owner, happened_on=drill.happened_on,
            due_on=drill.happened_on + timedelta(days=chance.randint(3, 10)),
        )  # fmt: skip
        module.file(finding, by=inspectors[0])
        _settle(finding, life, owner, inspectors[-1], done)


def _settle(finding: Finding, life: str, owner: Person, inspector: Person, done: str) -> None:
    if life == "withdrawn":
        module.perform(finding, "withdraw", by=inspector, note="与另一条重复")
    if life in ("rectified", "reopened", "closed"):
        module.perform(finding, "rectify", by=owner, done=done)
    if life == "reopened":
        later: dict[str, Any] = {"due_on": timezone.localdate() + timedelta(days=3), "note": "现场看还没有到位"}
        module.perform(finding, "reopen", by=inspector, **later)
    if life == "closed":
        module.perform(finding, "passed", by=inspector)


def _chiefs(given: Given) -> list[Person]:
    """Guests who head a point, else those of the rehearsal."""
    guests = [guest for guest in given.guests if guest.grants.filter(role="chief", unit=given.command).exists()]
    return guests or given.posts["chief"]
