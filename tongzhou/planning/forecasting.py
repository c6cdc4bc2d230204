"""How the day will go: queues, tubes and results of a plan, played through many times, with the band that nine of ten days stay in."""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from tongzhou.planning.case import clock
from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.curing import Worked, laboratories
from tongzhou.planning.laboratory import Results, merged
from tongzhou.planning.plan import Plan
from tongzhou.planning.pooling import Pooling
from tongzhou.planning.queues import Day, longest, most_inside, starts
from tongzhou.planning.sending import Labs, picked, tested, ways
from tongzhou.planning.slotting import Slots, slots
from tongzhou.planning.words import Words, say

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
    last_result: Band | None  # none without a laboratory, or where no lane of any is open
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
    labs: tuple[dict[str, Any], ...]  # a row for each laboratory
    tests: int  # tubes as the vans bring them, full or not, and the people of positive ones again, as `rules.prevalence` expects


def simulate(plan: Plan, *, replications: int = 100, seed: int = 1, free: bool = False) -> Forecast:
    """The forecast of a plan. `free`: without slots, everybody comes when they like, which is mornings and evenings."""
    made = slots(plan)
    chance = np.random.default_rng(seed)
    days = [day(made, chance, free=free) for _ in range(replications)]
    opens, rules = clock(plan.case.rules.opens), plan.case.rules
    waits = [(one.start - one.arrival) * 60 for one in days]
    ends = [float(one.end.max(initial=opens)) for one in days]
    rows = _rows(plan, days)
    hours = np.arange(opens, max(ends) + 0.25, 0.25)
    counts = np.array([_waiting(one, hours) for one in days])
    labs = Labs.of(plan.case) if len(plan.case.labs) else None
    worked = _worked(plan, labs, days) if labs is not None else []
    together = [merged(one.labs) for one in worked]
    loads = _table_loads(plan)
    tubes = int(Pooling(rules.pool).tubes(loads).sum())
    brought = _brought(together) if worked else tubes
    held_up = laboratories(plan, labs, worked) if labs is not None else None
    return Forecast(
        Band.of([_part(wait, 0.5) for wait in waits]), Band.of([_part(wait, 0.95) for wait in waits]),
        Band.of([max(row["queues"][k] for row in rows) for k in range(replications)]),
        Band.of([wait.sum() / 60 for wait in waits]), Band.of(ends),
        _last([one.last for one in together]), Band.of([one.backlog for one in together]) if worked else None,
        tubes, Band.of([_inside(plan, one) for one in days]),
        tuple({name: value for name, value in row.items() if name != "queues"} for row in rows),
        hours, np.quantile(counts, (0.05, 0.5, 0.95), axis=0), held_up or _queues(rows, tested=bool(worked)), replications, seed,
        *_course(plan, days, together), _each(plan, worked),
        brought + Pooling(rules.pool).again(int(loads.sum()), rules.prevalence),
    )  # fmt: skip


def _worked(plan: Plan, labs: Labs, days: list[Day]) -> list[Worked]:
    at, opens, rules = ways(labs, plan.load), clock(plan.case.rules.opens), plan.case.rules
    swabs = [picked(plan, one) for one in days]
    return [
        Worked(float(one.end.max(initial=opens)), here, tested(labs, at, here, rules))
        for one, here in zip(days, swabs, strict=True)
    ]


def _brought(days: list[Results]) -> int:
    """Tubes of the middle day: those that a round of the van fetches before they are full are counted too."""
    return int(np.median([one.brought.sum() for one in days]))


def _each(plan: Plan, worked: list[Worked]) -> tuple[dict[str, Any], ...]:
    """A row for each laboratory: lanes, tubes, most that wait, last result."""
    rows = []
    for k, (key, lanes) in enumerate(zip(plan.case.labs.key.tolist(), plan.case.lanes.tolist(), strict=True)):
        days = [one.labs[k] for one in worked]
        tubes, backlog = Band.of([day.brought.sum() for day in days]), Band.of([day.backlog for day in days])
        last = _last([day.last for day in days]) if tubes.low else None
        rows.append({"lab": key, "lanes": lanes, "tubes": tubes, "backlog": backlog, "last_result": last})
    return tuple(rows)


def _last(days: list[float]) -> Band | None:
    return Band.of(days) if days and np.isfinite(days).all() else None


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
    for j, a, b in zip(sites.tolist(), first.tolist(), np.append(first, len(point))[1:].tolist(), strict=True):
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
            waits.append(_part(wait, 0.95))
            queues.append(longest(one.arrival[a:b], one.start[a:b]) if b > a else 0)
            ends.append(float((one.start[a:b] + one.service[a:b]).max(initial=clock(plan.case.rules.opens))))
        row = {"wait_p95_min": Band.of(waits), "longest_queue": Band.of(queues), "end": Band.of(ends), "queues": queues}
        found.append(
            {"point": str(plan.case.sites.key[j]), "persons": int(plan.load[j]), "tables": int(plan.tables[j])} | row
        )
    return found


def _part(waits: Floats, part: float) -> float:
    """So much this part of the people wait at most; on a day on which nobody comes nobody waits."""
    return float(np.quantile(waits, part)) if len(waits) else 0.0


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


def _course(plan: Plan, days: list[Day], labs: list[Results]) -> tuple[Floats, Floats, Floats]:
    """Tubes under way and tubes waiting by quarter hour, as bands over the days; a tube is filled with its last swab."""
    opens = clock(plan.case.rules.opens)
    ends = [end for lab in labs for end in (lab.last, lab.arrival.max(initial=opens)) if np.isfinite(end)]
    hours = np.arange(opens, max(ends, default=opens) + 0.25, 0.25)
    on_way, waiting = [], []
    for one, lab in zip(days, labs, strict=False):
        part = np.searchsorted(np.sort(one.end), hours, "right") / max(len(one.start), 1)
        brought = np.concatenate([[0], np.cumsum(lab.brought)])[np.searchsorted(lab.arrival, hours, "right")]
        taken = np.concatenate([[0], np.cumsum(lab.tubes)])[np.searchsorted(lab.begun, hours, "right")]
        on_way.append(np.maximum(np.floor(part * lab.brought.sum()) - brought, 0))
        waiting.append(np.maximum(brought - taken, 0))
    if not labs:
        return np.zeros(0), np.zeros((3, 0)), np.zeros((3, 0))
    return hours, np.quantile(on_way, (0.05, 0.5, 0.95), axis=0), np.quantile(waiting, (0.05, 0.5, 0.95), axis=0)


def _queues(rows: list[dict[str, Any]], *, tested: bool) -> Words:
    worst = max(rows, key=lambda row: row["longest_queue"].middle)
    if worst["wait_p95_min"].middle < 5:
        return say("labs_enough") if tested else say("queues_short")
    people, minutes = ceil(worst["longest_queue"].middle), worst["wait_p95_min"].middle
    return say("queue_bottleneck", place=worst["point"], persons=people, minutes=minutes)
