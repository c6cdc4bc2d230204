"""A desk added: proposed with a reason, decided with what it would do, and held against what it did."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.modules.vaccination import shots
from tests.world import World, person
from tongzhou.kernel import module
from tongzhou.modules.vaccination import asks, queries
from tongzhou.modules.vaccination.forms.places import told
from tongzhou.modules.vaccination.models import DeskChange, Session, Station
from tongzhou.modules.vaccination.views import shown

CROWD, GIVEN = [40, 40, 30, 20, 0], [20, 20, 20, 20, 20]


@pytest.fixture
def busy(cast: World) -> Station:
    """Two desks, 20 doses a half hour, and twice as many people."""
    at = shots.station(cast)
    session = shots.session(cast, at, timezone.localdate() - timedelta(days=1))
    shots.flow(cast, session, shots.stocked(cast, at, 500), CROWD, GIVEN)
    return at


def test_decide_changes_the_station_and_keeps_what_was_known(cast: World, busy: Station) -> None:
    change = shots.change(cast, busy, 3)
    assert (change.before, change.after, change.added, change.state) == (2, 3, 1, "proposed")
    module.perform(change, "decide", by=cast.people.feng)
    busy.refresh_from_db()
    assert (change.state, change.decided_by, busy.desks) == ("in_force", cast.people.feng, 3)
    assert change.minutes_per_dose == 3.0  # two desks, 20 in each busy half hour
    assert (round(change.wait_before or 0, 1), round(change.wait_expected or 0, 1)) == (40.4, 13.1)


def test_decide_where_nothing_was_measured_says_so(cast: World) -> None:
    at = shots.station(cast)
    change = module.perform(shots.change(cast, at, 3), "decide", by=cast.people.feng)
    assert isinstance(change, DeskChange)
    assert (change.wait_before, change.wait_expected) == (None, None)
    assert told(at) == "现有 2 个接种台。还没有按半小时记过到达人数，不能测算排队。"


def test_the_form_tells_what_one_more_would_do_before_anybody_decides(cast: World, busy: Station) -> None:
    day = timezone.localdate() - timedelta(days=1)
    assert told(busy) == f"现有 2 个接种台。按 {day} 的到达人数测算：平均排队 40 分钟，增设一台后约 13 分钟。"


def test_the_effect_is_what_was_measured_after_it(cast: World, busy: Station) -> None:
    change = module.perform(shots.change(cast, busy, 3), "decide", by=cast.people.feng)
    assert isinstance(change, DeskChange)
    page = shown.desks(change, cast.people.feng)
    assert (round(page["was"], 1), page["became"], page["effect_chart"]) == (40.4, None, None)
    after = shots.session(cast, busy, timezone.localdate() + timedelta(days=1), desks=2)
    shots.flow(cast, after, queries.usable(busy, after.happened_on).get(), CROWD, [30, 30, 30, 30, 10])
    page = shown.desks(change, cast.people.feng)
    assert (round(page["was"], 1), round(page["became"], 1)) == (40.4, 13.8)
    assert page["effect_chart"].series[0].values == [40.4, 13.8]


def test_half_hours_in_which_nobody_counted_are_no_wait(cast: World, busy: Station) -> None:
    """Two people counted at four o'clock do not make the morning's queue stand there all day."""
    session = Session.objects.get(station=busy)
    ((_one, before),) = queries.waits([session])
    shots.count(cast, session, arrived=1)  # without a half hour
    shots.flow(cast, session, busy.batches.get(), [2], [2], first=960)
    ((_one, after),) = queries.waits([session])
    assert (len(before.slots), len(after.slots)) == (5, 6)
    # thirty stood there for one half hour more
    assert after.minutes == pytest.approx((before.minutes * 130 + 30 * 30) / 132)


@pytest.mark.parametrize(("after", "said"), [(2, "没有变化"), (0, "大于或等于1")])
def test_a_change_that_is_none_is_refused(cast: World, after: int, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        shots.change(cast, shots.station(cast), after)


def test_a_change_without_a_reason_is_refused(cast: World) -> None:
    with pytest.raises(ValidationError, match="理由"):
        shots.change(cast, shots.station(cast), 3, why="")


def test_two_proposals_the_second_starts_from_what_is_no_longer_there(cast: World, busy: Station) -> None:
    first, second = shots.change(cast, busy, 3), shots.change(cast, busy, 4)
    module.perform(first, "decide", by=cast.people.feng)
    with pytest.raises(ValidationError, match="现在有 3 个接种台，与提出时不同"):
        module.perform(second, "decide", by=cast.people.feng)
    module.amend(second, by=cast.people.feng, version=second.version, changes={"why": "再加一台"})
    assert (second.before, second.added) == (3, 1)
    module.perform(second, "decide", by=cast.people.feng)
    assert Station.objects.get(pk=busy.pk).desks == 4


def test_the_head_of_a_station_proposes_and_does_not_decide(cast: World, busy: Station) -> None:
    ke = person("ke", "柯点位", cast.units.street1, ("chief", cast.units.street1))
    change = DeskChange(response=cast.response, unit=busy.unit, station=busy, after=3, why="排队太长")
    module.file(change, by=ke)
    with pytest.raises(PermissionDenied):
        module.perform(change, "decide", by=ke)
    assert list(asks.to_decide(cast.people.feng)) == [change]


def test_desks_of_an_open_station_change_by_decision_only(cast: World, busy: Station) -> None:
    with pytest.raises(ValidationError, match="请用“增减接种台”办理"):
        module.amend(busy, by=cast.people.house, version=busy.version, changes={"desks": 9})
    with pytest.raises(ValidationError, match="请用“增减接种台”办理"):
        module.perform(busy, "desks", by=cast.people.house)
    assert Station.objects.get(pk=busy.pk).desks == 2


def test_a_long_wait_asks_for_a_desk_until_one_is_proposed(cast: World, busy: Station) -> None:
    session = Session.objects.get(station=busy)
    assert list(asks.long_waits(cast.people.feng)) == [session]
    assert list(asks.long_waits(cast.people.wang)) == []
    change = shots.change(cast, busy, 3)
    assert list(asks.long_waits(cast.people.feng)) == []
    module.perform(change, "decline", by=cast.people.feng, note="没有人手")
    assert list(asks.long_waits(cast.people.feng)) == [session]


def test_a_station_opens_only_when_it_can_work(cast: World) -> None:
    at = shots.station(cast, opened=False, seats=0, vaccinators=1)
    with pytest.raises(ValidationError) as refused:
        module.perform(at, "open", by=cast.people.house)
    assert refused.value.messages == ["还不能开放，缺：留观座位、每个接种台至少一名接种人员。请先补上。"]


def test_a_station_closes_only_when_nothing_is_left_in_it(cast: World, busy: Station) -> None:
    with pytest.raises(ValidationError, match="还有 1 个场次没有结束"):
        module.perform(busy, "close", by=cast.people.house, note="任务完成")
    other = shots.station(cast, name="乙")
    shots.stocked(cast, other, 8)
    with pytest.raises(ValidationError, match="还有 8 剂疫苗在库"):
        module.perform(other, "close", by=cast.people.house, note="任务完成")
