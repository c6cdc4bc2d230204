"""A response kept as plain files, brought in through the same doors as typing it.

A folder holds `response.toml` (the response, its units, people and demo sign-ins), `places.csv` (districts, streets, communities),
`districts.geojson` (their borders) and one `<room>.toml` for each room that has something to say; a room's manifest names the
function that reads it. Keys are made from names, so loading the same folder again changes nothing.
"""

import csv
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from tongzhou.kernel import module, steps
from tongzhou.kernel.dates import parse_when
from tongzhou.kernel.models import Grant, Outline, Person, Response, Unit

PLACE_KINDS = {"city": "city", "district": "district", "street": "street", "community": "community"}


@dataclass
class Loading:
    """What a room's loader is given: the response, who loads, and the units and people by their names in the files."""

    folder: Path
    response: Response
    by: Person
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    source: str = ""

    def key(self, *names: object) -> UUID:
        """The same names give the same key, whenever and wherever the folder is loaded."""
        return uuid5(NAMESPACE_URL, "/".join(["tongzhou", self.response.slug, *map(str, names)]))


def load(folder: Path, by: Person) -> Iterator[str]:
    """Bring the folder in; yields one line of progress for each part. Raises KeyError or ValueError naming what the file lacks."""
    data = tomllib.loads((folder / "response.toml").read_text(encoding="utf-8"))
    units = {row["code"]: _unit(row, by) for row in data["unit"]}
    if (folder / "places.csv").exists():
        units |= _places(folder / "places.csv", data.get("places_under", ""), by)
    yield f"units {len(units)}"
    if (folder / "districts.geojson").exists():
        yield f"outlines {_outlines(folder / 'districts.geojson', units)}"
    response = _response(data["response"], units, by)
    loading = Loading(folder, response, by, units, source=data["response"].get("source", ""))
    loading.people = {row["key"]: _person(row, loading) for row in data.get("person", [])}
    yield f"people {len(loading.people)}"
    for row in data.get("sign_in", []):
        _sign_in(row, loading)
    for room in module.rooms():
        file = folder / f"{room.name}.toml"
        if room.load and file.exists():
            count = room.load(tomllib.loads(file.read_text(encoding="utf-8")), loading)
            yield f"{room.name} {count}"


def house() -> Person:
    """The keeper of the house, in whose name files are loaded; cannot sign in."""
    person, _new = Person.objects.get_or_create(
        username="house", defaults={"name": "系统", "name_en": "System", "is_superuser": True}
    )
    return person


def _unit(row: dict[str, Any], by: Person) -> Unit:
    found = Unit.objects.filter(code=row["code"]).first()
    if found:
        return found
    parent = Unit.objects.get(code=row["parent"]) if row.get("parent") else None
    made = Unit(code=row["code"], name=row["name"], name_en=row.get("name_en", ""), kind=row["kind"], parent=parent)
    made.place()
    return steps.file(made, by=by, needs="people.manage")[0]


def _places(file: Path, under: str, by: Person) -> dict[str, Unit]:
    """Hundreds of places, filed together; whoever stands above comes first in the file."""
    with file.open(encoding="utf-8") as rows:
        read = list(csv.DictReader(rows))
    known = Unit.objects.in_bulk(field_name="code")
    fresh = []
    for row in read:
        if row["code"] not in known:
            made = Unit(
                code=row["code"], name=row["name"], name_en=row.get("name_en") or "", kind=PLACE_KINDS[row["kind"]]
            )
            made.parent = known[row["parent"] or under]
            made.place()
            known[made.code] = made
            fresh.append(made)
    steps.file_many(fresh, by=by, needs="people.manage")
    return {row["code"]: known[row["code"]] for row in read}


def _outlines(file: Path, units: dict[str, Unit]) -> int:
    """Borders for the units whose code a feature bears."""
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    known = [
        (units[one["properties"]["code"]], one["geometry"]) for one in features if one["properties"]["code"] in units
    ]
    for unit, geometry in known:
        Outline.objects.update_or_create(unit=unit, defaults={"geometry": geometry})
    return len(known)


def _response(row: dict[str, Any], units: dict[str, Unit], by: Person) -> Response:
    found = Response.objects.filter(slug=row["slug"]).first()
    if found:
        return found
    began = parse_when(row["began"])
    made = Response(
        slug=row["slug"], name=row["name"], name_en=row.get("name_en", ""), place=row.get("place", ""), lead=units[row["lead"]],
        began_on=began.day, began_precision=began.precision, mandate=row.get("mandate", ""), source=row.get("source", ""),
        synthetic=row.get("synthetic", False),
    )  # fmt: skip
    steps.file(made, by=by, needs="people.manage")
    made.roots.set([units[code] for code in row["roots"]])
    return made


def _person(row: dict[str, Any], loading: Loading) -> Person:
    made = Person(
        pk=loading.key("person", row["key"]), name=row["name"], name_en=row.get("name_en", ""),
        unit=loading.units[row["unit"]], posts="、".join(row.get("posts", [])), synthetic=row.get("synthetic", False),
        phone=row.get("phone", ""), email=row.get("email", ""),
    )  # fmt: skip
    return steps.file(made, by=loading.by, needs="people.manage")[0]


def _sign_in(row: dict[str, Any], loading: Loading) -> None:
    """A demo account: synthetic, with the roles it shows. A password that someone has changed stays changed.

    In production it has none: what the file says is known to everyone who has the example.
    """
    person = Person.objects.filter(username=row["username"]).first()
    if person is None:
        made = Person(
            pk=loading.key("sign-in", row["username"]), name=row["name"], name_en=row.get("name_en", ""),
            unit=loading.units[row["unit"]], username=row["username"], synthetic=True,
        )  # fmt: skip
        made.set_password(None if settings.PRODUCTION else row["password"])
        person, _new = steps.file(made, by=loading.by, needs="people.manage")
    loading.people[row["username"]] = person
    for grant in row.get("grants", []):
        unit = loading.units[grant.get("unit", row["unit"])]
        given = Grant(
            pk=loading.key("grant", row["username"], grant["role"], unit.code),
            person=person,
            unit=unit,
            role=grant["role"],
            since=date(2022, 1, 1),
        )
        steps.file(given, by=loading.by, needs="grants.manage")
