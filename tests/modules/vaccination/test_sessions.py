"""A session: counted once however often it is sent, held to itself when it closes, corrected with a reason."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from tests import world
from tests.modules.vaccination import shots
from tests.world import World
from tongzhou.kernel import module
from tongzhou.kernel.steps import OutOfStep
from tongzhou.modules.vaccination import actions
from tongzhou.modules.vaccination.actions.counting import Tap
from tongzhou.modules.vaccination.models import Batch, Session, Tally

count = actions.counting.count


@pytest.fixture
def running(cast: World) -> Session:
    return shots.session(cast, shots.station(cast))


def test_count_sent_twice_counts_once(cast: World, running: Session) -> None:
    tap = Tap("arrived", 5, slot=540)
    assert (count(running, [tap], by=cast.people.house), count(running, [tap], by=cast.people.house)) == (1, 0)
    assert (running.arrived, running.tallies.count()) == (5, 1)


def test_count_under_the_key_of_another_is_refused(cast: World, running: Session) -> None:
    key = uuid4()
    count(running, [Tap("arrived", 5, key=key)], by=cast.people.house)
    with pytest.raises(ValidationError, match="已用于另一笔计数"):
        count(running, [Tap("passed", 5, key=key)], by=cast.people.house)
    assert (running.arrived, running.passed) == (5, 0)


@pytest.mark.parametrize(
    ("tap", "said"),
    [
        (Tap("arrived", 2001), "一次最多记 2000"),
        (Tap("deferred", 1), "请选择计数的项目"),
        (Tap("arrived", 1, "fever"), "请选择计数的项目"),
        (Tap("adverse", 1, "fever"), "请选择计数的项目"),
        (Tap("unknown", 1), "请选择计数的项目"),
        (Tap("dose", 1), "请选择接种所用的批次"),
        (Tap("arrived", -1), "减少数字请写明原因"),
    ],
)
def test_count_that_makes_no_sense_is_refused(cast: World, running: Session, tap: Tap, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        count(running, [Tap("arrived", 3), tap], by=cast.people.house)
    assert (Session.objects.get(pk=running.pk).arrived, Tally.objects.count()) == (0, 0)


def test_count_set_right_gives_the_dose_back_to_its_batch(cast: World, running: Session) -> None:
    batch = shots.stocked(cast, running.station)
    shots.give(cast, running, batch, 5)
    module.perform(batch, "hold", by=cast.people.house, note="超温")
    count(running, [Tap("dose", -2, batch=batch)], by=cast.people.house, reason="多按了两下")
    batch.refresh_from_db()
    assert (running.doses, batch.stock, batch.used) == (3, 97, 3)
    with pytest.raises(ValidationError, match="更正后会小于 0"):
        count(running, [Tap("dose", -4, batch=batch)], by=cast.people.house, reason="再更正")


def test_count_of_a_batch_of_another_station_is_refused(cast: World, running: Session) -> None:
    other = shots.stocked(cast, shots.station(cast, cast.units.street2, name="西街接种点"))
    with pytest.raises(ValidationError, match="不在本接种点"):
        shots.give(cast, running, other, 1)


def test_count_only_while_open_and_only_by_those_who_work_here(cast: World, running: Session) -> None:
    with pytest.raises(PermissionDenied):
        count(running, [Tap("arrived", 1)], by=cast.people.wang)
    planned = shots.session(cast, shots.station(cast, name="乙"), opened=False)
    with pytest.raises(OutOfStep):
        count(planned, [Tap("arrived", 1)], by=cast.people.house)


def test_close_names_what_does_not_fit(cast: World, running: Session) -> None:
    batch = shots.stocked(cast, running.station)
    shots.count(cast, running, arrived=3, passed=5, consented=2)
    shots.give(cast, running, batch, 4)
    with pytest.raises(ValidationError) as refused:
        module.perform(running, "close", by=cast.people.house, shares={("18-59", 1): 4})
    assert refused.value.messages == ["数字对不上，请先更正：预检合格加暂缓多于到达；接种多于签知情同意书。"]
    shots.count(cast, running, arrived=2, consented=3)
    with pytest.raises(ValidationError) as refused:
        module.perform(running, "close", by=cast.people.house, shares={("18-59", 1): 3})
    assert refused.value.messages == ["按年龄组和剂次合计 3 剂，与接种 4 剂不符，请核对。"]
    module.perform(running, "close", by=cast.people.house, shares={("18-59", 1): 3, ("80", 2): 1, ("60-79", 1): 0})
    assert (running.state, running.served) == ("closed", 4)
    assert list(running.shares.values_list("age_group", "dose", "number")) == [("18-59", 1, 3), ("80", 2, 1)]


def test_the_database_too_refuses_a_session_that_does_not_fit(cast: World, running: Session) -> None:
    Session.objects.filter(pk=running.pk).update(doses=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=running.pk).update(state="closed")


def test_report_withdrawn_corrected_and_reported_again(cast: World, running: Session) -> None:
    by, batch = cast.people.house, shots.stocked(cast, running.station)
    shots.whole(cast, running, batch, 10)
    module.perform(running, "report", by=by)
    module.perform(running, "recall", by=by, note="漏记一人")
    module.perform(running, "reopen", by=by, note="漏记一人")
    shots.count(cast, running, arrived=1, passed=1, consented=1)
    shots.give(cast, running, batch, 1)
    module.perform(running, "close", by=by, shares={("18-59", 1): 11})
    module.perform(running, "report", by=by)
    assert (running.state, running.doses, running.shares.get().number) == ("reported", 11, 11)


def test_follow_no_more_cases_than_there_were(cast: World, running: Session) -> None:
    by, batch = cast.people.house, shots.stocked(cast, running.station)
    shots.count(cast, running, arrived=3, passed=3, consented=3)
    shots.give(cast, running, batch, 3)
    shots.count(cast, running, observed=3, adverse__mild=1, adverse__severe=1)
    module.perform(running, "close", by=by, shares={("18-59", 1): 3})
    with pytest.raises(ValidationError, match="不能多于不良反应数"):
        module.perform(running, "follow", by=by, cases=3)
    assert module.perform(running, "follow", by=by, cases=2).followed == 2


def test_open_takes_no_more_desks_than_the_station_has(cast: World) -> None:
    planned = shots.session(cast, shots.station(cast), opened=False)
    with pytest.raises(ValidationError, match="现有 2 个接种台"):
        module.perform(planned, "open", by=cast.people.house, desks=3, staff=5)
    closed = shots.session(cast, shots.station(cast, name="乙", opened=False), opened=False)
    with pytest.raises(ValidationError, match="没有开放"):
        module.perform(closed, "open", by=cast.people.house, desks=1, staff=5)


def test_one_session_a_day_at_a_station(cast: World, running: Session) -> None:
    with pytest.raises(ValidationError, match="当天已有场次"):
        shots.session(cast, running.station)


def test_a_session_belongs_to_the_unit_of_its_station(cast: World) -> None:
    at = shots.station(cast)
    elsewhere = Session(pk=uuid4(), response=cast.response, unit=cast.units.street2, station=at)
    with pytest.raises(ValidationError, match="请登记在接种点所属的单位"):
        module.file(elsewhere, by=cast.people.house)


def test_kept_until_follows_the_batch_that_expires_last(cast: World, running: Session) -> None:
    assert running.kept_until is None
    for number, expires in (("A", shots.FAR), ("B", timezone.localdate().replace(day=1, month=12))):
        shots.give(cast, running, shots.stocked(cast, running.station, number=number, expires_on=expires), 1)
    assert running.kept_until == shots.FAR.replace(year=shots.FAR.year + 5)


def test_the_last_dose_goes_to_one_of_two_who_tap_at_once(committed: None) -> None:
    """Two vaccinators, one dose: one tap counts, the other is told that there is none left."""
    cast = world.build()
    at = shots.station(cast)
    batch, running = shots.stocked(cast, at, 1), shots.session(cast, at)
    results: list[Any] = at_once(lambda: shots.give(cast, Session.objects.get(pk=running.pk), batch, 1))
    batch.refresh_from_db()
    running.refresh_from_db()
    assert (batch.stock, batch.used, running.doses, sorted(results)) == (0, 1, 1, ["done", "refused"])


def test_the_same_tap_sent_twice_at_once_counts_once(committed: None) -> None:
    cast = world.build()
    running, tap = shots.session(cast, shots.station(cast)), Tap("arrived", 5)
    at_once(lambda: count(Session.objects.get(pk=running.pk), [tap], by=cast.people.house))
    running.refresh_from_db()
    assert (running.arrived, running.tallies.count()) == (5, 1)


def at_once(make: Any) -> list[str]:
    """The same by two threads that wait for one another."""
    barrier, results = Barrier(2), []

    def run() -> None:
        barrier.wait(20)
        try:
            make()
            results.append("done")
        except ValidationError:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert connection.vendor
    return results


def test_batch_is_left_alone_by_a_count_that_fails_as_a_whole(cast: World, running: Session) -> None:
    batch = shots.stocked(cast, running.station, 5)
    with pytest.raises(ValidationError):
        count(running, [Tap("dose", 3, batch=batch), Tap("dose", 3, batch=batch)], by=cast.people.house)
    assert (Batch.objects.get(pk=batch.pk).stock, Session.objects.get(pk=running.pk).doses) == (5, 0)
