"""A schematic map: outlines and places on plain paper, WGS-84. A page includes `desk/map.html` with a `Map`; what it shows stands in a list too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tongzhou.kernel.models import Outline, Unit

Tone = Literal["plain", "good", "wait", "bad", "off"]


@dataclass(frozen=True)
class Shape:
    geometry: Any  # GeoJSON geometry
    label: Any
    tone: Tone = "plain"
    url: str = ""


@dataclass(frozen=True)
class Place:
    lat: float
    lon: float
    label: Any
    tone: Tone = "plain"
    url: str = ""
    number: int | None = None  # drawn in the mark: the order of a route
    size: float | None = None  # the area of the mark, from 0 to 1 of the largest
    links: Sequence[tuple[Any, str]] = ()  # (words, address): tapped, the mark says what it is and offers these

    def as_data(self) -> dict[str, Any]:
        drawn: dict[str, Any] = {
            "lat": self.lat, "lon": self.lon, "label": str(self.label), "tone": self.tone, "url": self.url, "number": self.number, "size": self.size,
        }  # fmt: skip
        return drawn | ({"links": [[str(words), url] for words, url in self.links]} if self.links else {})


type Line = tuple[float, float, float, float, Tone]  # from (lat, lon) to (lat, lon)


@dataclass(frozen=True)
class Layer:
    """What a reader switches on and off, over the rest; off at first."""

    name: Any
    places: Sequence[Place] = field(default=())
    lines: Sequence[Line] = field(default=())

    def as_data(self) -> dict[str, Any]:
        return {
            "name": str(self.name), "places": [p.as_data() for p in self.places], "lines": [list(line) for line in self.lines],
        }  # fmt: skip


@dataclass(frozen=True)
class Map:
    title: Any
    shapes: Sequence[Shape] = field(default=())
    places: Sequence[Place] = field(default=())
    route: bool = False  # a line through the places in their order
    lines: Sequence[Line] = field(default=())  # thin
    layers: Sequence[Layer] = field(default=())
    legend: Sequence[tuple[Tone, Any]] = field(default=())  # what the colours mean, shown below

    def as_data(self) -> dict[str, Any]:
        """What static/js/map.js draws."""
        shapes = [{"geometry": s.geometry, "label": str(s.label), "tone": s.tone, "url": s.url} for s in self.shapes]
        places = [p.as_data() for p in self.places]
        drawn: dict[str, Any] = {"title": str(self.title), "shapes": shapes, "places": places, "route": self.route}
        drawn |= {"lines": [list(line) for line in self.lines]} if self.lines else {}
        return drawn | ({"layers": [one.as_data() for one in self.layers]} if self.layers else {})

    def __bool__(self) -> bool:
        return bool(self.shapes or self.places)


def outlines(units: Iterable[Unit], tone: Tone = "off") -> list[Shape]:
    """The borders of these units, of those that have one. One query."""
    known = Outline.objects.filter(unit__in=list(units)).select_related("unit")
    return [Shape(one.geometry, one.unit, tone) for one in known]


def at_or_above(unit: Unit) -> Unit | None:
    """The nearest unit at or above this one that has an outline."""
    paths = [unit.path[: i + 1] for i, letter in enumerate(unit.path) if letter == "/" and i]
    found = Outline.objects.filter(unit__path__in=paths).select_related("unit").order_by("-unit__path").first()
    return found.unit if found else None
