"""tests/access.toml says who may open what; this holds the house to it, door by door, method by method."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from tests.contract.doors import PEOPLE, PLACES, Visitors, address, doors
from tests.world import World

TABLE = tomllib.loads((Path(__file__).parents[1] / "access.toml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = TABLE["door"]
METHODS = ["GET", "POST", "PUT", "DELETE"]
DOORS = doors()


def row_of(name: str) -> dict[str, Any]:
    """The first row one of whose names fits."""
    found = next((row for row in ROWS if any(fnmatch(name, pattern) for pattern in row["names"])), None)
    assert found is not None, f"tests/access.toml says nothing of “{name}”: add it to a row, or a row for it."
    return found


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
def test_a_door_opens_to_whom_the_table_says(name: str, cast: World) -> None:
    row, visitors = row_of(name), Visitors(cast)
    for place in PLACES if DOORS[name] - {"response"} else ["in"]:
        at = address(name, DOORS[name], place, cast)
        for method in METHODS:
            wanted = expected(row, method, place)
            people = PEOPLE if method in {"GET", "POST"} else ["nobody", "zhao", "house"]
            found = {who: visitors.knock(who, method, at).status_code for who in people}
            assert (name, method, place, found) == (name, method, place, {who: wanted[who] for who in people})
