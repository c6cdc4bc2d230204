"""Checklists, routes, deadlines and counts of inspections. Pure: no database."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

from tongzhou.kernel import rulebook
from tongzhou.kernel.lang import lang
from tongzhou.kernel.rulebook import Edition

FREE = "FREE"  # the code of a finding that no item asks about
EARTH = 6371.0  # km
BANDS = (3, 7)  # days open: 0 to 3, 4 to 7, more


@dataclass(frozen=True)
class Item:
    """One question of a checklist. `code` stays the same across editions; `task` is what to do where the answer is no."""

    code: str
    texts: tuple[str, str]
    tasks: tuple[str, str]
    severity: str
    measure: tuple[str, str] = ("", "")  # a reading put down beside the answer
    register: bool = False  # about a register of buyers: nothing of it is copied or photographed
    practice: bool = False  # common practice, to be confirmed by the house

    @property
    def text(self) -> str:
        return self.texts[lang() == "en"]

    @property
    def reading(self) -> str:
        return self.measure[lang() == "en"]


def edition(version: str) -> Edition:
    """The edition of the checklists that bears this version; the house's own before a shipped one. Raises NoRule."""
    rule = rulebook.rule("inspections", "checklists")
    found = [one for one in rule.editions if one.version == version]
    if not found:
        raise rulebook.NoRule(version)
    return found[-1]


def checklist(held: Edition, kind: str) -> tuple[Item, ...]:
    """What is asked at a place of this type: the common items, then its own. Raises KeyError for an item without its words."""
    return tuple(_item(row) for row in [*held.values.get("common", ()), *held.values.get(kind, ())])


def item(version: str, kind: str, code: str) -> Item | None:
    return next((one for one in checklist(edition(version), kind) if one.code == code), None)


def deadline(severity: str, day: date) -> date:
    """The last day by which a finding of this severity, told on `day`, is to be put right (rulebook/deadlines.toml)."""
    days: int = rulebook.in_force("inspections", "deadlines", day)[severity]
    return day + timedelta(days=days)


@dataclass(frozen=True)
class Persistence:
    """When a finding under notice may be handed to an authority: sent back so often, or overdue by more than so long."""

    reopened: int
    overdue: timedelta


def persistence(today: date) -> Persistence:
    rule = rulebook.in_force("inspections", "deadlines", today)
    return Persistence(rule["reopened"], timedelta(days=rule["overdue"]))


def is_persistent(reopened: int, due: date | None, today: date) -> bool:
    limit = persistence(today)
    return reopened >= limit.reopened or (due is not None and today - due > limit.overdue)


def band(since: date, today: date) -> int:
    """Which age a finding that is open since then has reached: 0, 1 or 2."""
    days = (today - since).days
    return sum(days > limit for limit in BANDS)


def unmet(item: Item, reading: str) -> str:
    """A finding in the words of its item, as it is kept: in the source language."""
    return f"未做到：{item.texts[0]}" + (f"（{item.measure[0]}{reading}）" if reading and item.measure[0] else "")


# -- the way from place to place


@dataclass(frozen=True)
class Point:
    """A place on a route; one without a point on the map comes last."""

    key: Any
    lat: float | None = None
    lon: float | None = None


def route(points: Sequence[Point], first: Any = None) -> list[Point]:
    """Each time to the nearest that is left, from `first` or, without it, from the northernmost; then those without a point, as given.

    Not the shortest way of all, which an inspector with ten places would not notice; the same places give the same route.
    """
    left = [point for point in points if point.lat is not None and point.lon is not None]
    placeless = [point for point in points if point not in left]
    if not left:
        return placeless
    begin = next((point for point in left if point.key == first), None)
    here = begin or max(left, key=lambda point: (point.lat, -left.index(point)))
    found = []
    while True:
        left.remove(here)
        found.append(here)
        if not left:
            return found + placeless
        last = here
        here = min(left, key=lambda point: (distance(last, point), str(point.key)))


def distance(one: Point, other: Point) -> float:
    """Kilometres over the ground between two points of WGS-84."""
    lat1, lon1, lat2, lon2 = (radians(value or 0.0) for value in (one.lat, one.lon, other.lat, other.lon))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))


# -- drafts that devices deliver

LONGEST, MOST_FIELDS = 60_000, 400


@dataclass(frozen=True)
class Draft:
    """What a device delivered: the key it made, which place of which round, and the fields of the form as a page would post them."""

    key: UUID
    round: UUID
    place: UUID
    fields: Mapping[str, list[str]]


def draft(text: str) -> Draft:
    """Raises ValueError for anything that is not such a draft: no JSON, other types, half a letter, a NUL."""
    if len(text) > LONGEST:
        raise ValueError("too long")
    try:
        told = json.loads(text)
        json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError as fault:
        raise ValueError("too deep") from fault
    if not isinstance(told, dict) or not isinstance(told.get("fields"), dict) or len(told["fields"]) > MOST_FIELDS:
        raise ValueError("no draft")
    keys = [told.get(name) for name in ("id", "round", "place")]
    if not all(isinstance(key, str) for key in keys):
        raise ValueError("no keys")
    key, round, place = (UUID(key) for key in keys)
    return Draft(key, round, place, {str(name): _values(value) for name, value in told["fields"].items()})


def _values(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) and "\x00" not in one for one in values):
        raise ValueError("a field is a text or a list of texts")
    return values


# -- counts


@dataclass(frozen=True)
class Cover:
    """How far a round has come: places it has to visit, by what became of each."""

    inspected: int = 0
    refused: int = 0
    shut: int = 0
    left: int = 0

    def __add__(self, other: "Cover") -> "Cover":
        return Cover(
            self.inspected + other.inspected,
            self.refused + other.refused,
            self.shut + other.shut,
            self.left + other.left,
        )

    @property
    def places(self) -> int:
        return self.inspected + self.refused + self.shut + self.left

    @property
    def visited(self) -> int:
        """Somebody was there, whether let in or not."""
        return self.places - self.left

    @property
    def percent(self) -> int:
        """Whole percent visited; 100 only when nothing is left."""
        return self.visited * 100 // self.places if self.places else 100


def cover(results: Iterable[str]) -> Cover:
    """`results` are "inspected", "refused", "shut" or "" for a place nobody visited, one for each place."""
    found = list(results)
    return Cover(*(found.count(result) for result in ("inspected", "refused", "shut", "")))


def reaching(path: str, areas: Mapping[str, Sequence[Any]]) -> list[Any]:
    """Who is assigned to a place at this unit, each once. `areas` by the path of their unit: an area takes in all below it."""
    return list(dict.fromkeys(person for area, people in areas.items() if path.startswith(area) for person in people))


def _item(row: Mapping[str, Any]) -> Item:
    reading = (row.get("measure", ""), row.get("measure_en", ""))
    return Item(
        row["code"], (row["text"], row["text_en"]), (row["task"], row["task_en"]), row["severity"],
        reading, bool(row.get("register")), bool(row.get("practice")),
    )  # fmt: skip
