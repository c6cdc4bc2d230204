"""The situation of a rehearsed response: a wave of counts by street, zones under the 9th edition, incidents on the clock, weekly assessments.

The day before last is the last one with counts: today's are left to whoever looks around. Since 2023 no rule draws zones, so a rehearsal
names the edition it plays.
"""

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from django.db import transaction
from django.utils import timezone

from tongzhou.kernel import module, steps
from tongzhou.kernel.models import Grant, Person, Unit
from tongzhou.kernel.rehearsing import DAYS, Given, pick, whole
from tongzhou.modules.situation.models import Assessment, DayCount, Event, Zone
from tongzhou.modules.situation.rules.counts import FOUND

EDITION = "9th"
PEAK, WIDTH, LARGEST = 17, 8.0, 14.0  # day and spread of the wave, cases a day at its peak in the worst street
ENDS = ("lifted", "open", "ripe", "stepped", "infected", "void")  # what becomes of a zone
EVENTS = ("done", "open", "void", "late")
WAYS = {"quarantine": 45, "control": 25, "screening": 18, "clinic": 7, "community": 5}
HOUSES = (
    "居仁路23#、21#号楼",
    "彩进小区14#–17#楼",
    "和平里3#楼",
    "沿河路5#、7#楼",
    "青年小区1#–4#楼",
    "站前街12#楼",
    "东升里9#楼",
)
NAMES = ("学校聚集性发热", "农贸市场环境阳性", "养老院聚集性疫情", "工地聚集性发热")
VIEW = "疫情总体处在可控范围。建议继续做好风险区人员的生活保障，盯紧社会面发现的感染者，减少聚集。"


def rehearse(given: Given, n: int) -> Iterator[str]:
    yield f"counts {_counts(given)}"
    zones = max(len(ENDS), n // 150)
    for done in whole(range(zones), partial(_zone, given)):
        yield f"zones {done}/{zones}"
    for done in whole(EVENTS, partial(_event, given)):
        yield f"events {done}/{len(EVENTS)}"
    weeks = range((DAYS - 1) // 7)
    for done in whole(weeks, partial(_assess, given)):
        yield f"assessments {done}/{len(weeks)}"


def _counts(given: Given) -> int:
    """One a day and street; one was entered by mistake and voided, one corrected the day after."""
    by = given.posts["commander"][0]
    _mistake(given, by)
    rows = [_count(given, street, day) for street in given.streets for day in range(DAYS - 1)]
    told = {row.pk: {"confirmed": row.confirmed, "asymptomatic": row.asymptomatic} for row in rows}
    steps.file_many(rows, by=by, data=told)
    row = DayCount.objects.get(pk=rows[PEAK].pk)
    if row.version == 1:
        more = {"confirmed": row.confirmed + 1, "screening": row.screening + 1}
        module.amend(row, by=by, version=row.version, changes=more, reason="复核后增加一例")
    return len(rows)


@transaction.atomic
def _mistake(given: Given, by: Person) -> None:
    wrong = _count(given, given.streets[0], 0)
    wrong.pk = given.key("count", "mistake")
    made, new = module.file(wrong, by=by)
    if new:
        module.perform(made, "void", by=by, note="区域选错")


def _count(given: Given, street: Unit, day: int) -> DayCount:
    chance, size = given.chance("count", street.code, day), given.chance("street", street.code).uniform(0.15, 1)
    confirmed, silent = (
        _poisson(chance, part * size * LARGEST * math.exp(-(((day - PEAK) / WIDTH) ** 2))) for part in (0.35, 0.65)
    )
    found = dict.fromkeys(FOUND, 0)
    for _case in range(confirmed + silent):
        found[pick(chance, WAYS)] += 1
    return DayCount(
        pk=given.key("count", street.code, day), response=given.response, unit=street, happened_on=given.day(day),
        confirmed=confirmed, asymptomatic=silent, origin="推演市疾控中心日报", **found,
    )  # fmt: skip


def _poisson(chance: Random, mean: float) -> int:
    """How many events fall into a unit of time (Knuth): means here are small."""
    number, left = 0, chance.random()
    while left > math.exp(-mean):
        number, left = number + 1, left * chance.random()
    return number


def _zone(given: Given, number: int) -> None:
    """Opened at the wave's rise; each comes as far as its end says."""
    chance = given.chance("zone", number)
    opener, other = given.posts["commander"][:2]
    end, start = ENDS[number % len(ENDS)], 6 + number % 12
    opened = (
        given.day(start) if end in {"lifted", "stepped", "void"} else given.day(DAYS - (12 if end == "ripe" else 4))
    )
    zone = Zone(
        pk=given.key("zone", number), response=given.response, unit=chance.choice(given.streets), happened_on=opened, level="high",
        edition=EDITION, place=HOUSES[number % len(HOUSES)], population=chance.randrange(80, 900), reason="核酸筛查发现阳性",
        order_number=f"推演通告〔{number + 1}〕号", lat=41.29 + chance.random() / 20, lon=123.76 + chance.random() / 15,
    )  # fmt: skip
    made, new = module.file(zone, by=opener)
    if not new or end in {"open", "ripe"}:
        return
    if end == "void":
        module.perform(made, "void", by=other, note="楼栋号登记错误")
        return
    module.perform(made, "infect", by=opener, day=opened + timedelta(days=1 + number % 2), cases=chance.randint(1, 3))
    if end in {"lifted", "stepped"}:
        assert zone.due_on is not None
        module.perform(made, "step_down", by=other, day=zone.due_on)
    if end == "lifted":
        module.perform(made, "lift", by=other, day=zone.due_on)


def _event(given: Given, end: str) -> None:
    """Found in the morning and told upwards in time, or late at the second step; one is running."""
    number = EVENTS.index(end)
    by = given.posts["commander"][number % 2]
    found_at = timezone.now() - timedelta(minutes=30) if end == "open" else _morning(given.day(10 + 5 * number))
    event = Event(
        pk=given.key("event", end), response=given.response, unit=given.streets[0], name=NAMES[number], found_at=found_at,
        happened_on=timezone.localdate(found_at), text="发现多人发热，已采样送检。",
    )  # fmt: skip
    made, new = module.file(event, by=by)
    if not new or end == "open":
        return
    if end == "void":
        module.perform(made, "void", by=by, note="复核为普通感冒")
        return
    for step in range(5 if end == "done" else 3):
        late = end == "late" and step == 1
        done_at = event.due_at + timedelta(minutes=25 if late else -20)
        module.perform(made, "tell", by=by, done_at=done_at, note="电话占线" if late else "")
    if end == "late":
        module.perform(made, "finish", by=by, note="市级已启动处置")


def _assess(given: Given, week: int) -> None:
    """The last but one was given up, the last is still a draft."""
    first, weeks = given.day(7 * week), (DAYS - 1) // 7
    made = Assessment(
        pk=given.key("assessment", week), response=given.response, unit=given.command, name="推演疫情周研判", view=VIEW,
        first_on=first, last_on=first + timedelta(days=6), happened_on=first + timedelta(days=7),
    )  # fmt: skip
    by = given.posts["commander"][0]
    kept, new = module.file(made, by=by, participants=given.posts["commander"] + given.posts["inspector"])
    if not new or week == weeks - 1:
        return
    if week == weeks - 2:
        module.perform(kept, "discard", by=by, note="与例会纪要重复")
        return
    module.perform(kept, "sign", by=_leader(given))


def _leader(given: Given) -> Person:
    """A leader of the organisation who also signs at the command post."""
    person = given.posts["leader"][0]
    grant = Grant(
        pk=given.key("grant", "command", "leader"),
        person=person,
        unit=given.command,
        role="leader",
        since=given.response.began_on,
    )
    steps.file(grant, by=given.by, needs="grants.manage")
    return Person.objects.get(pk=person.pk)  # grants are kept on the person in hand


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8, 30)))
