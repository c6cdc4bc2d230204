"""How the day will go: queues, tubes and results of a plan, played through many times, with the band that nine of ten days stay in."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from tongzhou.planning.case import clock
from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.laboratory import Results, lanes_for, lanes_of, results
from tongzhou.planning.plan import Plan
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.queues import longest, most_inside, starts
from tongzhou.planning.slotting import Slots, slots
from tongzhou.planning.words import Words, say

MOST_POOLED = 20  # swabs in one tube: no protocol takes more
LATE = 1.0  # hours after the last swab until which results are no bottleneck, beside the lane's own time
FREE_PEAKS = ((0.25, 0.09), (0.80, 0.09))  # without slots: people come around these parts of the day, with this spread


@dataclass(frozen=True)
class Band:
    """A number and the limits within which it lies on nine of ten days."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Any) -> "Band":
        low, middle, high = np.quantile(np.asarray(values, float), (0.05, 0.5, 0.95))
        return cls(float(low), float(middle), float(high))


@dataclass(frozen=True, eq=False)
class Forecast:
    """Times in hours of the day or minutes of waiting, as named. `points` has a row for each point, `queue` people waiting over all by quarter hour."""

    wait_p50_min: Band
    wait_p95_min: Band
    longest_queue: Band
    waiting_person_hours: Band
    swabs_end: Band
    last_result: Band | None
    backlog: Band | None
    tubes: int
    inside: Band
    points: tuple[dict[str, Any], ...]
    hours: Floats
    queue: Floats  # (3, hours): low, middle, high
    bottleneck: Words
    replications: int
    seed: int
    lab_hours: Floats  # quarter hours until the last result; empty without a laboratory
    on_way: Floats  # (3, lab_hours): tubes filled and not yet in a laboratory
    waiting: Floats  # (3, lab_hours): tubes in a laboratory that no lane has taken


@dataclass(frozen=True)
class Day:
    """One replication: of every person the point, arrival, start and length at the table, in hours."""

    point: Ints
    arrival: Floats
    start: Floats
    service: Floats


def simulate(plan: Plan, *, replications: int = 100, seed: int = 1, free: bool = False) -> Forecast:
    """The forecast of a plan. `free`: without slots, everybody comes when they like, which is mornings and evenings."""
    made = slots(plan)
    chance = np.random.default_rng(seed)
    days = [day(made, chance, free=free) for _ in range(replications)]
    labs = [_laboratory(plan, one) for one in days] if len(plan.case.labs) else []
    waits = [(one.start - one.arrival) * 60 for one in days]
    ends = [float((one.start + one.service).max(initial=clock(plan.case.rules.opens))) for one in days]
    rows = _rows(plan, days)
    hours = np.arange(clock(plan.case.rules.opens), max(ends) + 0.25, 0.25)
    counts = np.array([_waiting(one, hours) for one in days])
    inside = [_inside(plan, one) for one in days]
    return Forecast(
        Band.of([np.quantile(wait, 0.5) for wait in waits]), Band.of([np.quantile(wait, 0.95) for wait in waits]),
        Band.of([max(row["queues"][k] for row in rows) for k in range(replications)]),
        Band.of([wait.sum() / 60 for wait in waits]), Band.of(ends),
        Band.of([lab.last for _, _, lab in labs]) if labs else None, Band.of([lab.backlog for _, _, lab in labs]) if labs else None,
        int(Pooling(plan.case.rules.pool).tubes(_table_loads(plan)).sum()), Band.of(inside),
        tuple({name: value for name, value in row.items() if name != "queues"} for row in rows),
        hours, np.quantile(counts, (0.05, 0.5, 0.95), axis=0), _bottleneck(plan, labs, ends, rows), replications, seed,
        *_course(plan, days, labs),
    )  # fmt: skip


def day(made: Slots, chance: np.random.Generator, *, free: bool = False) -> Day:
    """One day by chance: a household comes together, a little before or after its slot's moment, some not at all."""
    plan, rules = made.plan, made.plan.case.rules
    opens, length = clock(rules.opens), made.minutes / 60
    part = chance.beta(1.0, 1.0 + 3.0 * rules.early, len(made.row))
    at = opens + (made.slot + part) * length + chance.normal(0, rules.late_sd_minutes / 60, len(made.row))
    if free:
        peak = chance.integers(0, 2, len(made.row))
        middle, wide = np.array(FREE_PEAKS)[peak].T
        at = opens + rules.hours * np.clip(chance.normal(middle, wide), 0, 1)
    come = chance.random(len(made.row)) >= rules.no_show
    arrival = np.repeat(np.maximum(at, opens)[come], made.persons[come])
    point = np.repeat(made.point[come], made.persons[come])
    order = np.lexsort((arrival, point))
    arrival, point = arrival[order], point[order]
    mean = rules.person_seconds / 3600
    shape = 1 / max(rules.person_cv, 1e-6) ** 2
    service = chance.gamma(shape, mean / shape, len(arrival))
    start = np.empty(len(arrival))
    sites, first = np.unique(point, return_index=True)
    tables = np.maximum(plan.tables, 1)
    for j, a, b in zip(sites.tolist(), first.tolist(), [*first[1:].tolist(), len(point)], strict=True):
        number = int(tables[j])
        start[a:b] = starts(arrival[a:b], service[a:b], np.full(number, opens), np.full(number, np.inf))
    return Day(point, arrival, start, service)


def _rows(plan: Plan, days: list[Day]) -> list[dict[str, Any]]:
    """For each point: the 95th percentile of the wait, the longest queue and the end, as bands over the days."""
    found = []
    for j in plan.open.tolist():
        waits, queues, ends = [], [], []
        for one in days:
            a, b = np.searchsorted(one.point, (j, j + 1))
            wait = (one.start[a:b] - one.arrival[a:b]) * 60
            waits.append(float(np.quantile(wait, 0.95)) if b > a else 0.0)
            queues.append(longest(one.arrival[a:b], one.start[a:b]) if b > a else 0)
            ends.append(float((one.start[a:b] + one.service[a:b]).max(initial=clock(plan.case.rules.opens))))
        row = {"wait_p95_min": Band.of(waits), "longest_queue": Band.of(queues), "end": Band.of(ends), "queues": queues}
        found.append(
            {"point": str(plan.case.sites.key[j]), "persons": int(plan.load[j]), "tables": int(plan.tables[j])} | row
        )
    return found


def _waiting(one: Day, hours: Floats) -> Ints:
    return np.searchsorted(np.sort(one.arrival), hours, "right") - np.searchsorted(np.sort(one.start), hours, "right")


def _inside(plan: Plan, one: Day) -> int:
    gone = one.start + one.service + plan.case.rules.observe_minutes / 60
    most = 0
    for j in plan.open.tolist():
        a, b = np.searchsorted(one.point, (j, j + 1))
        most = max(most, most_inside(one.start[a:b], gone[a:b])) if b > a else most
    return most


def _table_loads(plan: Plan) -> Ints:
    """Persons at each table, as evenly as can be."""
    tables, load = plan.tables[plan.open], plan.load[plan.open]
    each = np.repeat(load // tables, tables)
    place = np.arange(len(each)) - np.repeat(np.cumsum(tables) - tables, tables)
    return each + (place < np.repeat(load % tables, tables))


def _laboratory(plan: Plan, one: Day) -> tuple[Floats, Ints, Results]:
    """Tubes leave with the pick-up after their last swab, and are in the laboratory half a pick-up later."""
    rules = plan.case.rules
    opens = clock(rules.opens)
    end = one.start + one.service
    trip = np.ceil((end - opens) / rules.pickup_hours - 1e-9).astype(np.int64)
    places = len(plan.tables)
    together = np.bincount(trip * places + one.point)
    filled = np.flatnonzero(together)
    tubes = Pooling(rules.pool).tubes(together[filled])
    rounds = np.arange(int(trip.max(initial=1)) + 1)
    number = np.bincount(filled // places, weights=tubes, minlength=len(rounds)).astype(np.int64)
    hour: Floats = np.asarray(opens + (rounds + 0.5) * rules.pickup_hours, np.float64)
    return (
        hour[number > 0],
        number[number > 0],
        results(hour[number > 0], number[number > 0], lanes_of(plan.case.labs), rules),
    )


def _course(plan: Plan, days: list[Day], labs: list[tuple[Floats, Ints, Results]]) -> tuple[Floats, Floats, Floats]:
    """Tubes under way and tubes waiting by quarter hour, as bands over the days; a tube is filled with its last swab."""
    opens = clock(plan.case.rules.opens)
    hours = np.arange(opens, max((lab.last for _, _, lab in labs), default=opens) + 0.25, 0.25)
    on_way, waiting = [], []
    for one, (arrival, tubes, lab) in zip(days, labs, strict=False):
        part = np.searchsorted(np.sort(one.start + one.service), hours, "right") / max(len(one.start), 1)
        brought = np.concatenate([[0], np.cumsum(tubes)])[np.searchsorted(arrival, hours, "right")]
        begun = np.sort(lab.hour - plan.case.rules.lane_hours)
        taken = np.concatenate([[0], np.cumsum(lab.tubes)])[np.searchsorted(begun, hours, "right")]
        on_way.append(np.maximum(np.floor(part * tubes.sum()) - brought, 0))
        waiting.append(np.maximum(brought - taken, 0))
    if not labs:
        return np.zeros(0), np.zeros((3, 0)), np.zeros((3, 0))
    return hours, np.quantile(on_way, (0.05, 0.5, 0.95), axis=0), np.quantile(waiting, (0.05, 0.5, 0.95), axis=0)


def _bottleneck(
    plan: Plan, labs: list[tuple[Floats, Ints, Results]], ends: list[float], rows: list[dict[str, Any]]
) -> Words:
    rules = plan.case.rules
    if labs:
        arrival, tubes, found = labs[0]
        end = ends[0]
        wanted = end + rules.pickup_hours * 1.5 + rules.lane_hours + LATE
        if found.last > wanted:
            more = max(1, lanes_for(arrival, tubes, rules, wanted) - found.lanes)
            late: dict[str, Any] = {"hours": found.last - clock(rules.opens), "wait": found.last - end, "lanes": more}
            return (
                say("labs_bottleneck", **late, pool=MOST_POOLED)
                if rules.pool < MOST_POOLED
                else say("labs_short", **late)
            )
    worst = max(rows, key=lambda row: row["longest_queue"].middle)
    if not rows or worst["wait_p95_min"].middle < 5:
        return say("labs_enough") if labs else say("queues_short")
    return say(
        "queue_bottleneck",
        place=worst["point"],
        persons=ceil(worst["longest_queue"].middle),
        minutes=worst["wait_p95_min"].middle,
    )
