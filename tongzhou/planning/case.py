"""What is to be planned: who lives where, where points may stand, what staff, laboratories and vans there are, and by what rules."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from json import dumps
from math import inf, nan
from typing import Any

import numpy as np

from tongzhou.planning.columns import Column, Fault, Unfit, table
from tongzhou.planning.compiled import Floats, Ints
from tongzhou.planning.naming import called
from tongzhou.planning.siting.problem import Question
from tongzhou.planning.walking import Matrix, Part, Plane, Walk
from tongzhou.planning.words import say

DEMAND = (
    Column("key", str), Column("name", str, ""), Column("persons", int, None, 0), Column("x", float, 0.0), Column("y", float, 0.0),
    Column("impaired", float, 0.0, 0, 1), Column("households", int, 0, 0),
)  # fmt: skip
SITES = (
    Column("key", str), Column("name", str, ""), Column("x", float, 0.0), Column("y", float, 0.0), Column("tables", int, 4, 0),
    Column("kept", int, 0, 0, 1), Column("banned", int, 0, 0, 1),
)  # fmt: skip
STAFF = (
    Column("key", str), Column("skill", str, ""), Column("x", float, nan), Column("y", float, nan), Column("blocks", int, 2, 0, 24),
)  # fmt: skip
NEVER = 96.0  # of `until`: the lanes are what they are all day; else from that hour on there are `left`
LABS = (
    Column("key", str), Column("x", float, 0.0), Column("y", float, 0.0), Column("lanes", int, None, 0), Column("opens", float, 0.0, 0, 48),
    Column("closes", float, 48.0, 0, 96), Column("until", float, NEVER, 0, NEVER), Column("left", int, 0, 0),
)  # fmt: skip
VANS = (Column("key", str), Column("number", int, 1, 1), Column("tubes", int, 1500, 1), Column("minutes", int, 90, 1))
TABLES = {"demand": DEMAND, "sites": SITES, "staff": STAFF, "labs": LABS, "vans": VANS}


@dataclass(frozen=True)
class Rules:
    """How the day runs. Hours are "HH:MM"; every number is an assumption of the house until it says otherwise."""

    opens: str = "06:00"
    closes: str = "18:00"
    person_seconds: float = 15.0  # at the table, mean
    person_cv: float = 0.6  # standard deviation in means
    utilisation: float = 0.85  # of a table's time that may be planned
    slot_minutes: int = 15
    impaired_weight: float = 2.0  # a metre of a person who cannot walk far weighs so much more
    max_walk_m: float = inf
    impaired_walk_m: float = inf  # of units of whom at least a third cannot walk far
    tables: float = inf  # in all
    household: float = 2.6  # persons, where the number of households is not given
    pool: int = 10  # swabs in one tube
    late_sd_minutes: float = 5.0  # how far people miss their slot
    early: float = 0.0  # 0: evenly over the slot … 1: nearly all at its start
    no_show: float = 0.0  # part of the people who do not come
    observe_minutes: float = 0.0  # vaccination: 30 on the chairs afterwards
    notice_minutes: int = 30  # how long before a new slot people are told
    lane_tubes: int = 94
    lane_hours: float = 2.25
    lane_waits: float = 1.0  # hours after which a lane starts although not full
    pickup_hours: float = 2.0
    results_hours: float = 24.0  # from opening to the last result: what the national guide of 2022-03-22 asks even of cities above ten million
    # part of the swabs that are positive: how many tubes are tested again, and whether larger pools pay
    prevalence: float = 0.0001
    swabbers: float = 1.0  # people of the skill at each table
    blocks: int = 3  # shifts in the day
    crew_blocks: int = 2  # of these, how many one person works
    drive_kmh: float = 30.0

    @property
    def hours(self) -> float:
        return clock(self.closes) - clock(self.opens)

    @property
    def slots(self) -> int:
        """Of the day."""
        return max(1, round(self.hours * 60 / self.slot_minutes))

    def slot_from(self, hour: Any) -> Any:
        """The first slot that begins at this hour (or at each of these) or later; not below 0, and `slots` or more when the day is over."""
        late = np.maximum(np.asarray(hour) - clock(self.opens), 0.0) * 60 / self.slot_minutes
        return np.ceil(late - 1e-9).astype(np.int64)

    @property
    def persons_per_table(self) -> float:
        """How many people one table takes in a day, as planned."""
        return float(np.floor(self.utilisation * 3600 / self.person_seconds * self.hours))

    def faults(self) -> list[Fault]:
        found = []
        try:
            backwards = self.hours <= 0
        except (ValueError, TypeError, AttributeError):  # no words of a clock, or no words at all: opens = 6
            backwards = True
        if backwards:
            found.append(Fault("rules", 0, say("hours", opens=self.opens, closes=self.closes)))
        for rule, (least, most) in LIMITS.items():
            value, whole = getattr(self, rule), isinstance(getattr(Rules, rule), int)
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not least <= value <= most or (whole and value % 1):
                limits = {"least": f"{least:g}", "most": f"{most:g}" if most < inf else "∞"}
                found.append(
                    Fault("rules", 0, say("rule_whole" if whole else "rule", rule=called(rule), value=value, **limits))
                )
        return found


TINY = 1e-6  # above nothing
LIMITS: dict[str, tuple[float, float]] = {
    "person_seconds": (TINY, 86400), "person_cv": (0, 10), "utilisation": (TINY, 1), "slot_minutes": (1, 1440), "impaired_weight": (0, inf),
    "max_walk_m": (TINY, inf), "impaired_walk_m": (TINY, inf), "tables": (1, inf), "household": (1, inf), "pool": (1, 1000),
    "late_sd_minutes": (0, inf), "early": (0, 1), "no_show": (0, 1), "observe_minutes": (0, inf), "notice_minutes": (0, 10_000),
    "lane_tubes": (1, 1e6), "lane_hours": (TINY, inf), "lane_waits": (0, inf), "pickup_hours": (TINY, inf), "results_hours": (TINY, inf),
    "prevalence": (0, 1), "swabbers": (TINY, inf), "blocks": (1, 24), "crew_blocks": (1, 24), "drive_kmh": (TINY, inf),
}  # fmt: skip


def clock(words: str) -> float:
    """Hours since midnight of "HH:MM"; "24:30" is half past midnight. Raises ValueError."""
    hours, _, minutes = words.partition(":")
    if not 0 <= int(minutes or 0) < 60:
        raise ValueError(words)
    return int(hours) + int(minutes or 0) / 60


def told(hours: float) -> str:
    """The clock again: 18.25 is "18:15"."""
    minutes = round(hours * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@dataclass(frozen=True, eq=False)
class Case:
    """A whole case, checked when it is made: `Unfit` names each row that cannot be and what would mend it.

    demand  key, persons; x, y unless walk is a Matrix; name, impaired (share who cannot walk far), households
    sites   key; x, y; name, tables (room for so many), kept (must open), banned (must not)
    staff   key; skill, x and y of where they set out (unknown: left blank), blocks
    labs, vans  where staffing, results and rounds are asked for
    Tables may be lists of rows, mappings of columns or data frames.
    """

    demand: Any
    sites: Any
    walk: Walk = field(default_factory=Plane)
    staff: Any = None
    labs: Any = None
    vans: Any = None
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        faults = self.rules.faults()
        for name, columns in TABLES.items():
            object.__setattr__(self, name, table(name, getattr(self, name), columns, faults))
        if not len(self.demand):
            faults.append(Fault("demand", 0, say("no_demand")))
        if not len(self.sites):
            faults.append(Fault("sites", 0, say("no_sites")))
        if not faults:
            faults += self.walk.faults(self.demand, self.sites)
        if not any(fault.table == "labs" for fault in faults):
            backwards = np.flatnonzero(self.labs.closes <= self.labs.opens)
            faults += [Fault("labs", int(k) + 1, say("lab_hours", **_hours(self.labs, int(k)))) for k in backwards]
        both = np.flatnonzero((self.sites.kept == 1) & (self.sites.banned == 1))
        faults += [Fault("sites", int(j) + 1, say("both", key=self.sites.key[j])) for j in both]
        if faults:
            raise Unfit(faults)

    def replace(self, **changes: Any) -> "Case":
        return replace(self, **changes)

    @cached_property
    def weight(self) -> Floats:
        """Weighted persons: what a metre of each unit weighs."""
        found: Floats = self.demand.persons * (1.0 + self.rules.impaired_weight * self.demand.impaired)
        return found

    @property
    def lanes(self) -> Ints:
        """Of each laboratory, in the end: those that are left of it."""
        found: Ints = np.where(self.labs.until < NEVER, self.labs.left, self.labs.lanes)
        return found

    @cached_property
    def limit(self) -> Floats:
        """The farthest walk of each unit, in metres."""
        rules = self.rules
        shorter = min(rules.impaired_walk_m, rules.max_walk_m)
        return np.where(self.demand.impaired >= 1 / 3, shorter, rules.max_walk_m)

    @cached_property
    def ways(self) -> Any:
        return self.walk.ways(self.demand, self.sites)

    @cached_property
    def people(self) -> Ints:
        """The rows where somebody lives; only these are asked about. An empty row goes to the nearest point there is."""
        return np.flatnonzero(self.demand.persons > 0)

    @cached_property
    def across(self) -> Floats:
        """Coordinates along which the town may be halved; none for a table of metres."""
        plane = self.walk.plane(self.demand, self.sites)
        return np.zeros((0, len(self.sites))) if plane is None else plane[1].T.copy()

    def question(self, points: int) -> Question:
        """The same in bare arrays, a unit for each of `people`. Where every point could take everybody there is no limit of room to look after."""
        some = self.people
        persons, table = self.demand.persons[some].astype(float), self.rules.persons_per_table
        ways = self.ways if len(some) == len(self.demand) else Part(self.ways, some)
        usable = self.sites.banned == 0
        roomy = np.isinf(self.rules.tables) and (self.sites.tables[usable] * table >= persons.sum()).all()
        return Question(
            ways, self.weight[some], persons, np.inf if roomy else table, self.sites.tables, self.sites.kept == 1, ~usable, points,
            float(self.rules.tables), self.limit[some],
        )  # fmt: skip

    @cached_property
    def digest(self) -> str:
        """A short name of all that went in: the same inputs, the same digest."""
        tables = {name: getattr(self, name).lists() for name in TABLES}
        return named([tables, vars(self.rules), walk_words(self.walk)])


def _hours(labs: Any, k: int) -> dict[str, Any]:
    opens, closes = float(labs.opens[k]), float(labs.closes[k])
    return {"key": str(labs.key[k]), "opens": opens, "closes": closes, "over": closes + 24}


def named(plain: Any) -> str:
    """A short name of plain values."""
    return sha256(dumps(plain, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:16]


def walk_words(walk: Walk) -> dict[str, Any]:
    """The walk as plain values, to be kept with a plan."""
    if not isinstance(walk, Matrix):
        return {"kind": type(walk).__name__, **vars(walk)}
    metres, ground = walk.metres, {"ground": vars(walk.ground)} if walk.ground else {}
    if hasattr(metres, "tocsr"):
        rows = metres.tocsr()
        parts = {"indptr": rows.indptr.tolist(), "indices": rows.indices.tolist(), "data": rows.data.tolist()}
        return {"kind": "Matrix", "shape": list(rows.shape), **parts, **ground}
    return {"kind": "Matrix", "metres": np.asarray(metres).tolist(), **ground}
