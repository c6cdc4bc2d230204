"""tests/access.toml says who may open what; this holds the house to it, door by door, method by method."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.contract.doors import PEOPLE, PLACES, Visitors, address, doors
from tests.world import World

TABLE = tomllib.loads((Path(__file__).parents[1] / "access.toml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = TABLE["door"]
METHODS = ["GET", "POST", "PUT", "DELETE"]
DOORS = doors()


def row_of(name: str) -> dict[str, Any] | None:
    """The first row one of whose names fits."""
    return next((row for row in ROWS if any(fnmatch(name, pattern) for pattern in row["names"])), None)


def expected(row: dict[str, Any], method: str, place: str) -> dict[str, int]:
    """{person: status}"""
    cells = str(row.get(f"{method}_{place}") or row.get(method) or TABLE["other"]).split()
    if len(cells) <= 2:  # everyone alike, or a stranger and everyone signed in
        cells = [cells[0], *[cells[-1]] * (len(PEOPLE) - 1)]
    assert len(cells) == len(PEOPLE), f"{row['names']} {method}: one answer for each of {' '.join(PEOPLE)}"
    return dict(zip(PEOPLE, map(int, cells), strict=True))


def test_the_table_names_the_cast() -> None:
    assert TABLE["people"].split() == PEOPLE


def test_no_row_speaks_of_a_door_that_is_not_there() -> None:
    unused = [pattern for row in ROWS for pattern in row["names"] if not any(fnmatch(name, pattern) for name in DOORS)]
    assert unused == []


@pytest.mark.parametrize("name", DOORS)
def test_a_door_opens_to_whom_the_table_says(name: str, furnished: None, cast: World, visitors: Visitors) -> None:
    row = row_of(name)
    if row is None:
        pytest.fail(
            f"tests/access.toml says nothing of “{name}”. Today it answers as below: judge each cell, then add the row, "
            f"or the name to a row that says the same.\n\n{_as_found(name, visitors, cast)}",
            pytrace=False,
        )
    seen: set[int] = set()  # a refusal is drawn as a page once for each door; then a word will do, as to any program
    for place in places(name):
        at = address(name, DOORS[name], place, cast)
        for method in METHODS:
            wanted, found = expected(row, method, place), {}
            for who in people(method, place, wanted):
                found[who] = visitors.knock(
                    who, method, at, **({"Accept": "text/plain"} if wanted[who] in seen else {})
                )
                seen |= {found[who]} & {403, 404}
            assert (name, method, place, found) == (name, method, place, {who: wanted[who] for who in found})


def people(method: str, place: str, wanted: dict[str, int]) -> list[str]:
    """Everyone; a method that the door does not take is refused before a place is looked up: there a stranger and the keeper of the house.

    Grants are weighed in Python over what was read: on the second engine it is enough that someone reads by their reach and
    someone without limit, where doors read or write.
    """
    if connection.vendor != "sqlite":
        return ["sun", "house"] if method in {"GET", "POST"} else []
    if method in {"GET", "POST"} or not set(wanted.values()) <= {302, 404, 405}:
        return PEOPLE
    return ["nobody", "house"] if place == "in" else []


def places(name: str) -> list[str]:
    return list(PLACES) if DOORS[name] - {"response"} else ["in"]


def _as_found(name: str, visitors: Visitors, cast: World) -> str:
    """The row as the table writes it: GET and POST cell by cell, one line where both places answer alike."""
    heads = {"nobody": "nob", "outsider": "out"}
    lines = ["[[door]]", f'names = ["{name}"]', f"#          {' '.join(f'{heads.get(who, who):4}' for who in PEOPLE)}"]
    at = {place: address(name, DOORS[name], place, cast) for place in places(name)}
    for method in METHODS[:2]:
        told = {place: [visitors.knock(who, method, at[place]) for who in PEOPLE] for place in at}
        if all(cells == list(expected({}, method, place).values()) for place, cells in told.items()):
            continue
        alike = {"": told["in"]} if all(cells == told["in"] for cells in told.values()) else told
        lines += [f'{f"{method}_{p}".rstrip("_"):8} = "{"  ".join(map(str, cells))}"' for p, cells in alike.items()]
    return "\n".join(lines)
