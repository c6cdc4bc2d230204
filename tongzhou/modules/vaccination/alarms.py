"""What must be told before it is too late: vaccine too warm or too cold, a reading nobody took, a batch about to expire."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongzhou.kernel import access, rulebook
from tongzhou.kernel.alarms import Alarm
from tongzhou.kernel.models import Person, Unit
from tongzhou.modules.vaccination import queries
from tongzhou.modules.vaccination.models import Batch, Excursion, Fridge
from tongzhou.modules.vaccination.workflow import WORK, ExcursionState, StationState

TOLD = ("response", "unit", "station")
MISSING = {"morning": _("{fridge} 今天上午还没有测温记录。"), "afternoon": _("{fridge} 今天下午还没有测温记录。")}
WARM = _("{fridge} 温度 {celsius}℃，超出范围。请立即检查设备，转移或停用疫苗，并登记处置。")
EXPIRES = _("{batch}（{station}）{day} 到期，在库 {stock} 剂。请优先使用或调出。")
EXPIRED = _("{batch}（{station}）已于 {day} 过期，在库 {stock} 剂。请停用并隔离存放。")


def alarms(now: datetime) -> Iterator[Alarm]:
    day = timezone.localtime(now).date()
    people = _who()
    yield from _warm(people)
    for half in queries.due_halves(now):
        for fridge in queries.unread(Fridge.objects.filter(station__state=StationState.OPEN), now, half).select_related(
            *TOLD
        ):
            yield Alarm(fridge, f"unread/{day}/{half}", format_lazy(MISSING[half], fridge=fridge), people(fridge.unit))
    days = rulebook.in_force("vaccination", "flow", day)["expiry_alarm_days"]
    for batch in queries.expiring(Batch.objects.all(), day, days).select_related(*TOLD):
        expired = batch.expired(day)
        said = format_lazy(
            EXPIRED if expired else EXPIRES, batch=batch, station=batch.station, day=batch.expires_on, stock=batch.stock
        )
        yield Alarm(batch, "expired" if expired else "expires", said, people(batch.unit))


def _warm(people: Any) -> Iterator[Alarm]:
    running = Excursion.objects.filter(state__in=[ExcursionState.OUT, ExcursionState.HANDLED])
    for one in running.select_related("response", "unit", "fridge__station"):
        yield Alarm(one, "out", format_lazy(WARM, fridge=one.fridge, celsius=one.worst), people(one.unit))


def _who() -> Any:
    """Heads of the station's street and the command post above it, looked up once for each unit."""

    @cache
    def held(key: Any, unit: Unit) -> list[Person]:
        return list(access.holders(WORK, unit))

    return lambda unit: held(unit.pk, unit)
