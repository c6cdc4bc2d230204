"""Temperatures: an episode follows from the readings, alarms are told, and what is done to the vaccine is written down."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.modules.vaccination import shots
from tests.world import World, person
from tongzhou.kernel import ledger, module
from tongzhou.kernel.alarms import sound
from tongzhou.kernel.models import Notice, Person
from tongzhou.modules.vaccination import actions, queries
from tongzhou.modules.vaccination.alarms import alarms
from tongzhou.modules.vaccination.models import Batch, Excursion, Fridge, Reading

cold = actions.cold


@pytest.fixture
def fridge(cast: World) -> Fridge:
    return shots.fridge(shots.station(cast))


@pytest.fixture
def ke(cast: World) -> Person:
    return person("ke", "柯点位", cast.units.street1, ("chief", cast.units.street1))


def episodes(fridge: Fridge) -> list[tuple[str, str, bool]]:
    rows = fridge.excursions.order_by("began_at", "filed_at")
    return [(one.state, str(one.worst), one.ended_at is not None) for one in rows]


def found(fridge: Fridge) -> Excursion:
    return fridge.excursions.select_related("fridge__station", "unit", "response").exclude(state="void").get()


def test_a_reading_out_of_range_begins_an_episode_and_the_first_back_ends_it(cast: World, fridge: Fridge) -> None:
    began = shots.read(cast, fridge, 5, 9.4, 10.1, since=timezone.now() - timedelta(hours=5))
    one = found(fridge)
    assert (one.state, one.worst, one.began_at, one.unit) == (
        "out",
        Decimal("10.1"),
        began + timedelta(hours=1),
        fridge.unit,
    )
    shots.read(cast, fridge, 6, since=began + timedelta(hours=3))
    one = found(fridge)
    assert (one.state, one.lasted()) == ("back", 120)
    assert ledger.sentence(ledger.entries(one).last()) == "系统的读数表明温度恢复，历时120分钟"


def test_readings_sent_again_come_in_once(cast: World, fridge: Fridge) -> None:
    at, key = timezone.now() - timedelta(hours=1), uuid4()
    assert cold.read(fridge, [(at, Decimal("5.0"), key)], by=cast.people.house) == 1
    assert cold.read(fridge, [(at, Decimal("5.0"), key)], by=cast.people.house) == 0
    # the logger's next file repeats it
    assert cold.read(fridge, [(at, Decimal("5.0"), uuid4())], by=cast.people.house) == 0
    assert fridge.readings.count() == 1


def test_a_late_good_reading_parts_an_episode_in_two(cast: World, fridge: Fridge) -> None:
    first = shots.read(cast, fridge, 5, 9, 9, 9, 5, since=timezone.now() - timedelta(hours=6))
    assert episodes(fridge) == [("back", "9.0", True)]
    shots.read(cast, fridge, 4, since=first + timedelta(hours=1, minutes=30))
    assert episodes(fridge) == [("back", "9.0", True), ("back", "9.0", True)]
    assert [one.lasted() for one in fridge.excursions.order_by("began_at")] == [30, 120]


def test_a_late_reading_out_of_range_lets_the_episode_begin_earlier(cast: World, fridge: Fridge) -> None:
    first = shots.read(cast, fridge, 5, 9, since=timezone.now() - timedelta(hours=4))
    shots.read(cast, fridge, 9.9, since=first + timedelta(minutes=30))
    assert episodes(fridge) == [("out", "9.9", False)]
    assert found(fridge).began_at == first + timedelta(minutes=30)


def test_a_wrong_reading_is_corrected_and_its_episode_withdrawn(cast: World, fridge: Fridge) -> None:
    shots.read(cast, fridge, 5, 20)
    wrong = fridge.readings.select_related("fridge__station", "fridge__unit", "fridge__response").get(celsius=20)
    with pytest.raises(ValidationError, match="请写明更正原因"):
        cold.correct(wrong, by=cast.people.house, celsius=Decimal("2.0"), reason=" ")
    cold.correct(wrong, by=cast.people.house, celsius=Decimal("2.0"), reason="抄错小数点")
    assert episodes(fridge) == [("void", "20.0", False)]
    assert list(queries.valid(fridge).values_list("celsius", flat=True)) == [Decimal("5.0"), Decimal("2.0")]
    with pytest.raises(ValidationError, match="已被更正"):
        cold.correct(wrong, by=cast.people.house, celsius=Decimal("3.0"), reason="再改")


def test_the_reading_that_ended_an_episode_proves_wrong(cast: World, fridge: Fridge) -> None:
    shots.read(cast, fridge, 9, 5)
    wrong = fridge.readings.select_related("fridge__station", "fridge__unit", "fridge__response").get(celsius=5)
    cold.correct(wrong, by=cast.people.house, celsius=Decimal("9.5"), reason="看错")
    assert sorted(episodes(fridge)) == [("out", "9.5", False), ("void", "9.0", True)]


def test_held_vaccine_is_put_on_hold_with_the_episode(cast: World, fridge: Fridge, ke: Person) -> None:
    batch = shots.stocked(cast, fridge.station)
    shots.read(cast, fridge, 9.4, by=ke)
    with pytest.raises(ValidationError, match="请勾选涉及的批次"):
        module.perform(found(fridge), "handle", by=ke, outcome="held", note="压缩机故障")
    with pytest.raises(ValidationError, match="还有疫苗"):
        module.perform(found(fridge), "handle", by=ke, outcome="empty", note="压缩机故障")
    module.perform(found(fridge), "handle", by=ke, outcome="held", batches=[batch], note="压缩机故障")
    batch.refresh_from_db()
    assert (found(fridge).state, batch.state, batch.hold_reason) == ("handled", "held", "压缩机故障")
    shots.read(cast, fridge, 5, since=timezone.now() - timedelta(minutes=1), by=ke)
    assert found(fridge).state == "settled"


def test_discarded_vaccine_leaves_the_stock(cast: World, fridge: Fridge) -> None:
    batch = shots.stocked(cast, fridge.station, 40)
    shots.read(cast, fridge, 12, 5)
    module.perform(
        found(fridge), "settle", by=cast.people.house, outcome="discarded", batches=[batch], note="超温六小时"
    )
    batch.refresh_from_db()
    assert (found(fridge).state, batch.state, batch.stock, batch.wasted) == ("settled", "held", 0, 40)


@pytest.mark.parametrize("move", ["back", "void"])
def test_only_readings_end_or_withdraw_an_episode(cast: World, fridge: Fridge, move: str) -> None:
    shots.read(cast, fridge, 9.4)
    with pytest.raises(ValidationError, match="由读数决定"):
        module.perform(found(fridge), move, by=cast.people.house)


def test_readings_of_the_future_of_others_and_of_a_device_out_of_use_are_refused(cast: World, fridge: Fridge) -> None:
    with pytest.raises(ValidationError, match="不能晚于现在"):
        cold.read(fridge, [(timezone.now() + timedelta(minutes=5), Decimal(5), uuid4())], by=cast.people.house)
    with pytest.raises(PermissionDenied):
        shots.read(cast, fridge, 5, by=cast.people.wang)
    module.perform(fridge, "retire", by=cast.people.house, note="报修")
    with pytest.raises(ValidationError, match="已停用"):
        shots.read(cast, fridge, 5)
    assert fridge.readings.count() == 0


def test_a_device_with_vaccine_in_it_is_not_taken_out_of_use(cast: World, fridge: Fridge) -> None:
    shots.stocked(cast, fridge.station)
    with pytest.raises(ValidationError, match="里面还有疫苗：新冠灭活疫苗 A2022"):
        module.perform(fridge, "retire", by=cast.people.house, note="报修")


def test_readings_cannot_be_changed_or_removed(cast: World, fridge: Fridge) -> None:
    shots.read(cast, fridge, 5)
    for change in (lambda: Reading.objects.update(celsius=4), lambda: Reading.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# -- alarms


def at(hour: int, minute: int = 0) -> datetime:
    return timezone.localtime().replace(hour=hour, minute=minute, second=0, microsecond=0)


def test_an_alarm_reaches_the_head_of_the_station_and_the_command_post_once(
    cast: World, fridge: Fridge, ke: Person
) -> None:
    shots.read(cast, fridge, 9.4)
    now = at(9)
    assert (sound(now), sound(now)) == (2, 0)
    told = Notice.objects.order_by("person__name")
    assert [(one.person, one.text) for one in told] == [
        (cast.people.feng, "东街接种点·1号冰箱 温度 9.4℃，超出范围。请立即检查设备，转移或停用疫苗，并登记处置。"),
        (ke, "东街接种点·1号冰箱 温度 9.4℃，超出范围。请立即检查设备，转移或停用疫苗，并登记处置。"),
    ]


@pytest.mark.parametrize(("hour", "missing"), [(9, []), (10, ["morning"]), (17, ["morning", "afternoon"])])
def test_a_missing_reading_is_told_when_it_is_due(cast: World, fridge: Fridge, hour: int, missing: list[str]) -> None:
    Fridge.objects.filter(pk=fridge.pk).update(filed_at=at(0) - timedelta(days=1))
    wanted = [f"unread/{at(0).date()}/{half}" for half in missing]
    assert [one.name for one in alarms(at(hour))] == wanted
    Reading.objects.create(fridge=fridge, at=at(0, 30), celsius=5, by=cast.people.house)
    assert [one.name for one in alarms(at(hour))] == [name for name in wanted if "morning" not in name]


def test_a_corrected_reading_is_no_reading_twice(cast: World, fridge: Fridge) -> None:
    Fridge.objects.filter(pk=fridge.pk).update(filed_at=at(0) - timedelta(days=1))
    first = Reading.objects.create(fridge=fridge, at=at(0, 30), celsius=5, by=cast.people.house)
    Reading.objects.create(fridge=fridge, at=at(0, 30), celsius=6, by=cast.people.house, corrects=first, reason="抄错")
    assert list(alarms(at(10))) == []


@pytest.mark.parametrize(("days", "name"), [(8, []), (7, ["expires"]), (0, ["expires"]), (-1, ["expired"])])
def test_a_batch_about_to_expire_is_told(cast: World, days: int, name: list[str]) -> None:
    batch = shots.stocked(cast, shots.station(cast))
    Batch.objects.filter(pk=batch.pk).update(expires_on=timezone.localdate() + timedelta(days=days))
    assert [one.name for one in alarms(at(9))] == name
    Batch.objects.filter(pk=batch.pk).update(stock=0, used=100)
    assert list(alarms(at(9))) == []


def test_the_month_has_a_line_for_each_day_and_marks_what_was_out(cast: World, fridge: Fridge) -> None:
    day = datetime(2022, 2, 3, tzinfo=timezone.get_current_timezone())
    for hour, celsius in ((9, 5), (11, 9), (16, 4)):
        Reading.objects.create(fridge=fridge, at=day + timedelta(hours=hour), celsius=celsius, by=cast.people.house)
    lines = queries.month(fridge, day.date().replace(day=1))
    assert len(lines) == 28
    third = lines[2]
    assert (
        third.morning and third.morning.celsius,
        third.afternoon and third.afternoon.celsius,
        [one.celsius for one in third.out],
    ) == (5, 4, [9])
    assert [line.day for line in lines if line.morning or line.afternoon] == [day.date()]
