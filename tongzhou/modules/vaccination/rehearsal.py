"""Synthetic vaccination: a station for each street and more, a session for each of the last days, refrigerators read twice a day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongzhou.kernel import module
from tongzhou.kernel.models import Person, Unit
from tongzhou.kernel.rehearsing import DAYS, Given, whole
from tongzhou.modules.vaccination import actions
from tongzhou.modules.vaccination.actions.counting import Tap
from tongzhou.modules.vaccination.models import Batch, Demand, DeskChange, Fridge, Session, Station
from tongzhou.modules.vaccination.workflow import SessionState

VACCINE, MAKER = "推演灭活疫苗", "推演生物制品有限公司"
STATIONS = ("open", "open", "planned", "closed")  # of the first four; all others are open
BATCHES = ("usable", "expected", "held", "finished", "refused", "usable")
SESSIONS = ("planned", "cancelled", "open", "closed", "reported")  # the newest first
FORTNIGHT = 14
DEMAND = {"3-11": 120, "12-17": 90, "18-59": 400, "60-79": 260, "80": 60}
ARRIVALS = (24, 30, 26, 20, 12, 6, 4, 6, 10, 14, 14, 10, 8, 4, 2, 0)  # in the half hours from nine to five
FAST = 17  # doses of two desks in a half hour


def rehearse(given: Given, n: int) -> Iterator[str]:
    """One record in six, at least what holds every state."""
    number = max(len(STATIONS), n // 60)
    for done in whole(range(number), partial(_station, given)):
        yield f"{done}/{number}"
    rows = list(
        Station.objects.filter(response=given.response, state="open")
        .select_related("unit", "response")
        .order_by("name")
    )
    for done in whole([(i, one) for i, one in enumerate(rows)], partial(_life, given)):
        yield f"{done}/{len(rows)}"
    for _done in whole(range(max(6, n // 12)), partial(_demand, given)):
        pass
    _changes(given, rows[0])


def _who(given: Given) -> Person:
    return given.posts["chief"][0]


def _station(given: Given, number: int) -> None:
    unit: Unit = given.streets[number % len(given.streets)]
    end = STATIONS[number] if number < len(STATIONS) else "open"
    commander = given.posts["commander"][0]
    made = Station(
        pk=given.key("station", number), response=given.response, unit=unit, name=f"推演第{number + 1}接种点", place="推演小学体育馆", desks=2,
        vaccinators=2, checkers=2, recorders=2, watchers=2, stewards=1, seats=30, happened_on=given.day(DAYS - FORTNIGHT - 4),
    )  # fmt: skip
    made, new = module.file(made, by=commander, fridges="1号冰箱\n2号冰箱")
    if not new or end == "planned":
        return
    module.perform(made, "open", by=commander)
    if end == "closed":
        module.perform(made, "close", by=commander, note="街道接种任务完成")
        module.perform(made.fridges.order_by("name")[0], "retire", by=commander, note="接种点已关闭，设备移交")


def _life(given: Given, place: tuple[int, Station]) -> None:
    """Vaccine, then a session a day up to today, and the temperatures of the fortnight. One that is there already is left as it is."""
    number, station = place
    if Batch.objects.filter(station=station).exists():
        return
    chance = given.chance("vaccination", number)
    fridges = list(
        Fridge.objects.filter(station=station).select_related("station", "unit", "response").order_by("name")
    )
    batches = [_batch(given, station, fridges[0], i, end) for i, end in enumerate(BATCHES)]
    days = len(SESSIONS) + (FORTNIGHT - len(SESSIONS) if number == 0 else 0)
    for back in reversed(range(days)):
        _session(given, station, batches[0], back, chance, SESSIONS[back] if back < len(SESSIONS) else "reported")
    for i, fridge in enumerate(fridges):
        _readings(given, fridge, chance, i)
    if number == 0:
        _excursions(given, fridges, batches[5])


def _batch(given: Given, station: Station, fridge: Fridge, i: int, end: str) -> Batch:
    chief, code = _who(given), f"8{station.pk.int % 10**6:06}{i:03}0000000"
    made = Batch(
        pk=given.key("batch", station.pk, i), response=given.response, unit=station.unit, station=station, vaccine=VACCINE, maker=MAKER,
        number=f"T2022{i:02}", expires_on=given.day(DAYS) + timedelta(days=(200, 300, 240, 180, 90, 20)[i]), happened_on=given.day(DAYS - FORTNIGHT - 3),
        announced=8000 if i == 0 else 200, code_first=f"{code}001", code_last=f"{code}200",
    )  # fmt: skip
    module.file(made, by=chief)
    if end == "refused":
        module.perform(made, "refuse", by=chief, note="没有全程温度记录")
    if end in ("refused", "expected"):
        return made
    module.perform(made, "accept", by=chief, counted=made.announced, celsius=Decimal("4.6"), fridge=fridge, papers=True)
    if end == "held":
        module.perform(made, "hold", by=chief, note="收到暂停使用通知")
    if end == "finished":
        module.perform(made, "send_back", by=chief, doses=200, note="近效期退回")
        module.perform(made, "finish", by=chief)
    return made


def _session(given: Given, station: Station, batch: Batch, back: int, chance: Random, end: str) -> None:
    chief, day = _who(given), given.day(DAYS - 1) - timedelta(days=max(back - 2, 0))
    day += timedelta(days=1) if back < 2 else timedelta(0)  # the newest two are of tomorrow
    made: Any = Session(
        pk=given.key("session", station.pk, back), response=given.response, unit=station.unit, station=station, happened_on=day, desks=2, staff=9,
    )  # fmt: skip
    made, _new = module.file(made, by=chief)
    if end == "cancelled":
        module.perform(made, "cancel", by=chief, note="疫苗未到")
    if end in ("cancelled", "planned"):
        return
    module.perform(made, "open", by=chief, desks=2, staff=9)
    counted = ARRIVALS[:4] if end == SessionState.OPEN else ARRIVALS
    actions.counting.count(made, list(_taps(given, made, batch, chance, counted)), by=chief)
    if end == SessionState.OPEN:
        return
    parts = {("3-11", 1): made.doses // 10, ("18-59", 2): made.doses // 2}
    rest = made.doses - sum(parts.values())
    module.perform(made, "close", by=chief, shares={**parts, ("60-79", 1): rest})
    if end == SessionState.REPORTED:
        module.perform(made, "report", by=chief)
        if back % 2:
            module.perform(made, "follow_up", by=chief, cases=made.adverse)


def _taps(given: Given, session: Session, batch: Batch, chance: Random, arrivals: Any) -> Iterator[Tap]:
    queue = 0
    for n, mean in enumerate(arrivals):
        came = max(0, mean + chance.randint(-4, 4))
        served = min(queue + came, FAST)
        queue += came - served
        deferred = min(served, chance.choice((0, 0, 1)))
        numbers = [
            ("arrived", "", came),
            ("passed", "", served - deferred),
            ("deferred", "fever", deferred),
            ("consented", "", served - deferred),
        ]
        numbers += [
            ("dose", "", served - deferred),
            ("observed", "", served - deferred),
            ("adverse", "mild", int(n == 5 and served > deferred)),
        ]
        for kind, detail, number in numbers:
            if number:
                held = batch if kind == "dose" else None
                yield Tap(kind, number, detail, 540 + 30 * n, held, given.key("tally", session.pk, n, kind, detail))


def _readings(given: Given, fridge: Fridge, chance: Random, number: int) -> None:
    """Twice a day for a fortnight, up to yesterday: today's are left to whoever looks around."""
    rows = []
    for back in range(FORTNIGHT, 0, -1):
        for hour in (9, 16):
            celsius = Decimal(chance.randrange(35, 65)) / 10
            rows.append(
                (
                    _at(given.day(DAYS - 1) - timedelta(days=back), hour),
                    celsius,
                    given.key("reading", fridge.pk, back, hour),
                )
            )
    actions.cold.read(fridge, rows, by=_who(given))


def _excursions(given: Given, fridges: list[Fridge], batch: Batch) -> None:
    """One of each kind: settled, withdrawn, over but not dealt with, dealt with but not over, and one that waits."""
    first, second = fridges
    chief, day = _who(given), given.day(DAYS - 1)
    _warm(given, second, day - timedelta(days=8), 12, ("9.4", "5.0"))
    over = second.excursions.select_related("fridge", "unit", "response").get()
    module.perform(over, "settle", by=chief, outcome="empty", note="停电一小时，当时里面没有疫苗")
    _warm(given, second, day - timedelta(days=6), 12, ("20.0", "4.8"))
    wrong = second.readings.select_related("fridge__station", "fridge__unit", "fridge__response").get(celsius=20)
    actions.cold.correct(wrong, by=chief, celsius=Decimal("2.0"), reason="抄错小数点")
    _warm(given, second, day - timedelta(days=4), 12, ("8.9", "5.2"))
    _warm(given, first, day - timedelta(days=1), 18, ("9.1",))
    running = first.excursions.select_related("fridge", "unit", "response").get()
    module.perform(running, "handle", by=chief, outcome="held", batches=[batch], note="压缩机故障，已报修")
    _warm(given, second, day - timedelta(days=1), 18, ("8.6",))


def _warm(given: Given, fridge: Fridge, day: date, hour: int, temperatures: tuple[str, ...]) -> None:
    rows = [
        (_at(day, hour + n), Decimal(one), given.key("warm", fridge.pk, day - given.response.began_on, hour + n))
        for n, one in enumerate(temperatures)
    ]
    actions.cold.read(fridge, rows, by=_who(given))


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _demand(given: Given, number: int) -> None:
    chance = given.chance("demand", number)
    group = list(DEMAND)[number % len(DEMAND)]
    made = Demand(
        pk=given.key("demand", number), response=given.response, unit=given.streets[number % len(given.streets)], age_group=group,
        dose=1 + number % 3, people=DEMAND[group] + chance.randrange(60), happened_on=given.day(DAYS - FORTNIGHT + number % 10),
    )  # fmt: skip
    made, new = module.file(made, by=_who(given))
    if new and number == 4:
        module.perform(made, "void", by=_who(given), note="重复登记")


@transaction.atomic
def _changes(given: Given, station: Station) -> None:
    """One proposed, one declined, one in force: a third desk at the first station."""
    commander, chief = given.posts["commander"][0], _who(given)
    for key, after, move, why in (
        ("third", 3, "decide", "上午平均排队超过半小时"),
        ("seventh", 7, "decline", "全部改为一天打完"),
        ("fourth", 4, "", "又有三百人登记"),
    ):
        change = DeskChange(
            pk=given.key("desks", key),
            response=given.response,
            unit=station.unit,
            station=station,
            after=after,
            why=why,
            happened_on=given.day(DAYS - 1),
        )
        if DeskChange.objects.filter(pk=change.pk).exists():
            continue
        made, _new = module.file(change, by=chief)
        if move:
            module.perform(made, move, by=commander, note="人手不够" if move == "decline" else "")
