"""Rules without a database: queues, temperatures, counts that fit, keeping."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongzhou.modules.vaccination import rules
from tongzhou.modules.vaccination.rules import Episode, Slot, Wait

arrivals = st.lists(st.integers(0, 200), min_size=1, max_size=20)
services = st.floats(0.5, 20)
NINE = datetime(2022, 3, 5, 9, tzinfo=UTC)
LOW, HIGH = Decimal("2.0"), Decimal("8.0")


def wait(came: list[int], desks: int, minutes: float) -> Wait:
    found = rules.forecast(came, desks, minutes)
    assert found is not None
    return found


# -- queues


def test_forecast_one_burst_served_evenly() -> None:
    """60 people in one half hour, one desk at a minute each: half are served in it, the queue grows to 30."""
    assert rules.forecast([60, 0], 1, 1.0) == Wait(
        minutes=(450 + 450) / 60, longest=30.0, unserved=0.0, slots=(15.0, 15.0)
    )


def test_forecast_of_nobody_is_no_wait_and_of_no_desk_an_error() -> None:
    assert rules.forecast([0, 0], 2, 3.0) is None
    with pytest.raises(ValueError, match="at least one desk"):
        rules.forecast([1], 0, 3.0)
    with pytest.raises(ValueError, match="takes time"):
        rules.forecast([1], 1, 0)


@given(arrivals.filter(any), st.integers(1, 20), services)
def test_forecast_more_desks_never_wait_longer(came: list[int], desks: int, minutes: float) -> None:
    fewer, more = wait(came, desks, minutes), wait(came, desks + 1, minutes)
    assert more.minutes <= fewer.minutes + 1e-9
    assert more.unserved <= fewer.unserved + 1e-9
    assert more.longest <= fewer.longest + 1e-9


@given(arrivals.filter(any), st.integers(1, 20), services)
def test_forecast_slower_service_never_waits_less(came: list[int], desks: int, minutes: float) -> None:
    assert wait(came, desks, minutes).minutes <= wait(came, desks, minutes * 1.5).minutes + 1e-9


@given(arrivals.filter(any), st.integers(1, 20), services)
def test_forecast_is_of_the_scale_of_the_day(came: list[int], desks: int, minutes: float) -> None:
    """Nobody waits less than nothing, and none longer than the day was; enough desks and nobody waits."""
    found = wait(came, desks, minutes)
    assert 0 <= found.minutes <= rules.SLOT * len(came)
    assert 0 <= found.unserved <= sum(came)
    assert wait(came, 4000, minutes).minutes == 0


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=20))
def test_measured_queue_is_never_below_nobody(counted: list[tuple[int, int]]) -> None:
    slots = [Slot(came, left) for came, left in counted]
    found = rules.measured(slots)
    came, left = (sum(pair[i] for pair in counted) for i in (0, 1))
    assert (found is None) == (came == 0 or left == 0)
    if found:
        assert min(found.slots) >= 0
        assert max(came - left, 0) <= found.unserved <= came


def test_measured_wait_is_the_area_between_arrivals_and_departures() -> None:
    found = rules.measured([Slot(60, 30), Slot(0, 30)])
    assert found == Wait(minutes=(15 * 30 + 15 * 30) / 60, longest=30.0, unserved=0, slots=(15.0, 15.0))


def test_measured_and_forecast_agree_when_the_desks_never_rest() -> None:
    slots = [Slot(60, 20), Slot(40, 20), Slot(30, 20)]
    held, told = rules.measured(slots), rules.forecast([60, 40, 30], 2, 3.0)
    assert held is not None
    assert told is not None
    assert held.minutes == pytest.approx(told.minutes)
    assert held.unserved == told.unserved == 70


@pytest.mark.parametrize(
    ("slots", "desks", "minutes"),
    [
        ([Slot(60, 20), Slot(40, 20), Slot(30, 20)], 2, 3.0),  # two desks, 20 in each busy half hour
        ([Slot(5, 5), Slot(5, 5)], 2, None),  # nobody ever stood there: how fast they could have been is not known
        ([Slot(60, 20)], 2, None),  # the queue only began
        ([], 2, None),
        ([Slot(60, 20), Slot(40, 20), Slot(30, 20)], 0, None),
    ],
)
def test_minutes_per_dose_only_from_half_hours_that_were_busy(
    slots: list[Slot], desks: int, minutes: float | None
) -> None:
    assert rules.minutes_per_dose(slots, desks) == minutes


# -- temperatures


def log(*temperatures: str) -> list[tuple[datetime, Decimal]]:
    return [(NINE + timedelta(hours=n), Decimal(one)) for n, one in enumerate(temperatures)]


@pytest.mark.parametrize(
    ("temperatures", "found"),
    [
        ((), []),
        (("2.0", "8.0"), []),  # both limits belong to the range
        (("5", "8.1", "9.4", "8.8", "6"), [(1, 4, "9.4")]),
        (("1.9",), [(0, None, "1.9")]),
        (("9", "5", "1", "0.5"), [(0, 1, "9"), (2, None, "0.5")]),
        # from too warm to too cold without a good reading is one episode, 1.0 as far off
        (
            ("9", "1.0"),
            [(0, None, "9")],
        ),
    ],
)
def test_episodes(temperatures: tuple[str, ...], found: list[tuple[int, int | None, str]]) -> None:
    hour = {n: at for n, (at, _celsius) in enumerate(log(*temperatures))}
    wanted = [
        Episode(hour[began], None if ended is None else hour[ended], Decimal(worst)) for began, ended, worst in found
    ]
    assert rules.episodes(log(*temperatures), LOW, HIGH) == wanted


@given(st.lists(st.integers(-100, 200), max_size=60))
def test_episodes_cover_exactly_the_readings_out_of_range(tenths: list[int]) -> None:
    readings = log(*(str(Decimal(one) / 10) for one in tenths))
    found = rules.episodes(readings, LOW, HIGH)
    inside = [
        at for at, _c in readings if any(one.began <= at and (one.ended is None or at < one.ended) for one in found)
    ]
    assert inside == [at for at, celsius in readings if rules.away(celsius, LOW, HIGH)]
    assert all(one.ended is not None for one in found[:-1])


@pytest.mark.parametrize(
    ("at", "due"), [("09:59", []), ("10:00", ["morning"]), ("16:59", ["morning"]), ("17:00", ["morning", "afternoon"])]
)
def test_halves_due(at: str, due: list[str]) -> None:
    now = datetime.combine(date(2022, 3, 5), time.fromisoformat(at))
    assert rules.halves_due(now, "10:00", "17:00") == due


# -- counts, keeping, hours


FITTING = {
    "arrived": 12,
    "passed": 10,
    "deferred": 2,
    "consented": 10,
    "doses": 9,
    "observed": 8,
    "left_early": 1,
    "adverse_mild": 1,
}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, []),
        ({"deferred": 3}, [("processed", "arrived")]),
        ({"consented": 11}, [("consented", "passed")]),
        ({"doses": 11}, [("doses", "consented")]),
        ({"left_early": 2}, [("watched", "doses")]),
        ({"adverse_mild": 10}, [("adverse", "doses")]),
        ({"arrived": 0, "passed": 0}, [("processed", "arrived"), ("consented", "passed")]),
    ],
)
def test_faults(change: dict[str, int], wrong: list[tuple[str, str]]) -> None:
    assert rules.faults(FITTING | change) == wrong


@pytest.mark.parametrize(
    ("expires", "kept"), [(date(2023, 6, 30), date(2028, 6, 30)), (date(2024, 2, 29), date(2029, 2, 28))]
)
def test_kept_until_five_years_after_expiry(expires: date, kept: date) -> None:
    assert rules.kept_until(expires, 5) == kept


@pytest.mark.parametrize(("registered", "served", "left"), [(10, 3, 7), (3, 3, 0), (3, 10, 0)])
def test_waiting_is_never_negative(registered: int, served: int, left: int) -> None:
    assert rules.waiting(registered, served) == left


def test_slots_of_a_day() -> None:
    assert rules.slots(time(9), time(10, 30)) == [540, 570, 600]
    assert rules.slots(time(9, 10), time(9, 40)) == [540, 570]
    assert (
        rules.slot_of(datetime(2022, 3, 5, 9, 29)),
        rules.slot_of(datetime(2022, 3, 5, 9, 30)),
        rules.clock(570),
    ) == (540, 570, "09:30")


@pytest.mark.parametrize("kind", rules.EFFECTS)
def test_every_movement_conserves(kind: str) -> None:
    effect = rules.EFFECTS[kind]
    assert effect.get("received", 0) == sum(effect.get(column, 0) for column in rules.HELD)
